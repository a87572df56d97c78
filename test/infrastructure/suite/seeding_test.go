package suite

import (
	"errors"
	"io"
	"testing"

	. "github.com/onsi/gomega"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
)

// restart is what seed.Seed tells of one workflow.
var restart = seed.Result{IDs: map[string]string{"restart": "1"}, Posts: 1}

// seedRestart does what seed.Seed does with its output, without a DataStorage.
func seedRestart(_ *ogenclient.Client, output io.Writer) (map[string]string, error) {
	output.(seed.Recorder).Seeded(restart)
	return restart.IDs, nil
}

func call(seeder Seeder) (seed.Result, error) {
	return seeder.call(nil, &recorder{Writer: io.Discard})
}

func TestTheSeedersResultIsKept(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	result, err := call(seedRestart)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(result).To(Equal(restart))
}

func TestASeederThatDoesNotSeedOnceIsRefused(t *testing.T) {
	t.Parallel()
	for reason, seeder := range map[string]Seeder{
		"0 times": func(*ogenclient.Client, io.Writer) (map[string]string, error) {
			return restart.IDs, nil
		},
		"2 times": func(client *ogenclient.Client, output io.Writer) (map[string]string, error) {
			_, err := seedRestart(client, output)
			ids, again := seedRestart(client, output)
			return ids, errors.Join(err, again)
		},
		"other ids": func(client *ogenclient.Client, output io.Writer) (map[string]string, error) {
			_, err := seedRestart(client, output)
			return map[string]string{"restart": "2"}, err
		},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			_, err := call(seeder)
			NewWithT(t).Expect(err).To(MatchError(ContainSubstring(reason)))
		})
	}
}

func TestWhatWasSeededBeforeAFailureIsKept(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	broken := errors.New("restart: HTTP 409")
	result, err := call(func(client *ogenclient.Client, output io.Writer) (map[string]string, error) {
		ids, err := seedRestart(client, output)
		return ids, errors.Join(err, broken)
	})
	g.Expect(err).To(MatchError(broken))
	g.Expect(result).To(Equal(restart))
}
