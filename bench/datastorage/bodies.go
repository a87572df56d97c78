package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// The labels that workflows are spread over: about nine workflows of a
// thousand match one search, as in the reference's measurement.
var (
	signals    = []string{"OOMKilled", "CrashLoopBackOff", "NodeNotReady", "ImagePullBackOff", "DiskPressure"}
	severities = []string{"critical", "high", "medium", "low"}
	priorities = []string{"P0", "P1", "P2", "P3"}
	components = []string{"pod", "deployment"}
)

type labels struct {
	SignalType  string   `json:"signal_type"`
	Severity    string   `json:"severity"`
	Component   string   `json:"component"`
	Priority    string   `json:"priority"`
	Environment []string `json:"environment"`
}

func labelsOf(number int) labels {
	return labels{SignalType: signals[number%5], Severity: severities[number/5%4], Priority: priorities[number/20%4],
		Component: components[number/80%2], Environment: []string{"production", "staging"}}
}

// content has the size of a small pipeline definition.
var content = strings.Repeat("- name: step\n  run: kubectl rollout restart deployment\n", 20)

func workflow(name string, number int) map[string]any {
	text := content + name
	sum := sha256.Sum256([]byte(text))
	return map[string]any{"workflow_name": name, "version": "1.0.0", "name": "Workflow " + name,
		"description": "Restarts what hangs.", "content": text, "content_hash": hex.EncodeToString(sum[:]),
		"labels": labelsOf(number), "execution_engine": "tekton", "status": "active"}
}

func searchFor(number int) map[string]any {
	l := labelsOf(number)
	return map[string]any{"remediation_id": fmt.Sprintf("bench-%d", number), "top_k": 10,
		"filters": map[string]any{"signal_type": l.SignalType, "severity": l.Severity, "priority": l.Priority,
			"component": l.Component, "environment": "production"}}
}

func events(count int, correlation string) []map[string]any {
	batch := make([]map[string]any, 0, count)
	for range count {
		id := uuid.Must(uuid.NewV7()).String()
		batch = append(batch, map[string]any{"event_id": id, "version": "1.0", "event_type": "llm_request",
			"event_timestamp": time.Now().UTC().Format(time.RFC3339Nano), "event_category": "aiagent",
			"event_action": "llm_request_sent", "event_outcome": "success", "correlation_id": correlation,
			"actor_type": "Service", "actor_id": "holmesgpt-api",
			"event_data": map[string]any{"event_type": "llm_request", "event_id": id, "incident_id": correlation,
				"model": "mock-model", "prompt_length": 4000, "prompt_preview": content[:200]}})
	}
	return batch
}

// encode cannot fail on what this file makes.
func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}
