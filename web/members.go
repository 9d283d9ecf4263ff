package web

import (
	"net/http"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// MembersPerPage is how many members one page shows.
const MembersPerPage = 100

// MembersPage lists the people of Frame.Course. Its filters are the queries
// role and section, its pages the query page.
type MembersPage struct {
	Frame
	// Members are all that pass the filter; the page cuts out its part.
	Members  []Member
	Role     lti.Role
	Section  string
	Sections []string
	// Page counts from 1; what is out of range is brought into it.
	Page int
	// RosterFrom are the names of the LMSs that can be asked for a roster;
	// with any, a button posts to MembersPath + "/sync". RosterAt is when one
	// last came.
	RosterFrom []string
	RosterAt   time.Time
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
	page.Page = clamp(page.Page, 1, pagesFor(len(page.Members), MembersPerPage))
	return p.render(w, status, "members", page)
}

// Shown is the part of the members on this page.
func (m MembersPage) Shown() []Member {
	return cut(m.Members, m.Page, MembersPerPage)
}

// Pager leads to the other pages.
func (m MembersPage) Pager() Pager {
	return newPager("page", extent{m.Page, MembersPerPage, len(m.Members)}, "people",
		"role", string(m.Role), "section", m.Section, "s", m.Session)
}
