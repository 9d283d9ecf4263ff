package store

import (
	"bytes"
	"sync"
)

// cache keeps decoded records beside the bytes that they were decoded from.
type cache[T any] struct {
	mu    sync.RWMutex
	items map[string]cached[T]
}

type cached[T any] struct {
	raw []byte
	v   *T
}

// maxCached bounds a cache; a full one starts anew.
const maxCached = 8192

func (c *cache[T]) find(key string, raw []byte) (*T, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	it, ok := c.items[key]
	if !ok || !bytes.Equal(it.raw, raw) {
		return nil, false
	}
	return it.v, true
}

func (c *cache[T]) keep(key string, raw []byte, v *T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.items == nil || len(c.items) >= maxCached {
		c.items = make(map[string]cached[T])
	}
	c.items[key] = cached[T]{raw: bytes.Clone(raw), v: v}
}
