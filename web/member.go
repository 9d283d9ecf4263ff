package web

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
)

// MemberPage shows one membership and what it was. Its form posts role, section,
// status, start, end and locked to MemberPath.
type MemberPage struct {
	Frame
	Member Member
	// Roles are those that the viewer may give; without any there is no form.
	Roles    []lti.Role
	Sections []string
	// Typed is what the form holds, Faults what is wrong with it, by field.
	Typed  MemberForm
	Faults map[string]string
	// Past is what the membership was, newest first.
	Past []lti.PastMembership
}

// MemberForm is what the form of a MemberPage holds. Times are written
// 2006-01-02T15:04, in UTC.
type MemberForm struct {
	Role    lti.Role
	Section string
	Status  string
	Start   string
	End     string
	Locked  bool
}

// Member writes one membership.
func (p *Pages) Member(w http.ResponseWriter, status int, page MemberPage) error {
	page.Title = or(page.Title, or(page.Member.Name, page.Member.Username))
	return p.render(w, status, "member", page)
}
