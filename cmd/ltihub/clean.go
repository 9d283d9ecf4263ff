package main

import (
	"context"
	"errors"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// How often the house is kept, and how many records one transaction drops.
const (
	sweepEvery = time.Minute
	pruneSlice = 500
)

// keepHouse drops what is past: nonces, launch records beyond their keeping
// time, expired sign-ins, tickets and launches that wait for an answer; and once
// in a while what nobody asks for any more. It may run on several nodes at once.
func (h *hub) keepHouse(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for sweeps := 0; ; sweeps++ {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := errors.Join(h.store.Sweep(ctx), h.pruneLaunches(ctx), h.pruneLogins(ctx), h.pruneTickets(ctx),
			h.prunePending(ctx), h.pruneHeld(ctx), h.pruneSupportLinks(ctx))
		if sweeps%forgetEvery == 0 {
			err = errors.Join(err, h.forget(ctx))
		}
		if err != nil && ctx.Err() == nil {
			h.log.Error("drop what is past", "error", err)
		}
	}
}

// pruneLaunches drops launch records older than the keeping time, oldest
// first. A session never outlives its record: it is shorter.
func (h *hub) pruneLaunches(ctx context.Context) error {
	keep := max(h.cfg.Launches.Keep, h.cfg.Session.Lifetime)
	return h.prune(ctx, func(tx store.Tx) (int, error) {
		old, _, err := store.Launches.List(tx, "", "", pruneSlice)
		if err != nil {
			return 0, err
		}
		n := 0
		for _, l := range old {
			if !l.At.Before(tx.Now().Add(-keep)) {
				break
			}
			if err := store.Launches.Delete(tx, l.ID); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
}

// pruneTickets drops expired tickets. A used one is kept until then, to tell a
// replay.
func (h *hub) pruneTickets(ctx context.Context) error {
	return pruneExpired(ctx, h, store.Tickets, func(t lti.Ticket) time.Time { return t.Expires })
}

// pruneHeld drops launches that waited for an answer until their session ended.
func (h *hub) pruneHeld(ctx context.Context) error {
	return pruneExpired(ctx, h, store.HeldLaunches, func(l lti.HeldLaunch) time.Time { return l.Expires })
}

// prunePending drops launches that nobody has answered in time. One that was
// resumed is kept until then.
func (h *hub) prunePending(ctx context.Context) error {
	return pruneExpired(ctx, h, store.PendingLaunches, func(p lti.PendingLaunch) time.Time { return p.Expires })
}

// pruneExpired drops expired records of a collection with an index "expires",
// the oldest first.
func pruneExpired[T any](ctx context.Context, h *hub, c *store.Collection[T], expires func(T) time.Time) error {
	return h.prune(ctx, func(tx store.Tx) (int, error) {
		old, _, err := c.ListBy(tx, "expires", "", "", pruneSlice)
		if err != nil {
			return 0, err
		}
		n := 0
		for _, v := range old {
			if tx.Now().Before(expires(v)) {
				break
			}
			if err := c.Delete(tx, store.Split(c.Key(v))...); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
}

// pruneLogins drops local sign-ins that have expired. There are few: only
// people with a password have one.
func (h *hub) pruneLogins(ctx context.Context) error {
	return pruneFew(ctx, h, store.Logins, func(_ store.Tx, l lti.Login, now time.Time) (bool, error) {
		return !now.Before(l.Expires), nil
	})
}

// pruneSupportLinks drops links to launches that have expired. There are few:
// each was made by an admin's hand.
func (h *hub) pruneSupportLinks(ctx context.Context) error {
	return pruneFew(ctx, h, store.SupportLinks, func(_ store.Tx, l lti.SupportLink, now time.Time) (bool, error) {
		return !now.Before(l.Expires), nil
	})
}

// pruneFew drops the records of a small collection that are past. It looks
// before it writes, and looks again when it does.
func pruneFew[T any](ctx context.Context, h *hub, c *store.Collection[T], past func(store.Tx, T, time.Time) (bool, error)) error {
	var gone []string
	err := h.store.View(ctx, func(tx store.Tx) error {
		gone = nil
		return c.All(tx, "", func(v T) error {
			is, err := past(tx, v, tx.Now())
			if is {
				gone = append(gone, c.Key(v))
			}
			return err
		})
	})
	if err != nil || len(gone) == 0 {
		return err
	}
	return h.store.Update(ctx, func(tx store.Tx) error {
		for _, key := range gone {
			v, err := c.GetKey(tx, key)
			if errors.Is(err, store.ErrNotFound) { // another node was here
				continue
			}
			if err != nil {
				return err
			}
			is, err := past(tx, v, tx.Now())
			if err != nil {
				return err
			}
			if !is {
				continue
			}
			if err := c.Delete(tx, store.Split(key)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// prune calls fn in transactions of their own until it drops less than a
// slice, so that other work gets in between.
func (h *hub) prune(ctx context.Context, fn func(tx store.Tx) (int, error)) error {
	for n := pruneSlice; n == pruneSlice && ctx.Err() == nil; {
		err := h.store.Update(ctx, func(tx store.Tx) (err error) {
			n, err = fn(tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
