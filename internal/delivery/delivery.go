// Package delivery carries results upstream until the LMS has taken them: it
// queues a delivery in the transaction that stores a result, leases what is
// due, and retries, supersedes or gives up visibly. One upstream target has one
// live delivery; an older score never overtakes a newer one.
//
// It must not know how a delivery is sent (that comes in as a function), nor
// who may ask for a resend.
package delivery

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// What callers of Retry tell apart.
var (
	// ErrSuperseded: a newer delivery to the same target has taken its place.
	ErrSuperseded = errors.New("a newer delivery has taken its place")
	// ErrBusy: the delivery is being sent just now.
	ErrBusy = errors.New("being sent just now")
)

// Carrier owns the deliveries. All fields are set before use.
type Carrier struct {
	Store store.Store
	// Send makes one attempt. It may be called by several goroutines.
	Send func(ctx context.Context, d lti.Delivery, t lti.UpstreamTarget) lti.SendResult
	Log  *slog.Logger

	NewID func() string  // UUIDs version 7
	Float func() float64 // chance for the jitter, from 0 up to 1

	// RetryBase is the first pause, doubled with each attempt up to RetryMax;
	// what still fails GiveUp after it was queued is dead.
	RetryBase time.Duration
	RetryMax  time.Duration
	GiveUp    time.Duration
	// Lease is how long one attempt may take. Another node takes over after.
	Lease time.Duration
	// Poll is how often the queue is looked at without being woken.
	Poll time.Duration
	// Workers is how many attempts run at once. While others wait, one tool
	// consumer gets half of them.
	Workers int

	wake chan struct{}
	*board
}

// board is what a node knows of its own attempts.
type board struct {
	mu sync.Mutex
	// busy counts those under way, by tool consumer; turn is the lane that was
	// served last, and soon how long it is until another lane opens.
	busy map[string]int
	turn string
	soon time.Duration
}

// New prepares a carrier that can be woken.
func New(c Carrier) *Carrier {
	c.wake = make(chan struct{}, 1)
	c.board = &board{busy: make(map[string]int)}
	return &c
}

// Wake makes Run look at the queue now. It is a hint: without it, Run looks
// after Poll.
func (c *Carrier) Wake() {
	select {
	case c.wake <- struct{}{}:
	default: // woken already
	}
}

// pause is how long to wait after a failed attempt, by exponential back-off
// with jitter over its upper half, and never less than what the LMS asked for.
func (c *Carrier) pause(attempts int, asked time.Duration) time.Duration {
	d := c.RetryBase
	for i := 1; i < attempts && d < c.RetryMax; i++ {
		d *= 2
	}
	d = min(d, c.RetryMax)
	d = d/2 + time.Duration(c.Float()*float64(d)/2)
	return max(d, min(asked, c.GiveUp))
}
