package seed_test

import (
	"os"
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
)

// FuzzWriteScenarios: what is written for the Mock LLM is read as it was given,
// or it is refused.
func FuzzWriteScenarios(f *testing.F) {
	for _, pair := range [][2]string{{"restart-v1", "id-1"}, {"", ""}, {"a: b", "- c"}, {"#", "'"}, {"null", "true"}, {"1", "0x1"}, {"a\nb", "\"\\"}} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, name, id string) {
		path := filepath.Join(t.TempDir(), "scenarios.yaml")
		if err := seed.WriteScenarios(path, map[string]string{name: id}); err != nil {
			return
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var read struct {
			Scenarios map[string]string `json:"scenarios"`
		}
		if err := yaml.Unmarshal(text, &read); err != nil {
			t.Fatalf("%v: %q", err, text)
		}
		if id == "" || len(read.Scenarios) != 1 {
			t.Errorf("%q: %q became %v", name, id, read.Scenarios)
		}
		for gotName, got := range read.Scenarios {
			if valid := string([]rune(name)); valid == name && gotName != name {
				t.Errorf("the name %q became %q", name, gotName)
			}
			if valid := string([]rune(id)); valid == id && got != id {
				t.Errorf("the id %q became %q", id, got)
			}
		}
	})
}
