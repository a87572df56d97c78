package stack

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
)

func TestServicesToLeaveOutAreReadFromAList(t *testing.T) {
	g := NewWithT(t)

	both, err := ParseWithout("hapi, mock-llm")
	g.Expect(err).NotTo(HaveOccurred())
	none, err := ParseWithout("")
	g.Expect(err).NotTo(HaveOccurred())
	_, unknown := ParseWithout("hapi,postgres")

	g.Expect(both).To(Equal([]string{parts.HAPI, parts.MockLLM}))
	g.Expect(none).To(BeEmpty())
	g.Expect(unknown).To(MatchError(And(ContainSubstring(`"postgres"`), ContainSubstring("datastorage, holmesgpt-api, mock-llm"))))
}

func TestKeptStackHasEveryPart(t *testing.T) {
	for name, opts := range map[string]Options{
		"without a part": {Keep: true, Without: []string{parts.HAPI}},
		"other settings": {Keep: true, Env: map[string][]string{parts.DataStorage: {"LOG_LEVEL=debug"}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Up(t.Context(), opts)

			NewWithT(t).Expect(err).To(MatchError(ContainSubstring("do not combine")))
		})
	}
}

func TestHAPIIsRefusedWithoutDataStorage(t *testing.T) {
	_, err := Up(t.Context(), Options{Without: []string{parts.DataStorage}})

	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("needs datastorage")))
}

func TestMockLLMThatIsLeftOutCannotBeStarted(t *testing.T) {
	g := NewWithT(t)
	s, err := newStack(Options{RunID: "spec", Without: []string{parts.HAPI, parts.MockLLM}}, "spec")
	g.Expect(err).NotTo(HaveOccurred())

	g.Expect(s.StartMockLLM(t.Context(), "scenarios.yaml")).To(MatchError(ContainSubstring("without mock-llm")))
	g.Expect(s.Namespace).To(Equal(Namespace))
}
