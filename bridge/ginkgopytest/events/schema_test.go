package events_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/internal/logtest"
)

type field struct {
	Ref   string           `json:"$ref"`
	Type  string           `json:"type"`
	Const any              `json:"const"`
	Enum  []string         `json:"enum"`
	Items *json.RawMessage `json:"items"`
}

type definition struct {
	field
	Properties map[string]field `json:"properties"`
}

func definitions(t *testing.T) map[string]definition {
	t.Helper()
	var schema struct {
		Defs map[string]definition `json:"$defs"`
	}
	NewWithT(t).Expect(json.Unmarshal(events.Schema, &schema)).To(Succeed())
	return schema.Defs
}

// fieldTypes are the JSON types of every field of every kind.
func fieldTypes(t *testing.T) map[string]string {
	t.Helper()
	defs, found := definitions(t), map[string]string{}
	for _, kind := range logtest.Kinds() {
		for name, property := range defs[kind].Properties {
			if property.Ref != "" {
				property = defs[strings.TrimPrefix(property.Ref, "#/$defs/")].field
			}
			found[name] = typeOf(property)
		}
	}
	return found
}

func typeOf(property field) string {
	switch property.Const.(type) {
	case float64:
		return "integer"
	case string:
		return "string"
	}
	if len(property.Enum) > 0 {
		return "string"
	}
	return property.Type
}

func TestTheEventHasExactlyTheFieldsOfTheSchema(t *testing.T) {
	t.Parallel()
	found := map[string]string{}
	event := reflect.TypeFor[events.Event]()
	for i := range event.NumField() {
		name, _, _ := strings.Cut(event.Field(i).Tag.Get("json"), ",")
		if !event.Field(i).IsExported() {
			continue
		}
		kind := event.Field(i).Type
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		found[name] = map[reflect.Kind]string{
			reflect.String: "string", reflect.Int: "integer", reflect.Float64: "number", reflect.Slice: "array",
		}[kind.Kind()]
	}
	NewWithT(t).Expect(found).To(Equal(fieldTypes(t)))
}

func TestTheSchemaHasExactlyTheKindsOfThisPackage(t *testing.T) {
	t.Parallel()
	NewWithT(t).Expect(logtest.Kinds()).To(ConsistOf(
		events.RunStart, events.RunFinish, events.Selected, events.SpanStart, events.SpanFinish, events.SpecStart, events.SpecFinish,
		events.SessionStart, events.SessionStop, events.SessionFinish, events.WorkerUp, events.WorkerDown, events.Collected,
		events.CollectError, events.TestStart, events.TestPhase, events.TestSubtest, events.TestFinish,
	))
}

func TestTheSchemaSaysWhatIsWrongWithALine(t *testing.T) {
	t.Parallel()
	for line, problem := range map[string]string{
		`{"event":"worker_up","time":1,"worker":"gw0","pid":2}`:             "",
		`{"event":"worker_up","time":1,"worker":"gw0"}`:                     "missing property 'pid'",
		`{"event":"worker_up","time":1,"worker":"gw0","pid":2,"extra":3}`:   "additional properties 'extra' not allowed",
		`{"event":"worker_up","time":"1","worker":"gw0","pid":2}`:           "got string, want number",
		`{"event":"of_a_later_version","time":1}`:                           `no event "of_a_later_version"`,
		`{"event":"session_start"`:                                          "is not valid JSON",
		`{"event":"run_start","time":1,"schema_version":2}`:                 "value must be 1",
		`{"event":"spec_finish","time":1,"spec":"","process":1,"state":""}`: "value must be one of",
	} {
		err := logtest.Check([]byte(line))
		if problem == "" {
			NewWithT(t).Expect(err).NotTo(HaveOccurred(), line)
			continue
		}
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(problem)), line)
	}
}

func TestTheCopyOfTheSchemaIsTheRepositorys(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(filepath.Join("..", "..", "..", "api", "event-log.schema.json"))
	if os.IsNotExist(err) {
		t.Skip("outside of its repository the module has the copy only")
	}
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	NewWithT(t).Expect(string(events.Schema)).To(Equal(string(source)), "run `make generate`")
}
