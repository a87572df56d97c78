package timeline

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

//go:embed page
var page embed.FS

// scripts are the page's modules in the order in which they are joined. They
// share one function scope.
var scripts = []string{
	"data", "format", "scale", "theme", "state", "layout", "draw", "overview",
	"describe", "details", "list", "panel", "filter", "cursor", "pointer", "keyboard", "splitter", "address", "main",
}

// Write writes the page of a run in one step, so that a reader sees all of it or none.
func Write(path string, run *events.Run) error {
	text, err := render(Build(run))
	if err != nil {
		return fmt.Errorf("draw the timeline: %w", err)
	}
	return replace(path, text)
}

// render fills the page. json.Marshal escapes <, > and &, so that no text of a
// test can end the element that holds the data.
func render(doc Document) ([]byte, error) {
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	style, err := page.ReadFile("page/page.css")
	if err != nil {
		return nil, err
	}
	script, err := joinScripts()
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
		"Policy": policy(string(style), script),
		"Style":  string(style),
		"Script": script,
		"Data":   string(data),
	})
	return text.Bytes(), err
}

func joinScripts() (string, error) {
	var script strings.Builder
	script.WriteString("(() => {\n\"use strict\";\n")
	for _, name := range scripts {
		text, err := page.ReadFile("page/" + name + ".js")
		if err != nil {
			return "", err
		}
		script.Write(text)
	}
	script.WriteString("})();\n")
	return script.String(), nil
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

func replace(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(content)
	for _, step := range []func() error{func() error { return file.Chmod(0o644) }, file.Close} {
		if failed := step(); err == nil {
			err = failed
		}
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
