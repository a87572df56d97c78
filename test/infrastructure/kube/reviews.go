package kube

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
)

// Reviews counts the reviews that the API server has answered.
type Reviews struct {
	Token  int `json:"token_reviews"`
	Access int `json:"access_reviews"`
}

var labels = regexp.MustCompile(`^apiserver_request_total\{(.*)\} (\S+)$`)
var resource = regexp.MustCompile(`(?:^|,)resource="([^"]*)"`)
var verb = regexp.MustCompile(`(?:^|,)verb="(?:CREATE|POST)"`)

// Reviews reads the API server's metrics.
func (c *Client) Reviews(ctx context.Context) (Reviews, error) {
	data, err := c.typed.Discovery().RESTClient().Get().AbsPath("/metrics").DoRaw(ctx)
	if err != nil {
		return Reviews{}, fmt.Errorf("read the API server's metrics: %w", err)
	}
	return parseReviews(data)
}

func parseReviews(data []byte) (Reviews, error) {
	var sum Reviews
	scanner := bufio.NewScanner(bytes.NewReader(data))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		line := labels.FindStringSubmatch(scanner.Text())
		if line == nil || !verb.MatchString(line[1]) {
			continue
		}
		count, err := strconv.ParseFloat(line[2], 64)
		if err != nil {
			return Reviews{}, fmt.Errorf("parse %q: %w", scanner.Text(), err)
		}
		switch name := resource.FindStringSubmatch(line[1]); {
		case name == nil:
		case name[1] == "tokenreviews":
			sum.Token += int(count)
		case name[1] == "subjectaccessreviews":
			sum.Access += int(count)
		}
	}
	return sum, scanner.Err()
}
