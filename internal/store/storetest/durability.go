package storetest

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/ltihub/ltihub/internal/store"
)

func durability() []behaviour {
	return []behaviour{
		{"RecordsOutliveReopen", outlive},
	}
}

func outlive(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "a", "b", "c")
	update(t, s, func(tx store.Tx) error { return tx.Delete(things, "b") })
	for range 2 {
		s = e.Reopen(t, s)
		wantValue(t, s, "a", "a")
		wantValue(t, s, "b", "")
		wantValue(t, s, "c", "c")
	}
}

// backupWhileWriting copies a store into which pairs of records are written,
// and finds whole pairs in the copy, and all that were there before it.
func backupWhileWriting(t *testing.T, e Engine) {
	s := e.Open(t)
	const before = 200
	for i := range before {
		writePair(t, s, i)
	}
	done := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := before; ; i++ {
			select {
			case <-done:
				return
			default:
				writePair(t, s, i)
			}
		}
	})
	var copied bytes.Buffer
	err := s.Backup(t.Context(), &copied)
	close(done)
	writer.Wait()
	if err != nil {
		t.Fatalf("Backup() = %v", err)
	}
	restored := e.OpenBackup(t, copied.Bytes())
	view(t, restored, func(tx store.Tx) error {
		left, errLeft := tx.Scan(things, "", "", store.MaxScan)
		right, errRight := tx.Scan(others, "", "", store.MaxScan)
		if errLeft != nil || errRight != nil || len(left) < before || keysOf(left) != keysOf(right) {
			t.Errorf("the copy has %d and %d records (%v, %v), want as many of each, at least %d", len(left), len(right), errLeft, errRight, before)
		}
		return nil
	})
}

func writePair(t testing.TB, s store.Store, i int) {
	t.Helper()
	key := fmt.Sprintf("%06d", i)
	err := s.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.Put(things, key, quoted(key)); err != nil {
			return err
		}
		return tx.Put(others, key, quoted(key))
	})
	if err != nil {
		t.Errorf("Update() = %v", err)
	}
}
