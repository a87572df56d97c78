package cli_test

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestCompareTellsWhatChanged(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	home := homeOf(t, "passed", "failed")
	out, problems, code := run("compare", home+"/r0", home+"/r1")
	g.Expect(code).To(BeZero(), problems)
	g.Expect(out).To(HavePrefix("a.py::test_a was passed and is failed"))
	out, _, _ = run("compare", home+"/r0", home+"/r0")
	g.Expect(out).To(Equal("no notable difference\n"))
	_, problems, code = run("compare", home+"/r0", logOf(t, "garbage"))
	g.Expect(code).To(Equal(1))
	g.Expect(problems).To(ContainSubstring("has no event"))
}
