package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"os"

	"github.com/onsi/ginkgo/v2/reporters"
	"github.com/onsi/ginkgo/v2/types"
)

// junitFormat cuts the cases out of the files that Ginkgo makes of some specs
// each, and puts them into the frame of the whole.
type junitFormat struct {
	stream
	fresh, suite string
	tail         []byte
}

func (f *junitFormat) begin(path string, overview Overview) error {
	f.fresh, f.suite = path+".part", overview.Report.SuiteDescription
	if err := f.open(path); err != nil {
		return err
	}
	frame := &reporters.JUnitTestSuites{}
	text, err := f.make(overview.Report)
	if err != nil {
		return err
	}
	if err := xml.Unmarshal(text, frame); err != nil {
		return err
	}
	overview.countCases(frame)
	text, err = xml.MarshalIndent(frame, "  ", "    ")
	if err != nil {
		return err
	}
	head, tail, found := bytes.Cut(text, []byte("</testsuite>"))
	if !found {
		return errors.New("the JUnit report of Ginkgo has no suite")
	}
	f.tail = append([]byte("</testsuite>"), tail...)
	_, err = fmt.Fprintf(f, "%s%s", xml.Header, head)
	return err
}

func (f *junitFormat) make(report types.Report) ([]byte, error) {
	err := reporters.GenerateJUnitReportWithConfig(report, f.fresh, reporters.JunitReportConfig{
		OmitSpecLabels: true, OmitLeafNodeType: true,
		OmitTimelinesForSpecState: types.SpecStatePassed | types.SpecStateSkipped | types.SpecStatePending,
	})
	text, readErr := os.ReadFile(f.fresh)
	return text, errors.Join(err, readErr, os.Remove(f.fresh))
}

func (f *junitFormat) add(specs types.SpecReports) error {
	text, err := f.make(types.Report{SuiteDescription: f.suite, SpecReports: forMachines(specs)})
	if err != nil {
		return err
	}
	begin, end := bytes.Index(text, []byte("<testcase")), bytes.LastIndex(text, []byte("</testsuite>"))
	if begin < 0 || end < begin {
		return nil // only nodes of the suite
	}
	_, err = f.Write(text[begin:end])
	return err
}

func (f *junitFormat) end() error { return f.close(f.tail) }

// countCases fills in what the cases of each file of a few could not know.
func (o Overview) countCases(frame *reporters.JUnitTestSuites) {
	suite := &frame.TestSuites[0]
	for state, number := range o.cases {
		suite.Tests += number
		switch state {
		case types.SpecStateSkipped:
			suite.Skipped += number
		case types.SpecStatePending:
			suite.Disabled += number
		case types.SpecStateFailed, types.SpecStateTimedout:
			suite.Failures += number
		case types.SpecStateInterrupted, types.SpecStateAborted, types.SpecStatePanicked:
			suite.Errors += number
		}
	}
	frame.Tests, frame.Disabled = suite.Tests, suite.Disabled+suite.Skipped
	frame.Failures, frame.Errors = suite.Failures, suite.Errors
}
