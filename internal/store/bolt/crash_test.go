//go:build unix

package bolt_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

// crashNonce is the nonce that goes with a record; parent and child agree.
func crashNonce(key string) store.Nonce {
	far := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	return store.NewNonce(store.NonceLaunch, "key", key, far, time.Minute)
}

// childWrite writes as fast as it can, each record with a nonce, and prints
// the key of each that was acknowledged, until it is killed.
func childWrite(path string) error {
	s, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		return err
	}
	failed := make(chan error)
	for g := range 8 {
		go func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("%d-%d-%d", os.Getpid(), g, i)
				err := s.Update(context.Background(), func(tx store.Tx) error {
					return errors.Join(tx.UseNonce(crashNonce(key)), tx.PutNew("acked", key, []byte(`"`+key+`"`)))
				})
				if err == nil {
					_, err = fmt.Println(key) // one write of a short line is whole
				}
				if err != nil {
					failed <- err
				}
			}
		}()
	}
	return <-failed
}

func TestKillLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	var acked []string
	for round := range 8 {
		acked = append(acked, killedAfter(t, path, 1+random.IntN(400))...)
		s, err := bolt.Open(path, bolt.Options{})
		if err != nil {
			t.Fatalf("seed %d, round %d: Open() = %v", seed, round, err)
		}
		checkAcked(t, s, acked)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := bolt.Verify(path); err != nil {
			t.Errorf("seed %d, round %d: %v", seed, round, err)
		}
	}
	t.Logf("%d acknowledged writes in 8 rounds", len(acked))
}

// killedAfter runs a writing child, kills it after so many acknowledgements,
// and returns all that it gave.
func killedAfter(t *testing.T, path string, n int) (acked []string) {
	t.Helper()
	cmd := child(t, "write", path)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		acked = append(acked, lines.Text())
		if len(acked) == n {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // it was killed
	if len(acked) < n {
		t.Fatalf("the child gave %d acknowledgements of %d: %s", len(acked), n, &complaints)
	}
	return acked
}

func checkAcked(t *testing.T, s store.Store, acked []string) {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) error {
		for _, key := range acked {
			if got, err := tx.Get("acked", key); err != nil || string(got) != `"`+key+`"` {
				t.Errorf("Get(%q) = %q, %v", key, got, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	err = s.Update(t.Context(), func(tx store.Tx) error {
		for _, key := range acked {
			if err := tx.UseNonce(crashNonce(key)); !errors.Is(err, store.ErrNonceUsed) {
				t.Errorf("UseNonce(%q) = %v, want %v", key, err, store.ErrNonceUsed)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// childHold opens the store, says so, and keeps it until its input ends.
func childHold(path string) error {
	s, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		return err
	}
	fmt.Println("open")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return s.Close()
}

func TestAFileInUseIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "store.db"), filepath.Join(dir, "backup.db")
	writeBackup(t, openStore(t, filepath.Join(dir, "other.db"), bolt.Options{}), backup)
	cmd := child(t, "hold", path)
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	if !bufio.NewScanner(out).Scan() {
		t.Fatal("the child did not open the store")
	}
	_, errOpen := bolt.Open(path, bolt.Options{})
	errRestore := bolt.Restore(backup, path, time.Now(), time.Hour)
	for what, err := range map[string]error{"Open": errOpen, "Restore": errRestore, "Verify": bolt.Verify(path)} {
		if !errors.Is(err, bolt.ErrInUse) {
			t.Errorf("%s of a file in use = %v, want %v", what, err, bolt.ErrInUse)
		}
	}
	if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
		t.Error(err)
	}
	openStore(t, path, bolt.Options{})
}
