package events

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// TextLimit is what is kept of one traceback or of one section of output: a
// quarter from its beginning and the rest from its end, where the error stands.
// The log has all of it.
const TextLimit = 64 << 10

// Texts are what an event tells at length.
type Texts struct {
	LongRepr string
	// Sections are what was printed and logged: title and text.
	Sections [][2]string
	reason   string
}

// source is where the texts of an event stand: in a log, or, when the event
// came from elsewhere, in the event. The model has thousands of tests in
// memory, but not what they printed.
type source struct {
	path   string
	offset int64
	size   int
	event  *Event
}

func (e Event) hasTexts() bool {
	return e.LongRepr != "" || e.Reason != "" || len(e.Sections) > 0
}

func sourceOf(e Event) *source {
	if e.source != nil || !e.hasTexts() {
		return e.source
	}
	return &source{event: &e}
}

// texts reads them. What cannot be read any more says so in its place.
func (s *source) texts() Texts {
	if s == nil {
		return Texts{}
	}
	event, err := s.read()
	if err != nil {
		problem := fmt.Sprintf("[the event log cannot be read any more: %v]", err)
		return Texts{LongRepr: problem, reason: problem}
	}
	texts := Texts{LongRepr: Shorten(event.LongRepr, TextLimit), reason: Shorten(event.Reason, TextLimit)}
	for _, section := range event.Sections {
		texts.Sections = append(texts.Sections, [2]string{section[0], Shorten(section[1], TextLimit)})
	}
	return texts
}

func (s *source) read() (*Event, error) {
	if s.event != nil {
		return s.event, nil
	}
	file, err := os.Open(s.path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	line := make([]byte, s.size)
	if _, err := file.ReadAt(line, s.offset); err != nil {
		return nil, err
	}
	event := &Event{}
	return event, json.Unmarshal(line, event)
}

// remark is room for the line that says how much is missing.
const remark = 64

// Shorten keeps the beginning and the end of a text that is longer than limit,
// and says how much is missing. What it returns is not longer than limit.
func Shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	room := max(0, limit-remark)
	head := room / 4
	tail := room - head
	return strings.ToValidUTF8(text[:head], "") +
		fmt.Sprintf("\n[%d bytes left out: the event log has them]\n", len(text)-room) +
		strings.ToValidUTF8(text[len(text)-tail:], "")
}

// ExceptionOf is what pytest marks with an E in the margin of a traceback;
// without such lines it is the last one.
func ExceptionOf(traceback string) string {
	var marked []string
	lines := strings.Split(strings.TrimSpace(traceback), "\n")
	for _, line := range lines {
		if rest, found := strings.CutPrefix(line, "E "); found {
			marked = append(marked, strings.TrimSpace(rest))
		}
	}
	if len(marked) == 0 {
		return strings.TrimSpace(lines[len(lines)-1])
	}
	return strings.Join(marked, "\n")
}

// oneLine is the first line of the exception.
func oneLine(traceback string) string { return FirstLine(ExceptionOf(traceback)) }

// FirstLine is that of a text; blank lines before it do not count.
func FirstLine(text string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(first)
}
