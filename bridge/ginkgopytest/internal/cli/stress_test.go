package cli_test

import (
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

// third is a command that fails each third time.
func third(t *testing.T) []string {
	t.Helper()
	count := filepath.Join(t.TempDir(), "count")
	return []string{"/bin/sh", "-c", `echo >> ` + count + `; test $(( $(wc -l < ` + count + `) % 3 )) != 0 || exit 5`}
}

func TestStressEndsAtTheFirstFailureAndTellsTheRate(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	out, problems, code := run(append([]string{"stress"}, third(t)...)...)
	g.Expect(code).To(Equal(5))
	g.Expect(problems).To(BeEmpty())
	g.Expect(out).To(HaveSuffix("stress: 3 of 20 ran, 1 failed\nstress: failed 1 times of 3 (33 %)\n"))
}

func TestStressGoesOnWhenAsked(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	out, _, code := run(append([]string{"stress", "--all", "--times", "12"}, third(t)...)...)
	g.Expect(code).To(Equal(5))
	g.Expect(out).To(HaveSuffix("stress: failed 4 times of 12 (33 %)\n"))
}

func TestStressIsGreenWhenNothingFails(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	out, _, code := run("stress", "--times", "2", "/bin/true")
	g.Expect(code).To(BeZero())
	g.Expect(out).To(HaveSuffix("stress: failed 0 times of 2 (0 %)\n"))
	_, problems, code := run("stress", "--times", "0", "/bin/true")
	g.Expect(code).To(Equal(2))
	g.Expect(problems).To(ContainSubstring("--times is 0"))
}
