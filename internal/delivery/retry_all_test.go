package delivery

import (
	"fmt"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestRetryAllTakesEachOnceBySlices(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const n = 2*batchSlice + 3
	d.change(func(tx store.Tx) error {
		for i := range n {
			v := lti.Delivery{ID: fmt.Sprintf("%06d", i), Domain: "uni", Consumer: "campus", State: lti.Refused, Finished: noon}
			if err := store.Deliveries.Put(tx, v); err != nil {
				return err
			}
		}
		return nil
	})
	picked := map[string]int{}
	got, err := d.RetryAll(t.Context(), func(v lti.Delivery) bool {
		picked[v.ID]++
		return true
	})
	if err != nil || got != n || len(picked) != n {
		t.Errorf("RetryAll() = %d of %d, %v, want %d", got, len(picked), err, n)
	}
	for _, v := range d.all() {
		if v.State != lti.Waiting {
			t.Fatalf("%s is %s", v.ID, v.State)
		}
	}
}
