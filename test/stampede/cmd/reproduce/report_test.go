package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/summary"
	"github.com/jordigilh/kubernaut/test/stampede"
)

func TestReportIsWrittenWhateverItSays(t *testing.T) {
	for name, problems := range map[string][]string{"nothing wrong": nil, "wrong": {"A does not lose"}} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			run := stampede.Run{Target: stampede.Ours(), Evidence: stampede.Evidence{Posts: summary.Counts{201: 11}}}
			r := &report{dir: t.TempDir(), RunID: "spec", Runs: []stampede.Run{run}, Problems: problems}
			var output strings.Builder

			err := r.tell(&output)

			if problems == nil {
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(output.String()).To(ContainSubstring("shown: DataStorage loses none\n"))
			} else {
				g.Expect(err).To(MatchError(ContainSubstring("A does not lose")))
				g.Expect(output.String()).NotTo(ContainSubstring("shown:"))
			}
			var written report
			data, err := os.ReadFile(filepath.Join(r.dir, "report.json"))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(json.Unmarshal(data, &written)).To(Succeed())
			g.Expect(written.Runs).To(Equal(r.Runs))
			g.Expect(written.Problems).To(HaveLen(len(problems)))
		})
	}
}
