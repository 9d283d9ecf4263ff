package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/ltihub/ltihub/internal/store"
)

func units() []behaviour {
	return []behaviour{
		{"AFailingUnitChangesNothing", failingUnit},
		{"AUnitSeesItsOwnWrites", ownWrites},
		{"APanicReachesItsCallerAndSpoilsNobody", panickingUnit},
		{"AViewSeesOneSnapshot", snapshot},
		{"AnEndedContextRunsNothing", endedContext},
		{"AContextThatEndsInsideStillGetsTheOutcome", contextEndsInside},
		{"AClosedStoreIsUnavailable", closedStore},
		{"CheckPassesAndLeavesRecordsAlone", checkPasses},
	}
}

func failingUnit(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "kept", "changed", "deleted")
	failure := errors.New("of the caller")
	err := s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(
			tx.Put(things, "new", quoted("x")),
			tx.Put(things, "changed", quoted("x")),
			tx.Put(things, "changed", quoted("y")),
			tx.Delete(things, "changed"),
			tx.Delete(things, "deleted"),
			tx.PutNew(things, "deleted", quoted("x")),
			tx.Put("a new collection", "new", quoted("x")),
			failure)
	})
	wantError(t, "Update", err, failure)
	for _, k := range []string{"kept", "changed", "deleted"} {
		wantValue(t, s, k, k)
	}
	wantValue(t, s, "new", "")
	view(t, s, func(tx store.Tx) error {
		items, err := tx.Scan("a new collection", "", "", 10)
		if len(items) > 0 {
			t.Errorf("Scan() = %v, want nothing", items)
		}
		return err
	})
}

func ownWrites(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "a", "b")
	update(t, s, func(tx store.Tx) error {
		if err := errors.Join(tx.Put(things, "c", quoted("c")), tx.Delete(things, "a")); err != nil {
			return err
		}
		_, err := tx.Get(things, "a")
		wantError(t, "Get of a deleted record", err, store.ErrNotFound)
		wantError(t, "PutNew of an own record", tx.PutNew(things, "c", nil), store.ErrExists)
		items, err := tx.Scan(things, "", "", 10)
		if keysOf(items) != "b c" {
			t.Errorf("Scan() = %q, want b c", keysOf(items))
		}
		return err
	})
}

func panickingUnit(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "a")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if err := put(t.Context(), s, fmt.Sprintf("good%d", i), "x"); err != nil {
				t.Errorf("Update beside a panic = %v", err)
			}
		})
		wg.Go(func() {
			defer func() {
				if got := recover(); got != i {
					t.Errorf("recover() = %v, want %v", got, i)
				}
			}()
			_ = s.Update(t.Context(), func(tx store.Tx) error {
				if err := tx.Put(things, "a", quoted("panicked")); err != nil {
					t.Error(err)
				}
				panic(i)
			})
		})
	}
	wg.Wait()
	wantValue(t, s, "a", "a")
	for i := range 8 {
		wantValue(t, s, fmt.Sprintf("good%d", i), "x")
	}
}

func snapshot(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "a", "b")
	view(t, s, func(tx store.Tx) error {
		if _, err := tx.Get(things, "a"); err != nil {
			return err
		}
		// t.Context of the outer test: the write is another unit of work.
		err := s.Update(t.Context(), func(w store.Tx) error {
			return errors.Join(w.Put(things, "a", quoted("later")), w.Delete(things, "b"), w.Put(things, "c", quoted("c")))
		})
		if err != nil {
			return err
		}
		items, err := tx.Scan(things, "", "", 10)
		if keysOf(items) != "a b" || string(items[0].Value) != `"a"` {
			t.Errorf("Scan() after a write elsewhere = %v, want a and b as they were", items)
		}
		return err
	})
	wantValue(t, s, "a", "later")
}

func endedContext(t *testing.T, e Engine) {
	s := e.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ran := func(store.Tx) error { t.Error("the function ran"); return nil }
	wantError(t, "Update", s.Update(ctx, ran), context.Canceled)
	wantError(t, "View", s.View(ctx, ran), context.Canceled)
}

func contextEndsInside(t *testing.T, e Engine) {
	s := e.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx store.Tx) error {
		err := tx.Put(things, "a", quoted("a"))
		cancel()
		return err
	})
	if err == nil {
		wantValue(t, s, "a", "a")
		return
	}
	wantError(t, "Update", err, context.Canceled)
	wantValue(t, s, "a", "")
}

func closedStore(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "a")
	if err := s.Close(); err != nil {
		t.Fatalf("Close() = %v", err)
	}
	nothing := func(store.Tx) error { return nil }
	wantError(t, "Update", s.Update(t.Context(), nothing), store.ErrUnavailable)
	wantError(t, "View", s.View(t.Context(), nothing), store.ErrUnavailable)
	wantError(t, "Sweep", s.Sweep(t.Context()), store.ErrUnavailable)
	wantError(t, "Check", s.Check(t.Context()), store.ErrUnavailable)
	if err := s.Close(); err != nil {
		t.Errorf("Close() again = %v", err)
	}
}

func checkPasses(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "a")
	for range 3 {
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("Check() = %v", err)
		}
	}
	view(t, s, func(tx store.Tx) error {
		items, err := tx.Scan(things, "", "", 10)
		if keysOf(items) != "a" {
			t.Errorf("Scan() = %q, want a", keysOf(items))
		}
		return err
	})
}
