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
		page.Frame, page.Manages = p.courseFrame(r, v, s), s.manages()
		if page.Rosters, err = rostersOf(tx, s.course.Ref()); err != nil {
			return err
		}
		return fillMembers(tx, s.course, &page)
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Members(w, http.StatusOK, page))
	return nil
}

// maxNamed is how many members are looked up to be put in the order of their
// names; more are in the order of their usernames.
const maxNamed = 2000

// fillMembers reads those who pass the page's filter, by rank and name, of them
// the part on the page, and the sections that there are.
func fillMembers(tx store.Tx, course *lti.Course, page *web.MembersPage) error {
	sections := map[string]bool{}
	for _, section := range course.Sections {
		sections[section] = true
	}
	var found []lti.Membership
	err := store.Memberships.All(tx, store.Prefix(course.Domain, course.ID), func(m lti.Membership) error {
		if m.Into != "" { // merged into an account that is listed
			return nil
		}
		if m.Section != "" {
			sections[m.Section] = true
		}
		if (page.Role == "" || m.Role == page.Role) && (page.Section == "" || m.Section == page.Section) {
			found = append(found, m)
		}
		return nil
	})
	if err != nil {
		return err
	}
	page.Sections, page.Total = nil, len(found)
	for section := range sections {
		page.Sections = append(page.Sections, section)
	}
	slices.Sort(page.Sections)
	slices.SortFunc(found, func(x, y lti.Membership) int {
		return cmp.Or(cmp.Compare(y.Role.Rank(), x.Role.Rank()), cmp.Compare(x.Username, y.Username))
	})
	from, to := web.MembersExtent(page.Page, len(found))
	if len(found) > maxNamed {
		page.Members, err = named(tx, found[from:to])
		return err
	}
	all, err := named(tx, found)
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(x, y web.Member) int {
		return cmp.Or(cmp.Compare(y.Role.Rank(), x.Role.Rank()), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Username, y.Username))
	})
	page.Members = all[from:to]
	return nil
}

// named adds to memberships who the people are.
func named(tx store.Tx, found []lti.Membership) ([]web.Member, error) {
	members := make([]web.Member, 0, len(found))
	consumers := names{}
	for _, m := range found {
		user, err := userOf(tx, m.Domain, m.Username)
		if err != nil {
			return nil, err
		}
		source, err := consumers.consumer(tx, m.Domain, m.Source)
		if err != nil {
			return nil, err
		}
		members = append(members, web.Member{Membership: m, Name: user.Name(), Email: user.Email, SourceName: source})
	}
	return members, nil
}
