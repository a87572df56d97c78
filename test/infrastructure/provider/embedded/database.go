package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/postgres"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/provider"
)

// database is a server of the run, or the one that DATABASE_URL names.
type database struct {
	place  *Place
	logs   map[string]string
	server *postgres.Server
}

// Database makes the part.
func (p *Place) Database() provider.Part {
	if given() {
		return &database{place: p}
	}
	return &database{place: p, logs: p.logs(parts.Postgres)}
}

func given() bool { return os.Getenv("DATABASE_URL") != "" }

func (*database) Name() string { return parts.Postgres }

func (*database) Prepare() error { return nil }

func (d *database) Start(ctx context.Context) (err error) {
	d.server, err = postgres.Open(ctx, postgres.Options{Python: d.place.Python, Dir: d.place.Dir(), LogDir: d.place.LogDir,
		Env: d.place.mark(), Keep: d.place.Keep, Durable: d.place.Durable})
	return err
}

func (d *database) Ready(ctx context.Context) error { return d.server.WaitReady(ctx) }

// Stop discards a server of the run: the data of its stack goes with it.
func (d *database) Stop(ctx context.Context) error {
	if d.server == nil {
		return nil
	}
	return d.server.Discard(ctx)
}

func (d *database) URL() string {
	if d.server == nil {
		return ""
	}
	return d.server.URL
}

func (d *database) Logs() map[string]string { return d.logs }

func (d *database) Processes() []*process.Process {
	if d.server == nil {
		return nil
	}
	return present(d.server.Process)
}

func (d *database) Save() provider.Kept {
	return saved(d.URL(), d.digest(), d.Logs(), d.Processes())
}

// Fingerprint changes with the server that is meant, whose address may have a
// password.
func (d *database) Fingerprint() (string, error) { return d.digest(), nil }

func (*database) digest() string {
	sum := sha256.Sum256([]byte(os.Getenv("DATABASE_URL")))
	return postgres.Major + "-" + hex.EncodeToString(sum[:6])
}

func (d *database) Attach(_ context.Context, runID string, kept provider.Kept) (err error) {
	d.logs = kept.Logs
	pid, own := kept.PIDs[parts.Postgres]
	if !own {
		d.server = &postgres.Server{URL: kept.URL}
		return nil
	}
	d.server, err = postgres.Attach(kept.URL, d.place.Dir(), runID, kept.Logs[parts.Postgres], pid)
	return errors.Join(err, exist(kept.Logs))
}
