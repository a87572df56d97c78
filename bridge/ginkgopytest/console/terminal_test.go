package console

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// terminal understands what the console sends and knows what a person sees.
type terminal struct {
	columns int
	lines   [][]rune
	row     int
	column  int
	writes  int
	sent    strings.Builder
}

var control = regexp.MustCompile(`^\x1b\[(\d*)([AJKm])`)

func (v *terminal) Write(sent []byte) (int, error) {
	v.writes++
	v.sent.Write(sent)
	for text := string(sent); text != ""; {
		if match := control.FindStringSubmatch(text); match != nil {
			v.command(match[2], match[1])
			text = text[len(match[0]):]
			continue
		}
		char := []rune(text)[0]
		v.put(char)
		text = text[len(string(char)):]
	}
	return len(sent), nil
}

func (v *terminal) command(name, number string) {
	count, err := strconv.Atoi(number)
	if err != nil {
		count = 1
	}
	switch name {
	case "A":
		v.row = max(0, v.row-count)
	case "J":
		v.clearLine()
		v.lines = v.lines[:min(len(v.lines), v.row+1)]
	case "K":
		v.clearLine()
	}
}

func (v *terminal) clearLine() {
	if v.row < len(v.lines) && v.column < len(v.lines[v.row]) {
		v.lines[v.row] = v.lines[v.row][:v.column]
	}
}

func (v *terminal) put(char rune) {
	switch char {
	case '\r':
		v.column = 0
		return
	case '\n':
		v.row, v.column = v.row+1, 0
		return
	}
	if v.column == v.columns {
		v.row, v.column = v.row+1, 0
	}
	for len(v.lines) <= v.row {
		v.lines = append(v.lines, nil)
	}
	for len(v.lines[v.row]) <= v.column {
		v.lines[v.row] = append(v.lines[v.row], ' ')
	}
	v.lines[v.row][v.column] = char
	v.column++
}

// sees is the text on the screen.
func (v *terminal) sees() string {
	var text strings.Builder
	for _, line := range v.lines {
		text.WriteString(strings.TrimRight(string(line), " ") + "\n")
	}
	return strings.TrimRight(text.String(), "\n")
}

func (v *terminal) width() int { return v.columns }

func TestOutputStandsAboveTheStatus(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	view := &terminal{columns: 40}
	s := &screen{out: view, width: view.width}
	g.Expect(s.draw("", []string{"a status that is longer", "  gw0 one"})).To(Succeed())
	g.Expect(s.draw("out\n", []string{"a status", "  gw0 one", "  gw1 two"})).To(Succeed())
	g.Expect(view.sees()).To(Equal("out\na status\n  gw0 one\n  gw1 two"))
	g.Expect(s.draw("more\n", []string{"b"})).To(Succeed())
	g.Expect(view.sees()).To(Equal("out\nmore\nb"))
	g.Expect(s.draw("", nil)).To(Succeed())
	g.Expect(view.sees()).To(Equal("out\nmore"))
	g.Expect(view.writes).To(Equal(4))
}

func TestAStatusThatDidNotChangeIsNotDrawnAgain(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	view := &terminal{columns: 40}
	s := &screen{out: view, width: view.width}
	for range 3 {
		g.Expect(s.draw("", []string{"a", "b"})).To(Succeed())
	}
	g.Expect(view.writes).To(Equal(1))
}

func TestALineNeverWraps(t *testing.T) {
	t.Parallel()
	for columns := range 12 {
		view := &terminal{columns: max(1, columns)}
		s := &screen{out: view, width: func() int { return columns }}
		for i := range 3 {
			status := []string{fmt.Sprintf("%d näme\twith \x1b[31mcontrol", i), "日本語日本語日本語"}
			NewWithT(t).Expect(s.draw("", status)).To(Succeed())
		}
		if columns > 0 {
			NewWithT(t).Expect(len(view.lines)).To(BeNumerically("<=", 2), "%d columns: %q", columns, view.sees())
		}
	}
	NewWithT(t).Expect(fit("abcdefghij", 8)).To(Equal("abcd..."))
	NewWithT(t).Expect(fit("abc", 8)).To(Equal("abc"))
}
