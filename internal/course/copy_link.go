package course

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// CopyLink makes a new resource link beside the original, right after it, on
// behalf of by. What Copy leaves behind stays behind here too. An unknown course or
// link is store.ErrNotFound, an id that is taken in the course store.ErrExists.
func (c *Copier) CopyLink(ctx context.Context, course lti.CourseRef, link string, want Wanted, by string) (lti.ResourceLink, error) {
	var made lti.ResourceLink
	now := c.Now().UTC().Truncate(time.Second)
	err := want.check()
	if err == nil {
		err = c.Store.Update(ctx, func(tx store.Tx) error {
			home, err := store.Courses.Get(tx, course.Domain, course.ID)
			if err != nil {
				return err
			}
			if made, err = c.insertTwin(&home, link, want); err != nil {
				return err
			}
			if err := store.Courses.Put(tx, home); err != nil {
				return err
			}
			return c.audit(tx, lti.AuditEntry{At: now, By: by, Action: "copy link", Object: "link " + course.String() + "/" + link, Detail: "to " + made.ID})
		})
	}
	if err != nil {
		return lti.ResourceLink{}, fmt.Errorf("copy link %s/%s: %w", course, link, err)
	}
	return made, nil
}

// insertTwin puts a copy of the link behind it.
func (c *Copier) insertTwin(home *lti.Course, id string, want Wanted) (lti.ResourceLink, error) {
	if _, _, taken := home.Link(want.ID); taken {
		return lti.ResourceLink{}, store.ErrExists
	}
	lists := []*[]lti.ResourceLink{&home.Links}
	for i := range home.Folders {
		lists = append(lists, &home.Folders[i].Links)
	}
	for _, list := range lists {
		i := slices.IndexFunc(*list, func(l lti.ResourceLink) bool { return l.ID == id })
		if i < 0 {
			continue
		}
		twin := c.copyLink(home.Ref(), (*list)[i])
		twin.ID = want.ID
		if want.Title != "" {
			twin.Title = want.Title
		}
		*list = slices.Insert(*list, i+1, twin)
		return twin, nil
	}
	return lti.ResourceLink{}, store.ErrNotFound
}
