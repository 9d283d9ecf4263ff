package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const standbyName = "standby"

// Standby makes a second server that follows c, starts it, and lets every
// commit of c wait until it is applied there.
func (c *Cluster) Standby() (*Cluster, error) {
	s, err := prepare(nil)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	source := fmt.Sprintf("host=127.0.0.1 port=%d user=postgres application_name=%s", c.port, standbyName)
	// -c fast: without it the copy waits for the next regular checkpoint.
	err = s.run(ctx, "pg_basebackup", "-D", s.data(), "-d", source, "-c", "fast", "-R", "--no-sync")
	if err == nil {
		err = s.configure()
	}
	if err == nil {
		err = s.Begin()
	}
	if err == nil {
		err = c.follow(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Remove())
	}
	return s, nil
}

// follow makes commits of c wait for the standby, and returns when they do.
func (c *Cluster) follow(ctx context.Context) error {
	for _, statement := range []string{
		"ALTER SYSTEM SET synchronous_commit = 'remote_apply'",
		"ALTER SYSTEM SET synchronous_standby_names = '" + standbyName + "'",
		"SELECT pg_reload_conf()",
	} {
		if err := c.Exec(ctx, "postgres", statement); err != nil {
			return err
		}
	}
	conn, err := pgx.Connect(ctx, c.DSN("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // only read from
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var state string
		err := conn.QueryRow(ctx, "SELECT sync_state FROM pg_stat_replication").Scan(&state)
		if err == nil && state == "sync" {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

// Promote makes a standby a server that takes writes, and returns when it does.
func (c *Cluster) Promote() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	return c.Exec(ctx, "postgres", "SELECT pg_promote(true, 60)")
}

// Log is what the server wrote, for a test that fails.
func (c *Cluster) Log() string {
	raw, err := os.ReadFile(filepath.Join(c.dir, "log"))
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(raw))
}
