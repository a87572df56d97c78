package evidence_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/evidence"
	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/summary"
)

// sources are two access logs with these lines, and an API server.
func sources(t *testing.T, seeded, other string) evidence.Sources {
	t.Helper()
	dir := t.TempDir()
	logs := []string{filepath.Join(dir, "seeded.log"), filepath.Join(dir, "other.log")}
	for i, text := range []string{seeded, other} {
		if err := os.WriteFile(logs[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return evidence.Sources{Seeded: logs[0], AccessLogs: logs, Reviews: func(context.Context) (kube.Reviews, error) {
		return kube.Reviews{Token: 4, Access: 5}, nil
	}}
}

const (
	post    = `{"event":"request","request":"POST /api/v1/workflows","status":201}` + "\n"
	search  = `{"event":"request","request":"GET /api/v1/workflows","status":200}` + "\n"
	refusal = `{"event":"request","request":"POST /api/v1/incident/analyze","status":401}` + "\n"
	busy    = `{"event":"request","request":"POST /api/v1/workflows","status":503}` + "\n"
)

func TestServersAreAskedWhatTheyCounted(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	counts, err := evidence.Read(t.Context(), sources(t, post+search+busy, refusal+post))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(counts).To(Equal(evidence.Counts{
		Posts: 2, Auth: summary.Auth{TokenReviews: 4, AccessReviews: 5, Unauthorized: 1, Unavailable: 1},
	}))
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	absent := sources(t, "", "")
	absent.Seeded += ".absent"
	_, err := evidence.Read(t.Context(), absent)
	g.Expect(err).To(MatchError(os.ErrNotExist))
	silent, broken := sources(t, "", ""), errors.New("no answer")
	silent.Reviews = func(context.Context) (kube.Reviews, error) { return kube.Reviews{}, broken }
	_, err = evidence.Read(t.Context(), silent)
	g.Expect(err).To(MatchError(broken))
}

func TestCountsOfARunLeaveOutThoseOfTheRunBefore(t *testing.T) {
	t.Parallel()
	before := evidence.Counts{Posts: 11, Auth: summary.Auth{TokenReviews: 4, AccessReviews: 5, Unauthorized: 2, Unavailable: 1}}
	after := evidence.Counts{Posts: 22, Auth: summary.Auth{TokenReviews: 7, AccessReviews: 9, Unauthorized: 2, Unavailable: 4}}
	NewWithT(t).Expect(after.Since(before)).To(Equal(evidence.Counts{
		Posts: 11, Auth: summary.Auth{TokenReviews: 3, AccessReviews: 4, Unauthorized: 0, Unavailable: 3},
	}))
}

func TestGuaranteesThatTheCountsContradictAreNamed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		posts, sent, workflows, reviews int
		took                            time.Duration
		reason                          string
	}{
		"each workflow once":         {11, 11, 11, 4, 9 * time.Second, ""},
		"again after a busy answer":  {12, 12, 11, 4, 9 * time.Second, ""},
		"one more than was sent":     {12, 11, 11, 4, 9 * time.Second, "somebody else seeds"},
		"one of which nothing is":    {10, 11, 11, 4, 9 * time.Second, "somebody else seeds"},
		"fewer than workflows":       {10, 10, 11, 4, 9 * time.Second, "somebody else seeds"},
		"reviews for two windows":    {11, 11, 11, 8, 9 * time.Second, ""},
		"more than for two windows":  {11, 11, 11, 9, 9 * time.Second, "reviews are not cached"},
		"as many in a longer window": {11, 11, 11, 9, 11 * time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			counts := evidence.Counts{Posts: test.posts, Auth: summary.Auth{TokenReviews: test.reviews}}
			found := counts.Violations(test.sent, test.workflows, test.took)
			if test.reason == "" {
				NewWithT(t).Expect(found).To(BeEmpty())
				return
			}
			NewWithT(t).Expect(found).To(ConsistOf(ContainSubstring(test.reason)))
		})
	}
}
