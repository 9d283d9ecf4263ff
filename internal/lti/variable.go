package lti

import (
	"strconv"
	"strings"
	"time"
)

// Variables are the substitution variables of one launch by name, without the
// dollar sign (LTI 1.1 appendix C). What is not released to the tool is not in
// the map; what is known to have no value is there with "".
type Variables map[string]string

// Substitute gives the value of the variable that a custom parameter's value
// names as a whole, "$Person.name.full". Case decides only where two names
// differ in nothing else. A name that is not known, or not released, stays as
// it stands, and so does a value with a dollar sign anywhere else.
func Substitute(value string, vars Variables) string {
	name, ok := strings.CutPrefix(value, "$")
	if !ok || name == "" {
		return value
	}
	if v, ok := vars[name]; ok {
		return v
	}
	for known, v := range vars {
		if strings.EqualFold(known, name) {
			return v
		}
	}
	return value
}

// VariableSource is what the variables of one launch of a tool are made from.
type VariableSource struct {
	// Launch is the launch as the tool gets it; its UserID is the opaque one.
	Launch Launch
	Tool   Tool
	User   User
	Course Course
	Link   ResourceLink
	Member Membership
	// ContextMembershipsURL and LinkMembershipsURL are the JSON-LD rosters of
	// the course and of the link; empty means that there are none.
	ContextMembershipsURL string
	LinkMembershipsURL    string
	// Result is the person's result for the link; nil if nobody asks for it.
	Result *Result
}

// AsksForResult reports whether one of the custom parameters names a variable
// that takes Result.
func AsksForResult(custom map[string]string) bool {
	for _, value := range custom {
		for _, name := range []string{"$Result.resultScore", "$Result.status", "$Result.createdTimestamp"} {
			if strings.EqualFold(value, name) {
				return true
			}
		}
	}
	return false
}

// Variables lists what may be told to the tool: a person's name, e-mail,
// username and roles only if the tool's Send says so.
func (s VariableSource) Variables() Variables {
	v := make(Variables, 64)
	s.addUser(v)
	s.addCourse(v)
	s.addLink(v)
	s.addInstance(v)
	s.addCanvas(v)
	s.addResult(v)
	return v
}

func (s VariableSource) addUser(v Variables) {
	v["User.id"] = s.Launch.UserID
	v["Membership.status"] = "Active"
	if s.Member.Status != "" && s.Member.Status != MemberActive {
		v["Membership.status"] = "Inactive"
	}
	v["Membership.createdTimestamp"] = timestamp(s.Member.Created)
	if s.Tool.Sends(SendName) {
		v["Person.name.full"] = s.User.Name()
		v["Person.name.given"] = s.User.GivenName
		v["Person.name.family"] = s.User.FamilyName
		v["Person.name.middle"] = ""
		v["Person.name.prefix"] = ""
		v["Person.name.suffix"] = ""
	}
	if s.Tool.Sends(SendEmail) {
		v["Person.email.primary"] = s.User.Email
	}
	if s.Tool.Sends(SendUsername) {
		v["User.username"] = s.User.Username
		v["User.org"] = s.User.Domain
		v["Person.sourcedId"] = s.User.Username
		v["Membership.personSourcedId"] = s.User.Username
	}
	if s.Tool.Sends(SendRoles) {
		v["Membership.role"] = LTIRoles(s.Member.Role)
		v["User.scope.mentor"] = strings.Join(s.Launch.RoleScopeMentor, ",")
	}
}

func (s VariableSource) addCourse(v Variables) {
	l := s.Launch
	v["Context.id"] = l.ContextID
	v["Context.id.history"] = strings.Join(s.Course.History, ",")
	v["Context.org"] = s.Course.Domain
	v["Context.type"] = strings.Join(l.ContextType, ",")
	v["Context.title"] = l.ContextTitle
	v["Context.label"] = l.ContextLabel
	v["Context.sourcedId"] = l.CourseSourcedID
	v["Context.timeFrame.begin"] = timestamp(s.Course.Enrolment.Start)
	v["Context.timeFrame.end"] = timestamp(s.Course.Enrolment.End)
	v["CourseOffering.sourcedId"] = l.CourseSourcedID
	v["CourseOffering.title"] = l.ContextTitle
	v["CourseOffering.label"] = l.ContextLabel
	v["CourseSection.sourcedId"] = l.SectionSourcedID
	v["CourseSection.title"] = l.ContextTitle
	v["CourseSection.label"] = l.ContextLabel
	v["CourseSection.sourceSectionId"] = s.Member.Section
	v["CourseSection.timeFrame.begin"] = timestamp(s.Course.Enrolment.Start)
	v["CourseSection.timeFrame.end"] = timestamp(s.Course.Enrolment.End)
	v["Membership.collectionSourcedid"] = l.CourseSourcedID
	if !s.Tool.Roster.Enabled {
		return
	}
	addKnown(v, s.ContextMembershipsURL, "ToolProxyBinding.memberships.url", "Context.memberships.url")
	addKnown(v, s.LinkMembershipsURL, "LtiLink.memberships.url")
}

func (s VariableSource) addLink(v Variables) {
	v["ResourceLink.id"] = s.Launch.ResourceLinkID
	v["ResourceLink.id.history"] = strings.Join(s.Link.History, ",")
	v["ResourceLink.title"] = s.Launch.ResourceLinkTitle
	v["ResourceLink.description"] = s.Launch.ResourceLinkDescription
	v["ResourceLink.submission.endDateTime"] = timestamp(s.Link.Due)
	if s.Link.Gradable() {
		v["LineItem.resultValue.max"] = strconv.FormatFloat(s.Link.Points, 'f', -1, 64)
	}
	addKnown(v, s.Launch.Outcome.SourcedID, "Result.sourcedId")
	addKnown(v, s.Launch.Outcome.URL, "Result.autocreate")
}

func (s VariableSource) addInstance(v Variables) {
	i, p := s.Launch.Instance, s.Launch.Return
	v["ToolConsumerInfo.productFamilyCode"] = i.ProductFamily
	v["ToolConsumerInfo.version"] = i.Version
	v["ToolConsumerInstance.guid"] = i.GUID
	v["ToolConsumerInstance.name"] = i.Name
	v["ToolConsumerInstance.description"] = i.Description
	v["ToolConsumerInstance.url"] = i.URL
	v["ToolConsumerInstance.contactEmail"] = i.ContactEmail
	v["Message.returnURL"] = p.ReturnURL
	v["Message.documentTarget"] = p.DocumentTarget
	v["Message.locale"] = p.Locale
	v["Message.width"] = pixels(p.Width)
	v["Message.height"] = pixels(p.Height)
}

// addKnown adds a value under each name, but leaves the names unknown if there
// is no value: a service that is not offered is not supported.
func addKnown(v Variables, value string, names ...string) {
	if value == "" {
		return
	}
	for _, name := range names {
		v[name] = value
	}
}

func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func pixels(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}
