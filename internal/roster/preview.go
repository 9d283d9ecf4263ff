package roster

import (
	"context"
	"errors"
	"maps"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// errUndo ends a transaction that was only to show what it would do.
var errUndo = errors.New("only a preview")

// preview finds out what the roster would change by doing it in transactions
// that are undone, and leaves that for a person to confirm.
func (j *job) preview(ctx context.Context, held bool) error {
	plan := &lti.RosterPlan{Run: j.source.Run, Pages: j.source.Pages, Held: held}
	tell := func(c lti.RosterChange) {
		plan.Counts.Add(c)
		if c.Kind != lti.RosterSame && c.Kind != "" && len(plan.Changes) < lti.MaxPlanned {
			plan.Changes = append(plan.Changes, c)
		}
	}
	for n := range j.source.Pages {
		if err := j.rehearse(ctx, n, plan, tell); err != nil {
			return err
		}
	}
	if err := j.rehearseLeaving(ctx, plan, tell); err != nil {
		return err
	}
	plan.Counts.Nameless = j.nameless
	return j.hold(ctx, func(tx store.Tx, s *lti.RosterSource) error {
		plan.At, plan.Expires = tx.Now(), tx.Now().Add(PreviewLifetime)
		s.Pending = plan
		s.Error, s.Failures = "", 0
		return j.rest(tx, s)
	})
}

// rehearse does one page without doing it.
func (j *job) rehearse(ctx context.Context, n int, plan *lti.RosterPlan, tell func(lti.RosterChange)) error {
	listings, err := j.listings(ctx, n)
	if err != nil {
		return err
	}
	var seen map[string]bool
	var changes []lti.RosterChange
	var members int
	err = j.Store.Update(ctx, func(tx store.Tx) error {
		seen, changes = map[string]bool{}, nil
		page, err := j.page(tx, n)
		if err != nil {
			return err
		}
		members = len(page.Members)
		listings.fill(page.Members)
		if err := j.members(tx, page, seen, func(c lti.RosterChange) { changes = append(changes, c) }); err != nil {
			return err
		}
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		return err
	}
	maps.Copy(j.done, seen)
	plan.Counts.Members += members
	for _, c := range changes {
		tell(c)
	}
	return j.hold(ctx, func(_ store.Tx, s *lti.RosterSource) error { // a sign of life
		s.Phase, s.Applied = lti.RosterPlanning, plan.Counts.Members
		return nil
	})
}

func (j *job) rehearseLeaving(ctx context.Context, plan *lti.RosterPlan, tell func(lti.RosterChange)) error {
	if !j.drops() {
		return nil
	}
	var leavers []string
	active, err := j.missing(ctx, func(m lti.Membership) bool {
		leavers = append(leavers, m.Username)
		return false
	})
	if err != nil {
		return err
	}
	plan.Active = active
	for len(leavers) > 0 {
		n := min(j.Slice, len(leavers))
		var changes []lti.RosterChange
		err := j.Store.Update(ctx, func(tx store.Tx) error {
			changes = nil
			for _, username := range leavers[:n] {
				c, err := j.Leaver(tx, j.about, username)
				if err != nil {
					return err
				}
				changes = append(changes, c)
			}
			return errUndo
		})
		if !errors.Is(err, errUndo) {
			return err
		}
		for _, c := range changes {
			tell(c)
		}
		leavers = leavers[n:]
	}
	return nil
}
