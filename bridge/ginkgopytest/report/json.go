package report

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/onsi/ginkgo/v2/types"
)

// jsonFormat is Ginkgo's own, a spec a line.
type jsonFormat struct {
	stream
	tail  []byte
	comma bool
}

func (f *jsonFormat) begin(path string, overview Overview) error {
	if err := f.open(path); err != nil {
		return err
	}
	frame, err := json.Marshal([]types.Report{overview.Report})
	if err != nil {
		return err
	}
	head, tail, found := bytes.Cut(frame, []byte(`"SpecReports":[]`))
	if !found {
		return errors.New("the report of Ginkgo has no SpecReports")
	}
	f.tail = append([]byte("]"), tail...)
	_, err = f.Write(append(head, `"SpecReports":[`...))
	return err
}

func (f *jsonFormat) add(specs types.SpecReports) error {
	for _, spec := range specs {
		text, err := json.Marshal(spec)
		if err != nil {
			return err
		}
		separator := "\n"
		if f.comma {
			separator = ",\n"
		}
		f.comma = true
		if _, err := f.Write(append([]byte(separator), text...)); err != nil {
			return err
		}
	}
	return nil
}

func (f *jsonFormat) end() error { return f.close(f.tail) }
