package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/postgres"
	"github.com/ltihub/ltihub/internal/store/postgres/pgtest"
)

// ownCluster starts a server that the test may stop.
func ownCluster(t testing.TB) *pgtest.Cluster {
	t.Helper()
	c, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Remove(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func write(ctx context.Context, s store.Store, key string) error {
	return s.Update(ctx, func(tx store.Tx) error { return tx.Put("users", key, document(key)) })
}

// await calls try until it returns nil.
func await(t testing.TB, within time.Duration, what string, try func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try(ctx)
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s: still %v after %v", what, err, within)
		}
	}
}

// TestTheDatabaseGoesAndComesBack runs alone, because it counts goroutines.
func TestTheDatabaseGoesAndComesBack(t *testing.T) {
	c := ownCluster(t)
	s := openStore(t, c.Database(t), postgres.Options{MaxConns: 8, AcquireTimeout: time.Second})
	if err := write(t.Context(), s, "before"); err != nil {
		t.Fatal(err)
	}
	if err := c.Halt(); err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			if err := write(t.Context(), s, fmt.Sprint("during", i)); !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("Update() without a database = %v, want %v", err, store.ErrUnavailable)
			}
		})
	}
	wg.Wait()
	nothing := func(tx store.Tx) error { _, err := tx.Get("users", "before"); return err }
	for name, err := range map[string]error{"View": s.View(t.Context(), nothing), "Sweep": s.Sweep(t.Context()), "Check": s.Check(t.Context())} {
		if !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s without a database = %v, want %v", name, err, store.ErrUnavailable)
		}
	}
	await(t, 10*time.Second, "goroutines end", func(context.Context) error {
		if now := runtime.NumGoroutine(); now > before+10 {
			return fmt.Errorf("%d goroutines, %d before", now, before)
		}
		return nil
	})
	if err := c.Begin(); err != nil {
		t.Fatal(err)
	}
	await(t, 5*time.Second, "recovery", func(ctx context.Context) error { return write(ctx, s, "after") })
	await(t, 5*time.Second, "Check", s.Check)
	err := s.View(t.Context(), func(tx store.Tx) error {
		items, err := tx.Scan("users", "", "", 10)
		if len(items) != 2 {
			t.Errorf("%d records, want before and after", len(items))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// ledger is what a client was told: it must be true whatever happens.
type ledger struct {
	mu   sync.Mutex
	done []string
}

func (l *ledger) add(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done = append(l.done, key)
}

// work writes records with a nonce each until stop, and enters what was
// acknowledged. It returns after the first success that follows stop.
func (l *ledger) work(ctx context.Context, s store.Store, worker int, stop <-chan struct{}) error {
	for n := 0; ; n++ {
		key := fmt.Sprintf("%d/%d", worker, n)
		stopped := false
		select {
		case <-stop:
			stopped = true
		default:
		}
		err := s.Update(ctx, func(tx store.Tx) error {
			return errors.Join(tx.UseNonce(launchNonceAt(key)), tx.PutNew("launches", key, document(key)))
		})
		switch {
		case err == nil:
			l.add(key)
			if stopped {
				return nil
			}
		case ctx.Err() != nil:
			return err
		case !errors.Is(err, store.ErrUnavailable) && !errors.Is(err, store.ErrAmbiguous):
			return err
		}
	}
}

// launchNonceAt is the same nonce whenever it is asked for.
func launchNonceAt(text string) store.Nonce {
	at := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	return store.NewNonce(store.NonceLaunch, "key", text, at, 5*time.Minute)
}

func TestAFailoverLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	primary := ownCluster(t)
	dsn := primary.Database(t)
	standby, err := primary.Standby()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := standby.Remove(); err != nil {
			t.Error(err)
		}
	})
	both := strings.Replace(dsn, primary.Host(), primary.Host()+","+standby.Host(), 1)
	s := openStore(t, both, postgres.Options{MaxConns: 8, StatementTimeout: 3 * time.Second})
	if warning, err := s.Durability(t.Context()); warning != "" || err != nil {
		t.Errorf("Durability() = %q, %v", warning, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var l ledger
	promoted := make(chan struct{})
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			if err := l.work(ctx, s, w, promoted); err != nil {
				t.Errorf("worker %d: %v", w, err)
			}
		})
	}
	await(t, 30*time.Second, "load", func(context.Context) error { return l.atLeast(400) })
	if err := primary.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := standby.Promote(); err != nil {
		t.Fatal(err)
	}
	close(promoted)
	wg.Wait()
	l.check(t, s)
}

func (l *ledger) atLeast(n int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.done) < n {
		return fmt.Errorf("%d acknowledged", len(l.done))
	}
	return nil
}

// check finds every acknowledged record, and every acknowledged nonce used.
func (l *ledger) check(t testing.TB, s store.Store) {
	t.Helper()
	lost := 0
	for _, key := range l.done {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			_, err := tx.Get("launches", key)
			return err
		})
		again := use(t, s, launchNonceAt(key))
		if err != nil || !errors.Is(again, store.ErrNonceUsed) {
			t.Logf("%s: Get() = %v, UseNonce() = %v", key, err, again)
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d acknowledged units are lost", lost, len(l.done))
	}
	t.Logf("%d units acknowledged", len(l.done))
}
