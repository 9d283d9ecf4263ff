package migrations_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/ltihub/ltihub/migrations"
)

func openBolt(t testing.TB) *bbolt.DB {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "store.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func wantSchema(t testing.TB, db *bbolt.DB, steps []migrations.BoltStep, want int) {
	t.Helper()
	if got, err := migrations.BoltSchema(db, steps); got != want || err != nil {
		t.Errorf("BoltSchema() = %d, %v, want %d", got, err, want)
	}
}

func TestBoltStepsAreNumberedFromOne(t *testing.T) {
	t.Parallel()
	for i, step := range migrations.BoltSteps() {
		if step.Number != i+1 || step.Name == "" || step.Up == nil {
			t.Errorf("step %d is %d %q", i+1, step.Number, step.Name)
		}
	}
}

func TestMigrateBoltAppliesEachStepOnce(t *testing.T) {
	t.Parallel()
	db := openBolt(t)
	steps := migrations.BoltSteps()
	wantSchema(t, db, steps, 0)
	ran := 0
	for range 2 {
		if err := migrations.MigrateBolt(db, steps); err != nil {
			t.Fatal(err)
		}
		wantSchema(t, db, steps, len(steps))
		steps = append(slices.Clone(migrations.BoltSteps()), migrations.BoltStep{
			Number: len(migrations.BoltSteps()) + 1, Name: "later",
			Up: func(*bbolt.Tx) error { ran++; return nil },
		})
	}
	if err := migrations.MigrateBolt(db, steps); err != nil || ran != 1 {
		t.Errorf("MigrateBolt() = %v, the later step ran %d times, want once", err, ran)
	}
}

func TestMigrateBoltRefusesANewerSchema(t *testing.T) {
	t.Parallel()
	db := openBolt(t)
	if err := migrations.MigrateBolt(db, migrations.BoltSteps()); err != nil {
		t.Fatal(err)
	}
	err := migrations.MigrateBolt(db, nil)
	if !errors.Is(err, migrations.ErrNewer) || !strings.Contains(err.Error(), "schema 1 is newer than this binary knows (0)") {
		t.Errorf("MigrateBolt() = %v, want %v", err, migrations.ErrNewer)
	}
}

func TestMigrateBoltRefusesAnotherProgramsFile(t *testing.T) {
	t.Parallel()
	db := openBolt(t)
	err := db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("other")); return err })
	if err != nil {
		t.Fatal(err)
	}
	if err := migrations.MigrateBolt(db, migrations.BoltSteps()); !errors.Is(err, migrations.ErrForeign) {
		t.Errorf("MigrateBolt() = %v, want %v", err, migrations.ErrForeign)
	}
}

func TestAFailingStepLeavesTheSchemaBefore(t *testing.T) {
	t.Parallel()
	db := openBolt(t)
	failure := errors.New("step failed")
	steps := append(migrations.BoltSteps(), migrations.BoltStep{
		Number: 2, Name: "fails",
		Up: func(tx *bbolt.Tx) error {
			if _, err := tx.CreateBucket([]byte("half")); err != nil {
				return err
			}
			return failure
		},
	})
	if err := migrations.MigrateBolt(db, steps); !errors.Is(err, failure) {
		t.Errorf("MigrateBolt() = %v, want %v", err, failure)
	}
	wantSchema(t, db, steps, 1)
	err := db.View(func(tx *bbolt.Tx) error {
		if tx.Bucket([]byte("half")) != nil {
			t.Error("a failed step left a bucket")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
