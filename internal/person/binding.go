package person

import (
	"context"
	"errors"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// BindingRef names a binding: the value by which a tool consumer knows a person.
type BindingRef struct{ Domain, Consumer, Value string }

// howAdmin is how a binding was made that an admin has moved.
const howAdmin = "admin"

func (ref BindingRef) object() string { return ref.Domain + "/" + ref.Consumer }

func (ref BindingRef) find(tx store.Tx) (lti.Binding, error) {
	b, err := store.Bindings.Get(tx, ref.Domain, ref.Consumer, ref.Value)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) {
		return b, refuse("This identity is bound to nobody any more.")
	}
	return b, err
}

// Confirm notes that an admin looked at a binding and found it right.
func (k *Keeper) Confirm(ctx context.Context, ref BindingRef, by string) error {
	return k.Store.Update(ctx, func(tx store.Tx) error {
		b, err := ref.find(tx)
		if err != nil {
			return err
		}
		b.Confirmed, b.ConfirmedBy = tx.Now(), by
		return errors.Join(store.Bindings.Put(tx, b), k.note(tx, by, "confirm binding", ref.object(), "to "+b.Username))
	})
}

// Unlink takes a binding away: the next launch with the value asks or makes an
// account anew, by the rules of the tool consumer, and never goes back to this
// one by itself. Grades of the account no longer go to the LMS under that
// identity. Relink takes it back.
func (k *Keeper) Unlink(ctx context.Context, ref BindingRef, by string) (lti.Unlinked, error) {
	var u lti.Unlinked
	err := k.Store.Update(ctx, func(tx store.Tx) error {
		b, err := ref.find(tx)
		if err != nil {
			return err
		}
		u = lti.Unlinked{ID: k.NewID(), Binding: b, At: tx.Now(), By: by}
		if u.Targets, err = targetsOf(tx, b); err != nil {
			return err
		}
		for _, t := range u.Targets {
			if err := park(tx, t); err != nil {
				return err
			}
		}
		if err := store.Bindings.Delete(tx, ref.Domain, ref.Consumer, ref.Value); err != nil {
			return err
		}
		return errors.Join(store.Unlinked.PutNew(tx, u), k.note(tx, by, "unlink binding", ref.object(), "from "+b.Username))
	})
	return u, err
}

// Relink takes an unlinking back within lti.UndoFor, unless the value has been
// bound anew.
func (k *Keeper) Relink(ctx context.Context, ref BindingRef, id, by string) error {
	err := k.Store.Update(ctx, func(tx store.Tx) error {
		u, err := store.Unlinked.Get(tx, ref.Domain, ref.Consumer, ref.Value, id)
		if err != nil {
			return err
		}
		if !u.Undoable(tx.Now()) {
			return refuse("This was taken back before, or is older than %d days.", int(lti.UndoFor.Hours()/24))
		}
		user, err := find(tx, ref.Domain, u.Binding.Username)
		if err != nil {
			return err
		}
		if user.MergedInto != "" {
			return refuse("%s was merged into %s since. Take that merge back first.", user.Username, user.MergedInto)
		}
		err = store.Bindings.PutNew(tx, u.Binding)
		if errors.Is(err, store.ErrExists) {
			return refuse("The identity has been bound to another account since. Move that binding, or merge the two accounts.")
		}
		if err != nil {
			return err
		}
		u.Undone, u.UndoneBy = tx.Now(), by
		return errors.Join(k.unpark(tx, u.Targets), store.Unlinked.Put(tx, u), k.note(tx, by, "undo unlinking", ref.object(), "to "+user.Username))
	})
	return k.woken(err)
}

// unpark puts targets back and what is due to them on its way.
func (k *Keeper) unpark(tx store.Tx, targets []lti.UpstreamTarget) error {
	for _, t := range targets {
		if t.Live != "" {
			_, err := store.Deliveries.Get(tx, t.Live)
			if found, err := exists(err); err != nil {
				return err
			} else if !found {
				t.Live = ""
			}
		}
		if err := errors.Join(store.Targets.Put(tx, t), k.Requeue(tx, t)); err != nil {
			return err
		}
	}
	return nil
}

// Move binds the value to another account of the domain, though never to an
// admin's. What the old account has stays there; grades of the new one go to
// the LMS under this identity.
func (k *Keeper) Move(ctx context.Context, ref BindingRef, username, by string) error {
	err := k.Store.Update(ctx, func(tx store.Tx) error {
		b, err := ref.find(tx)
		if err != nil {
			return err
		}
		user, err := find(tx, ref.Domain, username)
		if err != nil {
			return err
		}
		switch {
		case user.Username == b.Username:
			return refuse("It is bound to %s already.", user.Username)
		case user.Admin:
			return refuse("%s is an admin. No LMS may speak for an admin.", user.Username)
		case user.Disabled:
			return refuse("%s is closed. Open the account first.", user.Username)
		}
		if err := k.moveTargets(tx, b, user.Username); err != nil {
			return err
		}
		old := b.Username
		b.Username, b.How, b.Confirmed, b.ConfirmedBy = user.Username, howAdmin, tx.Now(), by
		return errors.Join(store.Bindings.Put(tx, b), k.note(tx, by, "move binding", ref.object(), "from "+old+" to "+user.Username))
	})
	return k.woken(err)
}

func (k *Keeper) moveTargets(tx store.Tx, b lti.Binding, username string) error {
	targets, err := targetsOf(tx, b)
	if err != nil {
		return err
	}
	for _, t := range targets {
		next, err := vacant(tx, t, username)
		if err != nil {
			return err
		}
		err = errors.Join(
			store.Targets.Delete(tx, store.Split(store.Targets.Key(t))...), store.Targets.Put(tx, next),
			readdress(tx, next), k.Requeue(tx, next))
		if err != nil {
			return err
		}
	}
	return nil
}
