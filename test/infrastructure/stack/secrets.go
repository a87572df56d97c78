package stack

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
)

// Secrets returns what no log and no report may have: every token of the
// stack, and the password of its own database.
func (s *Stack) Secrets() ([]string, error) {
	var found []string
	tokens, err := filepath.Glob(s.secret("*.token"))
	if err != nil {
		return nil, err
	}
	for _, path := range tokens {
		token, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read the secrets of the stack: %w", err)
		}
		found = append(found, strings.TrimSpace(string(token)))
	}
	configs, err := filepath.Glob(s.secret("*.kubeconfig"))
	if err != nil {
		return nil, err
	}
	for _, path := range configs {
		config, err := clientcmd.LoadFromFile(path)
		if err != nil {
			return nil, fmt.Errorf("read the secrets of the stack: %w", err)
		}
		for _, user := range config.AuthInfos {
			found = append(found, user.Token)
		}
	}
	return append(known(found), s.password()...), nil
}

// known leaves out what is empty, such as the token of the administrator.
func known(secrets []string) []string {
	var found []string
	for _, secret := range secrets {
		if secret != "" {
			found = append(found, secret)
		}
	}
	return found
}

// password is that of the stack's own database; another's may be a word.
func (s *Stack) password() []string {
	for _, part := range s.kept {
		if part.Name() == parts.Postgres && len(part.Processes()) > 0 {
			return passwordOf(part.URL())
		}
	}
	return nil
}

func passwordOf(address string) []string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.User == nil {
		return nil
	}
	password, _ := parsed.User.Password()
	return known([]string{password})
}
