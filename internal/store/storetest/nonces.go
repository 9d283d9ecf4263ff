package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/store"
)

func nonces() []behaviour {
	return []behaviour{
		{"UseNonceRefusesReplay", replay},
		{"UseNonceRefusesReplayAfterReopen", replayAfterReopen},
		{"UseNonceRefusesReplayWithAnotherExpiry", replayOtherExpiry},
		{"UseNonceHasOneWinner", nonceRace},
		{"AFailingUnitBurnsNoNonce", failingUnitBurnsNothing},
		{"SweepMakesExpiredNoncesStale", staleAfterSweep},
		{"SweepKeepsLiveNonces", sweepKeepsLive},
		{"RefuseNoncesIsKept", refuseIsKept},
		{"AFailingUnitRefusesNothing", failingUnitRefusesNothing},
	}
}

func replay(t *testing.T, e Engine) {
	s := e.Open(t)
	n := nonce("n", 5*time.Minute)
	update(t, s, func(tx store.Tx) error {
		if err := tx.UseNonce(n); err != nil {
			return err
		}
		wantError(t, "UseNonce again in the unit", tx.UseNonce(n), store.ErrNonceUsed)
		return nil
	})
	wantError(t, "UseNonce again", use(t.Context(), s, n), store.ErrNonceUsed)
	if err := use(t.Context(), s, nonce("other", 5*time.Minute)); err != nil {
		t.Errorf("UseNonce of another = %v", err)
	}
	elsewhere := store.NewNonce(store.NonceService, "key", "n", time.Now().Truncate(time.Second), 5*time.Minute)
	if err := use(t.Context(), s, elsewhere); err != nil {
		t.Errorf("UseNonce on another side = %v", err)
	}
}

func replayAfterReopen(t *testing.T, e Engine) {
	s := e.Open(t)
	var used []store.Nonce
	for i := range 20 {
		n := nonce(fmt.Sprint(i), time.Duration(i)*time.Minute)
		used = append(used, n)
		if err := use(t.Context(), s, n); err != nil {
			t.Fatal(err)
		}
	}
	s = e.Reopen(t, s)
	for _, n := range used {
		wantError(t, "UseNonce after Reopen", use(t.Context(), s, n), store.ErrNonceUsed)
	}
}

func replayOtherExpiry(t *testing.T, e Engine) {
	s := e.Open(t)
	at := time.Now().Truncate(time.Second)
	if err := use(t.Context(), s, store.NewNonce(store.NonceLaunch, "key", "n", at, 5*time.Minute)); err != nil {
		t.Fatal(err)
	}
	for _, window := range []time.Duration{3 * time.Minute, time.Hour} { // the lifetime was changed
		again := store.NewNonce(store.NonceLaunch, "key", "n", at, window)
		wantError(t, "UseNonce with another window", use(t.Context(), s, again), store.ErrNonceUsed)
	}
}

func nonceRace(t *testing.T, e Engine) {
	s := e.Open(t)
	n := nonce("n", 5*time.Minute)
	var won, lost atomic.Int32
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			switch err := use(t.Context(), s, n); {
			case err == nil:
				won.Add(1)
			case errors.Is(err, store.ErrNonceUsed):
				lost.Add(1)
			default:
				t.Errorf("UseNonce() = %v", err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || lost.Load() != 63 {
		t.Errorf("%d won and %d lost, want 1 and 63", won.Load(), lost.Load())
	}
}

func failingUnitBurnsNothing(t *testing.T, e Engine) {
	s := e.Open(t)
	n := nonce("n", 5*time.Minute)
	failure := errors.New("of the caller")
	err := s.Update(t.Context(), func(tx store.Tx) error { return errors.Join(tx.UseNonce(n), failure) })
	wantError(t, "Update", err, failure)
	if errors.Is(err, store.ErrNonceUsed) {
		t.Errorf("UseNonce() = %v", err)
	}
	if err := use(t.Context(), s, n); err != nil {
		t.Errorf("UseNonce after a failed unit = %v", err)
	}
}

// staleAfterSweep uses nonces that expired long ago by every clock.
func staleAfterSweep(t *testing.T, e Engine) {
	s := e.Open(t)
	old := nonce("old", -3*time.Hour)
	if err := use(t.Context(), s, old); err != nil {
		t.Fatal(err)
	}
	wantError(t, "UseNonce before Sweep", use(t.Context(), s, old), store.ErrNonceUsed)
	for range 2 {
		if err := s.Sweep(t.Context()); err != nil {
			t.Fatalf("Sweep() = %v", err)
		}
		wantError(t, "UseNonce after Sweep", use(t.Context(), s, old), store.ErrNonceStale)
		wantError(t, "UseNonce of an older one", use(t.Context(), s, nonce("new", -4*time.Hour)), store.ErrNonceStale)
		s = e.Reopen(t, s)
		wantError(t, "UseNonce after Reopen", use(t.Context(), s, old), store.ErrNonceStale)
	}
}

func sweepKeepsLive(t *testing.T, e Engine) {
	s := e.Open(t)
	var live []store.Nonce
	for i := range 30 {
		if err := use(t.Context(), s, nonce(fmt.Sprint("old", i), -time.Duration(2+i)*time.Hour)); err != nil {
			t.Fatal(err)
		}
		n := nonce(fmt.Sprint("live", i), time.Duration(10+i)*time.Minute)
		live = append(live, n)
		if err := use(t.Context(), s, n); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatalf("Sweep() = %v", err)
	}
	for _, n := range live {
		wantError(t, "UseNonce of a live one", use(t.Context(), s, n), store.ErrNonceUsed)
	}
}

func refuseIsKept(t *testing.T, e Engine) {
	s := e.Open(t)
	until := time.Now().Add(10 * time.Minute)
	before, after := nonce("a", 9*time.Minute), nonce("b", 11*time.Minute)
	update(t, s, func(tx store.Tx) error { return tx.RefuseNonces(until) })
	update(t, s, func(tx store.Tx) error { return tx.RefuseNonces(until.Add(-time.Hour)) }) // never lowers it
	for range 2 {
		wantError(t, "UseNonce before the time", use(t.Context(), s, before), store.ErrNonceStale)
		s = e.Reopen(t, s)
	}
	if err := use(t.Context(), s, after); err != nil {
		t.Errorf("UseNonce after the time = %v", err)
	}
}

func failingUnitRefusesNothing(t *testing.T, e Engine) {
	s := e.Open(t)
	failure := errors.New("of the caller")
	err := s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.RefuseNonces(tx.Now().Add(time.Hour)), failure)
	})
	wantError(t, "Update", err, failure)
	if err := use(t.Context(), s, nonce("n", 5*time.Minute)); err != nil {
		t.Errorf("UseNonce() = %v", err)
	}
}
