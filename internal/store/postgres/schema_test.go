package postgres_test

import (
	"errors"
	"maps"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/postgres"
	"github.com/ltihub/ltihub/migrations"
)

// query reads one column of texts.
func query(t testing.TB, dsn, sql string, args ...any) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // only read from
	rows, err := conn.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestEveryCollectionHasATable(t *testing.T) {
	t.Parallel()
	s := openStore(t, cluster.Database(t), postgres.Options{})
	got := query(t, s.dsn, `SELECT collection FROM collection_tables
		JOIN information_schema.tables t ON t.table_name = collection_tables.table_name AND table_schema = current_schema()
		ORDER BY collection`)
	if want := slices.Sorted(slices.Values(store.Everything())); !slices.Equal(got, want) {
		t.Errorf("tables of collections (-want +got):\n%s", cmp.Diff(want, got))
	}
}

func TestNodesMayStartTogether(t *testing.T) {
	t.Parallel()
	dsn := cluster.Database(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := postgres.Open(t.Context(), dsn, postgres.Options{MaxConns: 2})
			if err != nil {
				t.Errorf("Open() = %v", err)
				return
			}
			if err := s.Close(); err != nil {
				t.Errorf("Close() = %v", err)
			}
		})
	}
	wg.Wait()
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, setup string
		want        error
	}{
		{"a newer schema", "INSERT INTO ltihub_schema (version_id, is_applied) VALUES (9999, true)", migrations.ErrNewer},
		{"tables of another program", "DROP TABLE ltihub_schema", migrations.ErrForeign},
	}
	for _, tt := range tests {
		dsn := cluster.Database(t)
		if err := openStore(t, dsn, postgres.Options{}).Close(); err != nil {
			t.Fatal(err)
		}
		name := dsn[strings.LastIndexByte(dsn, '/')+1 : strings.IndexByte(dsn, '?')]
		if err := cluster.Exec(t.Context(), name, tt.setup); err != nil {
			t.Fatal(err)
		}
		if _, err := postgres.Open(t.Context(), dsn, postgres.Options{}); !errors.Is(err, tt.want) {
			t.Errorf("%s: Open() = %v, want %v", tt.name, err, tt.want)
		}
	}
	_, err := postgres.Open(t.Context(), "postgres://127.0.0.1:1/none?sslmode=disable", postgres.Options{})
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("nobody there: Open() = %v, want %v", err, store.ErrUnavailable)
	}
	secret := "s3cret"
	if _, err = postgres.Open(t.Context(), "postgres://u:"+secret+"@[::1/none", postgres.Options{}); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("no address: Open() = %v, want an error without the password", err)
	}
}

