// Package logtest holds event logs against their schema, in tests.
package logtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// Valid fails the test for each line of the log at path that its schema does
// not allow, and for a log without lines.
func Valid(t testing.TB, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("no event log: %v", err)
		return
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	for number, line := range lines {
		if err := Check(line); err != nil {
			t.Errorf("%s:%d: %v\n%.500s", path, number+1, err, line)
		}
	}
}

// Check says what is wrong with one line of a log.
func Check(line []byte) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
	if err != nil {
		return fmt.Errorf("is not valid JSON: %w", err)
	}
	fields, isObject := document.(map[string]any)
	if !isObject {
		return fmt.Errorf("is not a JSON object")
	}
	kind, _ := fields["event"].(string)
	schema, known := kinds()[kind]
	if !known {
		return fmt.Errorf("the schema has no event %q", kind)
	}
	return schema.Validate(document)
}

// kinds has a schema for each kind of event, so that an error names the field
// and not every kind that the line is not.
var kinds = sync.OnceValue(func() map[string]*jsonschema.Schema {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(events.Schema))
	if err != nil {
		panic(err)
	}
	compiler := jsonschema.NewCompiler()
	const url = "event-log.schema.json"
	if err := compiler.AddResource(url, document); err != nil {
		panic(err)
	}
	compiled := map[string]*jsonschema.Schema{}
	for _, kind := range Kinds() {
		compiled[kind] = compiler.MustCompile(url + "#/$defs/" + kind)
	}
	return compiled
})

// Kinds are the events of the schema.
func Kinds() []string {
	var schema struct {
		OneOf []struct {
			Ref string `json:"$ref"`
		} `json:"oneOf"`
	}
	if err := json.Unmarshal(events.Schema, &schema); err != nil {
		panic(err)
	}
	var found []string
	for _, entry := range schema.OneOf {
		found = append(found, entry.Ref[len("#/$defs/"):])
	}
	return found
}
