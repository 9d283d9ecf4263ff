package course

import (
	"context"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Menus changes what launched sessions show around a course.
type Menus struct {
	Store store.Store
	Now   func() time.Time
	NewID func() string // UUIDs version 7
}

// Set makes menu what the course wants, on behalf of by; the zero value wants
// nothing of its own. An unknown course is store.ErrNotFound.
func (m *Menus) Set(ctx context.Context, ref lti.CourseRef, menu lti.MenuChange, by string) error {
	entry := lti.AuditEntry{
		ID: m.NewID(), At: m.Now().UTC().Truncate(time.Second), By: by, Action: "change menu",
		Object: "course " + ref.String(), Detail: "as each LMS has it",
	}
	if menu != (lti.MenuChange{}) {
		entry.Detail = "a menu of its own"
	}
	err := m.Store.Update(ctx, func(tx store.Tx) error {
		c, err := store.Courses.Get(tx, ref.Domain, ref.ID)
		if err != nil {
			return err
		}
		c.Menu = menu
		if err := store.Courses.Put(tx, c); err != nil {
			return err
		}
		return store.Audit.PutNew(tx, entry)
	})
	if err != nil {
		return fmt.Errorf("change the menu of course %s: %w", ref, err)
	}
	return nil
}
