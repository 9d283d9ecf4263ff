package simulator

import (
	"context"
	"fmt"
	"sync"
)

// changes wakes those who wait for a peer's state to become something, so that
// tests neither sleep nor poll.
type changes struct {
	mu      sync.Mutex
	version int
	next    chan struct{}
}

// tell wakes everyone who waits.
func (c *changes) tell() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.version++
	if c.next != nil {
		close(c.next)
		c.next = nil
	}
}

// count is how often the state has changed.
func (c *changes) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

func (c *changes) wait() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next == nil {
		c.next = make(chan struct{})
	}
	return c.next
}

// until returns nil as soon as done reports true, which it is asked at once and
// after every change, and an error when ctx ends first.
func (c *changes) until(ctx context.Context, done func() bool) error {
	for {
		next := c.wait()
		if done() {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return fmt.Errorf("wait for a change: %w", ctx.Err())
		}
	}
}
