package timeline

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"text/template"
)

//go:embed page/page.html page/page.css page/bundle.js
var page embed.FS

// Write writes the page in one step, so that a reader sees all of it or none.
func (d Document) Write(path string) error {
	return replace(path, func(out io.Writer) error {
		if err := render(out, d); err != nil {
			return fmt.Errorf("draw the timeline: %w", err)
		}
		return nil
	})
}

// here is where the frame gets the document, which does not pass through memory
// as a whole.
const here = "\x00data\x00"

func render(out io.Writer, doc Document) error {
	frame, err := renderFrame(doc)
	if err != nil {
		return err
	}
	head, tail, found := bytes.Cut(frame, []byte(here))
	if !found {
		return errors.New("page.html has no place for the data")
	}
	if _, err := out.Write(head); err != nil {
		return err
	}
	if err := writeDocument(out, doc); err != nil {
		return err
	}
	_, err = out.Write(tail)
	return err
}

func renderFrame(doc Document) ([]byte, error) {
	style, err := page.ReadFile("page/page.css")
	if err != nil {
		return nil, err
	}
	script, err := page.ReadFile("page/bundle.js")
	if err != nil {
		return nil, err
	}
	frame, err := template.ParseFS(page, "page/page.html")
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = frame.Execute(&text, map[string]string{
		"Title":  html.EscapeString(cmp.Or(doc.Suite, "pytest")),
		"Policy": policy(string(style), string(script)),
		"Style":  string(style),
		"Script": string(script),
		"Data":   here,
	})
	return text.Bytes(), err
}

// writeDocument writes bar by bar, each with its texts. json.Marshal escapes <,
// > and &, so that no text of a test can end the element that holds the data.
func writeDocument(out io.Writer, doc Document) error {
	bars, limits := doc.Bars, limitsOf(doc.Bars)
	doc.Bars = []Bar{}
	frame, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	head, tail, found := bytes.Cut(frame, []byte(`"bars":[]`))
	if !found {
		return errors.New("the document has no bars")
	}
	if _, err := fmt.Fprintf(out, `%s"bars":[`, head); err != nil {
		return err
	}
	for i, bar := range bars {
		text, err := json.Marshal(limits.complete(bar))
		if err != nil {
			return err
		}
		if i > 0 {
			text = append([]byte(",\n"), text...)
		}
		if _, err := out.Write(text); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "]%s", tail)
	return err
}

// policy forbids everything but the page's own style and script, by hash.
func policy(style, script string) string {
	return fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; form-action 'none'",
		hash(style), hash(script))
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// replace lets write fill a file beside path and moves it into place.
func replace(path string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(file.Name())
	buffered := bufio.NewWriter(file)
	err = errors.Join(write(buffered), buffered.Flush(), file.Chmod(0o644), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
