package mustgather

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// mostOfALog is kept from its end, where the failure is.
const mostOfALog = 8 << 20

func (g *gathering) logs(context.Context) error {
	return each(g.stack.Logs, func(part, path string) error {
		content, err := tail(path)
		if os.IsNotExist(err) {
			return nil // The part never started.
		}
		if err != nil {
			return err
		}
		return g.write("logs/"+part+".log", content)
	})
}

func tail(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if skipped := info.Size() - mostOfALog; skipped > 0 {
		if _, err := file.Seek(skipped, io.SeekStart); err != nil {
			return nil, err
		}
	}
	return io.ReadAll(file)
}

// failedTests writes a page for each test: how it failed, and every line of
// every log that carries the id of one of its requests.
func (g *gathering) failedTests(context.Context) error {
	for i, test := range g.tests {
		page := []byte(test.page())
		for _, part := range slices.Sorted(maps.Keys(g.stack.Logs)) {
			content, err := tail(g.stack.Logs[part])
			if err != nil {
				continue // The collector of logs tells.
			}
			if lines := linesWith(content, test.RequestPrefix()); len(lines) > 0 {
				page = fmt.Appendf(page, "\n%s:\n%s", part, lines)
			}
		}
		if err := g.write(fmt.Sprintf("tests/%02d-%s.txt", i+1, test.slug()), page); err != nil {
			return err
		}
	}
	return nil
}

func linesWith(content []byte, text string) []byte {
	var found []byte
	for line := range bytes.Lines(content) {
		if bytes.Contains(line, []byte(text)) {
			found = append(found, line...)
		}
	}
	return found
}
