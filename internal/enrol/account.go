package enrol

import (
	"errors"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// findUser follows the binding of (tool consumer, matched value), or makes one
// with an account behind it.
func (v *visit) findUser() error {
	value := v.matched(v.Consumer.Users.Match)
	if value == "" {
		return lti.Refuse(lti.CauseNoUser, "the launch has no %s, by which this tool consumer's users are known", v.Consumer.Users.Match)
	}
	binding, err := store.Bindings.Read(v.tx, v.Consumer.Domain, v.Consumer.ID, value)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return v.bind(value)
	case err != nil:
		return err
	}
	user, err := store.Users.Read(v.tx, binding.Domain, binding.Username)
	if errors.Is(err, store.ErrNotFound) {
		return lti.Refuse(lti.CauseNoAccount, "the account that this %s is bound to is gone", v.Consumer.Users.Match)
	}
	if err != nil {
		return err
	}
	v.User = *user
	v.step("user %s by the binding of %s", v.User.Username, v.Consumer.Users.Match)
	if err := v.mayEnter(); err != nil {
		return err
	}
	if err := v.noteSeen(*binding); err != nil {
		return err
	}
	return v.refreshNames()
}

// seenNoted is how long a launch stays the newest one that a binding knows of,
// so that not every launch writes.
const seenNoted = 24 * time.Hour

// noteSeen keeps the newest user_id of a binding, and the day of its launch.
func (v *visit) noteSeen(b lti.Binding) error {
	uid := v.Believed.Launch.UserID
	known := uid == "" || uid == b.UserID
	if known && (v.listing || v.now.Before(b.Seen.Add(seenNoted))) {
		return nil
	}
	if !known {
		b.UserID = uid
	}
	if !v.listing {
		b.Seen = v.now
	}
	return store.Bindings.Put(v.tx, b)
}

// mayEnter refuses a closed account. Like every refusal it names nobody: the log
// has its words, and the steps before it say who it is.
func (v *visit) mayEnter() error {
	if v.User.Disabled {
		return lti.Refuse(lti.CauseDisabled, "the account is closed")
	}
	return nil
}

// bind makes a binding for a value that is seen for the first time: to the
// account of that name if the consumer may claim it, to the one that the person
// has signed in to, else to a new one.
func (v *visit) bind(value string) error {
	how, err := v.account(value)
	if err != nil {
		return err
	}
	if how == lti.BoundSignedIn {
		if err := v.noteBinding(); err != nil {
			return err
		}
	}
	b := lti.Binding{
		Domain: v.Consumer.Domain, Consumer: v.Consumer.ID, Value: value,
		Username: v.User.Username, UserID: v.Believed.Launch.UserID, Created: v.now, How: how,
	}
	if !v.listing {
		b.Seen = v.now
	}
	return store.Bindings.PutNew(v.tx, b)
}

// claim takes the account that stands already under the matched value, where
// the configuration allows it. An admin's is never claimed, nor one that this
// tool consumer knows by another value: that is another of its people.
func (v *visit) claim(value string) (bool, error) {
	if !v.Consumer.Users.BindExisting || lti.CheckUsername(value) != nil {
		return false, nil
	}
	user, err := store.Users.Get(v.tx, v.Consumer.Domain, value)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if user.Admin {
		v.step("the account %s is an admin's and is not claimed", value)
		return false, nil
	}
	if parted, err := v.parted(value, user); parted || err != nil {
		return false, err
	}
	taken, err := v.knows(user)
	if err != nil {
		return false, err
	}
	if taken {
		v.step("the account %s is another person's of this tool consumer and is not claimed", value)
		return false, nil
	}
	v.User = user
	v.step("user %s: the account stood already and is now bound to this tool consumer", value)
	if err := v.mayEnter(); err != nil {
		return false, err
	}
	return true, v.refreshNames()
}

// knows reports whether a value of this tool consumer is bound to the account.
func (v *visit) knows(user lti.User) (bool, error) {
	for after := ""; ; {
		bindings, next, err := store.Bindings.ListBy(v.tx, "user", store.Prefix(user.Domain, user.Username), after, store.MaxScan)
		if err != nil {
			return false, err
		}
		for _, b := range bindings {
			if b.Consumer == v.Consumer.ID {
				return true, nil
			}
		}
		if after = next; after == "" {
			return false, nil
		}
	}
}

func (v *visit) createUser(value string) error {
	if !v.mayCreate() {
		return lti.Refuse(lti.CauseNoAccount, "no account is bound to this %s, and none of the launch's roles is in users.create_for", v.Consumer.Users.Match)
	}
	username, err := v.freeUsername(value)
	if err != nil {
		return err
	}
	p := v.person()
	v.User = lti.User{
		Domain: v.Consumer.Domain, Username: username,
		GivenName: p.GivenName, FamilyName: p.FamilyName, FullName: p.FullName, Email: p.Email,
		Handle: v.NewID(), Source: v.Consumer.ID, Created: v.now,
	}
	v.step("user %s: account made", username)
	return store.Users.PutNew(v.tx, v.User)
}

// maxNameTries bounds the search for a free username.
const maxNameTries = 1000

// freeUsername is a name that the domain's rule allows, otherwise a name made
// unique. Two tool consumers' users of one name are two users.
func (v *visit) freeUsername(value string) (string, error) {
	domain, err := store.Domains.Read(v.tx, v.Consumer.Domain)
	if errors.Is(err, store.ErrNotFound) {
		domain, err = &lti.Domain{}, nil
	}
	if err != nil {
		return "", err
	}
	for n := 1; n <= maxNameTries; n++ {
		name, ok := domain.Username.Name(value, v.Believed.Launch.Person.Email, v.Consumer.ID+"\x00"+value, n)
		if !ok {
			break
		}
		_, err := store.Users.Get(v.tx, v.Consumer.Domain, name)
		if errors.Is(err, store.ErrNotFound) {
			return name, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", lti.Refuse(lti.CauseNoAccount, "no free username like this %s", v.Consumer.Users.Match)
}
