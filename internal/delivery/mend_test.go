package delivery

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// olderPut writes a delivery as a program does that knows neither hosts nor
// lanes: it loses the one and leaves the entries of the other.
func (d *desk) olderPut(v lti.Delivery) {
	d.Helper()
	d.change(func(tx store.Tx) error {
		before, err := store.Deliveries.Get(tx, v.ID)
		if err != nil {
			return err
		}
		lanes, err := tx.Scan("deliveries.lane", "", "", store.MaxScan)
		if err != nil {
			return err
		}
		v.Host, v.Batch = "", ""
		if err := store.Deliveries.Put(tx, v); err != nil { // the queue as it must be
			return err
		}
		if v.State.Live() {
			if err := tx.Delete("deliveries.lane", laneOf(v).key()+"/"+store.TimeKey(v.Due)+"/"+store.Join(v.ID)); err != nil {
				return err
			}
		}
		own, _ := json.Marshal(before.ID)
		for _, it := range lanes {
			if string(it.Value) == string(own) {
				if err := tx.Put("deliveries.lane", it.Key, it.Value); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (d *desk) lanes() []store.Item {
	d.Helper()
	var found []store.Item
	d.look(func(tx store.Tx) (err error) {
		found, err = tx.Scan("deliveries.lane", "", "", store.MaxScan)
		return err
	})
	return found
}

// During an upgrade nodes of an older program write to the same store: what
// they leave in the lanes neither stops the others nor hides what waits.
func TestWhatAnOlderProgramLeavesInALaneIsPassedOver(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*lti.Delivery)
		due    int // before and after the mending, with one that it did not touch
		mended int
	}{
		{"it delivered", func(v *lti.Delivery) { v.State, v.Finished = lti.Delivered, noon }, 1, 1},
		{"it put off", func(v *lti.Delivery) { v.Due = noon.Add(time.Hour) }, 1, 1},
		{"it took over and died", func(v *lti.Delivery) { v.State, v.Due = lti.Sending, noon.Add(-time.Second) }, 1, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.crowd("campus", 2)
			older := d.all()[0]
			tt.change(&older)
			d.olderPut(older)
			if jobs := d.leased(1); len(jobs) != tt.due || jobs[0].delivery.ID == older.ID {
				t.Errorf("leased %v, want the one that the older program left alone", jobs)
			}
			if err := d.mend(t.Context()); err != nil {
				t.Fatal(err)
			}
			if jobs := d.leased(4); len(jobs) != tt.mended-1 {
				t.Errorf("leased %d after mending, want %d", len(jobs), tt.mended-1)
			}
			for _, it := range d.lanes() {
				if state := d.stateOf(it); !state.Live() {
					t.Errorf("%s leads to one that is %s", it.Key, state)
				}
			}
		})
	}
}

func (d *desk) stateOf(it store.Item) lti.State {
	d.Helper()
	var key string
	if err := json.Unmarshal(it.Value, &key); err != nil {
		d.Fatalf("entry %s: %v", it.Key, err)
	}
	for _, v := range d.all() {
		if v.ID == key {
			return v.State
		}
	}
	return ""
}
