package web

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
)

// PersonPage makes an account or edits one. It posts username and domain (for
// a new one), given_name, family_name, full_name, email, disabled, admin,
// password, clear_password and own (the visitor's own password) to NewUserPath
// or to UserPath + "/edit".
type PersonPage struct {
	Frame
	// New says that the account is yet to be made, in one of Domains.
	New     bool
	Domains []lti.Domain
	// User is the account with what was typed into it.
	User lti.User
	// HasPassword and Clear are about the local sign-in.
	HasPassword bool
	Clear       bool
	// Bound says that an LMS knows the person.
	Bound bool
	// Faults are what is wrong, by the name of the field.
	Faults map[string]string
}

// Person writes the page.
func (p *Pages) Person(w http.ResponseWriter, status int, page PersonPage) error {
	words := p.in(page.Frame)
	title := words.say("Edit %s", page.User.Name())
	if page.New {
		title = words.say("Make an account")
	}
	page.Title = or(page.Title, title)
	return p.render(w, status, "person", page)
}

// MergePage asks which account another one is to be merged into, and once that
// is Ready says what would happen. It gets into as a query and posts into to
// UserPath + "/merge".
type MergePage struct {
	Frame
	From lti.User
	// Typed is the username that was typed, Fault what is wrong with it.
	Typed string
	Fault string

	Ready    bool
	Into     lti.User
	Bindings []lti.Binding
	Courses  []MergeCourse
	// Places is how many places of LMSs get the grades of Into from then on.
	Places   int
	Password bool
}

// MergeCourse is what a merge does in one course.
type MergeCourse struct {
	Ref   lti.CourseRef
	Title string
	// Had is the role of the account that goes, Gets the one that the other
	// has afterwards, Kept that it had it before.
	Had, Gets lti.Role
	Kept      bool
	Owner     bool
	Results   []MergeResult
}

// MergeResult is what becomes of one result; nil scores are none.
type MergeResult struct {
	Title             string
	Points            float64
	From, Into, After *float64
}

// Merge writes the page.
func (p *Pages) Merge(w http.ResponseWriter, status int, page MergePage) error {
	page.Title = or(page.Title, p.in(page.Frame).say("Merge %s", page.From.Name()))
	return p.render(w, status, "merge", page)
}

// AlikePage lists accounts that may be one person's.
type AlikePage struct {
	Frame
	Groups []AlikeGroup
}

// AlikeGroup is what some accounts share: an e-mail address or a name.
type AlikeGroup struct {
	By    string
	Value string
	Users []AlikeUser
}

// AlikeUser is one of them, with the LMSs that know it.
type AlikeUser struct {
	lti.User
	Consumers []string
	// Into is the username that it may be merged into, "" for the first.
	Into string
}

// Alike writes the page.
func (p *Pages) Alike(w http.ResponseWriter, status int, page AlikePage) error {
	page.Title = or(page.Title, "People who look alike")
	return p.render(w, status, "alike", page)
}

// howBound says how a binding was made.
func howBound(how string) string {
	switch how {
	case "auto":
		return "with the account, at the first launch"
	case "claimed":
		return "the LMS claimed an account that stood already"
	case "signed-in":
		return "the person signed in once"
	case "manifest":
		return "by the manifest"
	case "admin":
		return "an admin moved it here"
	}
	return ""
}
