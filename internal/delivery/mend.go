package delivery

import (
	"context"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// mendEvery is how often Run mends what an older program, which knew no lanes
// and batches, has written, as it does on another node during an upgrade.
const mendEvery = time.Hour

// mend puts live deliveries without a lane into theirs, and drops the entries
// of those that have left it.
func (c *Carrier) mend(ctx context.Context) error {
	for _, index := range []string{"lane", "batch"} {
		if err := c.dropLost(ctx, index); err != nil {
			return err
		}
	}
	return c.addLost(ctx)
}

// dropLost looks at a slice before it writes: most often there is nothing.
func (c *Carrier) dropLost(ctx context.Context, index string) error {
	for after := ""; ; {
		n, next := 0, ""
		look := func(tx store.Tx) (err error) {
			n, next, err = store.Deliveries.LostEntries(tx, index, after, store.MaxScan)
			return err
		}
		drop := func(tx store.Tx) (err error) {
			n, next, err = store.Deliveries.DropLost(tx, index, after, store.MaxScan)
			return err
		}
		if err := c.Store.View(ctx, look); err != nil {
			return err
		}
		if n > 0 {
			if err := c.Store.Update(ctx, drop); err != nil {
				return err
			}
		}
		if after = next; after == "" {
			return nil
		}
	}
}

func (c *Carrier) addLost(ctx context.Context) error {
	for _, state := range []lti.State{lti.Waiting, lti.Sending} {
		for after := ""; ; {
			lost, next, err := c.unlaned(ctx, state, after)
			if err != nil {
				return err
			}
			if len(lost) > 0 {
				if err := c.Store.Update(ctx, func(tx store.Tx) error { return reindex(tx, lost) }); err != nil {
					return err
				}
			}
			if after = next; after == "" {
				break
			}
		}
	}
	return nil
}

func (c *Carrier) unlaned(ctx context.Context, state lti.State, after string) (lost []string, next string, err error) {
	err = c.Store.View(ctx, func(tx store.Tx) error {
		lost = nil
		found, more, err := store.Deliveries.ListBy(tx, "queue", store.Prefix(string(state)), after, store.MaxScan)
		if err != nil {
			return err
		}
		next = more
		for _, d := range found {
			whole, err := store.Deliveries.Indexed(tx, d)
			if err != nil {
				return err
			}
			if !whole {
				lost = append(lost, d.ID)
			}
		}
		return nil
	})
	return lost, next, err
}

func reindex(tx store.Tx, ids []string) error {
	for _, id := range ids {
		if err := store.Deliveries.Reindex(tx, id); err != nil {
			return err
		}
	}
	return nil
}
