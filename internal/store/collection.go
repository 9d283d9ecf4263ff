package store

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Collection is a set of records of one type, in the order of their keys, with
// secondary indexes that Put and Delete keep true. Its methods work inside a
// transaction of either engine.
type Collection[T any] struct {
	name    string
	key     func(T) string
	indexes []Index[T]
	cache   *cache[T]
	// replaces is told of every record that Put replaces, before it does; nil
	// for nobody.
	replaces func(tx Tx, before, now T) error
}

// Name is the name of the collection in the engine.
func (c *Collection[T]) Name() string { return c.name }

// Names are the collection's name and those of its indexes: all under which it
// keeps something.
func (c *Collection[T]) Names() []string {
	names := []string{c.name}
	for i := range c.indexes {
		names = append(names, c.indexName(i))
	}
	return names
}

// Key is the key under which v is kept.
func (c *Collection[T]) Key(v T) string { return c.key(v) }

// Get reads the record with the key that Join makes of parts.
func (c *Collection[T]) Get(tx Tx, parts ...string) (T, error) {
	return c.GetKey(tx, Join(parts...))
}

// GetKey reads the record with the key, or returns ErrNotFound.
func (c *Collection[T]) GetKey(tx Tx, key string) (T, error) {
	raw, err := tx.Get(c.name, key)
	if err != nil {
		var zero T
		return zero, fmt.Errorf("read %s %q: %w", c.name, key, err)
	}
	return c.decode(key, raw)
}

// Read is Get for records that are read often and changed seldom: it decodes
// only when the stored bytes have changed since the last Read. What it returns
// is shared and must not be changed; to change a record, Get it.
func (c *Collection[T]) Read(tx Tx, parts ...string) (*T, error) {
	return c.readKey(tx, Join(parts...))
}

func (c *Collection[T]) readKey(tx Tx, key string) (*T, error) {
	raw, err := tx.Get(c.name, key)
	if err != nil {
		return nil, fmt.Errorf("read %s %q: %w", c.name, key, err)
	}
	if v, ok := c.cache.find(key, raw); ok {
		return v, nil
	}
	v, err := c.decode(key, raw)
	if err != nil {
		return nil, err
	}
	c.cache.keep(key, raw, &v)
	return &v, nil
}

// Put writes v and brings the indexes up to date. When another record has an
// entry of a unique index, it returns ErrExists and changes nothing.
func (c *Collection[T]) Put(tx Tx, v T) error {
	if err := c.replace(tx, v); err != nil {
		return err
	}
	return c.put(tx, v, tx.Put, true)
}

func (c *Collection[T]) replace(tx Tx, v T) error {
	if c.replaces == nil {
		return nil
	}
	before, err := c.GetKey(tx, c.key(v))
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return c.replaces(tx, before, v)
}

// PutNew writes a new v, or returns ErrExists and changes nothing.
func (c *Collection[T]) PutNew(tx Tx, v T) error { return c.put(tx, v, tx.PutNew, false) }

type writeFunc func(collection, key string, value []byte) error

func (c *Collection[T]) put(tx Tx, v T, write writeFunc, replace bool) error {
	key := c.key(v)
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s %q: %w", c.name, key, err)
	}
	var old map[entry]bool
	if replace && len(c.indexes) > 0 {
		if old, err = c.oldEntries(tx, key); err != nil {
			return err
		}
	}
	fresh := c.freshEntries(key, v, old)
	if err := c.reserve(tx, key, fresh); err != nil {
		return err
	}
	if err := write(c.name, key, raw); err != nil {
		err = fmt.Errorf("write %s %q: %w", c.name, key, err)
		return errors.Join(err, c.giveUp(tx, fresh))
	}
	return c.reindex(tx, key, fresh, old)
}

// Delete removes the record and its index entries; one that is not there is no
// error.
func (c *Collection[T]) Delete(tx Tx, parts ...string) error {
	key := Join(parts...)
	old, err := c.oldEntries(tx, key)
	if err != nil {
		return err
	}
	if err := c.reindex(tx, key, nil, old); err != nil {
		return err
	}
	if err := tx.Delete(c.name, key); err != nil {
		return fmt.Errorf("delete %s %q: %w", c.name, key, err)
	}
	return nil
}

// Find reads the one record that a unique index leads to, or returns
// ErrNotFound.
func (c *Collection[T]) Find(tx Tx, index, entry string) (T, error) {
	var zero T
	i := c.index(index)
	raw, err := tx.Get(c.indexName(i), entry)
	if err != nil {
		return zero, fmt.Errorf("find %s by %s: %w", c.name, index, err)
	}
	key, err := decodeKey(raw)
	if err != nil {
		return zero, fmt.Errorf("find %s by %s: %w", c.name, index, err)
	}
	return c.GetKey(tx, key)
}

// FindRead is Find with the sharing of Read.
func (c *Collection[T]) FindRead(tx Tx, index, entry string) (*T, error) {
	raw, err := tx.Get(c.indexName(c.index(index)), entry)
	if err != nil {
		return nil, fmt.Errorf("find %s by %s: %w", c.name, index, err)
	}
	key, err := decodeKey(raw)
	if err != nil {
		return nil, fmt.Errorf("find %s by %s: %w", c.name, index, err)
	}
	return c.readKey(tx, key)
}

// List reads up to limit records whose keys begin with prefix and come after
// after, and the key to pass as after for the next ones, "" at the end.
func (c *Collection[T]) List(tx Tx, prefix, after string, limit int) (items []T, next string, err error) {
	found, err := tx.Scan(c.name, prefix, after, limit)
	return c.page(found, limit, err)
}

// ListBack is List from the end, newest first where keys grow with time.
func (c *Collection[T]) ListBack(tx Tx, prefix, before string, limit int) (items []T, next string, err error) {
	found, err := tx.ScanBack(c.name, prefix, before, limit)
	return c.page(found, limit, err)
}

func (c *Collection[T]) page(found []Item, limit int, err error) ([]T, string, error) {
	if err != nil {
		return nil, "", fmt.Errorf("list %s: %w", c.name, err)
	}
	items := make([]T, 0, len(found))
	for _, it := range found {
		v, err := c.decode(it.Key, it.Value)
		if err != nil {
			return nil, "", err
		}
		items = append(items, v)
	}
	next := ""
	if len(found) == limit && limit > 0 {
		next = found[len(found)-1].Key
	}
	return items, next, nil
}

// All walks every record below prefix, in pages, until fn returns an error.
func (c *Collection[T]) All(tx Tx, prefix string, fn func(T) error) error {
	after := ""
	for {
		items, next, err := c.List(tx, prefix, after, MaxScan)
		if err != nil {
			return err
		}
		for _, v := range items {
			if err := fn(v); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		after = next
	}
}

func (c *Collection[T]) decode(key string, raw []byte) (T, error) {
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, fmt.Errorf("decode %s %q: %w: %w", c.name, key, ErrCorrupt, err)
	}
	return v, nil
}
