package bolt

import (
	"context"
	"slices"
	"sync"

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
	return s.update(ctx, func(t *tx) error { return fn(t) })
}

func (s *Store) update(ctx context.Context, fn func(t *tx) error) error {
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
func (s *Store) await(ctx context.Context, u *unit, fn func(t *tx) error) error {
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
func (s *Store) run(ctx context.Context, b *batch, u *unit, fn func(t *tx) error) error {
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
