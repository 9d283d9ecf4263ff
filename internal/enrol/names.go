package enrol

import (
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// person is what is believed of the person: what the launch says or, where the
// tool consumer wants that, what the institution's directory does and nothing
// else.
func (v *visit) person() lti.Person {
	if v.Consumer.Users.Info != lti.InfoDirectory {
		return v.Believed.Launch.Person
	}
	if v.Listing.Step != "" {
		v.step("%s", v.Listing.Step)
	}
	if !v.Listing.Found {
		return lti.Person{}
	}
	return v.Listing.Person
}

// refreshNames takes over names and e-mail that are stated anew, for accounts
// that this tool consumer made. A blank never replaces anything.
func (v *visit) refreshNames() error {
	info := v.Consumer.Users.Info
	if v.User.Source != v.Consumer.ID || info != "lti" && info != lti.InfoDirectory {
		return nil
	}
	before, p := v.User, v.person()
	for _, field := range []struct {
		to   *string
		from string
	}{
		{&v.User.GivenName, p.GivenName},
		{&v.User.FamilyName, p.FamilyName},
		{&v.User.FullName, p.FullName},
		{&v.User.Email, p.Email},
	} {
		if strings.TrimSpace(field.from) != "" {
			*field.to = field.from
		}
	}
	if v.User == before {
		return nil
	}
	v.step("names or e-mail taken over from the %s", v.source())
	return store.Users.Put(v.tx, v.User)
}

// source names where people's names come from.
func (v *visit) source() string {
	if v.Consumer.Users.Info == lti.InfoDirectory {
		return "directory"
	}
	return "launch"
}

// parted reports whether an admin has unlinked the value from the account, which
// no launch undoes.
func (v *visit) parted(value string, user lti.User) (bool, error) {
	parted := false
	err := store.Unlinked.All(v.tx, store.Prefix(v.Consumer.Domain, v.Consumer.ID, value), func(u lti.Unlinked) error {
		parted = parted || u.Undone.IsZero() && u.Binding.Username == user.Username
		return nil
	})
	if parted {
		v.step("an admin has unlinked this identity from the account %s, which it does not get again", user.Username)
	}
	return parted, err
}
