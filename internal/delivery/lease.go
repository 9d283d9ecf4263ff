package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// job is one leased delivery with the target it goes to.
type job struct {
	delivery lti.Delivery
	target   lti.UpstreamTarget
}

// lookAhead is how many due deliveries are looked at for ones that may go.
const lookAhead = 200

// lease takes up to n deliveries that are due: waiting ones, and those being
// sent whose lease has run out because their node died.
func (c *Carrier) lease(ctx context.Context, n int) ([]job, error) {
	due, err := c.anyDue(ctx)
	if err != nil || !due || n < 1 {
		return nil, err
	}
	var jobs []job
	err = c.Store.Update(ctx, func(tx store.Tx) error {
		jobs = nil
		for _, state := range []lti.State{lti.Sending, lti.Waiting} {
			found, _, err := store.Deliveries.ListBy(tx, "queue", store.Prefix(string(state)), "", lookAhead)
			if err != nil {
				return err
			}
			for _, d := range found {
				if len(jobs) == n || d.Due.After(tx.Now()) {
					break
				}
				j, err := c.take(tx, d)
				if err != nil {
					return err
				}
				if j != nil {
					jobs = append(jobs, *j)
				}
			}
		}
		return nil
	})
	if err != nil { // they are not leased, whatever the unit had in hand
		return nil, err
	}
	return jobs, nil
}

// anyDue looks before it writes: an idle queue costs no commit.
func (c *Carrier) anyDue(ctx context.Context) (bool, error) {
	due := false
	err := c.Store.View(ctx, func(tx store.Tx) error {
		due = false
		for _, state := range []lti.State{lti.Sending, lti.Waiting} {
			found, _, err := store.Deliveries.ListBy(tx, "queue", store.Prefix(string(state)), "", 1)
			if err != nil {
				return err
			}
			due = due || len(found) > 0 && !found[0].Due.After(tx.Now())
		}
		return nil
	})
	return due, err
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
	if blocked, err := underWay(tx, d.After, now); blocked || err != nil {
		return nil, err
	}
	d.State, d.Due = lti.Sending, now.Add(c.Lease)
	d.Attempts++
	d.Fence++
	if err := store.Deliveries.Put(tx, d); err != nil {
		return nil, err
	}
	return &job{delivery: d, target: t}, nil
}

// underWay reports whether the delivery is being sent under a lease that has
// not run out.
func underWay(tx store.Tx, id string, now time.Time) (bool, error) {
	if id == "" {
		return false, nil
	}
	d, err := store.Deliveries.Get(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && d.State == lti.Sending && d.Due.After(now), err
}
