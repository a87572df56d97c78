package mustgather

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// Test is one that failed: where and why.
type Test struct {
	NodeID    string
	Path      string
	Line      int
	Message   string
	Traceback string
	Output    string
}

// RequestPrefix is how the ids of the test's requests begin; the Python client
// makes it from the node id in the same way.
func (t Test) RequestPrefix() string {
	sum := sha256.Sum256([]byte(t.NodeID))
	return hex.EncodeToString(sum[:6]) + "-"
}

// Place is the line that failed, and why, on one line.
func (t Test) Place() string {
	message, _, _ := strings.Cut(t.Message, "\n")
	return fmt.Sprintf("%s:%d: %s", t.Path, t.Line, message)
}

func (t Test) page() string {
	return fmt.Sprintf("%s\n%s\n\n%s\n%s\nRequests of this test begin with %s in every log.\n",
		t.NodeID, t.Place(), t.Traceback, t.Output, t.RequestPrefix())
}

var notInFileNames = regexp.MustCompile(`[^A-Za-z0-9_.]+`)

// slug is the end of the node id, where its name is.
func (t Test) slug() string {
	const most = 80
	slug := strings.Trim(notInFileNames.ReplaceAllString(t.NodeID, "-"), "-")
	return slug[max(0, len(slug)-most):]
}
