package web

import (
	"net/url"

	"github.com/ltihub/ltihub/internal/lti"
)

// Where the pages stand that have no variable part.
const (
	HomePath          = "/"
	LoginPath         = "/login"
	LogoutPath        = "/logout"
	OpenPath          = "/open"
	SwitchPath        = "/switch"
	ChoosePath        = "/choose"
	AccountPath       = "/account"
	CopyPath          = "/copy"
	AdminPath         = "/admin"
	ConsumersPath     = "/admin/consumers"
	ToolsPath         = "/admin/tools"
	AdminCoursesPath  = "/admin/courses"
	LaunchRecordsPath = "/admin/launches"
	DeliveriesPath    = "/admin/deliveries"
	UsersPath         = "/admin/users"
	AuditPath         = "/admin/audit"
	TokensPath        = "/admin/tokens"
	ManifestPath      = "/admin/manifest"
	StaticPath        = "/static/"
	ImportToolPath    = "/admin/tools/import"
	NewConsumerPath   = "/admin/consumers/new"
	NewToolPath       = "/admin/tools/new"
	DomainsPath       = "/admin/domains"
	NewDomainPath     = "/admin/domains/new"
	NewCoursePath     = "/admin/courses/new"
	SettingsPath      = "/admin/settings"
	BackupPath        = "/admin/backup"
	SupportPath       = "/support"
	NewUserPath       = "/admin/users/new"
	AlikePath         = "/admin/alike"
	DirectoriesPath   = "/admin/directories"
)

// ToldQuery carries, on the way to a course's page, the id of the launch that
// its tool has said something about. The page tells it once.
const ToldQuery = "told"

// TokenQuery carries the token of a pending launch, or the one-time ticket of a
// pass.
const TokenQuery = "k"

// CoursePath is a course's page.
func CoursePath(c lti.CourseRef) string { return join("/courses", c.Domain, c.ID) }

// LinkPath launches a resource link's tool.
func LinkPath(c lti.CourseRef, link string) string {
	return CoursePath(c) + join("", "l", link)
}

// GradebookPath is the course's gradebook.
func GradebookPath(c lti.CourseRef) string { return CoursePath(c) + "/gradebook" }

// GradePath is one cell of the gradebook. Its forms post to /override, /lift
// and /resend below it.
func GradePath(c lti.CourseRef, link, username string) string {
	return GradebookPath(c) + join("", link, username)
}

// ResultsPath is a student's own results.
func ResultsPath(c lti.CourseRef) string { return CoursePath(c) + "/results" }

// MembersPath is the course's people. Its forms post to /sync, /preview and
// /confirm below it.
func MembersPath(c lti.CourseRef) string { return CoursePath(c) + "/members" }

// MemberPath is one membership; its form posts there.
func MemberPath(c lti.CourseRef, username string) string {
	return MembersPath(c) + join("", "of", username)
}

// RosterPath is the preview of a tool consumer's roster.
func RosterPath(c lti.CourseRef, consumer string) string {
	return MembersPath(c) + "/preview?" + url.Values{"consumer": {consumer}}.Encode()
}

// ConsumerPath is a tool consumer's page. Its form posts to /secret below it.
func ConsumerPath(domain, id string) string { return join(ConsumersPath, domain, id) }

// ToolPath is a tool's page; course is empty for a tool of the whole domain.
func ToolPath(domain, course, id string) string {
	if course != "" {
		return join(AdminCoursesPath, domain, course, "tools", id)
	}
	return join(ToolsPath, domain, id)
}

// ToolCartridgePath is the link file of a tool.
func ToolCartridgePath(domain, course, id string) string {
	return ToolPath(domain, course, id) + "/cartridge.xml"
}

// AddPath asks a tool for content to add to a course; folder is where it is to
// go, "" for none.
func AddPath(c lti.CourseRef, tool, folder string) string {
	path := CoursePath(c) + join("", "add", tool)
	if folder != "" {
		path += "?" + url.Values{"folder": {folder}}.Encode()
	}
	return path
}

// DomainPath is an institution's form.
func DomainPath(id string) string { return join(DomainsPath, id) }

// AdminCoursePath is an admin's form of a course.
func AdminCoursePath(c lti.CourseRef) string { return join(AdminCoursesPath, c.Domain, c.ID) }

// SupportLinkPath shows one launch to whoever has the token.
func SupportLinkPath(token string) string { return join(SupportPath, token) }

// LaunchRecordPath is one launch in the inspector.
func LaunchRecordPath(id string) string { return join(LaunchRecordsPath, id) }

// DeliveryPath is one delivery. Its form posts to /resend below it.
func DeliveryPath(id string) string { return join(DeliveriesPath, id) }

// PassPath shows the way to the place of a launch that states no user; ticket is
// for a browser that keeps no cookie, "" for any other. Its form posts there.
func PassPath(id, ticket string) string {
	path := join("/pass", id)
	if ticket != "" {
		path += "?" + url.Values{TokenQuery: {ticket}}.Encode()
	}
	return path
}

// PendingPath asks the person for whom a launch waits.
func PendingPath(token string) string {
	return AccountPath + "?" + url.Values{TokenQuery: {token}}.Encode()
}

// BatchPath is a resending of many deliveries.
func BatchPath(id string) string { return DeliveriesPath + join("/batches", id) }

// UserPath is one account.
func UserPath(domain, username string) string { return join(UsersPath, domain, username) }

// DirectoryPath is where a domain's directory file is sent. Its forms post to
// /apply and /test below it.
func DirectoryPath(domain string) string { return join(DirectoriesPath, domain) }

func join(path string, parts ...string) string {
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	return path
}
