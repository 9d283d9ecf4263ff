package person

import (
	"errors"
	"fmt"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Keeper changes people. All fields are set before use.
type Keeper struct {
	Store store.Store
	NewID func() string // UUIDs version 7
	// Requeue puts the value that an upstream target has now on its way, in
	// the transaction that may have changed it. Wake is called after such a
	// transaction has committed; it may be nil.
	Requeue func(tx store.Tx, t lti.UpstreamTarget) error
	Wake    func()
}

// Refused says in a sentence for an admin why something was not done. Nothing
// was changed then. Field names what was typed wrong, "" for none of it.
type Refused struct {
	Field string
	Text  string
}

// Error is the sentence.
func (r *Refused) Error() string { return r.Text }

func refuse(format string, args ...any) error {
	return &Refused{Text: fmt.Sprintf(format, args...)}
}

// find reads an account. One that is not there is refused in words.
func find(tx store.Tx, domain, username string) (lti.User, error) {
	u, err := store.Users.Get(tx, domain, username)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) {
		return u, refuse("There is no account %s:%s.", username, domain)
	}
	return u, err
}

// note adds the entry that the audit keeps of an act.
func (k *Keeper) note(tx store.Tx, by, action, object, detail string) error {
	return store.Audit.PutNew(tx, lti.AuditEntry{
		ID: k.NewID(), At: tx.Now(), By: by, Action: action, Object: object, Detail: detail,
	})
}

func (k *Keeper) woken(err error) error {
	if err == nil && k.Wake != nil {
		k.Wake()
	}
	return err
}

// bindingsOf lists all bindings of an account.
func bindingsOf(tx store.Tx, domain, username string) ([]lti.Binding, error) {
	return allBy(tx, store.Bindings, "user", store.Prefix(domain, username))
}

// allBy lists all records with an entry below prefix.
func allBy[T any](tx store.Tx, c *store.Collection[T], index, prefix string) ([]T, error) {
	var all []T
	for after := ""; ; {
		found, next, err := c.ListBy(tx, index, prefix, after, store.MaxScan)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
		if after = next; after == "" {
			return all, nil
		}
	}
}

// all lists all records below prefix.
func all[T any](tx store.Tx, c *store.Collection[T], prefix string) ([]T, error) {
	var list []T
	err := c.All(tx, prefix, func(v T) error {
		list = append(list, v)
		return nil
	})
	return list, err
}

// exists tells a record that is there from one that is not.
func exists(err error) (bool, error) {
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
