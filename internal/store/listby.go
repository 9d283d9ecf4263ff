package store

import (
	"errors"
	"fmt"
)

// ListBy reads up to limit records by an index: those whose entry begins with
// prefix and comes after after, in the order of the entries. next is the entry
// to go on after, "" at the end. An entry that an older program, which did not
// know the index, has left behind is passed over.
func (c *Collection[T]) ListBy(tx Tx, index, prefix, after string, limit int) (items []T, next string, err error) {
	i := c.index(index)
	for n := limit; n > 0; n = MaxScan { // what was left behind stands together: go past it in large steps
		found, err := tx.Scan(c.indexName(i), prefix, after, n)
		if err != nil {
			return nil, "", fmt.Errorf("list %s by %s: %w", c.name, index, err)
		}
		held, err := c.follow(tx, i, found)
		if err != nil {
			return nil, "", fmt.Errorf("list %s by %s: %w", c.name, index, err)
		}
		for j, v := range held {
			if v == nil {
				continue
			}
			if items = append(items, *v); len(items) == limit {
				return items, found[j].Key, nil
			}
		}
		if len(found) < n {
			return items, "", nil
		}
		after = found[len(found)-1].Key
	}
	return nil, "", nil
}

// follow reads the records that entries of an index lead to, nil for one whose
// record is gone or is to be found elsewhere now.
func (c *Collection[T]) follow(tx Tx, index int, found []Item) ([]*T, error) {
	keys := make([]Key, len(found))
	for j, it := range found {
		key, err := decodeKey(it.Value)
		if err != nil {
			return nil, err
		}
		keys[j] = Key{Collection: c.name, Key: key}
	}
	if err := tx.Prefetch(keys...); err != nil {
		return nil, err
	}
	held := make([]*T, len(found))
	for j, it := range found {
		v, err := c.GetKey(tx, keys[j].Key)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if c.leadsTo(index, it.Key, keys[j].Key, v) {
			held[j] = &v
		}
	}
	return held, nil
}

// leadsTo reports whether the record v under key has that entry of an index.
func (c *Collection[T]) leadsTo(index int, entry, key string, v T) bool {
	ix := c.indexes[index]
	for _, e := range ix.Keys(v) {
		if !ix.Unique {
			e += "/" + Join(key)
		}
		if e == entry {
			return true
		}
	}
	return false
}

// LostEntries counts the entries of an index that lead nowhere, among up to
// limit that come after after. next is the entry to go on after, "" at the end.
func (c *Collection[T]) LostEntries(tx Tx, index, after string, limit int) (n int, next string, err error) {
	lost, next, err := c.lost(tx, index, after, limit)
	return len(lost), next, err
}

// DropLost removes what LostEntries counts.
func (c *Collection[T]) DropLost(tx Tx, index, after string, limit int) (n int, next string, err error) {
	lost, next, err := c.lost(tx, index, after, limit)
	if err != nil {
		return 0, "", err
	}
	for _, e := range lost {
		if err := tx.Delete(c.indexName(c.index(index)), e); err != nil {
			return 0, "", fmt.Errorf("unindex %s by %s: %w", c.name, index, err)
		}
	}
	return len(lost), next, nil
}

func (c *Collection[T]) lost(tx Tx, index, after string, limit int) (lost []string, next string, err error) {
	i := c.index(index)
	found, err := tx.Scan(c.indexName(i), "", after, limit)
	if err != nil {
		return nil, "", fmt.Errorf("list %s by %s: %w", c.name, index, err)
	}
	held, err := c.follow(tx, i, found)
	if err != nil {
		return nil, "", fmt.Errorf("list %s by %s: %w", c.name, index, err)
	}
	for j, v := range held {
		if v == nil {
			lost = append(lost, found[j].Key)
		}
	}
	if len(found) == limit {
		next = found[len(found)-1].Key
	}
	return lost, next, nil
}
