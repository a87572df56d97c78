package stampede

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/summary"
)

// measured fills the plan with the figures of a reproduction that shows everything.
func measured() []Run {
	runs := Plan()
	for i := range runs {
		runs[i].Evidence = figures(runs[i].Target.Key)
	}
	return runs
}

func figures(key string) Evidence {
	whole := Evidence{Posts: summary.Counts{201: 11, 200: 110}, Created: 11, TestsPassed: 11}
	switch key {
	case KeyHistoric:
		return Evidence{Posts: summary.Counts{201: 2, 200: 18, 401: 303}, LimiterErrors: 303, TokenReviews: 21,
			AccessReviews: 21, Created: 2, Seconds: 60}
	case KeyUnlimited:
		whole.TokenReviews, whole.AccessReviews, whole.Seconds = 122, 122, 0.9
	case KeyOurs:
		whole.TokenReviews, whole.AccessReviews, whole.Seconds = 1, 1, 0.5
	}
	return whole
}

func TestReproductionThatShowsEverythingHasNoProblem(t *testing.T) {
	NewWithT(t).Expect(Verdict(measured())).To(BeEmpty())
}

func TestVerdictNamesWhatARunDoesNotShow(t *testing.T) {
	for name, c := range map[string]struct {
		key     string
		change  func(*Evidence)
		problem string
	}{
		"limiter off in A": {KeyHistoric, func(e *Evidence) { *e = figures(KeyUnlimited) }, "does not lose: 0 of 121"},
		"half is not most": {KeyHistoric, func(e *Evidence) { e.Posts, e.LimiterErrors = summary.Counts{200: 50, 401: 50}, 50 },
			"does not lose: 50 of 100"},
		"lost otherwise": {KeyHistoric, func(e *Evidence) { e.LimiterErrors = 0 }, "does not lose: 0 of 323"},
		"control is slow": {KeyUnlimited, func(e *Evidence) { e.Posts = summary.Counts{201: 11, 200: 110, 502: 4} },
			"121 of 125 requests succeeded, expected 121 of 121: 110 of 200, 11 of 201, 4 of 502"},
		"control is limited":  {KeyUnlimited, func(e *Evidence) { e.LimiterErrors = 1 }, "1 requests were lost to a limiter"},
		"ours refuses":        {KeyOurs, func(e *Evidence) { e.Posts = summary.Counts{201: 11, 200: 109, 503: 1} }, "1 of 503"},
		"ours without cache":  {KeyOurs, func(e *Evidence) { e.TokenReviews = 121 }, "121 TokenReviews, at most 2"},
		"ours loses a row":    {KeyOurs, func(e *Evidence) { e.Created = 10 }, "10 workflows in the catalogue"},
		"ours creates twice":  {KeyOurs, func(e *Evidence) { e.Posts = summary.Counts{201: 12, 200: 109} }, "12 answers 201"},
		"a caller saw less":   {KeyOurs, func(e *Evidence) { e.TestsPassed = 10 }, "10 of 11 tests passed"},
		"ours is slower":      {KeyOurs, func(e *Evidence) { e.Seconds = 0.91 }, "B takes longer than A', 11 workers, one by one, 2 s: 0.91 s"},
		"nothing was written": {KeyOurs, func(e *Evidence) { *e = Evidence{} }, "0 of 0 requests succeeded"},
	} {
		t.Run(name, func(t *testing.T) {
			runs := measured()
			for i := range runs {
				if runs[i].Target.Key == c.key {
					c.change(&runs[i].Evidence)
				}
			}

			problems := Verdict(runs)

			NewWithT(t).Expect(strings.Join(problems, "\n")).To(ContainSubstring(c.problem))
		})
	}
}

func TestOneSlowRunDoesNotDecide(t *testing.T) {
	runs := measured()
	for i := range runs {
		if runs[i].Target.Key == KeyOurs {
			runs[i].Evidence.Seconds = 5
			break
		}
	}

	NewWithT(t).Expect(Verdict(runs)).To(BeEmpty())
}

func TestPairsOfABusyMachineDoNotDecideWhereCalmOnesAreEnough(t *testing.T) {
	g := NewWithT(t)
	busy := pairs(MinRepeats + 1)
	for i := range busy {
		busy[i].Evidence = figures(busy[i].Target.Key)
		busy[i].Evidence.ForeignCPU = 0.9
		if busy[i].Target.Key == KeyOurs {
			busy[i].Evidence.Seconds = 5
		}
	}

	g.Expect(slower(busy)).To(ContainElement(And(ContainSubstring("5.00 s against 0.90 s"), ContainSubstring("90 %"))))
	g.Expect(slower(append(busy, measured()...))).To(BeEmpty())
}

func TestMeasurementsThatAreMissingAreNoProof(t *testing.T) {
	g := NewWithT(t)
	all := measured()

	g.Expect(Verdict(nil)).To(ContainElements("A was not measured", "A' was not measured", "B was not measured"))
	g.Expect(Verdict(all[:6])).To(ContainElement(ContainSubstring("were not compared in time")))
}

func TestTableHasOneLineForEachRun(t *testing.T) {
	g := NewWithT(t)

	lines := strings.Split(strings.TrimSpace(Table(measured())), "\n")

	g.Expect(lines).To(HaveLen(2 + len(Plan())))
	for _, line := range lines {
		g.Expect(line).To(HaveLen(len(lines[0])), line)
	}
	g.Expect(strings.Fields(lines[2])).To(ContainElements("A", "323", "303", "21", "60.00"))
}
