package course

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// Editor changes courses on behalf of those who may edit them. All fields are
// set before use; those that say so may be nil.
type Editor struct {
	Store store.Store
	Vault *vault.Vault
	// Copier copies whole courses.
	Copier *Copier
	// Changed is called in the transaction that changes what scopes of a course
	// are worth: their links, or the points of those. It may be nil.
	Changed func(tx store.Tx, course lti.CourseRef, scopes []lti.Scope) error

	Now   func() time.Time
	NewID func() string // UUIDs version 7
	Rand  io.Reader
}

// Author is on whose behalf a course is edited. Admin says that the person came
// by a local sign-in, which alone lets an admin's rights count.
type Author struct {
	Domain, Username string
	Admin            bool
}

// String writes the author as username:domain.
func (a Author) String() string { return a.Username + ":" + a.Domain }

// Edit says which course is edited and by whom. Version is that of the part
// that is changed, as the author saw it.
type Edit struct {
	Course  lti.CourseRef
	By      Author
	Version string
}

// What callers tell apart. A course, folder, link, tool or key that is not there
// is store.ErrNotFound.
var (
	// ErrForbidden: the author may not edit the course (any more).
	ErrForbidden = errors.New("may not edit the course")
	// ErrStale: the part was changed since the author saw it.
	ErrStale = errors.New("changed meanwhile")
	// ErrResults: the link has results and the author has not said that it is
	// to be deleted all the same.
	ErrResults = errors.New("it has results")
	// ErrUsed: links of the course open the tool.
	ErrUsed = errors.New("links open it")
)

// Faults says what is wrong with each field of a form, by the field's name.
type Faults map[string]string

// Error lists the fields, never what was typed.
func (f Faults) Error() string {
	var names []string
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	return "at fault: " + strings.Join(names, ", ")
}

// add notes an error of a field; the first one of each stays.
func (f Faults) add(field string, err error) {
	if err == nil || f[field] != "" {
		return
	}
	f[field] = err.Error()
	if strings.HasPrefix(f[field], "must ") {
		f[field] = "it " + f[field]
	}
}

// err is f as an error, nil without any fault.
func (f Faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// change is one edit on its way through its transaction.
type change struct {
	tx     store.Tx
	course *lti.Course
	// object is the part that the audit names, "" for the course as a whole;
	// detail says more.
	object, detail string
}

// edit lets do change the course, in one transaction with the check of the
// author's rights, what follows for totals, and the entry for the audit.
func (e *Editor) edit(ctx context.Context, of Edit, action string, do func(*change) error) error {
	now, id := e.Now().UTC().Truncate(time.Second), e.NewID()
	err := e.Store.Update(ctx, func(tx store.Tx) error {
		c, err := store.Courses.Get(tx, of.Course.Domain, of.Course.ID)
		if err != nil {
			return err
		}
		if err := mayEdit(tx, &c, of.By); err != nil {
			return err
		}
		before := c.Worth()
		ch := &change{tx: tx, course: &c}
		if err := do(ch); err != nil {
			return err
		}
		if err := store.Courses.Put(tx, c); err != nil {
			return err
		}
		if scopes := before.Changed(c.Worth()); len(scopes) > 0 && e.Changed != nil {
			if err := e.Changed(tx, c.Ref(), scopes); err != nil {
				return err
			}
		}
		return store.Audit.PutNew(tx, lti.AuditEntry{
			ID: id, At: now, By: of.By.String(), Action: action, Object: "course " + c.Ref().String() + ch.object, Detail: ch.detail,
		})
	})
	if err != nil {
		return fmt.Errorf("%s in %s: %w", action, of.Course, err)
	}
	return nil
}

// mayEdit checks the rights of the author as the store has them now.
func mayEdit(tx store.Tx, c *lti.Course, by Author) error {
	user, err := store.Users.Get(tx, by.Domain, by.Username)
	if err != nil {
		return forbidden(err)
	}
	if user.Disabled {
		return ErrForbidden
	}
	if by.Admin && user.Admin {
		return nil
	}
	if by.Domain != c.Domain || c.Disabled {
		return ErrForbidden
	}
	m, err := store.Memberships.Get(tx, c.Domain, c.ID, by.Username)
	if err != nil {
		return forbidden(err)
	}
	if !m.ActiveAt(tx.Now()) || !m.Role.CanEdit() {
		return ErrForbidden
	}
	return nil
}

// forbidden is ErrForbidden for who is not there, and any other error as it is.
func forbidden(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return ErrForbidden
	}
	return err
}
