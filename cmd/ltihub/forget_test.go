package main

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestWhatNobodyAsksForIsForgotten(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	engine := emptyStore(t, at)
	old, young := at.Add(-lti.UndoFor-time.Second), at.Add(-lti.UndoFor+time.Second)
	long := at.Add(-365 * 24 * time.Hour)
	circuit := func(host string, until time.Time) lti.Circuit {
		return lti.Circuit{Domain: "uni", Consumer: "campus", Host: host, Failures: 5, Until: until}
	}
	err := engine.Update(t.Context(), func(tx store.Tx) error {
		return putAll(tx,
			put(store.Merges, lti.Merge{ID: "1", Domain: "uni", At: old}), put(store.MergeParts, lti.MergePart{Merge: "1"}),
			put(store.MergeParts, lti.MergePart{Merge: "1", N: 1}),
			put(store.Merges, lti.Merge{ID: "2", Domain: "uni", At: young, Undone: at}), put(store.MergeParts, lti.MergePart{Merge: "2"}),
			put(store.Merges, lti.Merge{ID: "3", Domain: "uni", At: young}), put(store.MergeParts, lti.MergePart{Merge: "3"}),
			put(store.SeenRoles, lti.SeenRole{Domain: "uni", Consumer: "campus", Role: "Ghost", Last: long}),
			put(store.SeenRoles, lti.SeenRole{Domain: "uni", Consumer: "campus", Role: "Guest", Last: at}),
			put(store.Batches, lti.Batch{ID: "1", At: long}), put(store.Batches, lti.Batch{ID: "2", At: at}),
			put(store.Circuits, circuit("gone", old)), put(store.Circuits, circuit("resting", at.Add(time.Second))),
			put(store.Circuits, circuit("wanted", old)),
			put(store.Deliveries, lti.Delivery{ID: "1", Domain: "uni", Consumer: "campus", Host: "wanted", State: lti.Waiting, Due: at}),
			put(store.Unlinked, lti.Unlinked{ID: "1", At: long}),
			put(store.PastMemberships, lti.PastMembership{Domain: "uni", Course: "c", Username: "u", Ended: long}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := (&hub{store: engine}).forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	var circuits []string
	err = engine.View(t.Context(), func(tx store.Tx) error {
		for _, name := range []string{"merges", "merge_parts", "seen_roles", "batches", "circuits", "unlinked", "past_memberships"} {
			found, err := tx.Scan(name, "", "", store.MaxScan)
			if err != nil {
				return err
			}
			got[name] = len(found)
		}
		return store.Circuits.All(tx, "", func(k lti.Circuit) error {
			circuits = append(circuits, k.Host)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"merges": 3, "merge_parts": 1, "seen_roles": 1, "batches": 1, "circuits": 2, "unlinked": 1, "past_memberships": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	if !slices.Equal(circuits, []string{"resting", "wanted"}) {
		t.Errorf("circuits left = %v", circuits)
	}
}

func put[T any](c *store.Collection[T], v T) func(store.Tx) error {
	return func(tx store.Tx) error { return c.Put(tx, v) }
}

func putAll(tx store.Tx, puts ...func(store.Tx) error) error {
	for _, put := range puts {
		if err := put(tx); err != nil {
			return err
		}
	}
	return nil
}
