package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/ltihub/ltihub/internal/store"
)

// probe remembers the last answer of Check.
type probe struct {
	turn chan struct{} // held while one is under way
	at   time.Time
	err  error
}

const (
	probeEvery      = time.Second
	probeCollection = "engine_probe"
	probeKey        = "written"
)

// Check proves that the database takes writes, by a tiny one, and that it
// reads back. It writes at most once a second; in between it gives the last
// answer.
func (s *Store) Check(ctx context.Context) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.running.Done()
	select {
	case s.probe.turn <- struct{}{}:
		defer func() { <-s.probe.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if age := time.Since(s.probe.at); !s.probe.at.IsZero() && age < probeEvery {
		return s.probe.err
	}
	err := s.try(ctx)
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return err // the caller's impatience says nothing about the store
	}
	s.probe.at, s.probe.err = time.Now(), err
	return err
}

func (s *Store) try(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.opts.AcquireTimeout,
		fmt.Errorf("%w: no answer in %v", store.ErrUnavailable, s.opts.AcquireTimeout))
	defer cancel()
	if err := s.writeAndRead(ctx); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return fmt.Errorf("check store: %w", err)
	}
	return nil
}

func (s *Store) writeAndRead(ctx context.Context) error {
	err := s.Update(ctx, func(t store.Tx) error {
		value := []byte(`"` + t.Now().Format(time.RFC3339) + `"`)
		return t.Put(probeCollection, probeKey, value)
	})
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	err = s.View(ctx, func(t store.Tx) error {
		_, err := t.Get(probeCollection, probeKey)
		return err
	})
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
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
