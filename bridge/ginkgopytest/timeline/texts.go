package timeline

import (
	"cmp"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// The texts of a page share two budgets, so that what failed is not crowded out
// by what passed; each text has at least minText and at most events.TextLimit.
const (
	failedBudget = 24 << 20
	passedBudget = 8 << 20
	minText      = 160
)

// limits are what one text may have, by whether its bar went wrong.
type limits struct{ failed, passed int }

func limitsOf(bars []Bar) limits {
	failed, passed := 0, 0
	for _, bar := range bars {
		if bar.attempt == nil {
			continue
		}
		if number := bar.texts(); bar.wentWrong() {
			failed += number
		} else {
			passed += number
		}
	}
	return limits{share(failedBudget, failed), share(passedBudget, passed)}
}

func share(budget, number int) int {
	return min(events.TextLimit, max(minText, budget/max(1, number)))
}

// texts is how many texts an attempt has at most.
func (b Bar) texts() int {
	number := len(b.attempt.Crashes) + len(b.attempt.Subtests)
	for _, phase := range b.attempt.Phases {
		if phase.HasTexts() {
			number++
		}
	}
	return number
}

func (b Bar) wentWrong() bool { return b.failed() || b.Outcome == events.Rerun }

// complete reads the texts of a bar from the log, when it is to be written.
func (l limits) complete(bar Bar) Bar {
	if bar.attempt == nil {
		return bar
	}
	if bar.brief {
		bar.Phases = nil
	}
	limit := l.passed
	if bar.wentWrong() {
		limit = l.failed
	}
	for _, phase := range bar.attempt.Phases {
		bar.addTexts(phase.When+" "+phase.Outcome, phase.Texts(), limit)
	}
	for _, crash := range bar.attempt.Crashes {
		bar.addTexts("crash", crash.Texts(), limit)
	}
	for _, subtest := range bar.attempt.Subtests {
		bar.addTexts("subtest "+subtest.Description, events.Texts{LongRepr: subtest.LongRepr()}, limit)
	}
	last := bar.Attempt == bar.Attempts
	if reason := cmp.Or(bar.test.Reason(), bar.Message); last && reason != "" && len(bar.Reports) == 0 {
		bar.Reports = [][2]string{{"reason", events.Shorten(reason, limit)}}
	}
	return bar
}

func (b *Bar) addTexts(title string, texts events.Texts, limit int) {
	if texts.LongRepr != "" {
		b.Reports = append(b.Reports, [2]string{title, events.Shorten(texts.LongRepr, limit)})
	}
	for _, section := range texts.Sections {
		b.Output = append(b.Output, [2]string{section[0], events.Shorten(section[1], limit)})
	}
}
