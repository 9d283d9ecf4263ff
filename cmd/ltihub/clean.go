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
// time, expired sign-ins, tickets and launches that wait for an answer. It may run on several nodes at once.
func (h *hub) keepHouse(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := errors.Join(h.store.Sweep(ctx), h.pruneLaunches(ctx), h.pruneLogins(ctx), h.pruneTickets(ctx),
			h.prunePending(ctx), h.pruneHeld(ctx), h.pruneSupportLinks(ctx))
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

// pruneTickets drops expired tickets, the oldest first. A used one is kept until
// then, to tell a replay.
func (h *hub) pruneTickets(ctx context.Context) error {
	return h.prune(ctx, func(tx store.Tx) (int, error) {
		old, _, err := store.Tickets.ListBy(tx, "expires", "", "", pruneSlice)
		if err != nil {
			return 0, err
		}
		n := 0
		for _, t := range old {
			if tx.Now().Before(t.Expires) {
				break
			}
			if err := store.Tickets.Delete(tx, t.Hash); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
}

// pruneHeld drops launches that waited for an answer until their session ended.
func (h *hub) pruneHeld(ctx context.Context) error {
	return h.prune(ctx, func(tx store.Tx) (int, error) {
		old, _, err := store.HeldLaunches.ListBy(tx, "expires", "", "", pruneSlice)
		if err != nil {
			return 0, err
		}
		n := 0
		for _, held := range old {
			if tx.Now().Before(held.Expires) {
				break
			}
			if err := store.HeldLaunches.Delete(tx, held.ID); err != nil {
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
	var expired []lti.Login
	err := h.store.View(ctx, func(tx store.Tx) error {
		expired = nil
		return store.Logins.All(tx, "", func(l lti.Login) error {
			if !tx.Now().Before(l.Expires) {
				expired = append(expired, l)
			}
			return nil
		})
	})
	if err != nil || len(expired) == 0 {
		return err
	}
	return h.store.Update(ctx, func(tx store.Tx) error {
		for _, l := range expired {
			if err := store.Logins.Delete(tx, l.Token); err != nil {
				return err
			}
		}
		return nil
	})
}

// prune calls fn in transactions of their own until it drops less than a
// slice, so that other work gets in between. It looks before it writes.
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

// pruneSupportLinks drops links to launches that have expired. There are few:
// each was made by an admin's hand.
func (h *hub) pruneSupportLinks(ctx context.Context) error {
	var expired []string
	err := h.store.View(ctx, func(tx store.Tx) error {
		expired = nil
		return store.SupportLinks.All(tx, "", func(l lti.SupportLink) error {
			if !tx.Now().Before(l.Expires) {
				expired = append(expired, l.Hash)
			}
			return nil
		})
	})
	if err != nil || len(expired) == 0 {
		return err
	}
	return h.store.Update(ctx, func(tx store.Tx) error {
		for _, hash := range expired {
			if err := store.SupportLinks.Delete(tx, hash); err != nil {
				return err
			}
		}
		return nil
	})
}
