package web

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
)

// UsersPage lists accounts. Its filter is the query q; after leads on.
type UsersPage struct {
	Frame
	Users []lti.User
	Query string
	Next  string
}

// Users writes the list of accounts.
func (p *Pages) Users(w http.ResponseWriter, status int, page UsersPage) error {
	page.Title = or(page.Title, "Users")
	return p.render(w, status, "users", page)
}

// UserPage is one account with what hangs on it.
type UserPage struct {
	Frame
	User        lti.User
	Bindings    []lti.Binding
	Memberships []UserMembership
	// Unlinked are bindings that an admin took away, Merges those that the
	// account has part in; newest last.
	Unlinked []lti.Unlinked
	Merges   []lti.Merge
	// Typed is where the binding of Consumer and Value was to be moved to, and
	// Fault why that, or anything else, was not done.
	Typed, Consumer, Value, Fault string
	// Launches are the newest few.
	Launches []lti.LaunchRecord
}

// UserMembership is a membership with the title of its course.
type UserMembership struct {
	lti.Membership
	CourseTitle string
}

// User writes one account.
func (p *Pages) User(w http.ResponseWriter, status int, page UserPage) error {
	page.Title = or(page.Title, page.User.Name())
	return p.render(w, status, "user", page)
}

// AuditPage lists what people and programs changed, newest first. Its filter is
// the query q; after leads on.
type AuditPage struct {
	Frame
	Query   string
	Entries []lti.AuditEntry
	Next    string
}

// Audit writes the audit log.
func (p *Pages) Audit(w http.ResponseWriter, status int, page AuditPage) error {
	page.Title = or(page.Title, "Audit log")
	return p.render(w, status, "audit", page)
}

// TokensPage lists the API tokens. It posts name and role ("admin" or "read")
// to TokensPath, and hash to TokensPath + "/revoke".
type TokensPage struct {
	Frame
	Tokens []lti.APIToken
	// New was just made and is shown this once.
	New string
	// Name and Role are what was typed before, Fault what was wrong with it.
	Name  string
	Role  string
	Fault string
}

// Tokens writes the list of API tokens.
func (p *Pages) Tokens(w http.ResponseWriter, status int, page TokensPage) error {
	page.Title = or(page.Title, "API tokens")
	return p.render(w, status, "tokens", page)
}

// ManifestPage takes a manifest and shows its faults. It posts manifest (the
// text) or file (an upload), and do ("check" or "apply"), as multipart form to
// ManifestPath; GET ManifestPath + "/export" downloads the manifest.
type ManifestPage struct {
	Frame
	// Text is the manifest as it was sent, or the one in force.
	Text   string
	Faults []Fault
	// Changes lists what was done, or would be if Checked; a sound manifest
	// without changes has none.
	Changes []string
	// Diff says what would change, record by record; More counts the records
	// that are left out.
	Diff []RecordChange
	More int
	// Warnings are what the manifest says and hardly should.
	Warnings []string
	Checked  bool
	Applied  bool
}

// RecordChange is what a manifest changes of one record.
type RecordChange struct {
	Object string
	New    bool
	Fields []FieldChange
}

// Fault is what is wrong with one line; Line counts from 1, 0 is the whole.
type Fault struct {
	Line int
	Text string
}

// Manifest writes the manifest page.
func (p *Pages) Manifest(w http.ResponseWriter, status int, page ManifestPage) error {
	page.Title = or(page.Title, "Manifest")
	return p.render(w, status, "manifest", page)
}
