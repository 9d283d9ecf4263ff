package person

import (
	"errors"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// targets moves where LMSs want the grades of From in a course, and puts on
// their way the grades that are others now.
func (g *merging) targets(ref lti.CourseRef) error {
	moved, err := all(g.tx, store.Targets, store.Prefix(ref.Domain, ref.ID, g.From.Username))
	if err != nil {
		return err
	}
	for _, t := range moved {
		next, err := vacant(g.tx, t, g.Into.Username)
		if err != nil {
			return err
		}
		if err := errors.Join(put(g.journal, store.Targets, next), remove(g.journal, store.Targets, t), readdress(g.tx, next)); err != nil {
			return err
		}
	}
	g.Places += len(moved)
	return g.requeue(g.tx, ref, g.Into.Username)
}

// requeue looks at every place where a grade of the person goes to.
func (k *Keeper) requeue(tx store.Tx, ref lti.CourseRef, username string) error {
	targets, err := all(tx, store.Targets, store.Prefix(ref.Domain, ref.ID, username))
	if err != nil {
		return err
	}
	for _, t := range targets {
		if err := k.Requeue(tx, t); err != nil {
			return err
		}
	}
	return nil
}

// vacant is the target as that of another person, beside those that the person
// has already: an LMS may know one person by two accounts at one placement.
func vacant(tx store.Tx, t lti.UpstreamTarget, username string) (lti.UpstreamTarget, error) {
	old := t.Username
	t.Username = username
	for _, account := range []string{t.Account, t.UserID, t.UserID + " of " + old} {
		t.Account = account
		_, err := store.Targets.GetKey(tx, store.Targets.Key(t))
		if taken, err := exists(err); err != nil || !taken {
			return t, err
		}
	}
	return t, refuse("%s and %s have the same place at %s too often to be told apart.", old, username, t.Consumer)
}

// readdress leads the deliveries that are not at rest to their target's new key.
// Older ones keep the old one: they are over.
func readdress(tx store.Tx, t lti.UpstreamTarget) error {
	for id := t.Live; id != ""; {
		d, err := store.Deliveries.Get(tx, id)
		if found, err := exists(err); err != nil || !found {
			return err
		}
		d.Target, d.Username = store.Targets.Key(t), t.Username
		if err := store.Deliveries.Put(tx, d); err != nil {
			return err
		}
		id = d.After
	}
	return nil
}

// park takes a target away, with what is on its way to it.
func park(tx store.Tx, t lti.UpstreamTarget) error {
	for id := t.Live; id != ""; {
		d, err := store.Deliveries.Get(tx, id)
		if found, err := exists(err); err != nil || !found {
			return err
		}
		id = d.After
		if d.State == lti.Delivered {
			continue
		}
		d.State, d.Finished, d.After = lti.Superseded, tx.Now(), ""
		if err := store.Deliveries.Put(tx, d); err != nil {
			return err
		}
	}
	return store.Targets.Delete(tx, store.Split(store.Targets.Key(t))...)
}

// targetsOf lists where the LMS wants grades of the identity: those that its
// user_id came with, and where it is the only one of the account at that LMS
// also those of before user_ids were kept.
func targetsOf(tx store.Tx, b lti.Binding) ([]lti.UpstreamTarget, error) {
	bindings, err := bindingsOf(tx, b.Domain, b.Username)
	if err != nil {
		return nil, err
	}
	alone := true
	for _, other := range bindings {
		alone = alone && (other.Consumer != b.Consumer || other.Value == b.Value)
	}
	members, err := allBy(tx, store.Memberships, "user", store.Prefix(b.Domain, b.Username))
	if err != nil {
		return nil, err
	}
	var mine []lti.UpstreamTarget
	for _, m := range members {
		targets, err := all(tx, store.Targets, store.Prefix(m.Domain, m.Course, m.Username))
		if err != nil {
			return nil, err
		}
		for _, t := range targets {
			if t.Consumer == b.Consumer && (t.UserID == "" && alone || t.UserID != "" && t.UserID == b.UserID) {
				mine = append(mine, t)
			}
		}
	}
	return mine, nil
}
