package stampede

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestShareOfBusyTimeIsTakenFromTheKernelsCounts(t *testing.T) {
	g := NewWithT(t)
	before, err := parseJiffies("cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 1 1 1\n")
	g.Expect(err).NotTo(HaveOccurred())
	after, err := parseJiffies("cpu  120 0 60 860 60 0 0 0 0 0\n")
	g.Expect(err).NotTo(HaveOccurred())

	g.Expect(after.busySince(before)).To(BeNumerically("~", 0.3, 1e-9))
	g.Expect(before.busySince(before)).To(BeZero())
	_, err = parseJiffies("intr 1 2 3\n")
	g.Expect(err).To(MatchError(ContainSubstring("/proc/stat")))
}

func TestCalmIsAwaitedForABoundedTime(t *testing.T) {
	g := NewWithT(t)

	share, err := awaitCalm(t.Context())

	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(share).To(And(BeNumerically(">=", 0), BeNumerically("<=", 1)))
}
