package person

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Bounds of a password, in characters and bytes.
const (
	maxPassword = 256
	minPassword = 8
)

// Details are what an admin types about a person.
type Details struct {
	GivenName, FamilyName, FullName, Email string
	Disabled, Admin                        bool
	// Password is the new one for the local sign-in, "" to leave it;
	// ClearPassword takes it away.
	Password      string
	ClearPassword bool
}

// DetailsOf are the details of an account as they stand.
func DetailsOf(u lti.User) Details {
	return Details{GivenName: u.GivenName, FamilyName: u.FamilyName, FullName: u.FullName, Email: u.Email, Disabled: u.Disabled, Admin: u.Admin}
}

// sourceAdmin is the source of accounts that were made by hand.
const sourceAdmin = "admin"

// Create makes an account by hand. Its refusals are *Refused.
func (k *Keeper) Create(ctx context.Context, domain, username string, d Details, by string) (lti.User, error) {
	if err := lti.CheckUsername(username); err != nil {
		return lti.User{}, &Refused{"username", "The username can't be used: " + err.Error() + "."}
	}
	hash, err := d.check()
	if err != nil {
		return lti.User{}, err
	}
	var u lti.User
	err = k.Store.Update(ctx, func(tx store.Tx) error {
		if _, err := store.Domains.Get(tx, domain); errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) {
			return &Refused{"domain", "Choose the institution that the person belongs to."}
		} else if err != nil {
			return err
		}
		u = lti.User{Domain: domain, Username: username, Handle: k.NewID(), Source: sourceAdmin, Created: tx.Now()}
		d.fill(&u, hash)
		err := store.Users.PutNew(tx, u)
		if errors.Is(err, store.ErrExists) {
			return &Refused{"username", "There is an account of that name already. Choose another one."}
		}
		if err != nil {
			return err
		}
		return k.note(tx, by, "make account", username+":"+domain, rights(lti.User{}, u))
	})
	return u, err
}

// Edit changes an account. The last admin stays one and stays open. A new
// password, and closing the account, end its sessions. Its refusals are
// *Refused.
func (k *Keeper) Edit(ctx context.Context, domain, username string, d Details, by string) (lti.User, error) {
	hash, err := d.check()
	if err != nil {
		return lti.User{}, err
	}
	var u lti.User
	err = k.Store.Update(ctx, func(tx store.Tx) (err error) {
		if u, err = find(tx, domain, username); err != nil {
			return err
		}
		old := u
		d.fill(&u, hash)
		if u.MergedInto != "" && !u.Disabled {
			return &Refused{"disabled", "The account was merged into " + u.MergedInto + ". Take the merge back to open it."}
		}
		if lostAdmin(old, u) {
			if last, err := lastAdmin(tx, old); err != nil {
				return err
			} else if last {
				return &Refused{"admin", "This is the last admin who can sign in. Make another one first."}
			}
		}
		if u == old {
			return nil
		}
		if u.PasswordHash != old.PasswordHash || u.Disabled && !old.Disabled {
			u.SessionsEnd = tx.Now()
		}
		return errors.Join(store.Users.Put(tx, u), k.note(tx, by, "edit account", username+":"+domain, rights(old, u)))
	})
	return u, err
}

// EndSessions closes everything that the person has open, in all browsers.
func (k *Keeper) EndSessions(ctx context.Context, domain, username, by string) error {
	return k.Store.Update(ctx, func(tx store.Tx) error {
		u, err := find(tx, domain, username)
		if err != nil {
			return err
		}
		u.SessionsEnd = tx.Now()
		return errors.Join(store.Users.Put(tx, u), k.note(tx, by, "end sessions", username+":"+domain, ""))
	})
}

// check looks at what was typed, and hashes the password.
func (d *Details) check() (hash string, err error) {
	for _, f := range []struct {
		name string
		text *string
	}{{"given_name", &d.GivenName}, {"family_name", &d.FamilyName}, {"full_name", &d.FullName}, {"email", &d.Email}} {
		*f.text = strings.TrimSpace(*f.text)
		if *f.text == "" {
			continue
		}
		if err := lti.CheckID(*f.text); err != nil {
			return "", &Refused{f.name, "It can't be kept: " + err.Error() + "."}
		}
	}
	if d.Email != "" {
		if a, err := mail.ParseAddress(d.Email); err != nil || a.Address != d.Email {
			return "", &Refused{"email", "That is no e-mail address. Write it like ada@uni.example."}
		}
	}
	switch n := utf8.RuneCountInString(d.Password); {
	case d.Password == "":
		return "", nil
	case d.ClearPassword:
		return "", &Refused{"password", "Either set a new password or take it away."}
	case n < minPassword:
		return "", &Refused{"password", "The password is too short. Use at least 8 characters."}
	case len(d.Password) > maxPassword:
		return "", &Refused{"password", "The password is too long. Use at most 256 bytes."}
	}
	return argon2id.CreateHash(d.Password, passwordCost())
}

// passwordCost is the second recommendation of RFC 9106, section 4: 64 MiB,
// three passes, four lanes.
func passwordCost() *argon2id.Params {
	return &argon2id.Params{Memory: 64 << 10, Iterations: 3, Parallelism: 4, SaltLength: 16, KeyLength: 32}
}

func (d Details) fill(u *lti.User, hash string) {
	u.GivenName, u.FamilyName, u.FullName, u.Email = d.GivenName, d.FamilyName, d.FullName, d.Email
	u.Disabled, u.Admin = d.Disabled, d.Admin
	switch {
	case d.ClearPassword:
		u.PasswordHash = ""
	case hash != "":
		u.PasswordHash = hash
	}
}

// lostAdmin reports whether an admin who could sign in no longer can.
func lostAdmin(old, now lti.User) bool { return canAdminister(old) && !canAdminister(now) }

func canAdminister(u lti.User) bool { return u.Admin && !u.Disabled && u.PasswordHash != "" }

func lastAdmin(tx store.Tx, u lti.User) (bool, error) {
	others := 0
	err := store.Users.All(tx, "", func(other lti.User) error {
		if canAdminister(other) && (other.Domain != u.Domain || other.Username != u.Username) {
			others++
		}
		return nil
	})
	return others == 0, err
}

// rights says what changed, without names or addresses.
func rights(old, now lti.User) string {
	var said []string
	add := func(changed bool, text string) {
		if changed {
			said = append(said, text)
		}
	}
	add(old.GivenName != now.GivenName || old.FamilyName != now.FamilyName || old.FullName != now.FullName, "names changed")
	add(old.Email != now.Email, "e-mail changed")
	add(!old.Admin && now.Admin, "made an admin")
	add(old.Admin && !now.Admin, "no admin any more")
	add(!old.Disabled && now.Disabled, "closed")
	add(old.Disabled && !now.Disabled, "opened")
	add(now.PasswordHash != "" && old.PasswordHash != now.PasswordHash, "password set")
	add(now.PasswordHash == "" && old.PasswordHash != "", "password taken away")
	return strings.Join(said, ", ")
}
