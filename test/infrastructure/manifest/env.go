package manifest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
)

// EnvFileName is the file beside the manifest that a shell can source.
const EnvFileName = "workflow-ids.env"

var notInVariable = regexp.MustCompile(`[^A-Z0-9_]`)

// EnvName is the environment variable that holds the workflow's id.
func EnvName(workflowName string) string {
	return "WORKFLOW_ID_" + notInVariable.ReplaceAllString(strings.ToUpper(workflowName), "_")
}

// Env lists one NAME=id per workflow, sorted.
func (m Manifest) Env() []string {
	env := make([]string, 0, len(m.Workflows))
	for name, id := range m.IDs() {
		env = append(env, EnvName(name)+"="+id)
	}
	slices.Sort(env)
	return env
}

// EnvFile writes one shell-safe export per workflow to path.
func (m Manifest) EnvFile(path string) error {
	var text strings.Builder
	previous := ""
	for _, entry := range m.Env() {
		name, id, _ := strings.Cut(entry, "=")
		if name == previous {
			return fmt.Errorf("%s not written: two workflows share the variable %s; rename one", path, name)
		}
		previous = name
		fmt.Fprintf(&text, "export %s=%s\n", name, shellQuote(id))
	}
	return files.Write(path, []byte(text.String()))
}

func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
