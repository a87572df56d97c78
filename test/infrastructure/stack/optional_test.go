package stack

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestOptionalPartsAreReadFromAList(t *testing.T) {
	g := NewWithT(t)

	both, err := ParseOptional("hapi, mock-llm")
	g.Expect(err).NotTo(HaveOccurred())
	none, err := ParseOptional("")
	g.Expect(err).NotTo(HaveOccurred())
	_, unknown := ParseOptional("hapi,postgres")

	g.Expect(both).To(Equal([]Optional{HAPI, MockLLM}))
	g.Expect(none).To(BeEmpty())
	g.Expect(unknown).To(MatchError(And(ContainSubstring(`"postgres"`), ContainSubstring("datastorage, hapi or mock-llm"))))
}

func TestKeptStackHasEveryPart(t *testing.T) {
	for name, opts := range map[string]Options{
		"without a part": {Keep: true, Without: []Optional{HAPI}},
		"other settings": {Keep: true, DataStorageEnv: []string{"LOG_LEVEL=debug"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Up(t.Context(), opts)

			NewWithT(t).Expect(err).To(MatchError(ContainSubstring("do not combine")))
		})
	}
}

func TestHAPIIsRefusedWithoutDataStorage(t *testing.T) {
	_, err := Up(t.Context(), Options{Without: []Optional{DataStorage, MockLLM}})

	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("needs datastorage")))
}

func TestMockLLMThatIsLeftOutCannotBeStarted(t *testing.T) {
	g := NewWithT(t)
	s := newStack(Options{RunID: "spec", Without: []Optional{HAPI, MockLLM}})

	g.Expect(s.StartMockLLM(t.Context(), "scenarios.yaml")).To(MatchError(ContainSubstring("without mock-llm")))
	g.Expect(s.WaitReady(t.Context())).To(Succeed())
	g.Expect(s.Namespace).To(Equal(Namespace))
}
