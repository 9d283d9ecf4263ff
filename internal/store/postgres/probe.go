package postgres

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/ltihub/ltihub/internal/store"
)

// Check proves that the database takes writes, by a tiny one, and that it
// reads back. It writes at most once a second; in between it gives the last
// answer.
func (s *Store) Check(ctx context.Context) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.running.Done()
	return s.probe.Check(ctx, time.Now, s.try)
}

func (s *Store) try(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.opts.AcquireTimeout,
		fmt.Errorf("%w: no answer in %v", store.ErrUnavailable, s.opts.AcquireTimeout))
	defer cancel()
	err := store.WriteAndRead(ctx, s)
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("check store: %w", context.Cause(ctx))
	}
	return err
}

// tally counts what Stats reports.
type tally struct {
	units, views, commits, conflicts, ambiguous, trips atomic.Int64
}

func (t *tally) unit(write bool, conflicts int) {
	if write {
		t.units.Add(1)
	} else {
		t.views.Add(1)
	}
	t.conflicts.Add(int64(conflicts))
}

// Stats are counts of this node since Open, for metrics.
type Stats struct {
	Units      int64         // calls of Update that came to an end
	Views      int64         // calls of View likewise
	Commits    int64         // commits that wrote and held
	Conflicts  int64         // attempts that others came between, and that were run again
	Ambiguous  int64         // commits of unknown outcome
	RoundTrips int64         // questions to the database within units of work
	Conns      int           // open connections
	Busy       int           // of them in use
	MaxConns   int           // the most there may be
	Waits      int64         // units of work that waited for a connection
	WaitTime   time.Duration // how long, together
}

// Stats returns the counts now.
func (s *Store) Stats() Stats {
	p := s.pool.Stat()
	return Stats{
		Units:      s.tally.units.Load(),
		Views:      s.tally.views.Load(),
		Commits:    s.tally.commits.Load(),
		Conflicts:  s.tally.conflicts.Load(),
		Ambiguous:  s.tally.ambiguous.Load(),
		RoundTrips: s.tally.trips.Load(),
		Conns:      int(p.TotalConns()),
		Busy:       int(p.AcquiredConns()),
		MaxConns:   int(p.MaxConns()),
		Waits:      p.EmptyAcquireCount(),
		WaitTime:   p.EmptyAcquireWaitTime(),
	}
}
