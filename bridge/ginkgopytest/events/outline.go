package events

// DetailedTests is how many passed tests a run may have so that reports tell
// everything of each: beyond, a person looks at what did not pass, and a machine
// at outcomes and times.
const DetailedTests = 1000

const (
	// outlineBudget is what the output of all passed tests may have in a report.
	outlineBudget = 8 << 20
	// leastText is kept of any text.
	leastText = 160
)

// Outline says of which tests a report leaves out the steps, the mirror spec and
// a part of the output, because too many passed. The log has all of it.
type Outline struct {
	// Tests is their number; 0 in a run of which everything is told.
	Tests int
	// TextLimit is what is kept of one text of theirs.
	TextLimit int
}

// Outline looks at all tests.
func (r *Run) Outline() Outline {
	number := 0
	for _, test := range r.Tests {
		if test.plain() {
			number++
		}
	}
	if number <= DetailedTests {
		return Outline{TextLimit: TextLimit}
	}
	return Outline{Tests: number, TextLimit: min(TextLimit, max(leastText, outlineBudget/number))}
}

// Covers says that a test is told in outline.
func (o Outline) Covers(test *Test) bool { return o.Tests > 0 && test != nil && test.plain() }

// plain says that a test passed at once and to its end, and has nothing to tell.
func (t *Test) plain() bool {
	return t.Outcome == Passed && len(t.attempts) == 1 && t.attempts[0].Ended() &&
		len(t.attempts[0].Subtests)+len(t.attempts[0].Crashes) == 0
}
