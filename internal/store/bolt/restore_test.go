package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

func putValue(t testing.TB, s store.Store, value string) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Put("c", "k", []byte(value)) })
	if err != nil {
		t.Fatal(err)
	}
}

func getValue(t testing.TB, s store.Store) (value string) {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) error {
		raw, err := tx.Get("c", "k")
		value = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func writeBackup(t testing.TB, s *bolt.Store, path string) {
	t.Helper()
	var copied bytes.Buffer
	if err := s.Backup(t.Context(), &copied); err != nil {
		t.Fatalf("Backup() = %v", err)
	}
	if err := os.WriteFile(path, copied.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRestorePutsBackAndRefusesWhatItForgot(t *testing.T) {
	t.Parallel()
	c := newClock()
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "store.db"), filepath.Join(dir, "backup.db")
	s := openStore(t, path, bolt.Options{Now: c.Now})
	putValue(t, s, `"backed up"`)
	writeBackup(t, s, backup)
	putValue(t, s, `"later"`)
	forgotten := c.nonce("used after the backup", 5*time.Minute)
	wantNonce(t, s, "after the backup", forgotten, nil)

	if err := bolt.Restore(backup, path, c.now, 10*time.Minute); !errors.Is(err, bolt.ErrInUse) {
		t.Errorf("Restore over an open store = %v, want %v", err, bolt.ErrInUse)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := bolt.Restore(backup, path, c.now, 10*time.Minute); err != nil {
		t.Fatalf("Restore() = %v", err)
	}
	s = openStore(t, path, bolt.Options{Now: c.Now})
	if got := getValue(t, s); got != `"backed up"` {
		t.Errorf("the record is %s after Restore, want the one backed up", got)
	}
	wantNonce(t, s, "that the backup does not know", forgotten, store.ErrNonceStale)
	c.now = c.now.Add(6 * time.Minute)
	wantNonce(t, s, "past the refusal", c.nonce("new", 5*time.Minute), nil)
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("Restore left %q", left)
	}
}

func TestRestoreMakesAStoreWhereNoneIs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openStore(t, filepath.Join(dir, "store.db"), bolt.Options{})
	putValue(t, s, `"v"`)
	writeBackup(t, s, filepath.Join(dir, "backup.db"))
	if err := bolt.Restore(filepath.Join(dir, "backup.db"), filepath.Join(dir, "new.db"), time.Now(), 0); err != nil {
		t.Fatal(err)
	}
	if got := getValue(t, openStore(t, filepath.Join(dir, "new.db"), bolt.Options{})); got != `"v"` {
		t.Errorf("the record is %s", got)
	}
}

func TestRestoreOfADamagedBackupChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "store.db"), filepath.Join(dir, "backup.db")
	s := openStore(t, path, bolt.Options{})
	putValue(t, s, `"kept"`)
	writeBackup(t, s, backup)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.ReplaceAll(raw, []byte("kept"), []byte("swap"))
	for what, file := range map[string][]byte{"changed": damaged, "cut short": raw[:len(raw)-1]} {
		if err := os.WriteFile(backup, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := bolt.Restore(backup, path, time.Now(), 0); !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("Restore of a backup %s = %v, want %v", what, err, store.ErrCorrupt)
		}
	}
	if err := bolt.Restore(filepath.Join(dir, "missing"), path, time.Now(), 0); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Restore of a missing backup = %v, want %v", err, os.ErrNotExist)
	}
	if got := getValue(t, openStore(t, path, bolt.Options{})); got != `"kept"` {
		t.Errorf("the record is %s", got)
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("refused restores left %q", left)
	}
}

func TestRestoreReplacesADamagedStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "store.db"), filepath.Join(dir, "backup.db")
	s := openStore(t, path, bolt.Options{})
	putValue(t, s, `"kept"`)
	writeBackup(t, s, backup)
	if err := errors.Join(s.Close(), os.WriteFile(path, []byte("no store any more"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := bolt.Restore(backup, path, time.Now(), 0); err != nil {
		t.Fatal(err)
	}
	if got := getValue(t, openStore(t, path, bolt.Options{})); got != `"kept"` {
		t.Errorf("the record is %s", got)
	}
}

// failing is a target of a backup that fills up.
type failing struct{ room int }

var errFull = errors.New("target full")

func (f *failing) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestBackupReportsAFullTargetAndAnEndedContext(t *testing.T) {
	t.Parallel()
	s := openStore(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	putValue(t, s, `"v"`)
	if err := s.Backup(t.Context(), &failing{room: 10_000}); !errors.Is(err, errFull) {
		t.Errorf("Backup() = %v, want %v", err, errFull)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ctx, &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Backup() = %v, want %v", err, context.Canceled)
	}
}

func TestCheckWritesAtMostOnceASecond(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := openStore(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: c.Now})
	for i, step := range []time.Duration{0, 500 * time.Millisecond, 600 * time.Millisecond, -time.Hour} {
		c.now = c.now.Add(step)
		atOnce(5, func(int) {
			if err := s.Check(t.Context()); err != nil {
				t.Errorf("Check() = %v", err)
			}
		})
		if want := []int64{1, 1, 2, 3}[i]; s.Stats().Commits != want {
			t.Errorf("after step %d: %d commits, want %d", i, s.Stats().Commits, want)
		}
	}
}
