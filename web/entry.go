package web

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
)

// HomePage greets a stranger, or lists the courses of who is signed in.
type HomePage struct {
	Frame
	// LaunchURL is what an LMS admin pastes; empty leaves that part out.
	LaunchURL string
	Courses   []CourseCard
}

// CourseCard is a course in the list of one's own.
type CourseCard struct {
	Ref   lti.CourseRef
	Title string
	Label string
	Role  lti.Role
	// Links is how many resource links the course has.
	Links int
}

// Home writes the home page.
func (p *Pages) Home(w http.ResponseWriter, status int, page HomePage) error {
	if page.Viewer.SignedIn() {
		page.Title = or(page.Title, "My courses")
	}
	return p.render(w, status, "home", page)
}

// LoginPage is the local sign-in. It posts username (a name or name:domain),
// domain, password and next to LoginPath.
type LoginPage struct {
	Frame
	// Username and Domain are what was typed before.
	Username string
	Domain   string
	Domains  []lti.Domain
	// Next is the path to go on to.
	Next string
	// Fault is shown at Field, which is "username" or "password".
	Fault string
	Field string
}

// Login writes the sign-in page.
func (p *Pages) Login(w http.ResponseWriter, status int, page LoginPage) error {
	if page.Field == "" {
		page.Field = "password"
	}
	page.Title = or(page.Title, "Sign in")
	return p.render(w, status, "login", page)
}

// CookieFallbackPage opens the page in a tab of its own for a browser that
// keeps no cookie in a frame. It posts ticket to OpenPath in a new tab.
type CookieFallbackPage struct {
	Frame
	// Ticket is good for one use.
	Ticket string
	// What is the title of what will be opened.
	What string
}

// CookieFallback writes the page with the one button.
func (p *Pages) CookieFallback(w http.ResponseWriter, status int, page CookieFallbackPage) error {
	page.Title = or(page.Title, "Open in a new tab")
	return p.render(w, status, "cookie_fallback", page)
}

// SwitchPage asks before a launch replaces who is signed in. It posts ticket
// and answer ("switch" or "stay") to SwitchPath.
type SwitchPage struct {
	Frame
	Current Viewer
	Next    Viewer
	Ticket  string
}

// Switch writes the question.
func (p *Pages) Switch(w http.ResponseWriter, status int, page SwitchPage) error {
	page.Title = or(page.Title, "Continue as someone else?")
	return p.render(w, status, "switch", page)
}

// RoleChooserPage lets a user whose LMS names no course choose one. It posts
// ticket and choice (RoleChoice.Value) to ChoosePath.
type RoleChooserPage struct {
	Frame
	// Consumer is the LMS's name.
	Consumer string
	Ticket   string
	Choices  []RoleChoice
}

// RoleChoice is one role in one course.
type RoleChoice struct {
	Course  lti.CourseRef
	Title   string
	Label   string
	Role    lti.Role
	Section string
}

// Value is what the form sends for the choice: "domain/course role".
func (c RoleChoice) Value() string { return c.Course.String() + " " + string(c.Role) }

// RoleChooser writes the list of choices.
func (p *Pages) RoleChooser(w http.ResponseWriter, status int, page RoleChooserPage) error {
	page.Title = or(page.Title, "Choose a course")
	return p.render(w, status, "role_chooser", page)
}

// Why a launch gave no membership.
const (
	NoRoles       = "none"     // the launch named no role
	RolesUnmapped = "unmapped" // none of them is mapped to one of ours
	NotSelfEnrol  = "not_self" // mapped, but may not enrol itself
)

// NoMembershipPage says why a launch led into no course.
type NoMembershipPage struct {
	Frame
	Consumer string
	// Roles are the LTI roles as they were sent.
	Roles  []string
	Reason string
	// Ref is the reference number of the launch.
	Ref string
}

// NoMembership writes the explanation.
func (p *Pages) NoMembership(w http.ResponseWriter, status int, page NoMembershipPage) error {
	page.Title = or(page.Title, "Not a member")
	return p.render(w, status, "no_membership", page)
}

// AccountPage asks a user new to us whether an account stands already. It
// posts ticket, answer ("new" or "existing"), username and password to
// AccountPath.
type AccountPage struct {
	Frame
	Consumer string
	Ticket   string
	// Username is what was typed before, Fault what was wrong with it.
	Username string
	Fault    string
}

// Account writes the question.
func (p *Pages) Account(w http.ResponseWriter, status int, page AccountPage) error {
	page.Title = or(page.Title, "Your account")
	return p.render(w, status, "account", page)
}
