package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

func openBolt(t testing.TB) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// fill makes a store of so many users, each bound once, in slices.
func fill(t testing.TB, s store.Store, users int) {
	t.Helper()
	const each = 500
	for from := 0; from < users; from += each {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			for i := from; i < min(from+each, users); i++ {
				name := fmt.Sprintf("u%06d", i)
				err := errors.Join(
					store.Users.Put(tx, lti.User{Domain: "d", Username: name}),
					store.Bindings.Put(tx, lti.Binding{Domain: "d", Consumer: "c", Value: name, Username: name}))
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// contents is everything as text.
func contents(t testing.TB, s store.Store) string {
	t.Helper()
	var out bytes.Buffer
	err := s.View(t.Context(), func(tx store.Tx) error {
		out.Reset()
		return store.Dump(t.Context(), tx, store.Everything(), &out)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCopyBringsEverythingAndRepeats(t *testing.T) {
	t.Parallel()
	from, to := openBolt(t), openBolt(t)
	fill(t, from, 2500)
	var last store.Progress
	for range 2 { // again into what the first one made
		count, err := store.Copy(t.Context(), from, to, func(p store.Progress) { last = p })
		if err != nil {
			t.Fatalf("Copy() = %v", err)
		}
		if count["users"] != 2500 || count["bindings"] != 2500 || count["bindings.user"] != 2500 || count.Total() != 7500 {
			t.Errorf("Copy() counted %v", count)
		}
	}
	if last.Collection != "audit" {
		t.Errorf("the last progress is %v, want that of the last collection", last)
	}
	if diff := cmp.Diff(contents(t, from), contents(t, to)); diff != "" {
		t.Errorf("source and target differ: %.500s", diff)
	}
}

func TestCopyRefusesATargetWithOtherRecords(t *testing.T) {
	t.Parallel()
	from, to := openBolt(t), openBolt(t)
	fill(t, from, 10)
	fill(t, to, 12)
	before := contents(t, to)
	if _, err := store.Copy(t.Context(), from, to, nil); !errors.Is(err, store.ErrOther) {
		t.Errorf("Copy() = %v, want %v", err, store.ErrOther)
	}
	if contents(t, to) != before {
		t.Error("the target was changed")
	}
}

// TestACopyThatIsCutOffGoesOn cuts a copy at every slice, changes the source,
// and copies again.
func TestACopyThatIsCutOffGoesOn(t *testing.T) {
	t.Parallel()
	from := openBolt(t)
	fill(t, from, 2500)
	for cut := 1; cut < 12; cut += 3 {
		to := openBolt(t)
		ctx, cancel := context.WithCancel(t.Context())
		slices := 0
		_, err := store.Copy(ctx, from, to, func(store.Progress) {
			if slices++; slices == cut {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("Copy() cut at slice %d = %v, want %v", cut, err, context.Canceled)
		}
		wantUnfinished(t, to, true)
		change := fmt.Sprintf("u%06d", 100*cut)
		err = from.Update(t.Context(), func(tx store.Tx) error {
			return errors.Join(store.Users.Delete(tx, "d", change), store.Users.Put(tx, lti.User{Domain: "d", Username: change + "+"}))
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Copy(t.Context(), from, to, nil); err != nil {
			t.Fatalf("Copy() again = %v", err)
		}
		wantUnfinished(t, to, false)
		if contents(t, from) != contents(t, to) {
			t.Errorf("cut at slice %d: source and target differ", cut)
		}
	}
}

func wantUnfinished(t testing.TB, s store.Store, want bool) {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) error {
		got, err := store.CopyUnfinished(tx)
		if got != want {
			t.Errorf("CopyUnfinished() = %v, want %v", got, want)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTheTargetOfACopyRefusesTheNoncesOfBefore(t *testing.T) {
	t.Parallel()
	from, to := openBolt(t), openBolt(t)
	err := from.Update(t.Context(), func(tx store.Tx) error {
		return store.Tools.Put(tx, lti.Tool{Domain: "d", ID: "t", NonceLifetime: time.Hour})
	})
	if err != nil {
		t.Fatal(err)
	}
	ahead := time.Now().Add(59 * time.Minute) // by a clock that the window still allows
	used := store.NewNonce(store.NonceService, "k", "n", ahead, time.Hour)
	useNonce := func(s store.Store) error {
		return s.Update(t.Context(), func(tx store.Tx) error { return tx.UseNonce(used) })
	}
	if err := useNonce(from); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Copy(t.Context(), from, to, nil); err != nil {
		t.Fatal(err)
	}
	if err := useNonce(to); !errors.Is(err, store.ErrNonceStale) {
		t.Errorf("UseNonce on the target = %v, want %v", err, store.ErrNonceStale)
	}
}

// TestEverythingNamesEveryCollection reads which package variables are
// collections.
func TestEverythingNamesEveryCollection(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "collections.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, name := range store.Everything() {
		if named[name] {
			t.Errorf("%q is there twice", name)
		}
		named[name] = true
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		fn, isName := call.Fun.(*ast.Ident)
		if !isName || fn.Name != "collection" {
			return true
		}
		found++
		if name, ok := call.Args[0].(*ast.BasicLit); !ok || !named[strings.Trim(name.Value, `"`)] {
			t.Errorf("Everything lacks %v", call.Args[0])
		}
		return true
	})
	if found == 0 {
		t.Error("no collection was found")
	}
}

func TestSameDocument(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		same bool
	}{
		{`{"a":1,"b":[true,null]}`, `{ "b": [true, null], "a": 1.0 }`, true},
		{`1e3`, `1000`, true},
		{`9007199254740993`, `9007199254740992`, false},
		{`"\u003c"`, `"<"`, true},
		{`{"a":1}`, `{"a":1,"b":null}`, false},
		{`[1,2]`, `[2,1]`, false},
		{`null`, `false`, false},
		{``, ``, true},
		{``, `null`, false},
		{`x`, `x`, true},
		{`x`, `y`, false},
	}
	for _, tt := range tests {
		if got := store.SameDocument([]byte(tt.a), []byte(tt.b)); got != tt.same {
			t.Errorf("SameDocument(%s, %s) = %v, want %v", tt.a, tt.b, got, tt.same)
		}
	}
}

func TestLoadDumpReadsWhatDumpWrote(t *testing.T) {
	t.Parallel()
	from := openBolt(t)
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		name := fmt.Sprintf("round %d", round)
		records := rapid.MapOfN(rapid.StringMatching(`[a-z/]{1,8}`), rapid.SampledFrom([]string{"", "null", "1", `"<"`, `{"a":[1.5,"x"]}`}), 0, 20).Draw(r, "records")
		err := from.Update(t.Context(), func(tx store.Tx) error {
			for k, v := range records {
				if err := tx.Put(name, k, []byte(v)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			r.Fatal(err)
		}
		text := dump(t.Context(), r, from, name)
		to := openBolt(t)
		count, err := store.LoadDump(t.Context(), bytes.NewReader(text), to)
		if err != nil || count.Total() != int64(len(records)) {
			r.Fatalf("LoadDump() = %v, %v, want %d records", count, err, len(records))
		}
		if again := dump(t.Context(), r, to, name); !bytes.Equal(again, text) {
			r.Fatalf("dumped again: %s, want %s", again, text)
		}
	})
}

func TestARestoreThatIsCutOffLeavesNoStoreToUse(t *testing.T) {
	t.Parallel()
	from, to := openBolt(t), openBolt(t)
	err := from.Update(t.Context(), func(tx store.Tx) error {
		return store.Tools.Put(tx, lti.Tool{Domain: "d", ID: "t", NonceLifetime: time.Hour})
	})
	if err != nil {
		t.Fatal(err)
	}
	text := dump(t.Context(), t, from, store.Everything()...)
	unfinished := func() (half bool) {
		err := to.View(t.Context(), func(tx store.Tx) (err error) {
			half, err = store.CopyUnfinished(tx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return half
	}
	if _, err := store.LoadDump(t.Context(), bytes.NewReader(text[:len(text)-2]), to); err == nil || !unfinished() {
		t.Errorf("after a part, LoadDump() = %v, and the store is unfinished: %t", err, unfinished())
	}
	if _, err := store.LoadDump(t.Context(), bytes.NewReader(text), to); err != nil || unfinished() {
		t.Errorf("after the whole, LoadDump() = %v, and the store is unfinished: %t", err, unfinished())
	}
	ahead := store.NewNonce(store.NonceService, "k", "n", time.Now().Add(59*time.Minute), time.Hour)
	err = to.Update(t.Context(), func(tx store.Tx) error { return tx.UseNonce(ahead) })
	if !errors.Is(err, store.ErrNonceStale) {
		t.Errorf("UseNonce after a restore = %v, want %v", err, store.ErrNonceStale)
	}
}

func dump(ctx context.Context, t rapid.TB, s store.Store, names ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	err := s.View(ctx, func(tx store.Tx) error {
		out.Reset()
		return store.Dump(ctx, tx, names, &out)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestCheckDumpRefusesWhatIsCutOrChanged(t *testing.T) {
	t.Parallel()
	from := openBolt(t)
	fill(t, from, 3)
	whole := dump(t.Context(), t, from, "users", "bindings")
	if count, err := store.CheckDump(bytes.NewReader(whole)); err != nil || count.Total() != 6 {
		t.Fatalf("CheckDump() = %v, %v", count, err)
	}
	for n := range len(whole) - 1 {
		if _, err := store.CheckDump(bytes.NewReader(whole[:n])); !errors.Is(err, store.ErrDump) {
			t.Fatalf("CheckDump of the first %d bytes = %v, want %v", n, err, store.ErrDump)
		}
		changed := bytes.Clone(whole)
		changed[n] ^= 1
		if _, err := store.CheckDump(bytes.NewReader(changed)); !errors.Is(err, store.ErrDump) {
			t.Fatalf("CheckDump with byte %d changed = %v, want %v", n, err, store.ErrDump)
		}
	}
}

func FuzzCheckDump(f *testing.F) {
	f.Add([]byte(`{"ltihub_dump":1}` + "\n" + `{"c":"users","k":"a","v":{}}` + "\n" + `{"end":{"records":1,"sha256":""}}` + "\n"))
	f.Add([]byte(`{"ltihub_dump":2}`))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, text []byte) {
		count, err := store.CheckDump(bytes.NewReader(text))
		if err != nil && !errors.Is(err, store.ErrDump) {
			t.Errorf("CheckDump() = %v, want %v", err, store.ErrDump)
		}
		if err == nil && count.Total() < 0 {
			t.Errorf("CheckDump() counted %v", count)
		}
	})
}
