package holmesgptapi

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
	"github.com/jordigilh/kubernaut/test/infrastructure/summary"
)

const (
	// callers are the suite's and HAPI's own token; services are those that review.
	callers, services = 2, 2
	reviewTTLSeconds  = 10
	// A control plane that lost its etcd answers late, if at all.
	evidenceLimit = 5 * time.Second
)

// evidence is what servers counted, from outside of the tests.
type evidence struct {
	posts summary.Counts
	auth  summary.Auth
}

func readEvidence(ctx context.Context, s *stack.Stack) (evidence, error) {
	ctx, cancel := context.WithTimeout(ctx, evidenceLimit)
	defer cancel()
	var (
		found evidence
		err   error
		logs  = []string{s.Logs["datastorage"], s.Logs["holmesgpt-api"]}
	)
	if found.posts, err = summary.CountRequests(logs[0], summary.SeedRequest); err != nil {
		return found, err
	}
	if err := found.auth.CountRefusals(logs...); err != nil {
		return found, err
	}
	reviews, err := s.Kube.Reviews(ctx)
	found.auth.TokenReviews, found.auth.AccessReviews = reviews.Token, reviews.Access
	return found, err
}

// cost is what this run added to the counts.
func (s *e2eSession) cost() (posts int, auth summary.Auth) {
	return s.after.posts.Total() - s.before.posts.Total(), summary.Auth{
		TokenReviews:  s.after.auth.TokenReviews - s.before.auth.TokenReviews,
		AccessReviews: s.after.auth.AccessReviews - s.before.auth.AccessReviews,
		Unauthorized:  s.after.auth.Unauthorized - s.before.auth.Unauthorized,
		Unavailable:   s.after.auth.Unavailable - s.before.auth.Unavailable,
	}
}

// violations are the guarantees that the evidence contradicts.
func (s *e2eSession) violations() []string {
	if s.pytest == nil {
		// The run failed before it could break a guarantee, and says so itself.
		return nil
	}
	var found []string
	for _, part := range s.dead {
		found = append(found, "every part lives as long as the run, but "+part)
	}
	for _, leaked := range s.leaks {
		found = append(found, "no log and no report has a secret, but "+leaked)
	}
	if !s.measured {
		return append(found, "the evidence could not be read")
	}
	posts, auth := s.cost()
	if want := s.seeded.Posts; posts != want || len(s.seeded.Workflows) > want {
		found = append(found, fmt.Sprintf("DataStorage saw %d %q, the seed sent %d: somebody else seeds", posts, summary.SeedRequest, want))
	}
	windows := int(math.Ceil(s.seconds()/reviewTTLSeconds)) + 1
	if limit := callers * services * windows; auth.TokenReviews > limit {
		found = append(found, fmt.Sprintf("%d TokenReviews, at most %d are needed: reviews are not cached", auth.TokenReviews, limit))
	}
	if s.pytest != nil && !s.tests.Finished {
		found = append(found, "pytest was cut off: its event log has no end")
	}
	return found
}

func (s *e2eSession) seconds() float64 {
	last := 0.0
	for _, phase := range s.phases {
		last = math.Max(last, phase.StartS+phase.Seconds)
	}
	return last + s.tests.Seconds
}

func (s *e2eSession) writeSummary(report types.Report) error {
	document := summary.Summary{
		RunID:    s.run.ID,
		Provider: "embedded",
		Workers:  s.tests.Workers,
		Seed: summary.Seed{
			Created:  len(s.seeded.Created),
			Existing: len(s.seeded.Existing),
			Failed:   len(s.seeded.Failed),
			Total:    len(s.seeded.Workflows),
			Seconds:  s.seeded.Seconds,
		},
		Pytest: summary.Pytest{
			Passed:  s.tests.Passed,
			Failed:  s.tests.Failed,
			Errors:  s.tests.Errors,
			Skipped: s.tests.Skipped,
			Seconds: s.tests.Seconds,
		},
		Ginkgo: countSpecs(report),
		Memory: s.memory,
	}
	document.Seed.PostRequests, document.Auth = s.cost()
	if s.stack != nil {
		for _, phase := range append(s.stack.Phases(), s.phases...) {
			document.Phases = append(document.Phases, summary.Phase(phase))
		}
	}
	return summary.Write(filepath.Join(s.reportDir, "summary.json"), document)
}

func countSpecs(report types.Report) summary.Ginkgo {
	specs := report.SpecReports.WithLeafNodeType(types.NodeTypeIt)
	counts := summary.Ginkgo{
		Passed:  specs.CountWithState(types.SpecStatePassed),
		Failed:  specs.CountWithState(types.SpecStateFailureStates),
		Pending: specs.CountWithState(types.SpecStatePending),
		Skipped: specs.CountWithState(types.SpecStateSkipped),
	}
	counts.Ran = counts.Passed + counts.Failed
	return counts
}
