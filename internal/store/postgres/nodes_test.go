package postgres_test

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/postgres"
)

// twoNodes opens one database twice.
func twoNodes(t testing.TB) [2]*node {
	t.Helper()
	dsn := cluster.Database(t)
	return [2]*node{openStore(t, dsn, postgres.Options{}), openStore(t, dsn, postgres.Options{})}
}

func use(t testing.TB, s store.Store, n store.Nonce) error {
	t.Helper()
	return s.Update(t.Context(), func(tx store.Tx) error { return tx.UseNonce(n) })
}

func launchNonce(text string) store.Nonce {
	return store.NewNonce(store.NonceLaunch, "key", text, time.Now().Truncate(time.Second), 5*time.Minute)
}

func TestEachNonceIsAcceptedOnceByTwoNodes(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	const nonces, workers = 10_000, 8
	offered := make([]store.Nonce, nonces)
	for i := range offered {
		offered[i] = launchNonce(strconv.Itoa(i))
	}
	accepted, refused := make([]atomic.Int32, nonces), make([]atomic.Int32, nonces)
	var wg sync.WaitGroup
	for w := range 2 * workers {
		wg.Go(func() {
			for i := w / 2; i < nonces; i += workers {
				switch err := use(t, nodes[w%2], offered[i]); {
				case err == nil:
					accepted[i].Add(1)
				case errors.Is(err, store.ErrNonceUsed):
					refused[i].Add(1)
				default:
					t.Errorf("UseNonce(%d) = %v", i, err)
					return
				}
			}
		})
	}
	wg.Wait()
	for i := range nonces {
		if a, r := accepted[i].Load(), refused[i].Load(); a != 1 || r != 1 {
			t.Fatalf("nonce %d: accepted %d times and refused %d times, want once each", i, a, r)
		}
	}
}

func TestSimultaneousRotationsAgree(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	const rotations = 1000
	got := make([]string, rotations)
	var wg sync.WaitGroup
	for i := range rotations {
		wg.Go(func() {
			err := nodes[i%2].Update(t.Context(), func(tx store.Tx) error {
				ring, err := tx.Get("service_rings", "ring")
				if errors.Is(err, store.ErrNotFound) { // due: make a secret
					ring = []byte(fmt.Sprintf(`"secret %d"`, i))
					err = tx.Put("service_rings", "ring", ring)
				}
				got[i] = string(ring)
				return err
			})
			if err != nil {
				t.Errorf("rotate = %v", err)
			}
		})
	}
	wg.Wait()
	for i, secret := range got {
		if secret != got[0] || secret == "" {
			t.Fatalf("rotation %d has %s, the first has %s", i, secret, got[0])
		}
	}
}

// TestEveryIncrementCounts is the hard case: all units read and change one
// record.
func TestEveryIncrementCounts(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	const workers, each = 16, 20
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for range each {
				if err := nodes[w%2].Update(t.Context(), increment); err != nil {
					t.Errorf("Update() = %v", err)
				}
			}
		})
	}
	wg.Wait()
	if n := count(t, nodes[0]); n != workers*each {
		t.Errorf("counted %d, want %d", n, workers*each)
	}
}

func increment(tx store.Tx) error {
	n := 0
	raw, err := tx.Get("results", "n")
	if err == nil {
		n, err = strconv.Atoi(string(raw))
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return tx.Put("results", "n", []byte(strconv.Itoa(n+1)))
}

func count(t testing.TB, s store.Store) int {
	t.Helper()
	n := 0
	err := s.View(t.Context(), func(tx store.Tx) error {
		raw, err := tx.Get("results", "n")
		if err == nil {
			n, err = strconv.Atoi(string(raw))
		}
		return err
	})
	if err != nil {
		t.Errorf("View() = %v", err)
	}
	return n
}

// TestWriteSkewIsRefusedAcrossNodes: of two on call each may leave if the other
// stays.
func TestWriteSkewIsRefusedAcrossNodes(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	for round := range 50 {
		pair := [2]string{fmt.Sprintf("%d/a", round), fmt.Sprintf("%d/b", round)}
		err := nodes[0].Update(t.Context(), func(tx store.Tx) error {
			return errors.Join(tx.Put("users", pair[0], []byte("1")), tx.Put("users", pair[1], []byte("1")))
		})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for i, mine := range pair {
			wg.Go(func() {
				err := nodes[i].Update(t.Context(), func(tx store.Tx) error {
					if there(t, tx, pair[:]) < 2 {
						return nil
					}
					return tx.Delete("users", mine)
				})
				if err != nil {
					t.Errorf("Update() = %v", err)
				}
			})
		}
		wg.Wait()
		err = nodes[0].View(t.Context(), func(tx store.Tx) error {
			if n := there(t, tx, pair[:]); n != 1 {
				t.Errorf("round %d: %d stay, want 1", round, n)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// there counts which of the users are there. A failed read spoils the unit
// anyway.
func there(t testing.TB, tx store.Tx, keys []string) int {
	t.Helper()
	n := 0
	for _, k := range keys {
		if _, err := tx.Get("users", k); err == nil {
			n++
		}
	}
	return n
}

// TestSweepNeverReopensTheWay races sweeps of one node with replays on the
// other.
func TestSweepNeverReopensTheWay(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	for round := range 15 {
		n := launchNonce(strconv.Itoa(round))
		n.At = time.Now().Add(-5 * time.Hour) // its hour is past, so its table can go
		n.Expires = time.Now().Add(50 * time.Millisecond)
		if err := use(t, nodes[0], n); err != nil {
			t.Fatalf("UseNonce() = %v", err)
		}
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				for range 20 {
					if err := use(t, nodes[i%2], n); !errors.Is(err, store.ErrNonceUsed) && !errors.Is(err, store.ErrNonceStale) {
						t.Errorf("UseNonce() again = %v", err)
					}
				}
			})
		}
		wg.Go(func() {
			if err := nodes[1].Sweep(t.Context()); err != nil {
				t.Errorf("Sweep() = %v", err)
			}
		})
		wg.Wait()
	}
}
