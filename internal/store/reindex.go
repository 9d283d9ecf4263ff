package store

import (
	"errors"
	"fmt"
)

// Indexed reports whether the record has all its index entries. One that an
// older program has written lacks those of an index that it did not know.
func (c *Collection[T]) Indexed(tx Tx, v T) (bool, error) {
	key := c.key(v)
	for e := range c.entries(key, v) {
		_, err := tx.Get(c.indexName(e.index), e.key)
		if errors.Is(err, ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("look for %s %q by %s: %w", c.name, key, c.indexes[e.index].Name, err)
		}
	}
	return true, nil
}

// Reindex writes all index entries of the record under key, as it is stored
// now, that are not unique. Entries of unique indexes are left as they are.
func (c *Collection[T]) Reindex(tx Tx, key string) error {
	v, err := c.GetKey(tx, key)
	if err != nil {
		return err
	}
	var all []entry
	for e := range c.entries(key, v) {
		all = append(all, e)
	}
	return c.reindex(tx, key, inOrder(all), nil)
}
