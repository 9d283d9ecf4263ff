package delivery

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// job is one leased delivery with the target it goes to.
type job struct {
	delivery lti.Delivery
	target   lti.UpstreamTarget
}

// lease takes up to n deliveries that are due: waiting ones, and those being
// sent whose lease has run out because their node died. It looks before it
// writes: a queue in which nothing may go costs no commit.
func (c *Carrier) lease(ctx context.Context, n int) ([]job, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.soon = 0; n < 1 { // the end of an attempt wakes Run
		return nil, nil
	}
	var lanes []busyLane
	err := c.Store.View(ctx, func(tx store.Tx) (err error) {
		lanes, c.soon, err = survey(tx)
		return err
	})
	if err != nil || len(lanes) == 0 {
		return nil, err
	}
	var r *round
	last := c.turn
	err = c.Store.Update(ctx, func(tx store.Tx) error {
		c.turn = last
		r = &round{Carrier: c, tx: tx, left: n, busy: maps.Clone(c.busy), paces: make(map[string]*pacer)}
		for _, b := range inTurn(lanes, last) {
			b, opens, err := look(tx, b.lane) // another node may have been here
			if err != nil {
				return err
			}
			if !opens.After(tx.Now()) {
				r.lanes = append(r.lanes, &stretch{busyLane: b})
			}
		}
		return r.run()
	})
	if err != nil { // they are not leased, whatever the unit had in hand
		return nil, err
	}
	return r.jobs, nil
}

// take leases one delivery, or puts it to rest when a newer one has taken its
// place. A delivery whose predecessor is still on its way is left alone.
func (c *Carrier) take(tx store.Tx, d lti.Delivery) (*job, error) {
	t, err := store.Targets.GetKey(tx, d.Target)
	if err != nil && !errors.Is(err, store.ErrNotFound) { // one that was taken away has no newest
		return nil, err
	}
	now := tx.Now()
	if t.Live != d.ID {
		d.State, d.Finished = lti.Superseded, now
		return nil, store.Deliveries.Put(tx, d)
	}
	if blocked, err := follow(tx, &d); blocked || err != nil {
		return nil, err
	}
	d.State, d.Due, d.Cell = lti.Sending, now.Add(c.Lease), t.Cell()
	d.Attempts++
	d.Fence++
	if err := store.Deliveries.Put(tx, d); err != nil {
		return nil, err
	}
	return &job{delivery: d, target: t}, nil
}

// follow reports whether the predecessor of a delivery is being sent under a
// lease that has not run out. One whose lease has is put to rest, so that its
// late end sends the newest score over. The LMS may hold the predecessor's score.
func follow(tx store.Tx, d *lti.Delivery) (blocked bool, err error) {
	if d.After == "" {
		return false, nil
	}
	before, err := store.Deliveries.Get(tx, d.After)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if before.State == lti.Sending && before.Due.After(tx.Now()) {
		return true, nil
	}
	if before.State == lti.Sending { // its node may still send it, and is not to be believed then
		before.State, before.Finished = lti.Superseded, tx.Now()
		if err := store.Deliveries.Put(tx, before); err != nil {
			return false, err
		}
	}
	d.Ours = ours(d.Ours, ours(before.Ours, scores(before.Score)...)...)
	return false, nil
}

// pauseUntilOpen is how long Run waits before it looks again.
func (c *Carrier) pauseUntilOpen() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.soon > 0 {
		return min(c.soon, c.Poll)
	}
	return c.Poll
}

// begin and end count the attempts under way to a tool consumer.
func (c *Carrier) begin(j job) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy[laneOf(j.delivery).peer()]++
}

func (c *Carrier) end(j job) {
	c.mu.Lock()
	defer c.mu.Unlock()
	peer := laneOf(j.delivery).peer()
	if c.busy[peer]--; c.busy[peer] <= 0 {
		delete(c.busy, peer)
	}
}