func TestReportsReadTheViews(t *testing.T) {
	t.Parallel()
	s := openStore(t, cluster.Database(t), postgres.Options{})
	score := 0.25
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	err := s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(
			store.Users.Put(tx, lti.User{Domain: "a/b", Username: "ada%", GivenName: "Ada\x00", FamilyName: "Moss"}),
			store.Memberships.Put(tx, lti.Membership{Domain: "a/b", Course: "c", Username: "ada%", Role: "student", Status: "active", Digest: "d"}),
			store.Results.Put(tx, lti.Result{Domain: "a/b", Course: "c", Link: "l", Username: "ada%", Score: &score, SubmittedAt: at}),
			store.Results.Put(tx, lti.Result{Domain: "a/b", Course: "c", Link: "m", Username: "ada%", Override: &lti.Override{Score: 1, By: "eva"}}),
			store.Results.Put(tx, lti.Result{Domain: "a/b", Course: "c", Link: "n", Username: "ada%"}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	got := query(t, s.dsn, `SELECT concat_ws(' ', domain, link, username, score, tool_score, override_by, extract(year from submitted_at)) FROM results_view ORDER BY link`)
	if want := []string{"a/b l ada% 0.25 0.25 2026", "a/b m ada% 1 eva", "a/b n ada%"}; !slices.Equal(got, want) {
		t.Errorf("results_view = %q, want %q", got, want)
	}
	got = query(t, s.dsn, "SELECT concat_ws(' ', domain, course, username, given_name, family_name, role, status, locked) FROM members_view")
	if want := []string{"a/b c ada% Ada\uFFFD Moss student active f"}; !slices.Equal(got, want) {
		t.Errorf("members_view = %q, want %q", got, want)
	}
}

func TestDocumentsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	s := openStore(t, cluster.Database(t), postgres.Options{})
	huge := new(big.Int).Exp(big.NewInt(10), big.NewInt(40), nil).String()
	docs := map[string]string{
		"NUL":           `{"a\u0000":"b\u0000c","d":"\\u0000"}`,
		"large number":  huge,
		"small number":  `1e-300`,
		"every control": `"\u0001\u001f\u007f\t\n"`,
		"emoji":         `"😀\ud83d\ude00\u2028<&>"`,
		"null":          `null`,
		"nested":        `{"b":[1,2.50,{"a":null}],"a":true}`,
	}
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for _, name := range slices.Sorted(maps.Keys(docs)) {
			if err := errors.Join(tx.Put("users", name, []byte(docs[name])), tx.Put("not a table", name, []byte(docs[name]))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx store.Tx) error {
		for name, want := range docs {
			for _, collection := range []string{"users", "not a table"} {
				got, err := tx.Get(collection, name)
				if err != nil || !store.SameDocument(got, []byte(want)) {
					t.Errorf("%s in %s = %s, %v, want %s", name, collection, got, err, want)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	err = s.Update(t.Context(), func(tx store.Tx) error { return tx.Put("users", "x", []byte("no document")) })
	if err == nil {
		t.Error("what is no document was taken")
	}
}

func TestDurabilityWarns(t *testing.T) {
	t.Parallel()
	s := openStore(t, cluster.Database(t), postgres.Options{})
	if warning, err := s.Durability(t.Context()); warning != "" || err != nil {
		t.Errorf("Durability() = %q, %v, want no warning", warning, err)
	}
	careless := openStore(t, s.dsn+"&synchronous_commit=off", postgres.Options{})
	if warning, err := careless.Durability(t.Context()); !strings.Contains(warning, "synchronous_commit is off") || err != nil {
		t.Errorf("Durability() = %q, %v, want a warning", warning, err)
	}
}

func TestSweepDropsPastHours(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	s := nodes[0]
	at := time.Now().Add(-6 * time.Hour)
	for i, lifetime := range []time.Duration{time.Hour, 5 * time.Hour, 12 * time.Hour} {
		n := store.NewNonce(store.NonceLaunch, "key", "n", at.Add(-time.Duration(i)*2*time.Hour), lifetime)
		if err := use(t, s, n); err != nil {
			t.Fatal(err)
		}
	}
	tables := func() int {
		return len(query(t, s.dsn, `SELECT table_name::text FROM information_schema.tables WHERE table_name LIKE 'nonces\_%'`))
	}
	before := tables()
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := tables(); after != before-2 {
		t.Errorf("%d tables of nonces after Sweep, %d before, want two less", after, before)
	}
	stale := store.NewNonce(store.NonceLaunch, "key", "n", at, time.Hour)
	if err := use(t, nodes[1], stale); !errors.Is(err, store.ErrNonceStale) {
		t.Errorf("UseNonce on the other node = %v, want %v", err, store.ErrNonceStale)
	}
	late := store.NewNonce(store.NonceLaunch, "key", "late", at, 12*time.Hour) // its hour was dropped
	if err := use(t, nodes[1], late); err != nil {
		t.Errorf("UseNonce of an hour that was dropped = %v", err)
	}
	if err := use(t, s, late); !errors.Is(err, store.ErrNonceUsed) {
		t.Errorf("UseNonce again = %v, want %v", err, store.ErrNonceUsed)
	}
}

// TestAReplayMeetsADroppedHour replays a nonce on a node that looks with care
// into a table that the other has dropped.
func TestAReplayMeetsADroppedHour(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	at := time.Now().Add(-6 * time.Hour)
	used := store.NewNonce(store.NonceLaunch, "key", "n", at, time.Hour)
	if err := use(t, nodes[0], used); err != nil {
		t.Fatal(err)
	}
	if err := use(t, nodes[1], used); !errors.Is(err, store.ErrNonceUsed) { // now it knows the table
		t.Fatalf("UseNonce() = %v", err)
	}
	if err := nodes[0].Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	failure := errors.New("of the caller")
	late := store.NewNonce(store.NonceLaunch, "key", "late", at, 12*time.Hour)
	err := nodes[1].Update(t.Context(), func(tx store.Tx) error {
		if err := tx.UseNonce(late); err != nil {
			return err
		}
		return failure // so the unit runs again with care
	})
	if !errors.Is(err, failure) {
		t.Errorf("Update() = %v, want %v", err, failure)
	}
	if err := use(t, nodes[1], late); err != nil {
		t.Errorf("UseNonce() = %v", err)
	}
}

// TestWhatAFailingUnitSaysIsTrue: an error that comes of a key taken to be free
// counts only when the key is free.
func TestWhatAFailingUnitSaysIsTrue(t *testing.T) {
	t.Parallel()
	s := openStore(t, cluster.Database(t), postgres.Options{})
	n := launchNonce("n")
	first := func(tx store.Tx) error { return errors.Join(tx.UseNonce(n), tx.PutNew("users", "a", nil)) }
	if err := s.Update(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	late := errors.New("what comes later")
	for what, call := range map[error]func(tx store.Tx) error{
		store.ErrNonceUsed: func(tx store.Tx) error { return tx.UseNonce(n) },
		store.ErrExists:    func(tx store.Tx) error { return tx.PutNew("users", "a", nil) },
	} {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			if err := call(tx); err != nil {
				return err
			}
			return late
		})
		if !errors.Is(err, what) {
			t.Errorf("Update() = %v, want %v", err, what)
		}
	}
}

func TestATransactionIsOfNoUseAfterItsEnd(t *testing.T) {
	t.Parallel()
	s := openStore(t, cluster.Database(t), postgres.Options{})
	var leaked []store.Tx
	keep := func(tx store.Tx) error { leaked = append(leaked, tx); return nil }
	if err := errors.Join(s.Update(t.Context(), keep), s.View(t.Context(), keep)); err != nil {
		t.Fatal(err)
	}
	for _, tx := range leaked {
		tx.Now()
		_, errGet := tx.Get("users", "k")
		_, errScan := tx.Scan("users", "", "", 1)
		for call, err := range map[string]error{"Get": errGet, "Scan": errScan, "Put": tx.Put("users", "k", nil),
			"UseNonce": tx.UseNonce(store.Nonce{}), "Prefetch": tx.Prefetch(store.Key{Collection: "users", Key: "k"})} {
			if !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("%s after the end = %v, want %v", call, err, store.ErrUnavailable)
			}
		}
	}
}

// TestAPoolerMayStandBetween uses no prepared statements, as a pooler wants it
// that gives each transaction another connection.
func TestAPoolerMayStandBetween(t *testing.T) {
	t.Parallel()
	s := openStore(t, cluster.Database(t)+"&default_query_exec_mode=exec", postgres.Options{})
	fill(t, s, 50, 1)
	if err := use(t, s, launchNonce("n")); err != nil {
		t.Errorf("UseNonce() = %v", err)
	}
	if err := use(t, s, launchNonce("n")); !errors.Is(err, store.ErrNonceUsed) {
		t.Errorf("UseNonce() again = %v, want %v", err, store.ErrNonceUsed)
	}
	err := s.View(t.Context(), func(tx store.Tx) error {
		users, _, err := store.Users.List(tx, "", "", 100)
		if len(users) != 50 {
			t.Errorf("%d users, want 50", len(users))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
