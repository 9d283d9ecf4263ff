package bolt

import (
	"fmt"
	"os"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/migrations"
)

// Verify reads the whole store at path, which must not be in use, without
// changing it: its pages by our own survey and by bbolt's, its schema, and
// every record's checksum. It returns ErrForeign, ErrInUse, store.ErrCorrupt
// or migrations.ErrNewer for what can't be served.
func Verify(path string) error {
	if err := verify(path); err != nil {
		return fmt.Errorf("verify %s: %w", path, err)
	}
	return nil
}

func verify(path string) error {
	// The survey comes first: bbolt follows page numbers without a look.
	if err := surveyFile(path); err != nil {
		return err
	}
	db, _, err := openFile(path, Options{}, true, inspect)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	if err := verifySchema(db); err != nil {
		return err
	}
	return db.View(func(tx *bbolt.Tx) error {
		var first error
		for err := range tx.Check() { // to the end, or its goroutine stays
			if first == nil {
				first = fmt.Errorf("%w: %w", store.ErrCorrupt, err)
			}
		}
		if first != nil {
			return first
		}
		return verifyRecords(tx, true)
	})
}

func surveyFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	if err := inspect(f); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return surveyPages(f, info.Size())
}

func verifySchema(db *bbolt.DB) error {
	at, err := migrations.BoltSchema(db, migrations.BoltSteps())
	if err != nil {
		return foreign(err)
	}
	if at == 0 {
		return fmt.Errorf("%w: it has no schema", ErrForeign)
	}
	return nil
}

// verifyRecords counts the damaged records; those of nonces only if asked,
// because Open knows how to live with them.
func verifyRecords(tx *bbolt.Tx, nonces bool) (err error) {
	defer caught(&err)
	defer faultsPanic()()
	damaged, where := 0, ""
	err = tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
		bucket, format := recordsOf(string(name), nonces)
		if format == 0 {
			return nil
		}
		return b.ForEach(func(k, frame []byte) error {
			if _, err := open(bucket, string(k), format, frame); err != nil {
				damaged++
				where = bucket
			}
			return nil
		})
	})
	if err == nil && damaged > 0 {
		err = fmt.Errorf("%w: %d of them, the last in %q; restore a backup", store.ErrCorrupt, damaged, where)
	}
	return err
}

// recordsOf says how the records of a top-level bucket are sealed; format 0 is
// not at all.
func recordsOf(name string, nonces bool) (bucket string, format byte) {
	if collection, ok := strings.CutPrefix(name, collectionPrefix); ok {
		return collection, formatJSON
	}
	if strings.HasPrefix(name, groupPrefix) && nonces {
		return name, formatTags
	}
	if name == engineBucket {
		return name, formatTime
	}
	return "", 0
}
