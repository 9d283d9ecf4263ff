package web

import (
	"net/http"
	"time"

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
	// Later are the roles that are not held now: before their dates, or after.
	Later []RoleChoice
}

// RoleChoice is one role in one course.
type RoleChoice struct {
	Course  lti.CourseRef
	Title   string
	Label   string
	Role    lti.Role
	Section string
	// Period is when the role is held; a zero end is open.
	Period lti.Period
}

// Value is what the form sends for the choice: "domain/course role".
func (c RoleChoice) Value() string { return c.Course.String() + " " + string(c.Role) }

// Ended reports whether the role is over at now.
func (c RoleChoice) Ended(now time.Time) bool {
	return !c.Period.End.IsZero() && !now.Before(c.Period.End)
}

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
// posts ticket and answer to AccountPath: "new"; "existing" with username,
// password and, where asked for, confirm; or "signed-in" with account.
type AccountPage struct {
	Frame
	Consumer string
	// Person and Email are whom the LMS says that it sends.
	Person string
	Email  string
	Ticket string
	// MayCreate offers a new account, Known those that are signed in at the
	// browser.
	MayCreate bool
	Known     []KnownAccount
	// Username is what was typed before, Fault what was wrong with it. Confirm
	// asks for a tick, because the account is an admin's.
	Username string
	Fault    string
	Confirm  bool
}

// KnownAccount is an account that is signed in at the browser.
type KnownAccount struct {
	Viewer
	// Account is its username within the domain.
	Account string
}

// Account writes the question.
func (p *Pages) Account(w http.ResponseWriter, status int, page AccountPage) error {
	page.Title = or(page.Title, "Your account")
	return p.render(w, status, "account", page)
}
