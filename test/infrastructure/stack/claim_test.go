package stack

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func TestKeptStackHasOneUserAtATimeAndCheckout(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("TMPDIR", t.TempDir())
	root := t.TempDir()
	first, err := claimKept(root)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = claimKept(root)
	g.Expect(err).To(MatchError(ContainSubstring("another run uses the kept stack")))
	other, err := claimKept(t.TempDir())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(other.release()).To(Succeed())
	g.Expect(first.release()).To(Succeed())
	again, err := claimKept(root)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(again.release()).To(Succeed())
}

func TestDirectoryThatOthersMayPrepareIsRefused(t *testing.T) {
	g := NewWithT(t)
	open := filepath.Join(t.TempDir(), "open")
	g.Expect(os.Mkdir(open, 0o700)).To(Succeed())
	g.Expect(os.Chmod(open, 0o777)).To(Succeed())
	g.Expect(private(open)).To(MatchError(ContainSubstring("not a private directory")))
}

func TestDownKeptSaysThatNothingIsKept(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("TMPDIR", t.TempDir())
	found, err := DownKept(t.Context(), t.TempDir(), io.Discard)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeFalse())
}
