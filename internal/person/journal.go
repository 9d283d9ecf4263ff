package person

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// journal changes records and keeps what they were, for taking a merge back.
type journal struct {
	tx    store.Tx
	merge string
	n     int
}

// put writes v and notes what stood in its place.
func put[T any](j *journal, c *store.Collection[T], v T) error {
	part, err := j.begin(c.Name(), c.Key(v))
	if err != nil {
		return err
	}
	if err := c.Put(j.tx, v); err != nil {
		return err
	}
	if part.After, err = json.Marshal(v); err != nil {
		return fmt.Errorf("note a change: %w", err)
	}
	return j.end(part)
}

// remove deletes v and notes it.
func remove[T any](j *journal, c *store.Collection[T], v T) error {
	part, err := j.begin(c.Name(), c.Key(v))
	if err != nil {
		return err
	}
	if err := c.Delete(j.tx, store.Split(c.Key(v))...); err != nil {
		return err
	}
	return j.end(part)
}

func (j *journal) begin(collection, key string) (lti.MergePart, error) {
	part := lti.MergePart{Merge: j.merge, N: j.n, Collection: collection, Key: key}
	raw, err := j.tx.Get(collection, key)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return part, fmt.Errorf("note a change: %w", err)
	}
	part.Before = bytes.Clone(raw)
	return part, nil
}

func (j *journal) end(part lti.MergePart) error {
	j.n++
	return store.MergeParts.PutNew(j.tx, part)
}

// stands reports whether the record is still as the merge left it.
func stands(tx store.Tx, part lti.MergePart) (bool, error) {
	raw, err := tx.Get(part.Collection, part.Key)
	if errors.Is(err, store.ErrNotFound) {
		return part.After == nil, nil
	}
	if err != nil {
		return false, fmt.Errorf("look whether a merged record stands: %w", err)
	}
	return part.After != nil && store.SameDocument(raw, part.After), nil
}

// restore puts back what stood there before the merge.
func restore[T any](tx store.Tx, c *store.Collection[T], part lti.MergePart) error {
	if part.Before == nil {
		return c.Delete(tx, store.Split(part.Key)...)
	}
	v, err := decode[T](part.Before)
	if err != nil {
		return err
	}
	return c.Put(tx, v)
}

func decode[T any](raw json.RawMessage) (v T, err error) {
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, fmt.Errorf("read what a merge kept: %w: %w", store.ErrCorrupt, err)
	}
	return v, nil
}
