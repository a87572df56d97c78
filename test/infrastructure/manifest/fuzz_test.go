package manifest

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

// FuzzParse: any text is a manifest that is the same when it is written and
// read again, or an error; it is never a panic.
func FuzzParse(f *testing.F) {
	whole, err := os.ReadFile("testdata/manifest.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	for _, seed := range []string{``, `null`, `[]`, `{"schema_version":2}`, `{"schema_version":1,"workflows":[null]}`,
		`{"schema_version":1,"workflows":{}}`, `{"schema_version":"1"}`, `{"schema_version":1} {}`, "{\"run_id\":\"\xff\"}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		read, err := parse(text)
		if err != nil || read.belongs("") != nil {
			return
		}
		again, err := json.Marshal(read)
		if err != nil {
			t.Fatal(err)
		}
		second, err := parse(again)
		if err != nil || !reflect.DeepEqual(read, second) {
			t.Errorf("%v: %+v is not %+v", err, second, read)
		}
	})
}

func TestSampleIsAManifest(t *testing.T) {
	t.Parallel()
	read, err := Read("testdata/manifest.json", "run-a")
	if err != nil || read.Summary.Total != 2 {
		t.Errorf("%v: %+v", err, read)
	}
}
