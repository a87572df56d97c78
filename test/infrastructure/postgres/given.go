package postgres

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const (
	givenLimit = 15 * time.Second
	oldest     = 14
)

// connect never prints the URL, which may hold a password.
const connect = `import os, sys, psycopg
try:
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        version = connection.info.server_version // 10000
except psycopg.Error as error:
    sys.exit(str(error).splitlines()[0])
if version < int(sys.argv[1]):
    sys.exit(f"PostgreSQL {version} is too old, {sys.argv[1]} is needed")`

// usable connects once, so that a wrong DATABASE_URL is told with the reason
// and not by a service that never becomes ready.
func usable(ctx context.Context, python, given string) error {
	ctx, cancel := context.WithTimeout(ctx, givenLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "-c", connect, strconv.Itoa(oldest))
	cmd.Env = append(os.Environ(), "DATABASE_URL="+given)
	output, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	reason := strings.TrimSpace(string(output))
	if reason == "" {
		reason = err.Error()
	}
	return fmt.Errorf("DATABASE_URL: %s; correct it, or unset it for a PostgreSQL of the run", reason)
}
