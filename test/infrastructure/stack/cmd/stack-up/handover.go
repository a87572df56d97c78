package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
	"github.com/jordigilh/kubernaut/test/workflows"
)

// handover is where the stack is. It names files, and holds no secret.
type handover struct {
	RunID           string            `json:"run_id"`
	Namespace       string            `json:"namespace"`
	URLs            map[string]string `json:"urls"`
	Kubeconfig      string            `json:"kubeconfig"`
	ClientTokenFile string            `json:"client_token_file"`
	Logs            map[string]string `json:"logs"`
	PIDs            map[string]int    `json:"pids"`
}

func newHandover(s *stack.Stack) handover {
	h := handover{RunID: s.RunID, Namespace: s.Namespace, URLs: map[string]string{}, Kubeconfig: s.Kubeconfig,
		ClientTokenFile: s.ClientTokenFile, Logs: s.Logs, PIDs: s.PIDs()}
	for name, url := range map[string]string{"datastorage": s.DataStorageURL, "hapi": s.HolmesGPTURL, "mock_llm": s.MockLLMURL} {
		if url != "" {
			h.URLs[name] = url
		}
	}
	return h
}

func tell(s *stack.Stack, file string) error {
	data, err := json.Marshal(newHandover(s))
	if err != nil {
		return err
	}
	data = append(data, '\n')
	if file == "" {
		_, err = os.Stdout.Write(data)
		return err
	}
	return files.Write(file, data)
}

// complete starts what needs a seeded catalogue.
func complete(ctx context.Context, s *stack.Stack, reportDir string, without []string) error {
	if slices.Contains(without, parts.MockLLM) {
		return s.WaitReady(ctx)
	}
	client, err := seed.NewClient(s.DataStorageURL, s.ClientTokenFile)
	if err != nil {
		return err
	}
	all, err := workflows.All()
	if err != nil {
		return err
	}
	seeded, err := seed.Seed(ctx, client, all, seed.Options{Output: os.Stderr})
	if err != nil {
		return err
	}
	scenarios := filepath.Join(reportDir, "scenarios.yaml")
	if err := seed.WriteScenarios(scenarios, seeded.IDs); err != nil {
		return err
	}
	if err := s.StartMockLLM(ctx, scenarios); err != nil {
		return err
	}
	return s.WaitReady(ctx)
}
