package report

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/onsi/ginkgo/v2/reporters"
	"github.com/onsi/ginkgo/v2/types"
)

// teamCityEscapes are those of TeamCity's service messages.
var teamCityEscapes = strings.NewReplacer("|", "||", "'", "|'", "\n", "|n", "\r", "|r", "[", "|[", "]", "|]")

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
	var whole types.SpecReports
	for _, spec := range forMachines(specs) {
		if !inOutline(spec) || spec.CapturedStdOutErr != "" {
			whole = append(whole, spec)
			continue
		}
		name := teamCityEscapes.Replace(goTestName(spec))
		if _, err := fmt.Fprintf(f, "##teamcity[testStarted name='%s']\n##teamcity[testFinished name='%[1]s' duration='%d']\n",
			name, spec.RunTime.Milliseconds()); err != nil {
			return err
		}
	}
	if len(whole) == 0 {
		return nil
	}
	text, err := f.make(types.Report{SpecReports: whole})
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
