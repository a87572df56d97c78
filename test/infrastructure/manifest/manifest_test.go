package manifest_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/jordigilh/kubernaut/test/infrastructure/manifest"
)

func valid() manifest.Manifest {
	m := manifest.Manifest{
		SchemaVersion: manifest.SchemaVersion,
		RunID:         "run-a",
		CreatedAt:     time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC),
		Services: manifest.Services{
			DataStorage: manifest.Service{URL: "http://datastorage.test"},
			HAPI:        manifest.Service{URL: "http://hapi.test"},
			MockLLM:     manifest.Service{URL: "http://mock.test"},
		},
		Credentials: manifest.Credentials{TokenFile: "token"},
		Workflows: []manifest.Workflow{
			workflow("restart-v1", "id-2", manifest.Existing),
			workflow("drain.node-v1", "id-1", manifest.Created),
		},
	}
	m.Summary = manifest.Summarize(m.Workflows)
	return m
}

func workflow(name, id string, outcome manifest.Outcome) manifest.Workflow {
	return manifest.Workflow{
		WorkflowName: name, Version: "1.0.0", Environments: []string{"staging", "production"},
		WorkflowID: id, ContentHash: strings.Repeat("a", 64), Outcome: outcome,
	}
}

func write(t *testing.T, m manifest.Manifest) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "manifest.json")
	if err := manifest.Write(path, m); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWrittenManifestFollowsTheSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../../api/workflow-manifest.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(write(t, valid()))
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(document); err != nil {
		t.Error(err)
	}
	delete(document.(map[string]any), "run_id")
	if schema.Validate(document) == nil {
		t.Error("the schema accepts a manifest without run_id")
	}
}

func TestWriteSortsAndKeepsOthersOut(t *testing.T) {
	path := write(t, valid())
	m, err := manifest.Read(path, "run-a")
	if err != nil {
		t.Fatal(err)
	}
	if m.Workflows[0].Key() != "drain.node-v1@1.0.0" || m.Workflows[0].Environments[0] != "production" {
		t.Errorf("not sorted: %+v", m.Workflows)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	entries, _ := os.ReadDir(filepath.Dir(path))
	if len(entries) != 1 {
		t.Errorf("files left beside the manifest: %v", entries)
	}
}

func TestWriteRefusesAnInvalidManifestAndKeepsTheOldOne(t *testing.T) {
	path := write(t, valid())
	broken := valid()
	broken.Services.HAPI.URL = "hapi"
	err := manifest.Write(path, broken)
	if err == nil || !strings.Contains(err.Error(), "services.hapi.url") {
		t.Errorf("got %v", err)
	}
	if _, err := manifest.Read(path, "run-a"); err != nil {
		t.Error(err)
	}
}

func TestReadNamesFileFieldAndRemedy(t *testing.T) {
	cases := map[string]struct {
		change func(map[string]any)
		field  string
	}{
		"unknown schema": {func(d map[string]any) { d["schema_version"] = 2 }, "schema_version is 2"},
		"no schema":      {func(d map[string]any) { delete(d, "schema_version") }, "schema_version is missing"},
		"foreign run":    {func(d map[string]any) { d["run_id"] = "run-b" }, `run_id is "run-b"`},
		"wrong type":     {func(d map[string]any) { d["run_id"] = 7 }, "run_id is a number"},
		"short list":     {func(d map[string]any) { d["workflows"] = d["workflows"].([]any)[:1] }, "summary.total is 2"},
		"no workflows": {func(d map[string]any) {
			d["workflows"] = []any{}
			d["summary"] = map[string]any{"created": 0, "existing": 0, "failed": 0, "total": 0}
		}, "workflows is empty"},
		"failed workflow": {func(d map[string]any) {
			d["workflows"].([]any)[0].(map[string]any)["outcome"] = "failed"
			d["summary"] = map[string]any{"created": 0, "existing": 1, "failed": 1, "total": 2}
		}, "summary.failed is 1"},
		"duplicate id": {func(d map[string]any) {
			d["workflows"].([]any)[0].(map[string]any)["workflow_id"] = "id-2"
		}, "workflows[1].workflow_id repeats"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := write(t, valid())
			rewrite(t, path, c.change)
			_, err := manifest.Read(path, "run-a")
			requireSentence(t, err, path, c.field, "; ")
		})
	}
}

func rewrite(t *testing.T, path string, change func(map[string]any)) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	change(document)
	data, _ = json.Marshal(document)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func requireSentence(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %v", err)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q lacks %q", err, part)
		}
	}
}

func TestReadReportsMissingAndTruncatedFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "absent.json")
	_, err := manifest.Read(path, "run-a")
	requireSentence(t, err, path, "is missing", "WORKFLOW_MANIFEST")
	path = write(t, valid())
	data, _ := os.ReadFile(path)
	if err := os.WriteFile(path, data[:len(data)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = manifest.Read(path, "run-a")
	requireSentence(t, err, path, "truncated", "seed again")
}

func TestEnvFileIsSafeToSource(t *testing.T) {
	m := valid()
	m.Workflows[0].WorkflowID = `it's $(false) "x"`
	path := filepath.Join(t.TempDir(), manifest.EnvFileName)
	if err := m.EnvFile(path); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("sh", "-c", `. "$1"; printf '%s|%s' "$WORKFLOW_ID_RESTART_V1" "$WORKFLOW_ID_DRAIN_NODE_V1"`, "sh", path).Output()
	if err != nil || string(out) != m.Workflows[0].WorkflowID+"|id-1" {
		t.Errorf("got %q, %v", out, err)
	}
}

func TestEnvFileRefusesNamesThatShareAVariable(t *testing.T) {
	m := valid()
	m.Workflows[0].WorkflowName = "drain-node-v1"
	if err := m.EnvFile(filepath.Join(t.TempDir(), "env")); err == nil {
		t.Error("no error")
	}
}
