package bolt_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

// clock is a clock that a test sets.
type clock struct{ now time.Time }

func newClock() *clock {
	return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time { return c.now }

func (c *clock) nonce(text string, window time.Duration) store.Nonce {
	return store.NewNonce(store.NonceLaunch, "key", text, c.now, window)
}

func useNonce(t testing.TB, s store.Store, n store.Nonce) error {
	t.Helper()
	return s.Update(t.Context(), func(tx store.Tx) error { return tx.UseNonce(n) })
}

func wantNonce(t testing.TB, s store.Store, what string, n store.Nonce, want error) {
	t.Helper()
	if err := useNonce(t, s, n); !errors.Is(err, want) {
		t.Errorf("UseNonce %s = %v, want %v", what, err, want)
	}
}

func TestAClockSetBackReopensNoNonce(t *testing.T) {
	t.Parallel()
	c := newClock()
	opts := bolt.Options{Now: c.Now}
	s := openStore(t, filepath.Join(t.TempDir(), "store.db"), opts)
	old := c.nonce("old", 5*time.Minute)
	wantNonce(t, s, "first", old, nil)

	c.now = c.now.Add(7 * time.Minute)
	live := c.nonce("live", 5*time.Minute)
	wantNonce(t, s, "later", live, nil)
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.Stats().Nonces; got != 1 {
		t.Errorf("%d nonces in memory after Sweep, want 1", got)
	}
	for _, back := range []time.Duration{0, -10 * time.Second, -24 * time.Hour} {
		c.now = c.now.Add(back)
		wantNonce(t, s, "swept", old, store.ErrNonceStale)
		wantNonce(t, s, "live", live, store.ErrNonceUsed)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = openStore(t, s.Path(), opts)
	}
}

func TestAClockSetBackDelaysNoSweep(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := openStore(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: c.Now})
	wantNonce(t, s, "first", c.nonce("n", 5*time.Minute), nil)
	c.now = c.now.Add(time.Hour)
	wantNonce(t, s, "an hour later", c.nonce("m", 5*time.Minute), nil)
	c.now = c.now.Add(-time.Hour)
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.Stats().Nonces; got != 1 {
		t.Errorf("%d nonces after Sweep, want 1: the latest instant seen decides", got)
	}
}

// A clock that ran ahead must not shut out launches once it is right again:
// what was swept decides, not the time of the sweep.
func TestAClockThatRanAheadRefusesOnlyWhatWasSwept(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := openStore(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: c.Now})
	wantNonce(t, s, "first", c.nonce("n", 5*time.Minute), nil)
	right := c.now
	c.now = right.Add(24 * time.Hour)
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.now = right.Add(time.Minute)
	wantNonce(t, s, "swept too early", c.nonce("n", 4*time.Minute), store.ErrNonceStale)
	wantNonce(t, s, "past what was swept", c.nonce("other", 6*time.Minute), nil)
}

func TestADamagedNonceRecordMakesItsMinuteStale(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := openStore(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: c.Now})
	for i := range 3 {
		wantNonce(t, s, "first", c.nonce(fmt.Sprint(i), time.Duration(i)*time.Minute), nil)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	damageFirstNonce(t, s.Path())
	s = openStore(t, s.Path(), bolt.Options{Now: c.Now})
	wantNonce(t, s, "in the damaged record", c.nonce("0", 0), store.ErrNonceStale)
	wantNonce(t, s, "of its minute", c.nonce("fresh", 59*time.Second), store.ErrNonceStale)
	wantNonce(t, s, "of the next minute", c.nonce("1", time.Minute), store.ErrNonceUsed)
	wantNonce(t, s, "fresh in the next minute", c.nonce("fresh", time.Minute), nil)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := bolt.Verify(s.Path()); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("Verify() = %v, want %v", err, store.ErrCorrupt)
	}
}

func damageFirstNonce(t testing.TB, path string) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		name, _ := tx.Cursor().Seek([]byte("n/"))
		b := tx.Bucket(name)
		key, frame := b.Cursor().First()
		damaged := append([]byte(nil), frame...)
		damaged[len(damaged)-1] ^= 1
		return b.Put(key, damaged)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}
