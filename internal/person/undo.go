package person

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Undo takes a merge back within lti.UndoFor: the account that was merged away
// has again what it had, and the other one what it had before. A result that
// changed since the merge stays with the other one, whole, and is named in the
// returned merge; the account gets its old one back all the same. Of bindings
// go back those that no admin has touched meanwhile. Its refusals are *Refused.
func (k *Keeper) Undo(ctx context.Context, id, by string) (lti.Merge, error) {
	var m lti.Merge
	err := k.Store.Update(ctx, func(tx store.Tx) (err error) {
		u := &undoing{Keeper: k, tx: tx}
		if m, err = u.run(id, by); err != nil {
			return err
		}
		return k.note(tx, by, "undo merge", m.From+":"+m.Domain, fmt.Sprintf("was merged into %s:%s, merge %s; %d results stayed", m.Into, m.Domain, m.ID, len(m.Stayed)))
	})
	return m, k.woken(err)
}

// undoing is a merge being taken back.
type undoing struct {
	*Keeper
	tx    store.Tx
	merge lti.Merge
	parts []lti.MergePart
	// stayed has the keys of results that stay, identities the bindings that
	// went back.
	stayed     map[string]bool
	identities []lti.Binding
}

func (u *undoing) run(id, by string) (m lti.Merge, err error) {
	if err := u.begin(id); err != nil {
		return m, err
	}
	for _, step := range []func() error{u.results, u.history, u.people, u.targets, u.memberships, u.requeueBoth} {
		if err := step(); err != nil {
			return m, err
		}
	}
	u.merge.Undone, u.merge.UndoneBy = u.tx.Now(), by
	return u.merge, store.Merges.Put(u.tx, u.merge)
}

func (u *undoing) begin(id string) (err error) {
	u.stayed = map[string]bool{}
	if u.merge, err = store.Merges.GetKey(u.tx, id); err != nil {
		return err
	}
	switch m := u.merge; {
	case !m.Undone.IsZero():
		return refuse("This merge was taken back before.")
	case !m.Undoable(u.tx.Now()):
		return refuse("This merge is older than %d days and stays.", int(lti.UndoFor.Hours()/24))
	}
	into, err := find(u.tx, u.merge.Domain, u.merge.Into)
	if err != nil {
		return err
	}
	if into.MergedInto != "" {
		return refuse("%s was itself merged into %s since. Take that merge back first.", into.Username, into.MergedInto)
	}
	u.parts, err = all(u.tx, store.MergeParts, store.Prefix(u.merge.ID))
	slices.Reverse(u.parts)
	return err
}

// each goes over the changes of one collection, the last first.
func (u *undoing) each(collection string, fn func(lti.MergePart) error) error {
	for _, part := range u.parts {
		if part.Collection != collection {
			continue
		}
		if err := fn(part); err != nil {
			return err
		}
	}
	return nil
}

// results gives both their results back, but those that changed since.
func (u *undoing) results() error {
	return u.each(store.Results.Name(), func(part lti.MergePart) error {
		if part.After == nil { // the result that went away
			return restore(u.tx, store.Results, part)
		}
		after, err := decode[lti.Result](part.After)
		if err != nil {
			return err
		}
		now, err := store.Results.GetKey(u.tx, part.Key)
		if found, err := exists(err); err != nil {
			return err
		} else if !found || now.Version == after.Version {
			return restore(u.tx, store.Results, part)
		}
		u.stayed[store.Join(after.Course, after.Link)] = true
		u.merge.Stayed = append(u.merge.Stayed, after.Course+"/"+after.Link)
		return nil
	})
}

// history follows the results: pages that were moved stay where their result
// did, and come back beside the other.
func (u *undoing) history() error {
	return u.each(store.History.Name(), func(part lti.MergePart) error {
		parts := store.Split(part.Key)
		if part.After != nil && u.stayed[store.Join(parts[1], parts[2])] {
			return nil
		}
		return restore(u.tx, store.History, part)
	})
}

// people opens the account as it was, and gives back bindings and courses that
// are still where the merge put them.
func (u *undoing) people() error {
	err := u.each(store.Users.Name(), func(part lti.MergePart) error {
		before, err := decode[lti.User](part.Before)
		if err != nil {
			return err
		}
		now, err := find(u.tx, before.Domain, before.Username)
		if err != nil {
			return err
		}
		now.MergedInto, now.Disabled = before.MergedInto, before.Disabled
		return store.Users.Put(u.tx, now)
	})
	if err != nil {
		return err
	}
	err = u.each(store.Bindings.Name(), func(part lti.MergePart) error {
		now, err := store.Bindings.GetKey(u.tx, part.Key)
		if found, err := exists(err); err != nil || !found || now.Username != u.merge.Into {
			return err
		}
		now.Username = u.merge.From
		u.identities = append(u.identities, now)
		return store.Bindings.Put(u.tx, now)
	})
	if err != nil {
		return err
	}
	return u.each(store.Courses.Name(), func(part lti.MergePart) error {
		now, err := store.Courses.GetKey(u.tx, part.Key)
		if found, err := exists(err); err != nil || !found || now.Owner != u.merge.Into {
			return err
		}
		now.Owner = u.merge.From
		return store.Courses.Put(u.tx, now)
	})
}

