package workflows_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/workflows"
)

const sample = "generic-restart-v1.yaml"

func TestAllWorkflowsAreValidAndDistinct(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)

	all, err := workflows.All()

	g.Expect(err).NotTo(HaveOccurred())
	hashes, digests := map[string]bool{}, map[string]bool{}
	for _, workflow := range all {
		hashes[workflow.ContentHash()] = true
		digests[workflow.ContainerDigest()] = true
		g.Expect(workflow.ContainerImage()).To(HavePrefix("ghcr.io/kubernaut/workflows/"))
	}
	g.Expect(all).To(HaveLen(11))
	g.Expect(hashes).To(HaveLen(11))
	g.Expect(digests).To(HaveLen(11))
}

func TestLoadNamesFileAndField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, message string }{
		"unknown severity":    {"severity: medium", "severity: urgent", `labels.severity is "urgent"`},
		"unknown environment": {`["*"]`, `["prod"]`, `labels.environment[0] is "prod"`},
		"unknown field":       {"owner:", "owned_by:", `owned_by`},
		"not YAML":            {"kind:", "kind", "yaml"},
		"name of other file":  {"name: generic-restart-v1", "name: another", "metadata.name"},
		"no digest":           {"@sha256:", "@sha1:", "execution.bundle"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			text := read(g)

			_, err := workflows.Load(folder(map[string]string{
				sample: strings.Replace(text, c.old, c.new, 1),
			}))

			g.Expect(err).To(MatchError(ContainSubstring(c.message)))
			g.Expect(err).To(MatchError(ContainSubstring(sample)))
		})
	}
}

func TestLoadReportsAllFiles(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)

	_, err := workflows.Load(folder(map[string]string{"a.yaml": "kind: A", "b.yaml": "kind: B"}))

	g.Expect(err).To(MatchError(And(ContainSubstring("a.yaml"), ContainSubstring("b.yaml"))))
}

func TestLoadRefusesAnEmptyFolder(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)

	_, err := workflows.Load(fstest.MapFS{})

	g.Expect(err).To(MatchError(ContainSubstring("no workflow file")))
}

func read(g *WithT) string {
	all, err := workflows.All()
	g.Expect(err).NotTo(HaveOccurred())
	for _, workflow := range all {
		if workflow.Name+".yaml" == sample {
			return workflow.Content()
		}
	}
	g.Expect(sample).To(BeEmpty(), "sample not found")
	return ""
}

func folder(files map[string]string) fs.FS {
	result := fstest.MapFS{}
	for name, text := range files {
		result[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return result
}
