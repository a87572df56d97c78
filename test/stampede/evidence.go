package stampede

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/summary"
	"github.com/jordigilh/kubernaut/test/stampede/reviewer"
)

// Evidence is what the servers counted of one run. Posts come from the log of
// the reviewer, or from DataStorage's where nothing stands in front of it.
// ForeignCPU is the share of the machine that others used just before the load.
type Evidence struct {
	Posts         summary.Counts `json:"posts_by_status"`
	LimiterErrors int            `json:"limiter_errors"`
	TokenReviews  int            `json:"token_reviews"`
	AccessReviews int            `json:"access_reviews"`
	Created       int            `json:"workflows_created"`
	Seconds       float64        `json:"seconds"`
	TestsPassed   int            `json:"tests_passed"`
	ForeignCPU    float64        `json:"foreign_cpu"`
}

// good counts the requests that were answered with the workflow.
func (e Evidence) good() int { return e.Posts[http.StatusCreated] + e.Posts[http.StatusOK] }

// readLogs counts requests. An empty reviewerLog means that there was no reviewer.
func (e *Evidence) readLogs(dataStorageLog, reviewerLog string) (err error) {
	log := dataStorageLog
	if reviewerLog != "" {
		log = reviewerLog
		if e.LimiterErrors, err = reviewer.Starved(reviewerLog); err != nil {
			return err
		}
	}
	e.Posts, err = summary.CountRequests(log, summary.SeedRequest)
	return err
}

// addReviews takes what the API server counted since before.
func (e *Evidence) addReviews(before, after kube.Reviews) {
	e.TokenReviews, e.AccessReviews = after.Token-before.Token, after.Access-before.Access
}

// countWorkflows asks DataStorage itself what is in its catalogue.
func countWorkflows(ctx context.Context, url, tokenFile string) (int, error) {
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api/v1/workflows?limit=1", nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, fmt.Errorf("count workflows: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var page struct {
		Total *int `json:"total"`
	}
	if err := json.NewDecoder(response.Body).Decode(&page); err != nil || page.Total == nil {
		return 0, fmt.Errorf("count workflows: %s without a total: %w", response.Status, err)
	}
	return *page.Total, nil
}
