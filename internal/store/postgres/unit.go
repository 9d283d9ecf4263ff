package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/ltihub/ltihub/internal/store"
)

// memory is what one attempt of a unit of work leaves to the next.
type memory struct {
	careful bool   // look before taking a key or nonce to be free
	reads   []spot // what was read: read it all at once
	hours   []int64
}

// How often to try another connection, and how long to wait before a further
// attempt.
const (
	maxLost  = 3
	minDelay = time.Millisecond
	maxDelay = 16 * time.Millisecond
)

// Update runs fn in a serialisable transaction, again when others came between.
// When the database is away, or others come between for too long, it returns
// store.ErrUnavailable and nothing is changed; when it went away with the
// commit, store.ErrAmbiguous.
func (s *Store) Update(ctx context.Context, fn func(tx store.Tx) error) error {
	return s.work(ctx, fn, true)
}

// View runs fn on a snapshot.
func (s *Store) View(ctx context.Context, fn func(tx store.Tx) error) error {
	return s.work(ctx, fn, false)
}

func (s *Store) work(ctx context.Context, fn func(tx store.Tx) error, write bool) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.running.Done()
	if err := ctx.Err(); err != nil {
		return err
	}
	u := unit{store: s, begun: time.Now()}
	defer u.leaveLane()
	for {
		v, err := s.attempt(ctx, fn, write, &u.memory)
		if v == finished {
			s.tally.unit(write, u.conflicts)
			return err
		}
		if err := u.again(ctx, v, err); err != nil {
			return err
		}
	}
}

// unit is a unit of work over its attempts.
type unit struct {
	store             *Store
	memory            memory
	begun             time.Time
	conflicts, losses int
	release           func() // of the lane
}

// again prepares another attempt after one that ended with err, or returns the
// unit's error when there is to be none.
func (u *unit) again(ctx context.Context, v verdict, err error) error {
	switch v {
	case ambiguous:
		u.store.tally.ambiguous.Add(1)
		return fmt.Errorf("%w: %w", store.ErrAmbiguous, err)
	case hourless:
		if failed := u.store.makeHours(ctx, u.memory.hours); failed != nil {
			return failed
		}
	case lost:
		if u.losses++; u.losses == maxLost {
			return unavailable(err, true)
		}
	case conflict:
		if u.conflicts++; u.conflicts == 1 {
			var failed error
			if u.release, failed = u.store.enterLane(ctx); failed != nil {
				return failed
			}
		}
	}
	if time.Since(u.begun) > u.store.opts.RetryFor {
		return fmt.Errorf("%w: too many units of work at once: %w", store.ErrUnavailable, err)
	}
	if v == lost || u.conflicts > 1 { // the lane was wait enough for a first conflict
		return pause(ctx, u.conflicts+u.losses)
	}
	return nil
}

func (u *unit) leaveLane() {
	if u.release != nil {
		u.release()
	}
}

// enterLane waits until no other unit of this node is in the lane. Those that
// others came between go one by one there, so that they do not come between
// each other: measured, this halves the conflicts of first launches.
func (s *Store) enterLane(ctx context.Context) (release func(), err error) {
	t := time.NewTimer(s.opts.RetryFor)
	defer t.Stop()
	select {
	case s.lane <- struct{}{}:
		return func() { <-s.lane }, nil
	case <-t.C:
		return nil, fmt.Errorf("%w: too many units of work at once", store.ErrUnavailable)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// pause waits for a random time that grows with the attempts so far.
func pause(ctx context.Context, attempts int) error {
	longest := min(minDelay<<min(attempts, 10), maxDelay)
	t := time.NewTimer(rand.N(longest)) //nolint:gosec // to spread attempts, not to keep a secret
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// attempt runs fn once, in one transaction.
func (s *Store) attempt(ctx context.Context, fn func(tx store.Tx) error, write bool, m *memory) (verdict, error) {
	t := newTx(ctx, s, write, m)
	defer t.end() // also after a panic
	result := fn(t)
	if t.fault == nil && result != nil && t.assumptions > 0 {
		// What fn made of it counts only if the assumptions hold.
		m.careful = true
		return assumed, result
	}
	if t.fault == nil {
		t.finish(result == nil)
	}
	if t.fault == nil {
		return finished, result
	}
	return t.failed(m)
}

// failed says what a unit means that met a fault, and what the next attempt
// must know.
func (t *tx) failed(m *memory) (verdict, error) {
	m.reads = t.reads
	var missing *missingHour
	if errors.As(t.fault, &missing) {
		m.hours = append(m.hours[:0], missing.hour)
		return hourless, t.fault
	}
	if errors.Is(t.fault, errAssumed) {
		m.careful = true
		return assumed, t.fault
	}
	v := judge(t.fault, t.gone(), t.committing)
	switch v {
	case assumed:
		m.careful = true
	case hourless:
		m.hours = t.hours
		t.store.hours.forget(m.hours)
		if len(m.hours) == 0 { // not about nonces: a table is really missing
			v = finished
		}
	case lost:
		m.reads = nil
	case ambiguous:
		if !t.wrote { // nothing was to be committed
			v = lost
		}
	}
	return v, unavailable(t.fault, t.gone())
}
