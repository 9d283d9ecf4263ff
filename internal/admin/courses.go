package admin

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// courses lists all courses, or those whose title, label or id has a text.
func (p *People) courses(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.AdminCoursesPage{Frame: p.frame(r, v), Query: r.URL.Query().Get("q")}
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		list := func(after string, limit int) ([]lti.Course, string, error) {
			return store.Courses.List(tx, "", after, limit)
		}
		found, next, err := sift(list, store.Courses.Key, cursor(r, ""), perPage, func(c lti.Course) bool {
			return matches(page.Query, c.Title, c.Label, c.Ref().String())
		})
		if err != nil {
			return err
		}
		page.Courses, page.Next = nil, next
		for _, c := range found {
			members, err := count(tx, store.Memberships.Name(), store.Prefix(c.Domain, c.ID))
			if err != nil {
				return err
			}
			page.Courses = append(page.Courses, adminCourse(c, members))
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.AdminCourses(w, http.StatusOK, page))
	return nil
}

func adminCourse(c lti.Course, members int) web.AdminCourse {
	shown := web.AdminCourse{
		Ref: c.Ref(), Title: c.Title, Label: c.Label, Owner: c.Owner, Source: c.Source,
		Members: members, Disabled: c.Disabled, Created: c.Created,
	}
	for range c.AllLinks() {
		shown.Links++
	}
	return shown
}
