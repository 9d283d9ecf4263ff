package web

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
)

// MembersPerPage is how many members one page shows.
const MembersPerPage = 100

// MembersPage lists the people of Frame.Course. Its filters are the queries
// role and section, its pages the query page.
type MembersPage struct {
	Frame
	// Members are those on this page, Total how many pass the filter.
	Members  []Member
	Total    int
	Role     lti.Role
	Section  string
	Sections []string
	// Page counts from 1; what is out of range is brought into it.
	Page int
	// Rosters are those that were ever named for the course. Manages says that
	// the viewer may fetch them and change members.
	Rosters []Roster
	Manages bool
}

// Member is one membership with its person.
type Member struct {
	lti.Membership
	Name  string
	Email string
	// SourceName is the source in words; empty shows Membership.Source.
	SourceName string
}

// Members writes the list of people.
func (p *Pages) Members(w http.ResponseWriter, status int, page MembersPage) error {
	page.Title = or(page.Title, "People")
	page.Page = clamp(page.Page, 1, pagesFor(page.Total, MembersPerPage))
	return p.render(w, status, "members", page)
}

// Busy reports whether a roster is under way.
func (m MembersPage) Busy() bool {
	for _, r := range m.Rosters {
		if r.Busy() && !r.Waiting(m.Now) {
			return true
		}
	}
	return false
}

// MembersExtent says which part of so many members a page shows, counted from 0
// and up to the second number. What is out of range is brought into it.
func MembersExtent(page, total int) (from, to int) {
	page = clamp(page, 1, pagesFor(total, MembersPerPage))
	return (page - 1) * MembersPerPage, min(page*MembersPerPage, total)
}

// Pager leads to the other pages.
func (m MembersPage) Pager() Pager {
	return newPager("page", extent{m.Page, MembersPerPage, m.Total}, people,
		"role", string(m.Role), "section", m.Section, "s", m.Session)
}
