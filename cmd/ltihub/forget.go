package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

const (
	// forgetEvery is how many sweeps lie between two looks at what is rarely past.
	forgetEvery = 60
	// seenRoleKept is how long an unknown role is shown after it was last sent,
	// batchKept how long a resending of many after it began.
	seenRoleKept = 180 * 24 * time.Hour
	batchKept    = 90 * 24 * time.Hour
)

// forget drops what nobody asks for any more: what would be needed to take back
// a merge that can't be taken back now, roles that no LMS sends, old resendings,
// and circuits of hosts to which nothing is to be sent. Kept for good are past
// memberships, numbers of passback addresses, and unlinked bindings, which stand
// against a binding coming back by itself.
func (h *hub) forget(ctx context.Context) error {
	return errors.Join(
		h.pruneMergeParts(ctx),
		pruneFew(ctx, h, store.SeenRoles, func(_ store.Tx, r lti.SeenRole, now time.Time) (bool, error) {
			return now.After(r.Last.Add(seenRoleKept)), nil
		}),
		pruneFew(ctx, h, store.Batches, func(_ store.Tx, b lti.Batch, now time.Time) (bool, error) {
			return now.After(b.At.Add(batchKept)), nil
		}),
		pruneFew(ctx, h, store.Circuits, idle),
	)
}

// idle reports whether nothing waits for the host of a circuit, whose pause is
// over.
func idle(tx store.Tx, k lti.Circuit, now time.Time) (bool, error) {
	if now.Before(k.Until) {
		return false, nil
	}
	waiting, _, err := store.Deliveries.ListBy(tx, "lane", store.Prefix(k.Domain, k.Consumer, k.Host), "", 1)
	return len(waiting) == 0, err
}

// pruneMergeParts drops the parts of merges that can't be taken back any more.
// Merges and so their parts lie in the order of time.
func (h *hub) pruneMergeParts(ctx context.Context) error {
	return h.prune(ctx, func(tx store.Tx) (int, error) {
		old, _, err := store.MergeParts.List(tx, "", "", pruneSlice)
		if err != nil {
			return 0, err
		}
		n := 0
		for _, part := range old {
			merge, err := store.Merges.Read(tx, part.Merge)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return n, err
			}
			if err == nil && merge.Undoable(tx.Now()) {
				break
			}
			if err := store.MergeParts.Delete(tx, part.Merge, fmt.Sprintf("%06d", part.N)); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
}
