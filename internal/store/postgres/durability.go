package postgres

import (
	"context"
	"fmt"
	"strings"
)

// durability is what the server says of itself.
type durability struct {
	commit, standbys, fsync, pages string
	connected                      int
}

// Durability says in one sentence how the database, as it is set up now, could
// lose work that it has acknowledged, and "" when none is known: fsync or
// full_page_writes off, commits that do not wait for the disk, or a standby to
// fail over to that commits do not wait for. It knows nothing of a standby that
// is not connected.
func (s *Store) Durability(ctx context.Context) (warning string, err error) {
	if err := s.enter(); err != nil {
		return "", err
	}
	defer s.running.Done()
	ctx, cancel := context.WithTimeout(ctx, s.opts.AcquireTimeout)
	defer cancel()
	var d durability
	err = s.pool.QueryRow(ctx, `SELECT current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
		current_setting('fsync'), current_setting('full_page_writes'), (SELECT count(*) FROM pg_stat_replication)`).
		Scan(&d.commit, &d.standbys, &d.fsync, &d.pages, &d.connected)
	if err != nil {
		return "", fmt.Errorf("read durability: %w", s.troubled(err))
	}
	return strings.Join(d.faults(), "; "), nil
}

func (d durability) faults() []string {
	var faults []string
	if d.fsync == "off" {
		faults = append(faults, "fsync is off: a crash of the database's machine can lose or destroy everything")
	}
	if d.pages == "off" {
		faults = append(faults, "full_page_writes is off: a crash of the database's machine can destroy pages")
	}
	if d.commit == "off" {
		faults = append(faults, "synchronous_commit is off: a crash of the database loses its last commits")
	}
	switch {
	case d.connected > 0 && d.standbys == "":
		faults = append(faults, "a standby is connected and synchronous_standby_names is empty: a failover to it loses the last commits")
	case d.standbys != "" && d.commit == "local":
		faults = append(faults, "synchronous_commit is local: a failover to a standby loses the last commits")
	}
	return faults
}
