package kube

import (
	"testing"

	. "github.com/onsi/gomega"
)

const metrics = `# HELP apiserver_request_total Counter of apiserver requests.
# TYPE apiserver_request_total counter
apiserver_request_total{code="201",group="authentication.k8s.io",resource="tokenreviews",verb="POST"} 3
apiserver_request_total{code="429",group="authentication.k8s.io",resource="tokenreviews",verb="CREATE"} 1
apiserver_request_total{code="201",group="authorization.k8s.io",resource="subjectaccessreviews",verb="POST"} 5
apiserver_request_total{code="200",group="",resource="tokenreviews",verb="GET"} 7
apiserver_request_total{code="201",group="",resource="pods",verb="POST"} 11
# TYPE process_open_fds gauge
process_open_fds 13
`

func TestReviewsAreCountedByResourceWhateverTheirStatus(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)

	g.Expect(parseReviews([]byte(metrics))).To(Equal(Reviews{Token: 4, Access: 5}))
}

func TestMetricsWithoutTheCounterAreAnError(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"another counter": "# TYPE process_open_fds gauge\nprocess_open_fds 13\n",
		"nothing":         "",
		"a web page":      "<html>\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := parseReviews([]byte(text))

			NewWithT(t).Expect(err).To(MatchError(ContainSubstring("the API server's metrics")))
		})
	}
}
