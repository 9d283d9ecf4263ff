package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/store"
)

// Engine is what the suite needs of an engine.
type Engine struct {
	// Open makes an empty store, and closes it when the test ends.
	Open func(t testing.TB) store.Store
	// Reopen closes s and opens the same data again.
	Reopen func(t testing.TB, s store.Store) store.Store
	// OpenBackup opens what Backup wrote as a store of its own. nil skips
	// nothing silently: an engine without it has no test of backups here and
	// brings its own.
	OpenBackup func(t testing.TB, backup []byte) store.Store
}

type behaviour struct {
	name string
	test func(t *testing.T, e Engine)
}

// Run holds the engine to the contract, one subtest a sentence.
func Run(t *testing.T, e Engine) {
	for _, group := range [][]behaviour{records(), scans(), units(), races(), nonces(), collections(), volumes(), durability()} {
		for _, b := range group {
			t.Run(b.name, func(t *testing.T) {
				t.Parallel()
				b.test(t, e)
			})
		}
	}
	if e.OpenBackup != nil {
		t.Run("BackupWhileWritingIsConsistent", func(t *testing.T) {
			t.Parallel()
			backupWhileWriting(t, e)
		})
	}
}

// Where the tests keep their records.
const (
	things = "things"
	others = "others"
)

func update(t testing.TB, s store.Store, fn func(tx store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatalf("Update() = %v", err)
	}
}

func view(t testing.TB, s store.Store, fn func(tx store.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), fn); err != nil {
		t.Fatalf("View() = %v", err)
	}
}

// put writes one record in a unit of work of its own.
func put(ctx context.Context, s store.Store, key, value string) error {
	return s.Update(ctx, func(tx store.Tx) error { return tx.Put(things, key, quoted(value)) })
}

// quoted makes a document of a text.
func quoted(value string) []byte {
	doc, _ := json.Marshal(value) // a string always encodes
	return doc
}

// holds reports whether a document is the text want. An engine may write a
// document otherwise than it was put, as long as it says the same.
func holds(doc []byte, want string) bool {
	var got string
	return json.Unmarshal(doc, &got) == nil && got == want
}

// fill writes the keys, each with its own name as value.
func fill(t testing.TB, s store.Store, keys ...string) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for _, k := range keys {
			if err := tx.Put(things, k, quoted(k)); err != nil {
				return err
			}
		}
		return nil
	})
}

// wantValue checks what key holds; want "" is nothing.
func wantValue(t testing.TB, s store.Store, key, want string) {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) error {
		got, err := tx.Get(things, key)
		if want == "" {
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("Get(%q) = %s, %v, want %v", key, got, err, store.ErrNotFound)
			}
			return nil
		}
		if err == nil && !holds(got, want) {
			t.Errorf("Get(%q) = %s, want %q", key, got, want)
		}
		return err
	})
	if err != nil {
		t.Errorf("Get(%q) = %v", key, err)
	}
}

func wantError(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// nonce makes a nonce that expires so long after now.
func nonce(text string, after time.Duration) store.Nonce {
	return store.NewNonce(store.NonceLaunch, "key", text, time.Now().Truncate(time.Second), after)
}

func use(ctx context.Context, s store.Store, n store.Nonce) error {
	return s.Update(ctx, func(tx store.Tx) error { return tx.UseNonce(n) })
}
