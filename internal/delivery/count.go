package delivery

import (
	"context"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// MaxCount is how many deliveries of a state Count looks at.
const MaxCount = 10_000

// Counts says how many deliveries want work or a person, MaxCount of each state
// at the most, and how long the oldest that is still to be sent has waited.
type Counts struct {
	States map[lti.State]int
	Oldest time.Duration
}

// Count counts the deliveries that wait, are being sent, were refused or are
// dead.
func (c *Carrier) Count(ctx context.Context) (Counts, error) {
	var counts Counts
	err := c.Store.View(ctx, func(tx store.Tx) error {
		counts = Counts{States: map[lti.State]int{}}
		for _, state := range []lti.State{lti.Waiting, lti.Sending, lti.Refused, lti.Dead} {
			if err := counts.add(tx, state); err != nil {
				return err
			}
		}
		return nil
	})
	return counts, err
}

func (n *Counts) add(tx store.Tx, state lti.State) error {
	n.States[state] = 0
	for after := ""; n.States[state] < MaxCount; {
		found, next, err := store.Deliveries.ListBy(tx, "queue", store.Prefix(string(state)), after, store.MaxScan)
		if err != nil {
			return err
		}
		for _, d := range found {
			n.States[state]++
			if age := tx.Now().Sub(d.Created); state.Live() && age > n.Oldest {
				n.Oldest = age
			}
		}
		if after = next; after == "" {
			break
		}
	}
	return nil
}
