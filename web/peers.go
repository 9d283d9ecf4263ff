package web

import (
	"net/http"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// ConsumersPage lists the LMSs that launch us.
type ConsumersPage struct {
	Frame
	Consumers []ConsumerRow
	// All says that every launch there is was looked at: a row without a
	// LastLaunch never had one. Otherwise it just had none lately.
	All bool
}

// ConsumerRow is a tool consumer with what it did in the last 24 hours.
type ConsumerRow struct {
	lti.ToolConsumer
	LastLaunch time.Time
	Launches   int
	Refused    int
}

// Consumers writes the list of tool consumers.
func (p *Pages) Consumers(w http.ResponseWriter, status int, page ConsumersPage) error {
	page.Title = or(page.Title, "Tool consumers")
	return p.render(w, status, "consumers", page)
}

// ConsumerPage is one tool consumer: what its LMS must be told, and what we
// believe of it.
type ConsumerPage struct {
	Frame
	Consumer lti.ToolConsumer
	// LaunchURL and CartridgeURL are the general ones; MoreURLs are those of
	// courses, folders or links, by their names.
	LaunchURL    string
	CartridgeURL string
	MoreURLs     []NamedURL
	// Launches are the newest few.
	Launches []lti.LaunchRecord
	// Skew is how far the LMS's clock was ahead of ours at the last launch;
	// it counts only with SkewKnown.
	Skew      time.Duration
	SkewKnown bool
	// SeenRoles were sent and have no meaning here. Each has a form that posts
	// role, to (one of ours) and self_enrol to ConsumerPath + "/roles";
	// RoleFault is the role whose form was sent without to.
	SeenRoles []SeenRoleRow
	RoleFault string
	// Secrets are those that are accepted now, the current one first.
	Secrets []SecretUse
	// Origins are those that lately were allowed to show us in a frame.
	Origins []string
	// NewSecret was just made and is shown this once. Rotate shows the button
	// that posts to ConsumerPath + "/secret".
	NewSecret string
	Rotate    bool
	// NewKey is the key of a tool consumer that was just made, LMS the product
	// that was chosen for it.
	NewKey string
	LMS    string
	// Edits shows what changes it: the form at "/edit", and the buttons that
	// post to "/switch" and "/try"; Removable one that posts to "/remove", all
	// below ConsumerPath.
	Edits     bool
	Removable bool
	// Trial is how a launch of our own went, nil unless one was made.
	Trial *Trial
}

// Trial is how a launch that we signed ourselves went through the checks.
type Trial struct {
	Steps  []string
	Failed bool
	// Cause, Detail and Hint say why it failed.
	Cause, Detail, Hint string
	// Address is the launch URL that it was signed for.
	Address string
}

// Waits reports whether nothing has come from the LMS yet.
func (c ConsumerPage) Waits() bool {
	return c.Edits && len(c.Launches) == 0 && !c.Consumer.Disabled && c.Consumer.ID != ""
}

// SeenRoleRow is an LTI role without a meaning here.
type SeenRoleRow struct {
	lti.SeenRole
	Kind lti.RoleKind
}

// Everywhere reports whether people have the role in the whole institution or
// system, and so in every course.
func (s SeenRoleRow) Everywhere() bool {
	return s.Kind == lti.RoleInstitution || s.Kind == lti.RoleSystem
}

// SecretUse is when a secret last proved a signature, to the hour; Until is when
// it ends. Zero is never.
type SecretUse struct {
	LastUsed time.Time
	Until    time.Time
}

// NamedURL is a URL with what it leads to.
type NamedURL struct {
	Name string
	URL  string
}

// Consumer writes one tool consumer.
func (p *Pages) Consumer(w http.ResponseWriter, status int, page ConsumerPage) error {
	page.Title = or(page.Title, or(page.Consumer.Name, page.Consumer.ID))
	return p.render(w, status, "consumer", page)
}

// ToolsPage lists the tools that we launch.
type ToolsPage struct {
	Frame
	Tools []ToolRow
	// All is as in ConsumersPage.
	All bool
}

// ToolRow is a tool with the number of its placements.
type ToolRow struct {
	lti.Tool
	Links      int
	LastLaunch time.Time
}

// Tools writes the list of tools.
func (p *Pages) Tools(w http.ResponseWriter, status int, page ToolsPage) error {
	page.Title = or(page.Title, "Tools")
	return p.render(w, status, "tools", page)
}

// ToolPage is one tool: what we send it and which services it may use.
type ToolPage struct {
	Frame
	Tool lti.Tool
	// The addresses of the services that it may call.
	OutcomeURL string
	RosterURL  string
	SettingURL string
	// Secrets are those that are accepted now, the current one first, and when
	// the tool last called a service with each.
	Secrets []SecretUse
	Links   []ToolLink
	// Launches are the newest few.
	Launches []lti.LaunchRecord
	// NewKey and NewSecret were just made or entered, and are shown this once.
	NewKey    string
	NewSecret string
	// IDs is what was entered in the form that posts to ToolPath + "/ids".
	IDs ServiceIDsForm
	// Edits shows what changes and tries it, as on a tool consumer's page;
	// only tools of a domain have that. The test posts to "/test".
	Edits     bool
	Removable bool
}

// ServiceIDsForm says which service ids of a tool are to be changed: those of
// Link, written course/link, or of all; and of one service, or of all. Fault is
// what is wrong with the link.
type ServiceIDsForm struct{ Link, Service, Fault string }

// ToolLink is a placement of a tool.
type ToolLink struct {
	Course      lti.CourseRef
	CourseTitle string
	Link        string
	Title       string
	Points      float64
}

// Tool writes one tool.
func (p *Pages) Tool(w http.ResponseWriter, status int, page ToolPage) error {
	page.Title = or(page.Title, or(page.Tool.Name, page.Tool.ID))
	return p.render(w, status, "tool", page)
}

// DomainsPage lists the institutions.
type DomainsPage struct {
	Frame
	Domains []DomainRow
}

// DomainRow is an institution with how much belongs to it.
type DomainRow struct {
	lti.Domain
	Consumers, Tools, Courses, Users int
}

// Domains writes the list of institutions.
func (p *Pages) Domains(w http.ResponseWriter, status int, page DomainsPage) error {
	page.Title = or(page.Title, "Institutions")
	return p.render(w, status, "domains", page)
}

// AdminCoursesPage lists the courses. Its filter is the query q, and after
// leads on.
type AdminCoursesPage struct {
	Frame
	Courses []AdminCourse
	Query   string
	Next    string
}

// AdminCourse is a course in the admin's list.
type AdminCourse struct {
	Ref      lti.CourseRef
	Title    string
	Label    string
	Owner    string
	Source   string
	Members  int
	Links    int
	Disabled bool
	Created  time.Time
}

// AdminCourses writes the list of courses.
func (p *Pages) AdminCourses(w http.ResponseWriter, status int, page AdminCoursesPage) error {
	page.Title = or(page.Title, "Courses")
	return p.render(w, status, "admin_courses", page)
}

// SkewAbs is how far the two clocks are apart.
func (c ConsumerPage) SkewAbs() time.Duration { return c.Skew.Abs() }

// SkewOff reports whether the clocks are so far apart that launches are, or
// soon will be, refused: half of what is allowed.
func (c ConsumerPage) SkewOff() bool {
	return c.SkewKnown && c.Consumer.NonceLifetime > 0 && c.SkewAbs() > c.Consumer.NonceLifetime/2
}
