package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

var errThrownAway = errors.New("thrown away")

// work is a random unit: writes, and how it ends.
type work struct {
	puts, deletes []int
	nonce         int
	end           string
}

func workGenerator() *rapid.Generator[work] {
	return rapid.Custom(func(r *rapid.T) work {
		keys := rapid.SliceOfN(rapid.IntRange(0, 300), 0, 60)
		return work{
			puts:    keys.Draw(r, "puts"),
			deletes: keys.Draw(r, "deletes"),
			nonce:   rapid.IntRange(0, 9).Draw(r, "nonce"),
			end:     rapid.SampledFrom([]string{"keep", "keep", "fail", "panic"}).Draw(r, "end"),
		}
	})
}

// state is what the store must hold. Units change it from inside, which is
// safe because they run one after another.
type state struct {
	records map[string]string
	nonces  map[int]bool
}

// TestUnitsLeaveAllOrNothing runs units that succeed, fail and panic, many at
// once so that they share commits, and compares what each sees, and what is
// left, with a model.
func TestUnitsLeaveAllOrNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		dir := t.TempDir()
		s := openStore(t, filepath.Join(dir, "store.db"), bolt.Options{CheckUpTo: -1})
		st := &state{records: map[string]string{}, nonces: map[int]bool{}}
		units := rapid.SliceOfN(workGenerator(), 1, 24).Draw(r, "units")
		var faults sync.Map
		atOnce(len(units), func(i int) {
			if err := st.run(s, units[i], fmt.Sprint(i)); err != nil {
				faults.Store(i, err)
			}
		})
		faults.Range(func(i, err any) bool { r.Fatalf("unit %v: %v", i, err); return false })
		if err := s.View(t.Context(), st.compare); err != nil {
			r.Fatal(err)
		}
		if err := s.Close(); err != nil {
			r.Fatal(err)
		}
		if err := bolt.Verify(s.Path()); err != nil {
			r.Fatal(err)
		}
		again := openStore(t, s.Path(), bolt.Options{})
		if err := errors.Join(again.View(t.Context(), st.compare), st.compareNonces(again)); err != nil {
			r.Fatal(err)
		}
		if err := again.Close(); err != nil {
			r.Fatal(err)
		}
	})
}

func (st *state) run(s *bolt.Store, w work, value string) (err error) {
	want := map[string]error{"keep": nil, "fail": errThrownAway, "panic": errThrownAway}[w.end]
	defer func() {
		r := recover()
		if fault, ok := r.(error); r != nil && !(ok && errors.Is(fault, errThrownAway)) {
			err = fmt.Errorf("panicked: %v", r)
		}
	}()
	got := s.Update(context.Background(), func(tx store.Tx) error {
		if err := st.compare(tx); err != nil {
			return fmt.Errorf("before: %w", err)
		}
		next, err := st.do(tx, w, value)
		if err != nil {
			return err
		}
		switch w.end {
		case "fail":
			return errThrownAway
		case "panic":
			panic(errThrownAway)
		}
		*st = *next
		return nil
	})
	if !errors.Is(got, want) {
		return fmt.Errorf("Update() of a unit to %s = %w", w.end, got)
	}
	return nil
}

// do writes to the transaction and to a copy of the state.
func (st *state) do(tx store.Tx, w work, value string) (*state, error) {
	next := &state{records: maps.Clone(st.records), nonces: maps.Clone(st.nonces)}
	var errs []error
	for _, n := range w.puts {
		key := fmt.Sprintf("%03d", n)
		next.records[key] = fmt.Sprintf("%q", fmt.Sprintf("%0100s", value))
		errs = append(errs, tx.Put("units", key, []byte(next.records[key])))
	}
	for _, n := range w.deletes {
		key := fmt.Sprintf("%03d", n)
		delete(next.records, key)
		errs = append(errs, tx.Delete("units", key))
	}
	err := tx.UseNonce(crashNonceNumber(w.nonce))
	if used := errors.Is(err, store.ErrNonceUsed); used != st.nonces[w.nonce] || !used && err != nil {
		errs = append(errs, fmt.Errorf("UseNonce(%d) = %w, used %v", w.nonce, err, st.nonces[w.nonce]))
	}
	next.nonces[w.nonce] = true
	return next, errors.Join(append(errs, next.compare(tx))...)
}

func crashNonceNumber(n int) store.Nonce {
	far := time.Date(2100, 1, 1, 0, n, 0, 0, time.UTC)
	return store.NewNonce(store.NonceLaunch, "key", fmt.Sprint(n), far, 0)
}

