package bolt

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.etcd.io/bbolt"

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

// Check proves that the store takes writes, by a tiny one, and that it reads
// back. It writes at most once a second; in between it gives the last answer.
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
	now := s.now()
	if age := now.Sub(s.probe.at); age >= 0 && age < probeEvery {
		return s.probe.err
	}
	err := s.write(ctx, now)
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return err // the caller's impatience says nothing about the store
	}
	s.probe.at, s.probe.err = now, err
	return err
}

func (s *Store) write(ctx context.Context, now time.Time) error {
	value := []byte(`"` + now.UTC().Format(time.RFC3339) + `"`)
	err := s.Update(ctx, func(t store.Tx) error { return t.Put(probeCollection, probeKey, value) })
	if err != nil {
		return fmt.Errorf("check store: write: %w", err)
	}
	err = s.View(ctx, func(t store.Tx) error {
		_, err := t.Get(probeCollection, probeKey)
		return err
	})
	if err != nil {
		return fmt.Errorf("check store: read: %w", err)
	}
	return nil
}

// Stats are counts since Open, for metrics.
type Stats struct {
	Commits     int64     // transactions of bbolt that held
	Units       int64     // units of work in them
	LargestUnit int       // the most units in one commit
	LastCommit  time.Time // zero if there was none
	FileBytes   int64     // of the file that hold something or did
	Nonces      int64     // nonces in memory
	StaleUntil  time.Time // nonces that expire up to here are refused; zero without
}

// tally counts what Stats reports.
type tally struct {
	mu   sync.Mutex
	last Stats
}

func (t *tally) commit(units int, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last.Commits++
	t.last.Units += int64(units)
	t.last.LargestUnit = max(t.last.LargestUnit, units)
	t.last.LastCommit = now
}

// Stats returns the counts now.
func (s *Store) Stats() Stats {
	s.tally.mu.Lock()
	st := s.tally.last
	s.tally.mu.Unlock()
	st.Nonces = s.nonces.count.Load()
	if ms := s.nonces.watermark.Load(); ms > 0 {
		st.StaleUntil = time.UnixMilli(ms).UTC()
	}
	if s.enter() != nil {
		return st
	}
	defer s.running.Done()
	_ = s.db.View(func(tx *bbolt.Tx) error { // fails only when closed
		st.FileBytes = tx.Size()
		return nil
	})
	return st
}
