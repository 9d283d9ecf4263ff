package directory

import (
	"context"
	"errors"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Directory finds people. All fields are set before use.
type Directory struct {
	Store store.Store
	// Servers are the LDAP servers by domain; a domain with one is asked
	// there and nowhere else.
	Servers map[string]*LDAP
	NewID   func() string // UUIDs version 7
}

// Launch parameters that name what a value is.
const (
	matchEmail     = "lis_person_contact_email_primary"
	matchSourcedID = "lis_person_sourcedid"
)

// Find looks up the person whom the tool consumer knows by value. A value that
// two people share finds nobody.
func (d *Directory) Find(ctx context.Context, c *lti.ToolConsumer, value string) (lti.Person, bool, error) {
	if server, ok := d.Servers[c.Domain]; ok {
		return server.Find(ctx, value)
	}
	var p lti.DirectoryPerson
	found := false
	err := d.Store.View(ctx, func(tx store.Tx) (err error) {
		found = false
		dir, err := store.Directories.Read(tx, c.Domain)
		if errors.Is(err, store.ErrNotFound) || err == nil && dir.Load == "" {
			return nil
		}
		if err != nil {
			return err
		}
		p, found, err = findRow(tx, dir, c.Users.Match, value)
		return err
	})
	return p.Person(), found, err
}

// findRow looks by what the value is, and else by username: the file's names of
// people are what the institution makes of them.
func findRow(tx store.Tx, dir *lti.Directory, match, value string) (p lti.DirectoryPerson, found bool, err error) {
	switch match {
	case matchEmail:
		return only(tx, "email", store.Prefix(dir.Domain, dir.Load, strings.ToLower(value)))
	case matchSourcedID:
		p, found, err = only(tx, "sourcedid", store.Prefix(dir.Domain, dir.Load, value))
		if found || err != nil {
			return p, found, err
		}
	}
	p, err = store.DirectoryPeople.Get(tx, dir.Domain, dir.Load, value)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) {
		return p, false, nil
	}
	return p, err == nil, err
}

// only finds the one row with an entry below prefix.
func only(tx store.Tx, index, prefix string) (lti.DirectoryPerson, bool, error) {
	rows, _, err := store.DirectoryPeople.ListBy(tx, index, prefix, "", 2)
	if err != nil || len(rows) != 1 {
		return lti.DirectoryPerson{}, false, err
	}
	return rows[0], true, nil
}
