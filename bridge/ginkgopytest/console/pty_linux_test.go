package console

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/sys/unix"
)

// openTerminal is a pseudo-terminal: what is written to its end for the
// command can be read from the other.
func openTerminal(t *testing.T, columns uint16) (person, command *os.File) {
	t.Helper()
	g := NewWithT(t)
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = person.Close() })
	g.Expect(unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0)).To(Succeed())
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	g.Expect(err).NotTo(HaveOccurred())
	command, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(unix.IoctlSetWinsize(int(command.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns})).To(Succeed())
	return person, command
}

// play runs the console on a terminal of 50 columns and returns what it sent.
func play(t *testing.T, env ...string) *terminal {
	t.Helper()
	g := NewWithT(t)
	person, tty := openTerminal(t, 50)
	log := newJournal(t)
	log.add(runStart, collected, oneStart, twoStart, onePhase, oneEnd)
	command := exec.CommandContext(t.Context(), ginkgopytest(t), "console", log.path, "/bin/sh", "-c",
		`echo "✅ Created: 11"; while ! test -e "$0.go"; do sleep 0.05; done; echo "Ran 18 of 18 Specs"`, log.path)
	command.Stdout, command.Stderr = tty, tty
	command.Env = append(append(os.Environ(), "TERM=xterm", "CI=", "NO_COLOR="), env...)
	g.Expect(command.Start()).To(Succeed())
	g.Expect(tty.Close()).To(Succeed())
	view := &terminal{columns: 50}
	buffer := make([]byte, 4096)
	for released := false; ; {
		n, err := person.Read(buffer)
		if err != nil {
			break // The command has closed its end.
		}
		_, _ = view.Write(buffer[:n])
		if !released && len(view.lines) >= 4 {
			released = true
			g.Expect(os.WriteFile(log.path+".go", nil, 0o600)).To(Succeed())
		}
	}
	g.Expect(command.Wait()).To(Succeed())
	return view
}

const seen = "✅ Created: 11\nFAILED a.py::one on gw0 at a.py:7: assert 0\nRan 18 of 18 Specs"

func TestOnAPseudoTerminal(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	view := play(t)
	g.Expect(view.sees()).To(Or(HavePrefix(seen), HavePrefix("FAILED a.py::one on gw0 at a.py:7: assert 0\n✅ Created: 11\nRan 18 of 18 Specs")))
	g.Expect(view.sees()).To(HaveSuffix("\nfirst failure: a.py::one at /p/a.py:7: assert 0"))
	g.Expect(view.sent.String()).To(And(ContainSubstring("1/3 done, 1 failed"), ContainSubstring("  gw1 a.py::two"), ContainSubstring("\x1b[31m")))
}

func TestNoColorAndDumbTerminals(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	g.Expect(play(t, "NO_COLOR=1").sent.String()).To(And(ContainSubstring("1/3 done"), Not(ContainSubstring("\x1b[31m"))))
}

func TestPlainLinesAreChosenWhereACursorCannotMove(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	_, tty := openTerminal(t, 50)
	defer tty.Close()
	env := func(values map[string]string) func(string) string {
		return func(name string) string { return values[name] }
	}
	g.Expect(For(tty, env(map[string]string{"TERM": "xterm"})).Width()).To(Equal(50))
	g.Expect(For(tty, env(map[string]string{"TERM": "dumb"})).Width).To(BeNil())
	g.Expect(For(tty, env(map[string]string{"TERM": "xterm", "CI": "true"})).Width).To(BeNil())
	read, write, err := os.Pipe()
	g.Expect(err).NotTo(HaveOccurred())
	defer read.Close()
	defer write.Close()
	g.Expect(For(write, env(nil)).Width).To(BeNil())
}