func (st *state) compare(tx store.Tx) error {
	items, err := tx.Scan("units", "", "", store.MaxScan)
	if err != nil {
		return err
	}
	back, err := tx.ScanBack("units", "", "", store.MaxScan)
	if err != nil {
		return err
	}
	slices.Reverse(back)
	got, gotBack := map[string]string{}, map[string]string{}
	for _, it := range items {
		got[it.Key] = string(it.Value)
	}
	for _, it := range back {
		gotBack[it.Key] = string(it.Value)
	}
	if !maps.Equal(got, st.records) || !maps.Equal(gotBack, st.records) {
		return fmt.Errorf("the store holds %d records forward and %d back, want %d", len(got), len(gotBack), len(st.records))
	}
	return nil
}

func (st *state) compareNonces(s *bolt.Store) error {
	var fault error
	err := s.Update(context.Background(), func(tx store.Tx) error {
		for n := range 10 {
			if err := tx.UseNonce(crashNonceNumber(n)); errors.Is(err, store.ErrNonceUsed) != st.nonces[n] {
				fault = fmt.Errorf("UseNonce(%d) = %w, used %v", n, err, st.nonces[n])
			}
		}
		return errThrownAway
	})
	if !errors.Is(err, errThrownAway) {
		return err
	}
	return fault
}

// held runs test while a unit of work keeps the leader, so that whatever it
// starts is queued; release lets the leader go on.
func held(t *testing.T, s *bolt.Store, test func(release func())) {
	t.Helper()
	gate := make(chan struct{})
	go func() {
		err := s.Update(t.Context(), func(store.Tx) error { <-gate; return nil })
		if err != nil {
			t.Errorf("Update() = %v", err)
		}
	}()
	synctest.Wait()
	test(func() { close(gate); synctest.Wait() })
}

func TestQueuedUnitsShareOneCommit(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, path, bolt.Options{})
		held(t, s, func(release func()) {
			var wg sync.WaitGroup
			for i := range 20 {
				wg.Go(func() {
					err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Put("c", fmt.Sprint(i), nil) })
					if err != nil {
						t.Errorf("Update() = %v", err)
					}
				})
			}
			synctest.Wait()
			release()
			wg.Wait()
		})
		if got := s.Stats(); got.Commits != 1 || got.Units != 20 || got.LargestUnit != 20 {
			t.Errorf("Stats() = %+v, want 20 units in 1 commit", got)
		}
	})
}

func TestAQueuedUnitLeavesWithItsContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, path, bolt.Options{})
		held(t, s, func(release func()) {
			ctx, cancel := context.WithCancel(t.Context())
			left := make(chan error, 1)
			go func() {
				left <- s.Update(ctx, func(store.Tx) error { t.Error("the unit ran"); return nil })
			}()
			synctest.Wait()
			cancel()
			synctest.Wait()
			select {
			case err := <-left:
				if !errors.Is(err, context.Canceled) {
					t.Errorf("Update() = %v, want %v", err, context.Canceled)
				}
			default:
				t.Error("Update waits for the leader though its context has ended")
			}
			release()
		})
	})
}

func TestCloseWaitsForRunningWork(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, path, bolt.Options{})
		held(t, s, func(release func()) {
			queued, closed := make(chan error, 1), make(chan error, 1)
			go func() {
				queued <- s.Update(t.Context(), func(tx store.Tx) error { return tx.Put("c", "k", nil) })
			}()
			synctest.Wait()
			go func() { closed <- s.Close() }()
			synctest.Wait()
			if len(closed) > 0 {
				t.Error("Close did not wait")
			}
			err := s.Update(t.Context(), func(store.Tx) error { return nil })
			if !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("Update while closing = %v, want %v", err, store.ErrUnavailable)
			}
			release()
			if err := errors.Join(<-queued, <-closed); err != nil {
				t.Errorf("queued unit and Close: %v", err)
			}
		})
	})
}

func TestATransactionIsOfNoUseAfterItsEnd(t *testing.T) {
	t.Parallel()
	s := openStore(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	var leaked []store.Tx
	keep := func(tx store.Tx) error { leaked = append(leaked, tx); return nil }
	if err := errors.Join(s.Update(t.Context(), keep), s.View(t.Context(), keep)); err != nil {
		t.Fatal(err)
	}
	for _, tx := range leaked {
		_, errGet := tx.Get("c", "k")
		_, errScan := tx.Scan("c", "", "", 1)
		for call, err := range map[string]error{"Get": errGet, "Scan": errScan, "Put": tx.Put("c", "k", nil), "UseNonce": tx.UseNonce(store.Nonce{})} {
			if !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("%s after the end = %v, want %v", call, err, store.ErrUnavailable)
			}
		}
	}
}
