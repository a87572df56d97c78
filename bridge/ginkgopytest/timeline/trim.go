package timeline

import (
	"fmt"
	"strings"
)

// A page of all texts stays below about textBudget; a single text keeps at
// least minText and at most maxText bytes.
const (
	textBudget = 32 << 20
	minText    = 4 << 10
	maxText    = 64 << 10
)

// trim shortens long tracebacks and outputs; the event log has them in full.
func trim(doc *Document) {
	number := 0
	for _, bar := range doc.Bars {
		number += len(bar.Reports) + len(bar.Output)
	}
	if number == 0 {
		return
	}
	limit := min(maxText, max(minText, textBudget/number))
	for i := range doc.Bars {
		doc.Bars[i].Reports = trimAll(doc.Bars[i].Reports, limit)
		doc.Bars[i].Output = trimAll(doc.Bars[i].Output, limit)
	}
}

func trimAll(texts [][2]string, limit int) [][2]string {
	var kept [][2]string
	for _, text := range texts {
		kept = append(kept, [2]string{text[0], shorten(text[1], limit)})
	}
	return kept
}

// shorten keeps a quarter from the beginning and the rest from the end, where
// the error stands.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	head, tail := limit/4, limit-limit/4
	left := len(text) - limit
	return strings.ToValidUTF8(text[:head], "") +
		fmt.Sprintf("\n[%d bytes left out: the event log has them]\n", left) +
		strings.ToValidUTF8(text[len(text)-tail:], "")
}
