package main

import (
	"context"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/store"
)

// resumeLaunch goes on with a launch that waited for the person's answer, and
// sees to its logout callback.
func (h *hub) resumeLaunch(ctx context.Context, token string, answer lti.Answer) (provider.Accepted, error) {
	accepted, err := h.provider.ResumeLaunch(ctx, token, answer)
	if err != nil {
		return provider.Accepted{}, err
	}
	if accepted.Logout != nil {
		h.logouts.add(*accepted.Logout)
	}
	h.log.InfoContext(ctx, "launch accepted", "ref", lti.Reference(accepted.Record.ID),
		"consumer", accepted.Record.Consumer, "course", accepted.Place.Course.String(), "link", accepted.Place.Link)
	return accepted, nil
}

// prunePending drops launches that nobody has answered in time, the oldest
// first. One that was resumed is kept until then.
func (h *hub) prunePending(ctx context.Context) error {
	return h.prune(ctx, func(tx store.Tx) (int, error) {
		old, _, err := store.PendingLaunches.ListBy(tx, "expires", "", "", pruneSlice)
		if err != nil {
			return 0, err
		}
		n := 0
		for _, p := range old {
			if tx.Now().Before(p.Expires) {
				break
			}
			if err := store.PendingLaunches.Delete(tx, p.Hash); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
}
