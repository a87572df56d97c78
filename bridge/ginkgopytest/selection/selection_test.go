package selection_test

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/selection"
)

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestShardsHaveEachTestOnceWhateverTheOrder(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	tests, turned := []string{"d", "a", "c", "b", "e"}, []string{"e", "b", "c", "a", "d"}
	seen := map[string]int{}
	for index := 1; index <= 3; index++ {
		part := selection.Part{Shard: selection.Shard{Index: index, Of: 3}}
		g.Expect(part.Of(tests)).To(Equal(part.Of(turned)))
		for nodeID := range part.Of(tests) {
			seen[nodeID]++
		}
	}
	g.Expect(seen).To(Equal(map[string]int{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}))
}

func TestAShardThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for text, reason := range map[string]string{
		"3/2": "of 2 parts the first is 1 and the last 2", "0/2": "the first is 1",
		"1": "such as 1/3", "a/b": "such as 1/3", "-1/2": "such as 1/3", "1/3 ": "such as 1/3", "1/0": "the first is 1",
	} {
		_, err := selection.FromEnvironment(environment(map[string]string{selection.ShardVariable: text}))
		NewWithT(t).Expect(err).To(MatchError(And(ContainSubstring(selection.ShardVariable), ContainSubstring(reason))), text)
	}
}

func TestWhatPassedEarlierIsLeftOut(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "earlier.json")
	g.Expect(os.WriteFile(path, []byte(`["a::x[1\n2]","gone"]`), 0o644)).To(Succeed())
	part, err := selection.FromEnvironment(environment(map[string]string{selection.EarlierVariable: path}))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(part.All()).To(BeFalse())
	g.Expect(part.Of([]string{"a::x[1\n2]", "new"})).To(Equal(map[string]bool{"new": true}))

	g.Expect(os.WriteFile(path, []byte(`{}`), 0o644)).To(Succeed())
	_, err = selection.FromEnvironment(environment(map[string]string{selection.EarlierVariable: path}))
	g.Expect(err).To(MatchError(And(ContainSubstring(path), ContainSubstring("must be a JSON array of node ids"))))
	_, err = selection.FromEnvironment(environment(map[string]string{selection.EarlierVariable: path + ".absent"}))
	g.Expect(err).To(MatchError(os.ErrNotExist))
}

func TestWithoutVariablesEverythingRuns(t *testing.T) {
	t.Parallel()
	part, err := selection.FromEnvironment(environment(nil))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	NewWithT(t).Expect(part.All()).To(BeTrue())
	NewWithT(t).Expect(part.Of([]string{"a", "b"})).To(HaveLen(2))
}
