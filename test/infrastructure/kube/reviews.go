package kube

import (
	"bytes"
	"context"
	"fmt"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

const requests = "apiserver_request_total"

// Reviews counts the reviews that the API server has answered.
type Reviews struct {
	Token  int `json:"token_reviews"`
	Access int `json:"access_reviews"`
}

// Reviews reads the API server's metrics.
func (c *Client) Reviews(ctx context.Context) (Reviews, error) {
	data, err := c.typed.Discovery().RESTClient().Get().AbsPath("/metrics").DoRaw(ctx)
	if err != nil {
		return Reviews{}, fmt.Errorf("read the API server's metrics: %w", err)
	}
	return parseReviews(data)
}

func parseReviews(data []byte) (Reviews, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(data))
	if err != nil {
		return Reviews{}, fmt.Errorf("parse the API server's metrics: %w", err)
	}
	family, found := families[requests]
	if !found {
		return Reviews{}, fmt.Errorf("the API server's metrics have no %s", requests)
	}
	var sum Reviews
	for _, metric := range family.GetMetric() {
		if verb := label(metric, "verb"); verb != "CREATE" && verb != "POST" {
			continue
		}
		count := int(metric.GetCounter().GetValue())
		switch label(metric, "resource") {
		case "tokenreviews":
			sum.Token += count
		case "subjectaccessreviews":
			sum.Access += count
		}
	}
	return sum, nil
}

func label(metric *dto.Metric, name string) string {
	for _, pair := range metric.GetLabel() {
		if pair.GetName() == name {
			return pair.GetValue()
		}
	}
	return ""
}
