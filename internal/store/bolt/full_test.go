//go:build unix

package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

// A full disk is played by the limit on the length of a process's files: what
// it does to a write is what a full disk does, and it needs no privilege.

func TestAFullDiskLosesNothingAndIsSurvived(t *testing.T) {
	t.Parallel()
	if out, err := child(t, "full", t.TempDir()+"/store.db").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func childFull(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		return err
	}
	f := &fullDisk{s: s}
	for round := range 5 {
		if err := f.round(round); err != nil {
			return fmt.Errorf("round %d: %w", round, err)
		}
	}
	if err := s.Close(); err != nil {
		return err
	}
	return bolt.Verify(path)
}

type fullDisk struct {
	s       *bolt.Store
	acked   []string
	refused []string
}

// round fills the disk, gives space back, and checks every record and nonce.
func (f *fullDisk) round(round int) error {
	var free syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &free); err != nil {
		return err
	}
	full := free
	full.Cur = uint64(f.s.Stats().FileBytes) + 300<<10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		return err
	}
	if err := f.fill(round); err != nil {
		return err
	}
	if err := f.check(store.ErrNotFound); err != nil {
		return fmt.Errorf("while full: %w", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &free); err != nil {
		return err
	}
	for _, key := range f.refused { // their nonces were not burned
		if err := f.write(key); err != nil {
			return fmt.Errorf("with space again: write %s: %w", key, err)
		}
	}
	f.acked, f.refused = append(f.acked, f.refused...), nil
	return f.check(nil)
}

// fill writes until several units in a row were refused.
func (f *fullDisk) fill(round int) error {
	for i := 0; len(f.refused) < 10; i++ {
		if i == 1000 {
			return errors.New("the disk never filled")
		}
		key := fmt.Sprintf("%d-%d", round, i)
		switch err := f.write(key); {
		case err == nil:
			f.acked = append(f.acked, key)
		case errors.Is(err, store.ErrUnavailable):
			f.refused = append(f.refused, key)
		default:
			return fmt.Errorf("write %s: %w", key, err)
		}
	}
	return nil
}

func (f *fullDisk) write(key string) error {
	return f.s.Update(context.Background(), func(tx store.Tx) error {
		value := `"` + strings.Repeat(key, 30_000/len(key)) + `"`
		return errors.Join(tx.UseNonce(crashNonce(key)), tx.PutNew("acked", key, []byte(value)))
	})
}

// check finds every acknowledged record, and the refused ones to give want.
func (f *fullDisk) check(want error) error {
	return f.s.View(context.Background(), func(tx store.Tx) error {
		for _, key := range f.acked {
			if got, err := tx.Get("acked", key); err != nil || !strings.HasPrefix(string(got), `"`+key) {
				return fmt.Errorf("acknowledged %s: %.20q, %w", key, got, err)
			}
		}
		for _, key := range f.refused {
			if _, err := tx.Get("acked", key); !errors.Is(err, want) {
				return fmt.Errorf("refused %s: %w", key, err)
			}
		}
		return nil
	})
}

func TestAFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := bolt.Open(dir, bolt.Options{}); err == nil {
		t.Error("Open of a folder succeeded")
	}
	if _, err := bolt.Open(dir+"/missing/store.db", bolt.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Open in a missing folder = %v, want %v", err, os.ErrNotExist)
	}
}
