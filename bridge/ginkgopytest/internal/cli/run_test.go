package cli_test

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestRunTellsTheSuiteItsShard(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	_, problems, code := run("run", "--shard", "2/3", "/bin/sh", "-c", `test "$GINKGOPYTEST_SHARD" = 2/3 && exit 9`)
	g.Expect(problems).To(BeEmpty())
	g.Expect(code).To(Equal(9))
}

func TestRunRefusesAShardThatIsNone(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	_, problems, code := run("run", "--shard", "3/2", "/bin/true")
	g.Expect(code).To(Equal(2))
	g.Expect(problems).To(HavePrefix("ginkgopytest: shard 3/2: of 2 parts the first is 1 and the last 2\n"))
}
