package ginkgopytest_test

import (
	"os"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// call is the first call of RunSpecs in a text, without its indentation.
func call(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "ginkgopytest.RunSpecs(t,")
	body, _, closed := strings.Cut(rest, "})")
	if !found || !closed {
		t.Fatalf("%s has no call of RunSpecs", path)
	}
	return strings.Join(strings.Fields(body), " ")
}

func TestTheReadmeHasTheCompiledExample(t *testing.T) {
	t.Parallel()
	NewWithT(t).Expect(call(t, "README.md")).To(Equal(call(t, "example_test.go")))
}
