package mustgather

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"regexp"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

const redacted = "REDACTED"

// shapes are what a secret looks like, whoever made it.
var shapes = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|\z)`), redacted},
	{regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`), redacted},
	{regexp.MustCompile(`(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}`), "$1 " + redacted},
	{regexp.MustCompile(`(://[^\s:/@"']*):[^\s@/"']+@`), "$1:" + redacted + "@"},
	{regexp.MustCompile(`(?i)((?:api[_-]?key|password|passwd|secret|client-key-data)["']?\s*[:=]\s*["']?)[^\s"',}]+`), "${1}" + redacted},
}

// shortest is the length below which a value is no secret but a word.
const shortest = 6

// redactor knows the secrets of one stack, so that it finds them in any form
// of text.
type redactor struct{ values [][]byte }

func newRedactor(from stack.Snapshot) *redactor {
	r := &redactor{}
	if database, err := url.Parse(from.DatabaseURL); err == nil && database.User != nil {
		password, _ := database.User.Password()
		r.add([]byte(password))
	}
	tokens, _ := filepath.Glob(filepath.Join(from.SecretsDir, "*.token"))
	for _, path := range append(tokens, from.ClientTokenFile) {
		if token, err := os.ReadFile(path); err == nil {
			r.add(bytes.TrimSpace(token))
		}
	}
	kubeconfigs, _ := filepath.Glob(filepath.Join(from.SecretsDir, "*.kubeconfig"))
	for _, path := range kubeconfigs {
		config, err := clientcmd.LoadFromFile(path)
		if err != nil {
			continue
		}
		for _, user := range config.AuthInfos {
			r.add([]byte(user.Token))
		}
	}
	return r
}

func (r *redactor) add(value []byte) {
	if len(value) >= shortest {
		r.values = append(r.values, value)
	}
}

func (r *redactor) bytes(content []byte) []byte {
	for _, value := range r.values {
		content = bytes.ReplaceAll(content, value, []byte(redacted))
	}
	for _, shape := range shapes {
		content = shape.pattern.ReplaceAll(content, []byte(shape.instead))
	}
	return content
}
