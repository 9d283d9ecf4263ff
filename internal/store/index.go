package store

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Index finds records by something else than their key. Each value of Keys is
// one entry, which leads to the record; with Unique, two records that share an
// entry are refused with ErrExists.
type Index[T any] struct {
	Name   string
	Unique bool
	Keys   func(T) []string
}

// entry is one entry of the index with that number.
type entry struct {
	index int
	key   string
}

// entries lists the index entries of the record v under key, each once.
func (c *Collection[T]) entries(key string, v T) map[entry]bool {
	all := make(map[entry]bool)
	for i, ix := range c.indexes {
		for _, e := range ix.Keys(v) {
			if !ix.Unique {
				e += "/" + Join(key)
			}
			all[entry{i, e}] = true
		}
	}
	return all
}

// freshEntries lists the entries that v adds to old, and takes those that stay
// out of old.
func (c *Collection[T]) freshEntries(key string, v T, old map[entry]bool) []entry {
	var fresh []entry
	for e := range c.entries(key, v) {
		if old[e] {
			delete(old, e)
			continue
		}
		fresh = append(fresh, e)
	}
	return inOrder(fresh)
}

// inOrder sorts entries, so that units of work at once write them in one order
// and don't wait for each other in a circle.
func inOrder(entries []entry) []entry {
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.index, b.index), cmp.Compare(a.key, b.key))
	})
	return entries
}

// reserve takes the unique ones of the fresh entries for the record. One that
// another record has is ErrExists, and then none is taken: a caller who goes on
// leaves no half of a record.
func (c *Collection[T]) reserve(tx Tx, key string, fresh []entry) error {
	for i, e := range fresh {
		if !c.indexes[e.index].Unique {
			continue
		}
		if err := tx.PutNew(c.indexName(e.index), e.key, encodeKey(key)); err != nil {
			err = fmt.Errorf("index %s %q by %s: %w", c.name, key, c.indexes[e.index].Name, err)
			return errors.Join(err, c.giveUp(tx, fresh[:i]))
		}
	}
	return nil
}

// giveUp undoes reserve.
func (c *Collection[T]) giveUp(tx Tx, fresh []entry) error {
	for _, e := range fresh {
		if !c.indexes[e.index].Unique {
			continue
		}
		if err := tx.Delete(c.indexName(e.index), e.key); err != nil {
			return fmt.Errorf("unindex %s: %w", c.name, err)
		}
	}
	return nil
}

// oldEntries lists the index entries of the record that key holds now.
func (c *Collection[T]) oldEntries(tx Tx, key string) (map[entry]bool, error) {
	prev, err := c.GetKey(tx, key)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return c.entries(key, prev), nil
}

// reindex writes the fresh entries that are not reserved, and removes the gone
// ones.
func (c *Collection[T]) reindex(tx Tx, key string, fresh []entry, gone map[entry]bool) error {
	for _, e := range fresh {
		if c.indexes[e.index].Unique {
			continue
		}
		if err := tx.Put(c.indexName(e.index), e.key, encodeKey(key)); err != nil {
			return fmt.Errorf("index %s %q by %s: %w", c.name, key, c.indexes[e.index].Name, err)
		}
	}
	for _, e := range inOrder(slices.Collect(maps.Keys(gone))) {
		if err := tx.Delete(c.indexName(e.index), e.key); err != nil {
			return fmt.Errorf("unindex %s %q: %w", c.name, key, err)
		}
	}
	return nil
}

func (c *Collection[T]) index(name string) int {
	for i, ix := range c.indexes {
		if ix.Name == name {
			return i
		}
	}
	panic("store: collection " + c.name + " has no index " + name)
}

func (c *Collection[T]) indexName(i int) string { return c.name + "." + c.indexes[i].Name }

// An index entry's value is the record's key as a JSON string, so that every
// value in the store is a document.
func encodeKey(key string) []byte {
	raw, _ := json.Marshal(key) // a string always encodes
	return raw
}

// special reports whether a byte of a JSON string may not stand for itself.
func special(c byte) bool { return c == '"' || c == '\\' || c < 0x20 || c >= 0x80 }

func decodeKey(raw []byte) (string, error) {
	if n := len(raw); n > 1 && raw[0] == '"' && raw[n-1] == '"' && !slices.ContainsFunc(raw[1:n-1], special) {
		return string(raw[1 : n-1]), nil // nothing to undo, as most often
	}
	var key string
	if err := json.Unmarshal(raw, &key); err != nil {
		return "", fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return key, nil
}

// IndexKey names an entry of an index, for Prefetch.
func (c *Collection[T]) IndexKey(index, entry string) Key {
	return Key{Collection: c.indexName(c.index(index)), Key: entry}
}
