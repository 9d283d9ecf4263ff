package bolt

import (
	"bytes"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/ltihub/ltihub/internal/store"
)

// spoil marks the batch when damage was met while writing: bbolt may hold half
// a page in memory then, which must not be committed.
func (t *tx) spoil(err *error) {
	if t.write && errors.Is(*err, store.ErrCorrupt) {
		t.batch.spoilt = *err
	}
}

// Scan returns up to limit items with prefix, after after, in key order.
func (t *tx) Scan(collection, prefix, after string, limit int) (items []store.Item, err error) {
	defer caught(&err)
	b, err := t.scanned(collection, limit)
	if err != nil || b == nil {
		return nil, err
	}
	c := b.Cursor()
	k, frame := c.Seek([]byte(max(prefix, after)))
	if after != "" && string(k) == after {
		k, frame = c.Next()
	}
	for ; k != nil && len(items) < limit && bytes.HasPrefix(k, []byte(prefix)); k, frame = c.Next() {
		if items, err = appendItem(items, collection, k, frame); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// ScanBack returns up to limit items with prefix, before before, in falling
// key order.
func (t *tx) ScanBack(collection, prefix, before string, limit int) (items []store.Item, err error) {
	defer caught(&err)
	b, err := t.scanned(collection, limit)
	if err != nil || b == nil {
		return nil, err
	}
	bound := following(prefix)
	if before != "" && (bound == nil || before < string(bound)) {
		bound = []byte(before)
	}
	c := b.Cursor()
	k, frame := seekBelow(c, bound)
	for k != nil && len(items) < limit && bytes.HasPrefix(k, []byte(prefix)) {
		if items, err = appendItem(items, collection, k, frame); err != nil {
			return nil, err
		}
		k, frame = stepBack(c, b, k)
	}
	return items, nil
}

func (t *tx) scanned(collection string, limit int) (*bbolt.Bucket, error) {
	if t.ended {
		return nil, errEnded()
	}
	if limit < 1 || limit > store.MaxScan {
		return nil, fmt.Errorf("scan %s: limit %d is not 1 to %d", collection, limit, store.MaxScan)
	}
	return t.batch.bucket(collection), nil
}

func appendItem(items []store.Item, collection string, k, frame []byte) ([]store.Item, error) {
	key := string(k)
	value, err := open(collection, key, formatJSON, frame)
	if err != nil {
		return nil, fmt.Errorf("scan %s %q: %w", collection, key, err)
	}
	return append(items, store.Item{Key: key, Value: value}), nil
}

// following is the least key above all that begin with prefix, nil for none.
func following(prefix string) []byte {
	next := []byte(prefix)
	for i := len(next) - 1; i >= 0; i-- {
		if next[i] < 0xff {
			next[i]++
			return next[:i+1]
		}
	}
	return nil
}

// seekBelow moves c to the last key below bound; a nil bound is the end. It
// looks for a first key before it asks for the last, because bbolt's Last
// never returns from several pages that this transaction has emptied.
func seekBelow(c *bbolt.Cursor, bound []byte) (k, frame []byte) {
	if k, _ = c.First(); k == nil {
		return nil, nil
	}
	if bound == nil {
		return c.Last()
	}
	k, _ = c.Seek(bound)
	if k == nil {
		return c.Last()
	}
	return stepBack(c, c.Bucket(), k)
}

// stepBack moves c from the key from to the one before it. bbolt's Prev also
// returns nil on a page that this transaction has emptied, though more may lie
// before it; then it must be asked again.
func stepBack(c *bbolt.Cursor, b *bbolt.Bucket, from []byte) (k, frame []byte) {
	if k, frame = c.Prev(); k != nil {
		return k, frame
	}
	first, _ := b.Cursor().First()
	for first != nil && bytes.Compare(first, from) < 0 && k == nil {
		k, frame = c.Prev()
	}
	return k, frame
}