// memberships takes from Into what only the merge gave it, unless it has been
// used, and gives From its own back.
func (u *undoing) memberships() error {
	return u.each(store.Memberships.Name(), func(part lti.MergePart) error {
		after, err := decode[lti.Membership](part.After)
		if err != nil {
			return err
		}
		same, err := stands(u.tx, part)
		if err != nil {
			return err
		}
		if after.Username == u.merge.From {
			return u.ownMembership(part, same)
		}
		if !same || u.stayedIn(after.Course) {
			return nil
		}
		return restore(u.tx, store.Memberships, part)
	})
}

// ownMembership restores that of From. One that was changed meanwhile only
// stops being a signpost.
func (u *undoing) ownMembership(part lti.MergePart, same bool) error {
	if same {
		return restore(u.tx, store.Memberships, part)
	}
	now, err := store.Memberships.GetKey(u.tx, part.Key)
	if found, err := exists(err); err != nil || !found {
		return err
	}
	now.Into = ""
	return store.Memberships.Put(u.tx, now)
}

func (u *undoing) stayedIn(course string) bool {
	for key := range u.stayed {
		if store.Split(key)[0] == course {
			return true
		}
	}
	return false
}

// targets moves back what the merge moved, and what came since from the
// identities that go back: no grade of Into goes to their places any more.
func (u *undoing) targets() error {
	err := u.each(store.Targets.Name(), func(part lti.MergePart) error {
		if part.After != nil {
			return nil
		}
		before, err := decode[lti.UpstreamTarget](part.Before)
		if err != nil {
			return err
		}
		return u.moveBack(before)
	})
	if err != nil {
		return err
	}
	for _, b := range u.identities {
		as := b
		as.Username = u.merge.Into
		since, err := targetsOf(u.tx, as)
		if err != nil {
			return err
		}
		for _, t := range since {
			if t.UserID == "" {
				continue // whose it is can't be told; it stays
			}
			if err := u.shift(t, u.merge.From); err != nil {
				return err
			}
		}
	}
	return nil
}

// moveBack finds the target that before became: the merge moved it under its
// own account's name or, beside another, under that of its user_id.
func (u *undoing) moveBack(before lti.UpstreamTarget) error {
	for _, part := range u.parts {
		if part.Collection != store.Targets.Name() || part.After == nil {
			continue
		}
		after, err := decode[lti.UpstreamTarget](part.After)
		if err != nil {
			return err
		}
		same := after
		same.Username, same.Account = before.Username, before.Account
		if store.Targets.Key(same) != store.Targets.Key(before) || after.SourcedID != before.SourcedID || after.UserID != before.UserID {
			continue
		}
		now, err := store.Targets.GetKey(u.tx, part.Key)
		if found, err := exists(err); err != nil || !found {
			return err
		}
		old := now
		now.Username, now.Account = before.Username, before.Account
		return u.rewrite(old, now)
	}
	return nil
}

// shift gives a target to another person.
func (u *undoing) shift(t lti.UpstreamTarget, username string) error {
	next, err := vacant(u.tx, t, username)
	if err != nil {
		return err
	}
	return u.rewrite(t, next)
}

func (u *undoing) rewrite(old, next lti.UpstreamTarget) error {
	return errors.Join(
		store.Targets.Delete(u.tx, store.Split(store.Targets.Key(old))...),
		store.Targets.Put(u.tx, next), readdress(u.tx, next))
}

// requeueBoth sends what each of the two has now to their LMSs.
func (u *undoing) requeueBoth() error {
	seen := map[string]bool{}
	return u.each(store.Memberships.Name(), func(part lti.MergePart) error {
		m, err := decode[lti.Membership](part.After)
		if err != nil || seen[m.Course] {
			return err
		}
		seen[m.Course] = true
		ref := lti.CourseRef{Domain: m.Domain, ID: m.Course}
		return errors.Join(u.requeue(u.tx, ref, u.merge.From), u.requeue(u.tx, ref, u.merge.Into))
	})
}
