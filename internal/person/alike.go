package person

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// maxAlike bounds the list of those who look alike.
const maxAlike = 50

// Alike are accounts of one domain that may be one person's, and what they
// share: an e-mail address, or a name at different LMSs.
type Alike struct {
	By    string // "e-mail" or "name"
	Value string
	Users []lti.User
	// Consumers are the LMSs that know each of Users, in their order.
	Consumers [][]string
}

// Alike lists accounts that look like one person's, up to 50 groups. It only
// lists: an e-mail address or a name proves nothing.
func (k *Keeper) Alike(ctx context.Context) ([]Alike, error) {
	var found []Alike
	err := k.Store.View(ctx, func(tx store.Tx) error {
		found = nil
		groups, err := lookalikes(tx)
		if err != nil {
			return err
		}
		for _, g := range groups {
			if len(found) == maxAlike {
				return nil
			}
			if keep, err := g.ask(tx); err != nil {
				return err
			} else if keep {
				found = append(found, g)
			}
		}
		return nil
	})
	return found, err
}

// trait is what two people may share.
type trait struct{ domain, by, value string }

// lookalikes groups the open accounts by e-mail address and by name.
func lookalikes(tx store.Tx) ([]Alike, error) {
	groups := map[trait][]lti.User{}
	err := store.Users.All(tx, "", func(u lti.User) error {
		if u.Disabled || u.Admin {
			return nil
		}
		u.PasswordHash = ""
		if email := fold(u.Email); email != "" {
			t := trait{u.Domain, "e-mail", email}
			groups[t] = append(groups[t], u)
		}
		if name := fold(u.Name()); name != "" && u.Name() != u.Username {
			t := trait{u.Domain, "name", name}
			groups[t] = append(groups[t], u)
		}
		return nil
	})
	var list []Alike
	for t, users := range groups {
		if len(users) > 1 {
			list = append(list, Alike{By: t.by, Value: t.value, Users: users})
		}
	}
	slices.SortFunc(list, func(a, b Alike) int {
		return cmp.Or(cmp.Compare(a.By, b.By), cmp.Compare(a.Users[0].Domain, b.Users[0].Domain), cmp.Compare(a.Value, b.Value))
	})
	return list, err
}

// fold makes texts equal that differ in case and blanks alone.
func fold(text string) string { return strings.Join(strings.Fields(strings.ToLower(text)), " ") }

// ask fills in the LMSs. Two of one name whom one LMS tells apart are most
// likely two people, so those are not listed.
func (a *Alike) ask(tx store.Tx) (bool, error) {
	seen := map[string]bool{}
	apart := false
	for _, u := range a.Users {
		bindings, err := bindingsOf(tx, u.Domain, u.Username)
		if err != nil {
			return false, err
		}
		var lms []string
		for _, b := range bindings {
			lms = append(lms, b.Consumer)
		}
		slices.Sort(lms)
		lms = slices.Compact(lms)
		for _, c := range lms {
			apart = apart || seen[c]
			seen[c] = true
		}
		a.Consumers = append(a.Consumers, lms)
	}
	return a.By == "e-mail" || !apart && len(seen) > 1, nil
}
