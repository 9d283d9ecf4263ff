package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

// emptyStore is a store of its own, in which it is always the same moment.
func emptyStore(t *testing.T, at time.Time) store.Store {
	t.Helper()
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	return engine
}

func TestPastTicketsAreDropped(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	engine := emptyStore(t, at)
	err := engine.Update(t.Context(), func(tx store.Tx) error {
		for i := range 2*pruneSlice + 3 { // the last three are still good
			expires := at
			if i >= 2*pruneSlice {
				expires = at.Add(time.Second)
			}
			if err := store.Tickets.Put(tx, lti.Ticket{Hash: fmt.Sprintf("%04d", i), Expires: expires}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h := &hub{store: engine}
	if err := h.pruneTickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = engine.View(t.Context(), func(tx store.Tx) error {
		left, _, err := store.Tickets.List(tx, "", "", store.MaxScan)
		if len(left) != 3 {
			t.Errorf("%d tickets are left, want 3", len(left))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLaunchesThatNobodyAnswersAreDropped(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	engine := emptyStore(t, at)
	err := engine.Update(t.Context(), func(tx store.Tx) error {
		for hash, expires := range map[string]time.Time{"old": at.Add(-time.Hour), "past": at, "open": at.Add(time.Second)} {
			if err := store.PendingLaunches.Put(tx, lti.PendingLaunch{Hash: hash, Expires: expires}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := (&hub{store: engine}).prunePending(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = engine.View(t.Context(), func(tx store.Tx) error {
		left, _, err := store.PendingLaunches.List(tx, "", "", store.MaxScan)
		if len(left) != 1 || left[0].Hash != "open" {
			t.Errorf("left are %+v, want the open one", left)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
