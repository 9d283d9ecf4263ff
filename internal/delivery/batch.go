package delivery

import (
	"context"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// batchSlice is how many deliveries one transaction sends again.
const batchSlice = 200

// Resend sends again all that was refused or is dead and that the filter picks,
// slice by slice, and keeps count in a batch that pages follow. A delivery that
// comes back refused meanwhile is not sent a second time. When ctx ends, what
// was sent stays sent and the batch is left undone. The batch is empty, and not
// kept, when nothing was picked.
func (c *Carrier) Resend(ctx context.Context, by string, f lti.DeliveryFilter) (lti.Batch, error) {
	b := lti.Batch{ID: c.NewID(), By: by, Of: f}
	entry := c.NewID()
	for _, state := range []lti.State{lti.Refused, lti.Dead} {
		if f.State != "" && f.State != state {
			continue
		}
		for after := ""; ; {
			var err error
			if b, after, err = c.resendSlice(ctx, b, state, after); err != nil {
				return b, err
			}
			if after == "" {
				break
			}
			c.Wake()
		}
	}
	if b.Total == 0 {
		return lti.Batch{}, nil
	}
	b.Done = true
	err := c.Store.Update(ctx, func(tx store.Tx) error {
		if err := store.Batches.Put(tx, b); err != nil {
			return err
		}
		return store.Audit.PutNew(tx, lti.AuditEntry{
			ID: entry, At: tx.Now(), By: by, Action: "resend deliveries", Object: "batch " + lti.Reference(b.ID), Detail: f.String(),
		})
	})
	c.Wake()
	return b, err
}

func (c *Carrier) resendSlice(ctx context.Context, b lti.Batch, state lti.State, after string) (lti.Batch, string, error) {
	next := ""
	before := b
	err := c.Store.Update(ctx, func(tx store.Tx) error {
		b = before
		found, more, err := store.Deliveries.ListBy(tx, "queue", store.Prefix(string(state)), after, batchSlice)
		if err != nil {
			return err
		}
		next = more
		open := make(map[lane]bool)
		for _, d := range found {
			if !b.Of.Picks(d) || d.Batch == b.ID {
				continue
			}
			if l := laneOf(d); !open[l] {
				open[l] = true
				if err := c.letThrough(tx, l); err != nil {
					return err
				}
			}
			d.Batch = b.ID
			if err := c.revive(tx, d); err != nil {
				return err
			}
			b.Total++
		}
		if b.Total == before.Total {
			return nil
		}
		if b.At.IsZero() {
			b.At = tx.Now()
		}
		return store.Batches.Put(tx, b)
	})
	return b, next, err
}
