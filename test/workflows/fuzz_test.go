package workflows_test

import (
	"os"
	"strings"
	"testing"

	"github.com/jordigilh/kubernaut/test/workflows"
)

// FuzzLoad: any text is a workflow with all that its schema demands, or an
// error that names the file; it is never a panic.
func FuzzLoad(f *testing.F) {
	whole, err := os.ReadFile(sample)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(whole))
	f.Add(string(whole[:len(whole)/2]))
	for _, seed := range []string{"", "null", "[]", "a: &a [*a]", "metadata: {}", "metadata: {name: 1}", "\xff", "a: 1\na: 2", "%YAML 9"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		loaded, err := workflows.Load(folder(map[string]string{sample: text}))
		if err != nil {
			if !strings.Contains(err.Error(), sample) {
				t.Errorf("the file is not named: %v", err)
			}
			return
		}
		if len(loaded) != 1 || loaded[0].Content() != text || loaded[0].Version == "" || len(loaded[0].Labels.Environment) == 0 {
			t.Errorf("taken, and not whole: %+v", loaded)
		}
	})
}
