package bolt

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"go.etcd.io/bbolt"

	"github.com/ltihub/ltihub/internal/store"
)

// How units of work share a commit. Update queues its unit. The first to
// queue starts a leader, which takes all that is queued, opens one transaction
// of bbolt, gives each unit its turn in it, commits once, answers all, and goes
// on until the queue is empty. A unit's function runs in the goroutine of its
// own caller, so a panic or runtime.Goexit in it goes where it belongs. So a
// lone unit costs one commit and no delay, and under load a commit carries
// whatever came in during the one before.

// unit is a caller of Update that waits.
type unit struct {
	turn chan *batch   // the leader lets it run
	ran  chan struct{} // it has run, whatever came of it
	done chan error    // whether the commit held
}

// queue holds the units that no leader has taken yet.
type queue struct {
	mu      sync.Mutex
	units   []*unit
	leading bool
}

// add appends u and says whether its caller must start a leader.
func (q *queue) add(u *unit) (start bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.units = append(q.units, u)
	start = !q.leading
	q.leading = true
	return start
}

// remove takes u back unless a leader has it.
func (q *queue) remove(u *unit) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.units, u)
	if i < 0 {
		return false
	}
	q.units = slices.Delete(q.units, i, i+1)
	return true
}

// take empties the queue; an empty one ends the leader.
func (q *queue) take() []*unit {
	q.mu.Lock()
	defer q.mu.Unlock()
	units := q.units
	q.units = nil
	q.leading = len(units) > 0
	return units
}

// Update runs fn in a serialisable transaction that shares its commit with
// others. When the commit fails it returns store.ErrUnavailable and nothing is
// changed. A ctx that ends takes fn out as long as it has not begun.
func (s *Store) Update(ctx context.Context, fn func(tx store.Tx) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.running.Done()
	if err := ctx.Err(); err != nil {
		return err
	}
	u := &unit{turn: make(chan *batch), ran: make(chan struct{}, 1), done: make(chan error, 1)}
	if s.queue.add(u) {
		s.running.Add(1)
		go s.lead()
	}
	return s.await(ctx, u, fn)
}

// await answers for u. What fn returned counts only once the commit has held,
// because fn may have seen what others wrote into the same commit.
func (s *Store) await(ctx context.Context, u *unit, fn func(tx store.Tx) error) error {
	var result error
	ended := ctx.Done()
	for {
		select {
		case b := <-u.turn: // more than once if damage spoilt a batch
			result = s.run(ctx, b, u, fn)
		case err := <-u.done:
			if err != nil {
				return err
			}
			return result
		case <-ended:
			if s.queue.remove(u) {
				return ctx.Err()
			}
			ended = nil // it is about to run, or has: wait for the outcome
		}
	}
}

// run gives fn its turn in b and takes back what it wrote unless it returns
// nil.
func (s *Store) run(ctx context.Context, b *batch, u *unit, fn func(tx store.Tx) error) error {
	t := b.begin(s.now())
	kept := false
	defer func() {
		if !kept {
			t.undo()
		}
		t.ended = true
		u.ran <- struct{}{}
	}()
	if err := ctx.Err(); err != nil {
		return err
	}
	defer faultsPanic()()
	if err := fn(t); err != nil {
		return err
	}
	if b.spoilt != nil { // fn has swallowed the error of a damaged page
		return b.spoilt
	}
	t.keep()
	kept = true
	return nil
}

// lead carries batches to disk until nobody waits.
func (s *Store) lead() {
	defer s.running.Done()
	defer faultsPanic()()
	for {
		units := s.queue.take()
		if len(units) == 0 {
			return
		}
		for len(units) > 0 {
			units = s.carry(units)
		}
	}
}

// carry runs units in one commit and answers them. When a damaged page spoils
// the batch, the unit that met it is answered, and the others are returned to
// be run again.
func (s *Store) carry(units []*unit) (again []*unit) {
	b, err := s.beginBatch()
	if err != nil {
		answer(units, err)
		return nil
	}
	for i, u := range units {
		u.turn <- b
		<-u.ran
		if b.spoilt != nil {
			s.rollback(b)
			u.done <- nil
			return slices.Delete(units, i, i+1)
		}
	}
	answer(units, s.finish(b, len(units)))
	return nil
}

func answer(units []*unit, err error) {
	for _, u := range units {
		u.done <- err
	}
}

// batch is one transaction of bbolt that units share.
type batch struct {
	tx      *bbolt.Tx
	buckets map[string]*bbolt.Bucket
	nonces  *nonces // as the last commit left them
	change  nonceChange
	wrote   bool
	spoilt  error // a damaged page was met while writing
}

func (s *Store) beginBatch() (b *batch, err error) {
	if s.broken != nil {
		return nil, s.broken
	}
	defer func() {
		if r := recover(); r != nil {
			s.stuck = true
			s.breakDown(fmt.Errorf("%w: begin: %v", store.ErrCorrupt, r))
			err = s.broken
		}
	}()
	tx, err := s.db.Begin(true)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return &batch{
		tx:      tx,
		buckets: make(map[string]*bbolt.Bucket),
		nonces:  &s.nonces,
		change:  nonceChange{watermark: s.nonces.watermark.Load(), used: make(map[tag]int64)},
	}, nil
}

// finish commits b, or drops it if nothing was written.
func (s *Store) finish(b *batch, units int) (err error) {
	if !b.wrote && !b.change.any(&s.nonces) {
		s.rollback(b)
		return nil
	}
	id, err := s.commit(b)
	if err == nil {
		s.nonces.apply(b.change)
		s.tally.commit(units, s.now())
		return nil
	}
	return s.judge(b, id, err)
}

func (s *Store) commit(b *batch) (id int, err error) {
	defer func() {
		if r := recover(); r != nil {
			s.breakDown(fmt.Errorf("%w: commit: %v", store.ErrCorrupt, r))
			err = s.broken
			s.rollback(b)
		}
	}()
	id = b.tx.ID()
	if err := b.writeNonces(); err != nil {
		_ = b.tx.Rollback() // nothing of it is on disk
		return id, err
	}
	return id, b.tx.Commit()
}

// judge says what a failed commit means. bbolt has rolled it back, unless it
// failed only in making the last page durable: then the commit is visible, and
// nobody knows whether it would survive a power cut.
func (s *Store) judge(b *batch, id int, cause error) error {
	if s.broken != nil {
		return s.broken
	}
	landed := false
	err := s.db.View(func(tx *bbolt.Tx) error {
		landed = tx.ID() >= id
		return nil
	})
	if err == nil && !landed {
		return fmt.Errorf("%w: commit: %w", store.ErrUnavailable, cause)
	}
	s.nonces.apply(b.change)
	s.breakDown(fmt.Errorf("%w: an earlier commit was cut off, start again: %w", store.ErrUnavailable, cause))
	return fmt.Errorf("%w: commit: %w", store.ErrAmbiguous, cause)
}

// breakDown makes every later Update fail with err: bbolt's memory no longer
// matches the file.
func (s *Store) breakDown(err error) {
	if s.broken == nil {
		s.broken = err
	}
}

func (s *Store) rollback(b *batch) {
	defer func() {
		if r := recover(); r != nil {
			s.stuck = true
			s.breakDown(fmt.Errorf("%w: roll back: %v", store.ErrCorrupt, r))
		}
	}()
	_ = b.tx.Rollback() // fails only if the transaction has ended already
}
