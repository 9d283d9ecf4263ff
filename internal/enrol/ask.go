package enrol

import (
	"cmp"
	"errors"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// errAsk ends a visit before it has written anything: the person is to be asked.
var errAsk = errors.New("ask the person first")

// account finds or makes the account for a value that is seen for the first
// time, and says how.
func (v *visit) account(value string) (how string, err error) {
	claimed, err := v.claim(value)
	if err != nil {
		return "", err
	}
	switch mode := v.createMode(); {
	case claimed:
		return lti.BoundClaimed, nil
	case v.Answer != nil && v.Answer.Username != "":
		return lti.BoundSignedIn, v.takeAccount()
	case mode == lti.CreateAuto || mode == lti.CreateAsk && v.Answer != nil:
		return lti.BoundAuto, v.createUser(value)
	case mode == lti.CreateAsk:
		v.Ask, v.MayCreate = true, v.mayCreate()
		v.step("nobody is bound to this %s: the person is asked whether an account stands already", v.Consumer.Users.Match)
		return "", errAsk
	default:
		return "", lti.Refuse(lti.CauseNoAccount, "no account is bound to this %s, and for these roles users.create is %q", v.Consumer.Users.Match, mode)
	}
}

// createMode is how accounts are made for the launch's roles: by the most
// careful of the modes that users.create_by names for them, else by
// users.create.
func (v *visit) createMode() string {
	careful := map[string]int{lti.CreateAuto: 1, lti.CreateAsk: 2, lti.CreateExisting: 3}
	mode := ""
	for role, m := range v.Consumer.Users.CreateBy {
		if careful[m] > careful[mode] && lti.HasRole(v.Believed.Launch.Roles, []string{role}) {
			mode = m
		}
	}
	return cmp.Or(mode, v.Consumer.Users.Create)
}

// mayCreate reports whether a role of the launch lets an account be made.
func (v *visit) mayCreate() bool {
	return lti.HasRole(v.Believed.Launch.Roles, v.Consumer.Users.CreateFor)
}

// takeAccount takes the account of which the person has proved to be the owner.
// An admin's it takes only when that was confirmed under the account's password.
func (v *visit) takeAccount() error {
	user, err := store.Users.Get(v.tx, v.Consumer.Domain, v.Answer.Username)
	if errors.Is(err, store.ErrNotFound) {
		return lti.Refuse(lti.CauseNoAccount, "the account that the person signed in to is gone")
	}
	if err != nil {
		return err
	}
	if user.Admin && !v.Answer.Confirmed {
		return lti.Refuse(lti.CauseNoAccount, "the account is an admin's, and that was not confirmed under its password")
	}
	parted, err := v.parted(v.matched(v.Consumer.Users.Match), user)
	if err != nil {
		return err
	}
	if parted {
		r := lti.Refuse(lti.CauseNoAccount, "an admin has unlinked this person from the account")
		r.Hint = "If it is theirs after all, take the unlinking back on the page of the account."
		return r
	}
	v.User = user
	v.step("user %s: the person signed in to the account, which is now bound to this tool consumer", user.Username)
	if err := v.mayEnter(); err != nil {
		return err
	}
	return v.refreshNames()
}

// noteBinding writes into the audit log that a person has connected the account.
func (v *visit) noteBinding() error {
	name := v.User.Username + ":" + v.User.Domain
	return store.Audit.PutNew(v.tx, lti.AuditEntry{
		ID: v.NewID(), At: v.now, By: name, Action: "connect", Object: "user " + name,
		Detail: "with a person of the tool consumer " + v.Consumer.Domain + "/" + v.Consumer.ID + ", by signing in",
	})
}
