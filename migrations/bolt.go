package migrations

import (
	"errors"
	"fmt"
	"strconv"

	"go.etcd.io/bbolt"
)

var (
	// ErrNewer: a newer binary has raised the schema beyond what this one
	// knows.
	ErrNewer = errors.New("start a newer ltihub")
	// ErrForeign: the file is a sound bbolt file of another program.
	ErrForeign = errors.New("not an ltihub store")
)

// BoltStep is one change of the schema of a bbolt file. Numbers count from 1
// without a gap.
type BoltStep struct {
	Number int
	Name   string
	Up     func(tx *bbolt.Tx) error
}

// BoltSteps lists every step this binary knows, in order.
func BoltSteps() []BoltStep {
	return []BoltStep{
		{Number: 1, Name: "marker", Up: createMarker},
	}
}

// The marker is one decimal number that a person can read with bbolt's tools.
const (
	markerBucket = "ltihub"
	markerKey    = "schema"
)

// MigrateBolt applies the steps that db lacks, each in one transaction with
// its number. It returns ErrNewer or ErrForeign, and changes nothing, for a
// file that these steps do not lead up to.
func MigrateBolt(db *bbolt.DB, steps []BoltStep) error {
	at, err := BoltSchema(db, steps)
	if err != nil {
		return err
	}
	for _, step := range steps[at:] {
		if err := applyBolt(db, step); err != nil {
			return fmt.Errorf("apply schema step %d %s: %w", step.Number, step.Name, err)
		}
	}
	return nil
}

// BoltSchema is the number of the last step that was applied to db, 0 for an
// empty file. It returns ErrNewer and ErrForeign as MigrateBolt does.
func BoltSchema(db *bbolt.DB, steps []BoltStep) (int, error) {
	at := 0
	err := db.View(func(tx *bbolt.Tx) error {
		marker := tx.Bucket([]byte(markerBucket))
		if marker == nil {
			if first, _ := tx.Cursor().First(); first != nil {
				return fmt.Errorf("read schema: %w: its marker is missing", ErrForeign)
			}
			return nil
		}
		var err error
		if at, err = strconv.Atoi(string(marker.Get([]byte(markerKey)))); err != nil || at < 1 {
			return fmt.Errorf("read schema: %w: its marker is unreadable", ErrForeign)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	if at > len(steps) {
		return 0, fmt.Errorf("schema %d is newer than this binary knows (%d): %w", at, len(steps), ErrNewer)
	}
	return at, nil
}

func applyBolt(db *bbolt.DB, step BoltStep) error {
	return db.Update(func(tx *bbolt.Tx) error {
		if err := step.Up(tx); err != nil {
			return err
		}
		marker := tx.Bucket([]byte(markerBucket))
		return marker.Put([]byte(markerKey), []byte(strconv.Itoa(step.Number)))
	})
}
