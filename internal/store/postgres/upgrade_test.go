package postgres_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/postgres"
	"github.com/ltihub/ltihub/migrations"
)

// olderDatabase has the schema as it was after the second step.
func olderDatabase(t *testing.T) (dsn string, db *sql.DB) {
	t.Helper()
	dsn = cluster.Database(t)
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	db = stdlib.OpenDB(*cfg)
	t.Cleanup(func() { _ = db.Close() })
	steps := fstest.MapFS{}
	for _, name := range []string{"0001_collections.sql", "0002_views.sql"} {
		text, err := fs.ReadFile(migrations.PostgresSteps(), name)
		if err != nil {
			t.Fatal(err)
		}
		steps[name] = &fstest.MapFile{Data: text}
	}
	if err := migrations.MigratePostgres(t.Context(), db, steps); err != nil {
		t.Fatal(err)
	}
	return dsn, db
}

// olderWrite writes a waiting delivery and its result as the program of that
// schema did, which knew no host and no lane.
func olderWrite(t *testing.T, db *sql.DB, n int) {
	t.Helper()
	id := fmt.Sprintf("0193-%d", n)
	for _, q := range []struct{ sql, key, doc string }{
		{"INSERT INTO deliveries (key, doc) VALUES ($1, $2::jsonb)", id, fmt.Sprintf(
			`{"id":%q,"target":"t","domain":"uni","course":"c","username":"u%d","scope":{"kind":"link","id":"quiz"},"consumer":"campus","score":0.5,"total":5,"possible":10,"state":"waiting","created":"2026-11-21T09:00:00Z","due":"2026-11-21T09:00:00Z","give_up":"2026-12-05T09:00:00Z"}`, id, n)},
		{"INSERT INTO deliveries_queue (key, doc) VALUES ($1, $2::jsonb)", fmt.Sprintf("waiting/001795251600000/%s", id), fmt.Sprintf("%q", id)},
		{"INSERT INTO results (key, doc) VALUES ($1, $2::jsonb)", fmt.Sprintf("uni/c/quiz/u%d", n), fmt.Sprintf(
			`{"domain":"uni","course":"c","link":"quiz","username":"u%d","score":0.5,"submitted_at":"2026-11-21T09:00:00Z","version":1}`, n)},
	} {
		if _, err := db.ExecContext(t.Context(), q.sql, q.key, q.doc); err != nil {
			t.Fatalf("%s: %v", q.sql, err)
		}
	}
}

// TestAnUpgradeLosesNothing opens a database of the second step that holds
// grades, while a node of the older program goes on writing.
func TestAnUpgradeLosesNothing(t *testing.T) {
	t.Parallel()
	dsn, db := olderDatabase(t)
	olderWrite(t, db, 0)
	s := openStore(t, dsn, postgres.Options{})
	olderWrite(t, db, 1)
	inLane := func() (users []string) {
		err := s.View(t.Context(), func(tx store.Tx) error {
			users = nil
			found, _, err := store.Deliveries.ListBy(tx, "lane", store.Prefix("uni", "campus"), "", 10)
			for _, d := range found {
				users = append(users, d.Username)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return users
	}
	if got := inLane(); len(got) != 0 {
		t.Errorf("in the lane before it was mended = %q", got)
	}
	err := s.Update(t.Context(), func(tx store.Tx) error {
		found, _, err := store.Deliveries.ListBy(tx, "queue", store.Prefix(string(lti.Waiting)), "", 10)
		if err != nil || len(found) != 2 {
			return fmt.Errorf("%d wait, want 2: %w", len(found), err)
		}
		for _, d := range found {
			whole, err := store.Deliveries.Indexed(tx, d)
			if whole || err != nil {
				t.Errorf("Indexed(%s) = %t, %v", d.ID, whole, err)
			}
			if err := store.Deliveries.Reindex(tx, d.ID); err != nil {
				return err
			}
			r, err := store.Results.Get(tx, d.Domain, d.Course, d.Scope.ID, d.Username)
			if err != nil || r.Score == nil || *r.Score != 0.5 {
				return errors.Join(fmt.Errorf("the result is %+v", r), err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := inLane(); !slices.Equal(got, []string{"u0", "u1"}) {
		t.Errorf("in the lane = %q, want both", got)
	}
	// The older node delivers one of them: it knows the queue only.
	for _, q := range []string{
		`UPDATE deliveries SET doc = doc || '{"state":"delivered","finished":"2026-11-21T10:00:00Z"}' WHERE key = '0193-0'`,
		`DELETE FROM deliveries_queue WHERE key LIKE '%/0193-0'`,
	} {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if got := inLane(); !slices.Equal(got, []string{"u1"}) {
		t.Errorf("in the lane after an older node has delivered = %q, want u1", got)
	}
	err = s.Update(t.Context(), func(tx store.Tx) error {
		if n, _, err := store.Deliveries.DropLost(tx, "lane", "", 10); n != 1 || err != nil {
			t.Errorf("DropLost() = %d, %v, want 1", n, err)
		}
		n, _, err := store.Deliveries.LostEntries(tx, "lane", "", 10)
		if n != 0 {
			t.Errorf("LostEntries() = %d after DropLost, want 0", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
