package postgres_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/internal/store/postgres"
)

func openBolt(t testing.TB) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return s
}

// fill makes users and so many results for each.
func fill(t testing.TB, s store.Store, users, results int) {
	t.Helper()
	const each = 200
	for from := 0; from < users; from += each {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			var errs []error
			for i := from; i < min(from+each, users); i++ {
				name := fmt.Sprintf("student-%06d", i)
				errs = append(errs, store.Users.Put(tx, lti.User{Domain: "uni", Username: name, GivenName: "Ada\x00", FamilyName: "<Moß>"}),
					store.Memberships.Put(tx, lti.Membership{Domain: "uni", Course: "c", Username: name, Role: "student", Digest: name}))
				for link := range results {
					score := float64(link) / float64(results)
					errs = append(errs, store.Results.Put(tx, lti.Result{
						Domain: "uni", Course: "c", Link: fmt.Sprint(link), Username: name, Score: &score, Version: 1}))
				}
			}
			return errors.Join(errs...)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestCopyGoesBothWays(t *testing.T) {
	t.Parallel()
	source, back := openBolt(t), openBolt(t)
	fill(t, source, 1500, 3)
	s := openStore(t, cluster.Database(t), postgres.Options{})
	there, err := store.Copy(t.Context(), source, s, nil)
	if err != nil {
		t.Fatalf("Copy() to PostgreSQL = %v", err)
	}
	again, err := store.Copy(t.Context(), source, s, nil)
	if err != nil {
		t.Fatalf("Copy() to PostgreSQL again = %v", err)
	}
	returned, err := store.Copy(t.Context(), s, back, nil)
	if err != nil {
		t.Fatalf("Copy() from PostgreSQL = %v", err)
	}
	// users, memberships with two indexes, and results
	if want := int64(1500 * (1 + 3 + 3)); there.Total() != want || again.Total() != want || returned.Total() != want {
		t.Errorf("counted %d, %d and %d records, want %d", there.Total(), again.Total(), returned.Total(), want)
	}
	if _, err := store.Copy(t.Context(), source, back, nil); err != nil {
		t.Errorf("what came back is not what went: %v", err)
	}
}

func TestABackupMovesToTheOtherEngine(t *testing.T) {
	t.Parallel()
	s, other := openStore(t, cluster.Database(t), postgres.Options{}), openBolt(t)
	fill(t, s, 300, 1)
	var backup bytes.Buffer
	if err := s.Backup(t.Context(), &backup); err != nil {
		t.Fatalf("Backup() = %v", err)
	}
	if _, err := store.LoadDump(t.Context(), &backup, other); err != nil {
		t.Fatalf("LoadDump() = %v", err)
	}
	if _, err := store.Copy(t.Context(), s, other, nil); err != nil {
		t.Errorf("the backup is not the store: %v", err)
	}
}

// TestEachCollectionGoesBothWays has a record in each collection and index.
func TestEachCollectionGoesBothWays(t *testing.T) {
	t.Parallel()
	source, back, restored := openBolt(t), openBolt(t), openBolt(t)
	err := source.Update(t.Context(), func(tx store.Tx) error {
		for i, name := range store.Everything() {
			if err := tx.Put(name, "uni/"+name, fmt.Appendf(nil, `{"n":%d}`, i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s := openStore(t, cluster.Database(t), postgres.Options{})
	for _, way := range []struct{ from, to store.Store }{{source, s}, {s, back}, {source, back}} {
		count, err := store.Copy(t.Context(), way.from, way.to, nil)
		if err != nil {
			t.Fatalf("Copy() = %v", err)
		}
		for _, name := range store.Everything() {
			if count[name] != 1 {
				t.Errorf("counted %d of %s, want 1", count[name], name)
			}
		}
	}
	if other := query(t, s.dsn, "SELECT key FROM other_records WHERE key LIKE '%/uni/%'"); len(other) > 0 {
		t.Errorf("without a table of their own: %q", other)
	}
	var backup bytes.Buffer
	if err := s.Backup(t.Context(), &backup); err != nil {
		t.Fatalf("Backup() = %v", err)
	}
	if _, err := store.LoadDump(t.Context(), &backup, restored); err != nil {
		t.Fatalf("LoadDump() = %v", err)
	}
	if _, err := store.Copy(t.Context(), source, restored, nil); err != nil {
		t.Errorf("the backup is not the store: %v", err)
	}
}
