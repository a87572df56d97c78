package main

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestFlagsGoBeforeVariables(t *testing.T) {
	g := NewWithT(t)
	environment := map[string]string{"HOLMESGPT_API_URL": "http://variable", "DATASTORAGE_URL": "http://storage", "REGO_POLICY_PATH": "/variable"}
	options, err := parse([]string{"--holmesgpt-api-url=http://flag", "--leader-elect", "--holmesgpt-api-timeout=5s"},
		func(name string) string { return environment[name] })
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(options.HolmesGPTURL).To(Equal("http://flag"))
	g.Expect(options.DataStorageURL).To(Equal("http://storage"))
	g.Expect(options.PolicyPath).To(Equal("/variable"))
	g.Expect(options.Lead).To(BeTrue())
	g.Expect(options.HolmesGPTTimeout).To(Equal(5 * time.Second))
}

func TestWhatIsNoFlagIsRefused(t *testing.T) {
	none := func(string) string { return "" }
	for argument, message := range map[string]string{"more": "is not a flag", "--bogus": "not defined", "--retry-base=0s": "--retry-base is 0s"} {
		_, err := parse([]string{argument}, none)
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(message)))
	}
}
