package bolt

import (
	"context"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"github.com/ltihub/ltihub/internal/store"
)

// Check proves that the store takes writes, by a tiny one, and that it reads
// back. It writes at most once a second; in between it gives the last answer.
func (s *Store) Check(ctx context.Context) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.running.Done()
	return s.probe.Check(ctx, s.now, func(ctx context.Context) error { return store.WriteAndRead(ctx, s) })
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
