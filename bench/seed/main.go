// Command seed posts a folder of workflows as the suites' BeforeSuite does, and
// writes the manifest. The bootstrap benchmark starts it before pytest.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/manifest"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/workflows"
)

type options struct{ url, tokenFile, folder, manifest, runID string }

func main() {
	var o options
	flag.StringVar(&o.url, "url", "", "DataStorage")
	flag.StringVar(&o.tokenFile, "token-file", "", "bearer token")
	flag.StringVar(&o.folder, "folder", "", "workflow files")
	flag.StringVar(&o.manifest, "manifest", "", "file to write")
	flag.StringVar(&o.runID, "run-id", "", "run that the manifest belongs to")
	flag.Parse()
	if err := run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, "seed:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	all, err := workflows.Load(os.DirFS(o.folder))
	if err != nil {
		return err
	}
	client, err := seed.NewClient(o.url, o.tokenFile)
	if err != nil {
		return err
	}
	result, err := seed.Seed(ctx, client, all, seed.Options{Output: os.Stdout})
	if err != nil {
		return err
	}
	if len(result.IDs) != len(all) {
		return errors.New("not every workflow has an id")
	}
	service := manifest.Service{URL: o.url}
	return manifest.Write(o.manifest, manifest.Manifest{
		SchemaVersion: manifest.SchemaVersion,
		RunID:         o.runID,
		CreatedAt:     time.Now(),
		// The benchmark's tests call DataStorage only.
		Services:    manifest.Services{DataStorage: service, HAPI: service, MockLLM: service},
		Credentials: manifest.Credentials{TokenFile: o.tokenFile},
		Workflows:   result.Workflows,
		Summary:     manifest.Summarize(result.Workflows),
	})
}
