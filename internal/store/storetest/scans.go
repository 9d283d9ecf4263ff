package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/store"
)

func scans() []behaviour {
	return []behaviour{
		{"ScanKeepsToItsBounds", scanBounds},
		{"ScanPagesThroughEverything", scanPages},
		{"ScanRefusesLimitsOutOfRange", scanLimits},
		{"ScanFindsNothingInWhatTheUnitEmptied", scanEmptied},
		{"ScanAgreesWithAModel", scanModel},
	}
}

func scanBounds(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "a", "a/", "a/1", "a/2", "a/2/x", "a0", "b", "ba", "c\U0010ffff", "c\U0010ffff!", "d")
	tests := []struct {
		name, prefix, bound string
		limit               int
		forward, back       string
	}{
		{"everything", "", "", 100, "a a/ a/1 a/2 a/2/x a0 b ba c\U0010ffff c\U0010ffff! d", "d c\U0010ffff! c\U0010ffff ba b a0 a/2/x a/2 a/1 a/ a"},
		{"limit", "", "", 2, "a a/", "d c\U0010ffff!"},
		{"prefix is a key", "a", "", 100, "a a/ a/1 a/2 a/2/x a0", "a0 a/2/x a/2 a/1 a/ a"},
		{"prefix ends in a slash", "a/", "", 100, "a/ a/1 a/2 a/2/x", "a/2/x a/2 a/1 a/"},
		{"highest rune", "c\U0010ffff", "", 100, "c\U0010ffff c\U0010ffff!", "c\U0010ffff! c\U0010ffff"},
		{"nothing has it", "x", "", 100, "", ""},
		{"between", "aa", "", 100, "", ""},
		{"bound is a key", "a/", "a/1", 100, "a/2 a/2/x", "a/"},
		{"bound is no key", "a/", "a/1x", 100, "a/2 a/2/x", "a/1 a/"},
		{"bound below prefix", "b", "a", 100, "b ba", ""},
		{"bound above prefix", "b", "c", 100, "", "ba b"},
		{"bound at the ends", "", "d", 100, "", "c\U0010ffff! c\U0010ffff ba b a0 a/2/x a/2 a/1 a/ a"},
		{"bound is the prefix", "b", "b", 100, "ba", ""},
	}
	for _, tt := range tests {
		for name, run := range map[string]func(testing.TB, store.Store, func(store.Tx) error){"View": view, "Update": update} {
			run(t, s, func(tx store.Tx) error {
				got, err := tx.Scan(things, tt.prefix, tt.bound, tt.limit)
				if keysOf(got) != tt.forward || err != nil {
					t.Errorf("%s in %s: Scan(%q, %q) = %q, %v, want %q", tt.name, name, tt.prefix, tt.bound, keysOf(got), err, tt.forward)
				}
				got, err = tx.ScanBack(things, tt.prefix, tt.bound, tt.limit)
				if keysOf(got) != tt.back || err != nil {
					t.Errorf("%s in %s: ScanBack(%q, %q) = %q, %v, want %q", tt.name, name, tt.prefix, tt.bound, keysOf(got), err, tt.back)
				}
				return nil
			})
		}
	}
}

func keysOf(items []store.Item) string {
	keys := make([]string, len(items))
	for i, it := range items {
		keys[i] = it.Key
	}
	return strings.Join(keys, " ")
}

func scanPages(t *testing.T, e Engine) {
	s := e.Open(t)
	var want []string
	for i := range 57 {
		want = append(want, fmt.Sprintf("p/%03d", i))
	}
	fill(t, s, want...)
	fill(t, s, "o", "q")
	for _, limit := range []int{1, 7, 19, 57, 100} {
		view(t, s, func(tx store.Tx) error {
			forward, back := pages(t, tx.Scan, limit), pages(t, tx.ScanBack, limit)
			slices.Reverse(back)
			if !slices.Equal(forward, want) || !slices.Equal(back, want) {
				t.Errorf("pages of %d: forward %q, back %q, want %q", limit, forward, back, want)
			}
			return nil
		})
	}
}

func pages(t testing.TB, scan func(collection, prefix, bound string, limit int) ([]store.Item, error), limit int) []string {
	t.Helper()
	var keys []string
	for bound := ""; ; {
		items, err := scan(things, "p/", bound, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range items {
			if !holds(it.Value, it.Key) {
				t.Errorf("value of %q = %s", it.Key, it.Value)
			}
			keys = append(keys, it.Key)
		}
		if len(items) < limit {
			return keys
		}
		bound = keys[len(keys)-1]
	}
}

func scanLimits(t *testing.T, e Engine) {
	s := e.Open(t)
	fill(t, s, "a")
	view(t, s, func(tx store.Tx) error {
		for _, limit := range []int{-1, 0, store.MaxScan + 1} {
			if _, err := tx.Scan(things, "", "", limit); err == nil {
				t.Errorf("Scan with limit %d was taken", limit)
			}
			if _, err := tx.ScanBack(things, "", "", limit); err == nil {
				t.Errorf("ScanBack with limit %d was taken", limit)
			}
		}
		_, err := tx.Scan(things, "", "", store.MaxScan)
		return err
	})
}

// scanEmptied deletes more records than a page of a tree holds, all of them
// and all but one, and scans before the unit ends.
func scanEmptied(t *testing.T, e Engine) {
	s := e.Open(t)
	const many = 900
	for _, kept := range []int{-1, 0, many / 2, many - 1} {
		want := ""
		if kept >= 0 {
			want = keyOf(kept)
		}
		update(t, s, func(tx store.Tx) error {
			for i := range many {
				if err := tx.Put(things, keyOf(i), quoted("some text that fills the pages")); err != nil {
					return err
				}
			}
			return nil
		})
		update(t, s, func(tx store.Tx) error {
			for i := range many {
				if i == kept {
					continue
				}
				if err := tx.Delete(things, keyOf(i)); err != nil {
					return err
				}
			}
			forward, errForward := tx.Scan(things, "", "", 10)
			back, errBack := tx.ScanBack(things, "", "", 10)
			if keysOf(forward) != want || keysOf(back) != want {
				t.Errorf("all but %d deleted: Scan() = %q, ScanBack() = %q, want %q", kept, keysOf(forward), keysOf(back), want)
			}
			return errors.Join(errForward, errBack)
		})
	}
}

// scanModel writes and deletes at random within one unit of work and after
// it, and compares each scan with a sorted list.
func scanModel(t *testing.T, e Engine) {
	s := e.Open(t)
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++ // a collection of its own for each try
		m := &model{collection: fmt.Sprintf("model%d", round), values: map[string]string{}}
		for range rapid.IntRange(1, 3).Draw(r, "units") {
			steps := rapid.SliceOfN(stepGenerator(), 1, 40).Draw(r, "steps")
			var after *model
			update(t, s, func(tx store.Tx) error {
				after = m.clone()
				for _, st := range steps {
					after.apply(r, tx, st)
				}
				return nil
			})
			m = after
			view(t, s, func(tx store.Tx) error {
				m.compare(r, tx, "", "", store.MaxScan)
				return nil
			})
		}
	})
}
