package delivery

import (
	"context"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Retry sends a delivery again because somebody says so, whom the audit log
// names: one that waits goes now, one that was refused or is dead waits anew,
// one that was delivered is sent once more as a new delivery. It returns
// store.ErrNotFound, ErrSuperseded or ErrBusy; then nothing is noted.
func (c *Carrier) Retry(ctx context.Context, id, by string) error {
	return c.retry(ctx, id, by, false)
}

// RetryAnyway is Retry for a person who wants a score overwritten that was
// changed in the LMS. It holds for this delivery, not for later scores.
func (c *Carrier) RetryAnyway(ctx context.Context, id, by string) error {
	return c.retry(ctx, id, by, true)
}

func (c *Carrier) retry(ctx context.Context, id, by string, anyway bool) error {
	entry := c.NewID()
	err := c.Store.Update(ctx, func(tx store.Tx) error {
		d, err := store.Deliveries.Get(tx, id)
		if err != nil {
			return err
		}
		t, err := store.Targets.GetKey(tx, d.Target)
		if err != nil {
			return err
		}
		switch {
		case t.Live != d.ID:
			return fmt.Errorf("retry delivery %s: %w", id, ErrSuperseded)
		case d.State == lti.Sending:
			return fmt.Errorf("retry delivery %s: %w", id, ErrBusy)
		}
		if err := c.letThrough(tx, laneOf(d)); err != nil {
			return err
		}
		if err := store.Audit.PutNew(tx, retryEntry(entry, tx.Now(), by, d, anyway)); err != nil {
			return err
		}
		if d.State == lti.Delivered {
			course, err := store.Courses.Read(tx, t.Domain, t.Course)
			if err != nil {
				return err
			}
			return c.queue(tx, course, t, true)
		}
		d.Anyway, d.Host = anyway, t.Host()
		return c.revive(tx, d)
	})
	c.Wake()
	return err
}

// retryEntry says who sent which delivery again.
func retryEntry(id string, now time.Time, by string, d lti.Delivery, anyway bool) lti.AuditEntry {
	detail := fmt.Sprintf("%s:%s in %s to %s", d.Username, d.Domain, d.Course, d.Consumer)
	if anyway {
		detail += ", over the grade that the LMS holds"
	}
	return lti.AuditEntry{ID: id, At: now, By: by, Action: "resend delivery", Object: "delivery " + lti.Reference(d.ID), Detail: detail}
}

func (c *Carrier) revive(tx store.Tx, d lti.Delivery) error {
	now := tx.Now()
	d.State, d.Due, d.GiveUp, d.Finished = lti.Waiting, now, now.Add(c.GiveUp), time.Time{}
	return store.Deliveries.Put(tx, d)
}

// RetryAll sends again everything that was refused or is dead and for which
// pick says yes, slice by slice so that other work gets in between, and returns
// how many. What comes back refused meanwhile is not sent a second time.
func (c *Carrier) RetryAll(ctx context.Context, pick func(lti.Delivery) bool) (int, error) {
	total := 0
	var start time.Time
	for _, state := range []lti.State{lti.Refused, lti.Dead} {
		for after := ""; ; {
			n, next := 0, ""
			err := c.Store.Update(ctx, func(tx store.Tx) (err error) {
				if start.IsZero() {
					start = tx.Now()
				}
				n, next, err = c.reviveSlice(tx, state, after, batchSlice, func(d lti.Delivery) bool {
					return !d.Finished.After(start) && pick(d)
				})
				return err
			})
			if err != nil {
				return total, err
			}
			c.Wake()
			total += n
			if after = next; after == "" {
				break
			}
		}
	}
	return total, nil
}

// CredentialsChanged sends again what a tool consumer refused, in the
// transaction that changes its key or secret.
func (c *Carrier) CredentialsChanged(tx store.Tx, domain, consumer string) error {
	_, err := c.reviveAll(tx, func(d lti.Delivery) bool {
		return d.State == lti.Refused && d.Domain == domain && d.Consumer == consumer
	})
	return err
}

func (c *Carrier) reviveAll(tx store.Tx, pick func(lti.Delivery) bool) (int, error) {
	total := 0
	for _, state := range []lti.State{lti.Refused, lti.Dead} {
		for after := ""; ; {
			n, next, err := c.reviveSlice(tx, state, after, store.MaxScan, pick)
			if err != nil {
				return total, err
			}
			total += n
			if after = next; after == "" {
				break
			}
		}
	}
	return total, nil
}

// reviveSlice revives what pick says yes to, among up to limit deliveries of a
// state that come after after, and returns where to go on, "" at the end.
func (c *Carrier) reviveSlice(tx store.Tx, state lti.State, after string, limit int, pick func(lti.Delivery) bool) (n int, next string, err error) {
	found, next, err := store.Deliveries.ListBy(tx, "queue", store.Prefix(string(state)), after, limit)
	if err != nil {
		return 0, "", err
	}
	for _, d := range found {
		if !pick(d) {
			continue
		}
		if err := c.revive(tx, d); err != nil {
			return n, "", err
		}
		n++
	}
	return n, next, nil
}
