package seed_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
	"github.com/jordigilh/kubernaut/test/infrastructure/datastorage"
	"github.com/jordigilh/kubernaut/test/infrastructure/manifest"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/workflows"
)

// Variables that make this test binary a seeder.
const (
	seederURL     = "SEEDER_URL"
	seederToken   = "SEEDER_TOKEN_FILE"
	seederVersion = "SEEDER_VERSION"
	seederFile    = "SEEDER_MANIFEST"
	seederEnds    = "SEEDER_ENDS"
)

func TestMain(m *testing.M) {
	if os.Getenv(seederURL) != "" {
		if err := seeder(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// seeder does what a suite does: it seeds, then writes the manifest.
func seeder() error {
	client, err := seed.NewClient(os.Getenv(seederURL), os.Getenv(seederToken))
	if err != nil {
		return err
	}
	list, err := workflows.All()
	if err != nil {
		return err
	}
	for i := range list {
		// Other runs of this test have the same names.
		list[i].Version = os.Getenv(seederVersion)
	}
	result, err := seed.Seed(context.Background(), client, list, seed.Options{Output: os.Stderr})
	if err != nil {
		return err
	}
	if os.Getenv(seederEnds) == "before the manifest" {
		return syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	m := valid(result)
	if err := manifest.Write(os.Getenv(seederFile), m); err != nil {
		return err
	}
	if os.Getenv(seederEnds) == "after the manifest" {
		return syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	return nil
}

func valid(result seed.Result) manifest.Manifest {
	here := manifest.Service{URL: os.Getenv(seederURL)}
	return manifest.Manifest{SchemaVersion: manifest.SchemaVersion, RunID: os.Getenv(seederVersion), CreatedAt: time.Now(),
		Services:    manifest.Services{DataStorage: here, HAPI: here, MockLLM: here},
		Credentials: manifest.Credentials{TokenFile: os.Getenv(seederToken)},
		Workflows:   result.Workflows, Summary: manifest.Summarize(result.Workflows)}
}

// life is one seeder process behind a proxy that can end it at a request.
type life struct {
	command *exec.Cmd
	target  *httputil.ReverseProxy
	mu      sync.Mutex
	seen    int
	// The request, counted from 1, at which the seeder dies, before or after it was served.
	dies   int
	served bool
}

func (l *life) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	l.seen++
	last := l.seen == l.dies
	l.mu.Unlock()
	if last && !l.served {
		_ = l.command.Process.Kill()
		panic(http.ErrAbortHandler)
	}
	if !last {
		l.target.ServeHTTP(w, r)
		return
	}
	// Stored, and the answer goes nowhere.
	l.target.ServeHTTP(httptest.NewRecorder(), r)
	_ = l.command.Process.Kill()
	panic(http.ErrAbortHandler)
}

// run lives one seeder's life and reports whether it was killed.
func (l *life) run(t *testing.T, store datastorage.Server, version, file, ends string) (killed bool) {
	t.Helper()
	target, err := url.Parse(store.URL)
	if err != nil {
		t.Fatal(err)
	}
	l.target = httputil.NewSingleHostReverseProxy(target)
	// A seeder that dies leaves requests behind, which is the point.
	l.target.ErrorLog = log.New(io.Discard, "", 0)
	proxy := httptest.NewServer(l)
	defer proxy.Close()
	var output bytes.Buffer
	l.command = exec.Command(os.Args[0])
	l.command.Stdout, l.command.Stderr = &output, &output
	l.command.Env = append(os.Environ(), seederURL+"="+proxy.URL, seederToken+"="+store.TokenFile,
		seederVersion+"="+version, seederFile+"="+file, seederEnds+"="+ends)
	l.mu.Lock()
	err = l.command.Start()
	l.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	err = l.command.Wait()
	status, ok := l.command.ProcessState.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() && status.Signal() == syscall.SIGKILL {
		return true
	}
	if err != nil {
		t.Fatalf("%v: %s", err, output.String())
	}
	return false
}

// TestKilledSeederIsMadeGoodByTheNextRun kills a seeder at each of its steps;
// after the next run every workflow is there, once.
func TestKilledSeederIsMadeGoodByTheNextRun(t *testing.T) {
	store := datastorage.Start(t)
	count := len(all(t))
	type point struct {
		name string
		life life
		ends string
	}
	points := []point{{name: "after the last answer", ends: "before the manifest"}, {name: "after the manifest", ends: "after the manifest"}}
	for n := 1; n <= count; n++ {
		points = append(points,
			point{name: fmt.Sprintf("before request %d is stored", n), life: life{dies: n}},
			point{name: fmt.Sprintf("before answer %d", n), life: life{dies: n, served: true}})
	}
	for i := range points {
		p := &points[i]
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			version, file := fmt.Sprintf("1.0.%d", i), filepath.Join(t.TempDir(), "manifest.json")
			if !p.life.run(t, store, version, file, p.ends) {
				t.Fatal("the seeder was not killed")
			}
			if _, err := manifest.Read(file, version); (err == nil) != (p.ends == "after the manifest") {
				t.Errorf("the killed seeder's manifest: %v", err)
			}

			var second life
			if second.run(t, store, version, file, "") {
				t.Fatal("the second seeder was killed")
			}

			written, err := manifest.Read(file, version)
			if err != nil {
				t.Fatal(err)
			}
			if second.seen != count || written.Summary.Total != count {
				t.Errorf("%d requests, %+v", second.seen, written.Summary)
			}
			if stored := versionsOf(t, store, version); len(stored) != count {
				t.Errorf("%d of %d workflows: %v", len(stored), count, stored)
			}
			for name, id := range written.IDs() {
				if got := versionsOf(t, store, version)[name]; got != id {
					t.Errorf("%s has the id %s, and %s in the manifest", name, got, id)
				}
			}
		})
	}
}

// versionsOf lists the ids of one version by name; a name that occurs twice is an error.
func versionsOf(t *testing.T, store datastorage.Server, version string) map[string]string {
	t.Helper()
	client, err := seed.NewClient(store.URL, store.TokenFile)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	page := ogenclient.ListWorkflowsParams{Limit: ogenclient.NewOptInt(1000)}
	for {
		answer, err := client.ListWorkflows(t.Context(), page)
		list, ok := answer.(*ogenclient.WorkflowList)
		if err != nil || !ok {
			t.Fatalf("%T, %v", answer, err)
		}
		for _, w := range list.Workflows {
			if w.Version != version {
				continue
			}
			if other, twice := found[w.WorkflowName]; twice {
				t.Errorf("%s is there twice: %s and %s", w.WorkflowName, other, w.WorkflowID)
			}
			found[w.WorkflowName] = w.WorkflowID.String()
		}
		next, more := list.NextCursor.Get()
		if !more {
			return found
		}
		page.Cursor = ogenclient.NewOptString(next)
	}
}
