package storetest

import (
	"errors"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/store"
)

func records() []behaviour {
	return []behaviour{
		{"GetReturnsWhatPutSet", getReturnsWhatPutSet},
		{"GetOfNothingIsNotFound", getOfNothing},
		{"PutNewRefusesATakenKey", putNewRefuses},
		{"DeleteRemovesAndRepeats", deleteRemoves},
		{"CollectionsAreApart", collectionsApart},
		{"AnEmptyValueIsKept", emptyValue},
		{"UnusableKeysAreRefused", unusableKeys},
		{"KeysKeepEveryCharacter", strangeKeys},
		{"AViewCannotWrite", viewCannotWrite},
		{"NowIsOneInstantInUTC", nowIsOneInstant},
	}
}

func getReturnsWhatPutSet(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "a")
	wantValue(t, s, "a", "a")
	if err := put(t.Context(), s, "a", "other"); err != nil {
		t.Fatal(err)
	}
	wantValue(t, s, "a", "other")
}

func getOfNothing(t *testing.T, e Engine) {
	s := e.Open(t)
	wantValue(t, s, "never", "")
	fill(t, s, "a")
	wantValue(t, s, "never", "")
	update(t, s, func(tx store.Tx) error {
		_, err := tx.Get(things, "never")
		wantError(t, "Get in Update", err, store.ErrNotFound)
		return nil
	})
}

func putNewRefuses(t *testing.T, e Engine) {
	s := e.Open(t)
	update(t, s, func(tx store.Tx) error { return tx.PutNew(things, "a", quoted("first")) })
	err := s.Update(t.Context(), func(tx store.Tx) error { return tx.PutNew(things, "a", quoted("second")) })
	wantError(t, "PutNew of a taken key", err, store.ErrExists)
	wantValue(t, s, "a", "first")
	update(t, s, func(tx store.Tx) error {
		if err := tx.Delete(things, "a"); err != nil {
			return err
		}
		return tx.PutNew(things, "a", quoted("third"))
	})
	wantValue(t, s, "a", "third")
}

func deleteRemoves(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "a", "b")
	for range 2 {
		update(t, s, func(tx store.Tx) error { return tx.Delete(things, "a") })
		wantValue(t, s, "a", "")
		wantValue(t, s, "b", "b")
	}
	update(t, s, func(tx store.Tx) error { return tx.Delete("never written", "a") })
}

func collectionsApart(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "a")
	update(t, s, func(tx store.Tx) error { return tx.Put(others, "a", quoted("another")) })
	wantValue(t, s, "a", "a")
	update(t, s, func(tx store.Tx) error { return tx.Delete(others, "a") })
	wantValue(t, s, "a", "a")
}

func emptyValue(t *testing.T, e Engine) {
	s := e.Open(t)
	update(t, s, func(tx store.Tx) error { return tx.Put(things, "a", nil) })
	view(t, s, func(tx store.Tx) error {
		got, err := tx.Get(things, "a")
		if len(got) != 0 {
			t.Errorf("Get() = %q, want an empty value", got)
		}
		return err
	})
	err := s.Update(t.Context(), func(tx store.Tx) error { return tx.PutNew(things, "a", nil) })
	wantError(t, "PutNew over an empty value", err, store.ErrExists)
}

func unusableKeys(t *testing.T, e Engine) {
	s := e.Open(t)
	for _, key := range []string{"", "a\x00b", "\xff", strings.Repeat("x", store.MaxKey+1)} {
		calls := map[string]func(tx store.Tx) error{
			"Get":    func(tx store.Tx) error { _, err := tx.Get(things, key); return err },
			"Put":    func(tx store.Tx) error { return tx.Put(things, key, quoted("v")) },
			"PutNew": func(tx store.Tx) error { return tx.PutNew(things, key, quoted("v")) },
			"Delete": func(tx store.Tx) error { return tx.Delete(things, key) },
		}
		for name, call := range calls {
			wantError(t, name, s.Update(t.Context(), call), store.ErrKey)
		}
	}
}

func strangeKeys(t *testing.T, e Engine) {
	s := e.Open(t)
	keys := []string{"/", "//", "%", "_", "a%b", "a_b", `\`, "ä", "日本", "😀", "A", "a", " ", "a ", "\x01", strings.Repeat("é", store.MaxKey/2)}
	fill(t, s, keys...)
	for _, k := range keys {
		wantValue(t, s, k, k)
	}
}

func viewCannotWrite(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "a")
	calls := map[string]func(tx store.Tx) error{
		"Put":          func(tx store.Tx) error { return tx.Put(things, "a", quoted("v")) },
		"PutNew":       func(tx store.Tx) error { return tx.PutNew(things, "b", quoted("v")) },
		"Delete":       func(tx store.Tx) error { return tx.Delete(things, "a") },
		"UseNonce":     func(tx store.Tx) error { return tx.UseNonce(nonce("n", 0)) },
		"RefuseNonces": func(tx store.Tx) error { return tx.RefuseNonces(tx.Now()) },
	}
	for name, call := range calls {
		wantError(t, name+" in View", s.View(t.Context(), call), store.ErrReadOnly)
	}
	wantValue(t, s, "a", "a")
	wantValue(t, s, "b", "")
	failure := errors.New("of the caller")
	wantError(t, "View", s.View(t.Context(), func(store.Tx) error { return failure }), failure)
}

func nowIsOneInstant(t *testing.T, e Engine) {
	s := e.Open(t)
	check := func(tx store.Tx) error {
		now := tx.Now()
		if _, err := tx.Get(things, "a"); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if !now.Equal(tx.Now()) {
			t.Errorf("Now() = %v, then %v", now, tx.Now())
		}
		if now.Location() != now.UTC().Location() || now.Nanosecond()%1e6 != 0 {
			t.Errorf("Now() = %v, want UTC in whole milliseconds", now)
		}
		return nil
	}
	update(t, s, check)
	view(t, s, check)
}
