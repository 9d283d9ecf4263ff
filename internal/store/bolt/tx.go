package bolt

import (
	"context"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"github.com/ltihub/ltihub/internal/store"
)

// tx is one unit of work within a transaction of bbolt, or a View of its own.
type tx struct {
	batch *batch
	now   time.Time
	write bool
	ended bool
	undos []undo      // what was there before each write, oldest first
	nonce nonceChange // what this unit adds to the batch
}

// undo is the record that a write replaced; a nil frame is none.
type undo struct {
	bucket *bbolt.Bucket
	key    string
	frame  []byte
}

const collectionPrefix = "c/"

func (b *batch) begin(now time.Time) *tx {
	now = instant(now)
	b.nonces.latest = max(b.nonces.latest, now.UnixMilli())
	return &tx{batch: b, now: now, write: true, nonce: nonceChange{watermark: b.change.watermark}}
}

func instant(now time.Time) time.Time { return now.UTC().Truncate(time.Millisecond) }

// View runs fn on the snapshot of the last commit.
func (s *Store) View(ctx context.Context, fn func(tx store.Tx) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.running.Done()
	if err := ctx.Err(); err != nil {
		return err
	}
	defer faultsPanic()()
	btx, err := s.beginView()
	if err != nil {
		return err
	}
	t := &tx{batch: &batch{tx: btx, buckets: make(map[string]*bbolt.Bucket)}, now: instant(s.now())}
	defer func() {
		t.ended = true
		_ = btx.Rollback() // the end of every read transaction
	}()
	return fn(t)
}

func (s *Store) beginView() (btx *bbolt.Tx, err error) {
	defer caught(&err)
	if btx, err = s.db.Begin(false); err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return btx, nil
}

// Now is the instant at which this unit of work began, in UTC, to the
// millisecond.
func (t *tx) Now() time.Time { return t.now }

// Prefetch does nothing: a read costs no round trip here.
func (t *tx) Prefetch(...store.Key) error { return nil }

// Get returns the value of key, or store.ErrNotFound.
func (t *tx) Get(collection, key string) (value []byte, err error) {
	defer caught(&err)
	b, err := t.bucket(collection, key)
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, store.ErrNotFound
	}
	l := labelOf(collection, key)
	frame := b.Get(l.key())
	if frame == nil {
		return nil, store.ErrNotFound
	}
	return l.open(formatJSON, frame)
}

// Put sets the value of key.
func (t *tx) Put(collection, key string, value []byte) error {
	return t.set(collection, key, value, false)
}

// PutNew sets the value of a new key, or returns store.ErrExists.
func (t *tx) PutNew(collection, key string, value []byte) error {
	return t.set(collection, key, value, true)
}

func (t *tx) set(collection, key string, value []byte, fresh bool) (err error) {
	if err := t.writable(); err != nil {
		return err
	}
	defer t.spoil(&err)
	defer caught(&err)
	b, err := t.bucket(collection, key)
	if err != nil {
		return err
	}
	if b == nil {
		if b, err = t.batch.create(collection); err != nil {
			return err
		}
	}
	l := labelOf(collection, key)
	old := b.Get(l.key())
	if fresh && old != nil {
		return store.ErrExists
	}
	if err := b.Put(l.key(), l.seal(formatJSON, value)); err != nil {
		return err
	}
	t.undos = append(t.undos, undo{bucket: b, key: key, frame: old})
	return nil
}

// Delete removes key; one that is not there is no error.
func (t *tx) Delete(collection, key string) (err error) {
	if err := t.writable(); err != nil {
		return err
	}
	defer t.spoil(&err)
	defer caught(&err)
	b, err := t.bucket(collection, key)
	if err != nil || b == nil {
		return err
	}
	old := b.Get([]byte(key))
	if old == nil {
		return nil
	}
	if err := b.Delete([]byte(key)); err != nil {
		return err
	}
	t.undos = append(t.undos, undo{bucket: b, key: key, frame: old})
	return nil
}

func (t *tx) writable() error {
	if t.ended {
		return errEnded()
	}
	if !t.write {
		return store.ErrReadOnly
	}
	return nil
}

func errEnded() error { return fmt.Errorf("%w: the transaction has ended", store.ErrUnavailable) }

// bucket finds the bucket of a collection for a key, nil if nothing was ever
// written to it.
func (t *tx) bucket(collection, key string) (*bbolt.Bucket, error) {
	if t.ended {
		return nil, errEnded()
	}
	if err := store.CheckKey(key); err != nil {
		return nil, err
	}
	return t.batch.bucket(collection), nil
}

func (b *batch) bucket(collection string) *bbolt.Bucket {
	found, ok := b.buckets[collection]
	if !ok {
		if found = b.tx.Bucket([]byte(collectionPrefix + collection)); found != nil {
			b.buckets[collection] = found
		}
	}
	return found
}

func (b *batch) create(collection string) (*bbolt.Bucket, error) {
	made, err := b.tx.CreateBucketIfNotExists([]byte(collectionPrefix + collection))
	if err != nil {
		return nil, err
	}
	b.buckets[collection] = made
	return made, nil
}

// keep hands the unit's work to the batch.
func (t *tx) keep() {
	t.batch.wrote = t.batch.wrote || len(t.undos) > 0
	t.batch.change.merge(t.nonce)
}

// undo puts back what the unit's writes replaced, last first. The batch then
// holds exactly what it held before, whichever keys were written how often.
func (t *tx) undo() {
	var err error
	defer t.spoil(&err)
	defer caught(&err)
	for i := len(t.undos) - 1; i >= 0; i-- {
		u := t.undos[i]
		if u.frame == nil {
			err = u.bucket.Delete([]byte(u.key))
		} else {
			err = u.bucket.Put([]byte(u.key), u.frame)
		}
		if err != nil {
			err = fmt.Errorf("%w: undo: %w", store.ErrCorrupt, err)
			return
		}
	}
}
