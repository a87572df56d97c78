package report

import (
	"bytes"
	"errors"
	"os"

	"github.com/onsi/ginkgo/v2/reporters"
	"github.com/onsi/ginkgo/v2/types"
)

// teamCityFormat leaves out the first and the last line, which frame a suite,
// of what Ginkgo makes of some specs.
type teamCityFormat struct {
	stream
	fresh string
	tail  []byte
}

func (f *teamCityFormat) begin(path string, overview Overview) error {
	f.fresh = path + ".part"
	if err := f.open(path); err != nil {
		return err
	}
	text, err := f.make(overview.Report)
	if err != nil {
		return err
	}
	head, tail, _ := bytes.Cut(text, []byte("\n"))
	f.tail = tail
	_, err = f.Write(append(head, '\n'))
	return err
}

func (f *teamCityFormat) make(report types.Report) ([]byte, error) {
	err := reporters.GenerateTeamcityReport(report, f.fresh)
	text, readErr := os.ReadFile(f.fresh)
	return text, errors.Join(err, readErr, os.Remove(f.fresh))
}

func (f *teamCityFormat) add(specs types.SpecReports) error {
	text, err := f.make(types.Report{SpecReports: forMachines(specs)})
	if err != nil {
		return err
	}
	_, inner, _ := bytes.Cut(text, []byte("\n"))
	if end := bytes.LastIndexByte(bytes.TrimRight(inner, "\n"), '\n'); end >= 0 {
		_, err = f.Write(inner[:end+1])
	}
	return err
}

func (f *teamCityFormat) end() error { return f.close(f.tail) }
