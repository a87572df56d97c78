package workflows

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"sigs.k8s.io/yaml"

	"github.com/jordigilh/kubernaut/api"
)

// schemaFile describes a workflow file; the Python seeder reads it too.
const schemaFile = "workflow.schema.json"

var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(contracts{})
	return compiler.Compile("contract:///" + schemaFile)
})

// contracts finds what a schema refers to by its name beside the schema.
type contracts struct{}

func (contracts) Load(url string) (any, error) {
	text, err := api.Files.ReadFile(url[strings.LastIndex(url, "/")+1:])
	if err != nil {
		return nil, err
	}
	return decode(text)
}

// decode gives the form that the validator reads. A key that is given twice is an error.
func decode(text []byte) (any, error) {
	data, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(data))
}

// problems lists the fields that break the schema, each with what is wrong; the
// Python seeder says the same sentences.
func problems(document any) ([]string, error) {
	schema, err := compiled()
	if err != nil {
		return nil, fmt.Errorf("api/%s: %w", schemaFile, err)
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(document); !errors.As(err, &invalid) {
		return nil, err
	}
	found := sentences(document, invalid)
	slices.Sort(found)
	return slices.Compact(found), nil
}

func sentences(document any, invalid *jsonschema.ValidationError) []string {
	var found []string
	for _, cause := range invalid.Causes {
		found = append(found, sentences(document, cause)...)
	}
	place, value := find(document, invalid.InstanceLocation)
	inside := place
	if inside != "" {
		inside += "."
	}
	switch wrong := invalid.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range wrong.Missing {
			found = append(found, inside+name+" is missing")
		}
	case *kind.AdditionalProperties:
		for _, name := range wrong.Properties {
			found = append(found, inside+name+" is unknown")
		}
	default:
		if len(invalid.Causes) == 0 {
			found = append(found, strings.TrimSpace(placeOf(place)+" "+what(invalid, value)))
		}
	}
	return found
}

func placeOf(place string) string {
	if place == "" {
		return "the document"
	}
	return place
}

func what(invalid *jsonschema.ValidationError, value any) string {
	switch wrong := invalid.ErrorKind.(type) {
	case *kind.Type:
		return fmt.Sprintf("is %s, not of type %s", short(value), strings.Join(wrong.Want, " or "))
	case *kind.Const:
		return fmt.Sprintf("is %s, expected %s", short(value), short(wrong.Want))
	case *kind.Enum:
		allowed := make([]string, len(wrong.Want))
		for i, want := range wrong.Want {
			allowed[i] = fmt.Sprint(want)
		}
		return fmt.Sprintf("is %s, expected one of %s", short(value), strings.Join(allowed, ", "))
	case *kind.Pattern:
		return fmt.Sprintf("is %s, which does not match %s", short(value), wrong.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("is longer than %d characters", wrong.Want)
	case *kind.MinLength, *kind.MinItems:
		return "is empty"
	default:
		return "is not valid: " + invalid.Error()
	}
}

// find gives the place as a person writes it, and the value there.
func find(document any, location []string) (place string, value any) {
	value = document
	for _, part := range location {
		switch at := value.(type) {
		case map[string]any:
			value = at[part]
			place += "." + part
		case []any:
			var index int
			fmt.Sscan(part, &index)
			value = at[index]
			place += "[" + part + "]"
		}
	}
	return strings.TrimPrefix(place, "."), value
}

const longest = 60

func short(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	if len(text) > longest {
		text = text[:longest]
	}
	return string(text)
}
