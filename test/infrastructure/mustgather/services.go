package mustgather

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

const (
	mostOfBody = 4 << 20
)

var errNotUp = errors.New("it never came up")

// settingNames are the variables that a service reads; a process has the
// whole environment of the person who started the run.
var settingNames = regexp.MustCompile(
	`^(API_CONTRACT|DATABASE_|DATASTORAGE_|DATA_STORAGE_|HAPI_|KUBECONFIG$|KUBERNAUT_|KUBE_AUTH_|LLM_|LOG_LEVEL$|MOCK_LLM_|POD_NAMESPACE$)`)

func (g *gathering) settings(context.Context) error {
	return each(g.stack.PIDs, func(part string, pid int) error {
		env := process.Environ(pid)
		if env == nil {
			return fmt.Errorf("process %d is gone", pid)
		}
		var text strings.Builder
		for _, name := range slices.Sorted(maps.Keys(env)) {
			if settingNames.MatchString(name) {
				fmt.Fprintf(&text, "%s=%s\n", name, env[name])
			}
		}
		return g.write("config/"+part+".env", []byte(text.String()))
	})
}

// configuration is what HAPI itself says that it works with.
func (g *gathering) configuration(ctx context.Context) error {
	return g.fetch(ctx, parts.HAPI, "/config", "config/"+parts.HAPI+".json")
}

func (g *gathering) catalogue(ctx context.Context) error {
	return g.fetch(ctx, parts.DataStorage, "/api/v1/workflows?limit=100", "catalogue.json")
}

func (g *gathering) metrics(ctx context.Context) error {
	return errors.Join(
		g.fetch(ctx, parts.DataStorage, "/metrics", "metrics/"+parts.DataStorage+".txt"),
		g.fetch(ctx, parts.HAPI, "/metrics", "metrics/"+parts.HAPI+".txt"),
	)
}

// token is a fresh one: that of a kept stack may have expired.
func (g *gathering) token(ctx context.Context) (string, error) {
	if config, err := clientcmd.BuildConfigFromFlags("", g.stack.Kubeconfig); err == nil {
		if client, err := kube.New(config); err == nil {
			if token, err := client.Token(ctx, g.stack.Namespace, stack.ClientAccount, kube.Audience); err == nil {
				return token, nil
			}
		}
	}
	token, err := os.ReadFile(g.stack.ClientTokenFile)
	return strings.TrimSpace(string(token)), err
}

// fetch keeps the answer whatever its status: that is evidence too.
func (g *gathering) fetch(ctx context.Context, part, path, name string) error {
	if g.stack.URLs[part] == "" {
		return fmt.Errorf("%s: %w", part, errNotUp)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, g.stack.URLs[part]+path, nil)
	if err != nil {
		return err
	}
	token, err := g.token(ctx)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, mostOfBody))
	if response.StatusCode != http.StatusOK {
		err = errors.Join(err, fmt.Errorf("GET %s of %s: %s", path, part, response.Status))
	}
	return errors.Join(err, g.write(name, body))
}
