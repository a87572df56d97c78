// Package evidence compares what servers counted during a run with what the run
// may have caused: tests cannot tell that somebody else seeds, or that reviews
// are not cached.
package evidence

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/summary"
)

const (
	// callers are the suite's and HAPI's own token; services are those that review.
	callers, services = 2, 2
	reviewTTLSeconds  = 10
	// A control plane that lost its etcd answers late, if at all.
	readLimit = 5 * time.Second
)

// Sources are where servers count.
type Sources struct {
	// Seeded is the access log of the service that is seeded.
	Seeded string
	// AccessLogs are those of all services that authenticate.
	AccessLogs []string
	// Reviews asks the API server.
	Reviews func(context.Context) (kube.Reviews, error)
}

// Counts are what servers counted so far.
type Counts struct {
	// Posts are the requests that the access log names as summary.SeedRequest.
	Posts int
	Auth  summary.Auth
}

// Read takes the counts from their sources; logs and servers that go on from an
// earlier run have that run's in them.
func Read(ctx context.Context, from Sources) (Counts, error) {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	posts, err := summary.CountRequests(from.Seeded, summary.SeedRequest)
	if err != nil {
		return Counts{}, err
	}
	found := Counts{Posts: posts.Total()}
	if err := found.Auth.CountRefusals(from.AccessLogs...); err != nil {
		return Counts{}, err
	}
	reviews, err := from.Reviews(ctx)
	found.Auth.TokenReviews, found.Auth.AccessReviews = reviews.Token, reviews.Access
	return found, err
}

// Since is what has been added to earlier counts.
func (c Counts) Since(before Counts) Counts {
	return Counts{Posts: c.Posts - before.Posts, Auth: summary.Auth{
		TokenReviews:  c.Auth.TokenReviews - before.Auth.TokenReviews,
		AccessReviews: c.Auth.AccessReviews - before.Auth.AccessReviews,
		Unauthorized:  c.Auth.Unauthorized - before.Auth.Unauthorized,
		Unavailable:   c.Auth.Unavailable - before.Auth.Unavailable,
	}}
}

// Violations are the guarantees that the counts of a run contradict, which sent
// so many seeding requests for so many workflows and took so long.
func (c Counts) Violations(sent, workflows int, took time.Duration) []string {
	var found []string
	if c.Posts != sent || workflows > sent {
		found = append(found, fmt.Sprintf("DataStorage saw %d %q, the seed sent %d for %d workflows: somebody else seeds",
			c.Posts, summary.SeedRequest, sent, workflows))
	}
	windows := int(math.Ceil(took.Seconds()/reviewTTLSeconds)) + 1
	if limit := callers * services * windows; c.Auth.TokenReviews > limit {
		found = append(found, fmt.Sprintf("%d TokenReviews, at most %d are needed: reviews are not cached",
			c.Auth.TokenReviews, limit))
	}
	return found
}
