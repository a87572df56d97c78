package workflows_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/workflows"
)

const sample = "pvc-expand-v1.yaml"

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

// The Python seeder has the same cases, and says the same.
func TestLoadNamesFileAndField(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	rows, err := os.ReadFile("testdata/wrong.json")
	g.Expect(err).NotTo(HaveOccurred())
	var cases []struct{ Name, Old, New, Message string }
	g.Expect(json.Unmarshal(rows, &cases)).To(Succeed())
	g.Expect(cases).NotTo(BeEmpty())
	text, err := os.ReadFile(sample)
	g.Expect(err).NotTo(HaveOccurred())
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			g.Expect(string(text)).To(ContainSubstring(c.Old))

			_, err := workflows.Load(folder(map[string]string{
				sample: strings.Replace(string(text), c.Old, c.New, 1),
			}))

			g.Expect(err).To(MatchError(ContainSubstring(sample + ": " + c.Message)))
			g.Expect(err).To(MatchError(ContainSubstring("api/workflow.schema.json describes the form")))
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

func folder(files map[string]string) fs.FS {
	result := fstest.MapFS{}
	for name, text := range files {
		result[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return result
}
