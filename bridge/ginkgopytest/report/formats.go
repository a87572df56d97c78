package report

import (
	"bufio"
	"errors"
	"os"

	"github.com/onsi/ginkgo/v2/types"
)

// stream is a file that is written piece by piece.
type stream struct {
	file *os.File
	*bufio.Writer
}

func (s *stream) open(path string) (err error) {
	if s.file, err = os.Create(path); err != nil {
		return err
	}
	s.Writer = bufio.NewWriter(s.file)
	return nil
}

func (s *stream) close(tail []byte) error {
	if s.file == nil {
		return nil
	}
	_, err := s.Write(tail)
	return errors.Join(err, s.Flush(), s.file.Close())
}

// forMachines leaves out the suite's nodes that passed, because readers of
// these formats would count them as tests, and the report entries, which
// Ginkgo's reporters take for format strings.
func forMachines(specs types.SpecReports) types.SpecReports {
	var kept types.SpecReports
	for _, spec := range specs {
		if isCase(spec) {
			spec.ReportEntries = nil
			kept = append(kept, spec)
		}
	}
	return kept
}

func isCase(spec types.SpecReport) bool {
	return spec.LeafNodeType == types.NodeTypeIt || spec.State.Is(types.SpecStateFailureStates)
}
