package admin

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// members lists the people of a course to those who may see its roster.
func (p *People) members(w http.ResponseWriter, r *http.Request, v visit) error {
	query := r.URL.Query()
	page := web.MembersPage{Role: lti.Role(query.Get("role")), Section: query.Get("section"), Page: number(r, "page")}
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		s, err := takeSeat(tx, v, courseRef(r))
		if err != nil {
			return err
		}
		if !s.seesRoster() {
			return errForbidden
		}
		page.Frame = p.courseFrame(r, v, s)
		return fillMembers(tx, s.course, &page)
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Members(w, http.StatusOK, page))
	return nil
}

// fillMembers reads those who pass the page's filter, by rank and name, and
// the sections that there are.
func fillMembers(tx store.Tx, course *lti.Course, page *web.MembersPage) error {
	page.Members, page.Sections = nil, slices.Clone(course.Sections)
	consumers := names{}
	err := store.Memberships.All(tx, store.Prefix(course.Domain, course.ID), func(m lti.Membership) error {
		if m.Section != "" {
			page.Sections = append(page.Sections, m.Section)
		}
		if page.Role != "" && m.Role != page.Role || page.Section != "" && m.Section != page.Section {
			return nil
		}
		user, err := userOf(tx, m.Domain, m.Username)
		if err != nil {
			return err
		}
		source, err := consumers.consumer(tx, m.Domain, m.Source)
		if err != nil {
			return err
		}
		page.Members = append(page.Members, web.Member{Membership: m, Name: user.Name(), Email: user.Email, SourceName: source})
		return nil
	})
	slices.Sort(page.Sections)
	page.Sections = slices.Compact(page.Sections)
	slices.SortFunc(page.Members, func(x, y web.Member) int {
		return cmp.Or(cmp.Compare(y.Role.Rank(), x.Role.Rank()), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Username, y.Username))
	})
	return err
}
