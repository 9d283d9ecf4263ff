package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ltihub/ltihub/internal/store"
)

func races() []behaviour {
	return []behaviour{
		{"ConcurrentIncrementsAllCount", increments},
		{"WriteSkewIsRefused", writeSkew},
		{"PutNewHasOneWinner", putNewRace},
		{"ReadersSeeWholeUnits", wholeUnits},
	}
}

func increments(t *testing.T, e Engine) {
	s := e.Open(t)
	const workers, each = 16, 10
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range each {
				if err := s.Update(t.Context(), func(tx store.Tx) error { return add(tx, "n", 1) }); err != nil {
					t.Errorf("Update() = %v", err)
				}
			}
		})
	}
	wg.Wait()
	view(t, s, func(tx store.Tx) error {
		n, err := number(tx, "n")
		if n != workers*each {
			t.Errorf("n = %d, want %d", n, workers*each)
		}
		return err
	})
}

func number(tx store.Tx, key string) (int, error) {
	raw, err := tx.Get(things, key)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(raw))
}

func add(tx store.Tx, key string, n int) error {
	before, err := number(tx, key)
	if err != nil {
		return err
	}
	return tx.Put(things, key, []byte(strconv.Itoa(before+n)))
}

// writeSkew: of two doctors on call each may leave if the other stays. Each
// reads both records and writes one, so only serialisability keeps one there.
func writeSkew(t *testing.T, e Engine) {
	s := e.Open(t)
	for round := range 20 {
		pair := [2]string{fmt.Sprintf("%d/a", round), fmt.Sprintf("%d/b", round)}
		update(t, s, func(tx store.Tx) error { return errors.Join(add(tx, pair[0], 1), add(tx, pair[1], 1)) })
		var wg sync.WaitGroup
		for _, mine := range pair {
			wg.Go(func() {
				if err := s.Update(t.Context(), func(tx store.Tx) error { return leave(tx, pair, mine) }); err != nil {
					t.Errorf("Update() = %v", err)
				}
			})
		}
		wg.Wait()
		view(t, s, func(tx store.Tx) error {
			a, errA := number(tx, pair[0])
			b, errB := number(tx, pair[1])
			if a+b != 1 {
				t.Errorf("round %d: %d stay, want 1", round, a+b)
			}
			return errors.Join(errA, errB)
		})
	}
}

func leave(tx store.Tx, pair [2]string, mine string) error {
	a, errA := number(tx, pair[0])
	b, errB := number(tx, pair[1])
	if err := errors.Join(errA, errB); err != nil || a+b < 2 {
		return err
	}
	return add(tx, mine, -1)
}

func putNewRace(t *testing.T, e Engine) {
	s := e.Open(t)
	var wg sync.WaitGroup
	var won, lost atomic.Int32
	for i := range 64 {
		wg.Go(func() {
			err := s.Update(t.Context(), func(tx store.Tx) error { return tx.PutNew(things, "a", []byte(strconv.Itoa(i))) })
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, store.ErrExists):
				lost.Add(1)
			default:
				t.Errorf("Update() = %v", err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || lost.Load() != 63 {
		t.Errorf("%d won and %d lost, want 1 and 63", won.Load(), lost.Load())
	}
}

// wholeUnits moves amounts between two records while readers add them up.
func wholeUnits(t *testing.T, e Engine) {
	s := e.Open(t)
	done := make(chan struct{})
	var readers, writers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				view(t, s, func(tx store.Tx) error {
					a, errA := number(tx, "a")
					b, errB := number(tx, "b")
					if a+b != 0 {
						t.Errorf("a + b = %d, want 0", a+b)
					}
					return errors.Join(errA, errB)
				})
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 4 {
		writers.Go(func() {
			for range 15 {
				err := s.Update(t.Context(), func(tx store.Tx) error { return errors.Join(add(tx, "a", i), add(tx, "b", -i)) })
				if err != nil {
					t.Errorf("Update() = %v", err)
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
}
