package console

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// screen keeps a status block below what is printed. Everything of one moment
// goes out in one write, and a line is overwritten before its rest is cleared,
// so that nothing flickers.
type screen struct {
	out   io.Writer
	width func() int
	shown []string
}

// draw prints text above the status. Text ends in a newline or is empty.
func (s *screen) draw(text string, status []string) error {
	width := s.width()
	for i, line := range status {
		status[i] = fit(line, width)
	}
	if text == "" && slices.Equal(status, s.shown) {
		return nil
	}
	var frame strings.Builder
	if len(s.shown) > 0 {
		fmt.Fprintf(&frame, "\r\x1b[%dA", len(s.shown))
	}
	if text != "" {
		// The old status may be longer than the text that takes its place.
		frame.WriteString("\x1b[J" + text)
	}
	for _, line := range status {
		frame.WriteString(line + "\x1b[K\n")
	}
	if len(status) < len(s.shown) {
		frame.WriteString("\x1b[J")
	}
	s.shown = status
	_, err := io.WriteString(s.out, frame.String())
	return err
}

// fit clips a line to the width, because one that wraps could not be redrawn.
func fit(line string, width int) string {
	line = strings.Map(func(char rune) rune {
		if unicode.IsControl(char) {
			return ' '
		}
		return char
	}, line)
	if width <= 0 || columns(line) < width {
		return line
	}
	const dots = "..."
	kept, used := 0, len(dots)
	for i, char := range line {
		if used += columnsOf(char); used >= width {
			break
		}
		kept = i + utf8.RuneLen(char)
	}
	return line[:kept] + dots[:min(len(dots), max(0, width-1))]
}

func columns(line string) int {
	sum := 0
	for _, char := range line {
		sum += columnsOf(char)
	}
	return sum
}

// columnsOf takes any character beyond the Latin scripts for a wide one: too
// short a line does no harm.
func columnsOf(char rune) int {
	const lastNarrow = 0x10ff
	switch {
	case unicode.Is(unicode.Mn, char):
		return 0
	case char > lastNarrow:
		return 2
	}
	return 1
}
