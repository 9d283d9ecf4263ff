package admin

import (
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

// consumerGroups are the settings of a tool consumer. The name of a field is
// its key in the manifest.
func consumerGroups() []web.FieldGroup {
	return []web.FieldGroup{
		{Title: "Identity", Fields: []web.Field{
			text("name", "Name", "What people read: \u201cfrom Campus Moodle\u201d."),
			flag("user_identity", "It says who the user is", "Off: its launches open protected links only, and nobody is signed in by them."),
			flag("course_identity", "It says which course and role the user has", "Off: the user chooses among the roles that they have here."),
		}},
		accountGroup(), courseGroup(), roleGroup(), rosterGroup(), gradeGroup(), pageGroup(), limitGroup(), securityGroup(),
	}
}

func accountGroup() web.FieldGroup {
	return web.FieldGroup{Title: "Accounts", Fields: []web.Field{
		suggesting(text("users.match", "Launch parameter that names the person", "Must never change for a person and never come to mean another: user_id does that in every LMS."),
			"user_id", "lis_person_sourcedid", "lis_person_contact_email_primary", "custom_", "ext_"),
		choice("users.create", "When somebody is new here", "Who never gets an account is turned away with a page that says so.", waysToCreate()...),
		{
			Kind: web.FieldPairs, Name: "users.create_by", Label: "Otherwise for single roles",
			Help:    "Of several roles the most careful way counts. Empty a row to take it out.",
			Options: waysToCreate(), Suggestions: theirs(), Placeholder: "Instructor",
		},
		boxes("users.create_for", "Make accounts for", "Whoever comes with one of these roles.", plain(theirs()[:6]...)...),
		choice("users.info", "Names and addresses come from", "A launch that leaves them out never empties those that are known.",
			option("lti", "The launch"), option("directory", "The institution\u2019s directory")),
		flag("users.bind_existing", "It may claim accounts that are here already", "For an LMS of your own whose user names are yours. Never an admin\u2019s account."),
	}}
}

func waysToCreate() []web.Option {
	return []web.Option{
		option(lti.CreateAuto, "Make an account at once"), option(lti.CreateAsk, "Ask the person first whether they have one"),
		option(lti.CreateExisting, "Never make one"),
	}
}

func courseGroup() web.FieldGroup {
	return web.FieldGroup{Title: "Courses", Folded: true, Fields: []web.Field{
		suggesting(text("courses.match", "Launch parameter that names the course", "Or, in an LMS where sections are sites of their own, its sourcedid."),
			"context_id", "lis_course_offering_sourcedid", "lis_course_section_sourcedid", "custom_", "ext_"),
		flag("courses.store_mapping", "Remember which course it was", "The LMS\u2019s course stays connected to the one here."),
		boxes("courses.create_for", "May make a course by a launch", "None ticked: courses are made here alone.", plain(theirs()[:6]...)...),
		lines("courses.types", "Types of course that it may make", "One a line. A new course gets the first, or the one that custom_course_type in the launch names."),
		flag("courses.tail_over_mapping", "The launch URL wins over what is remembered", "Otherwise a launch whose URL names another course is refused."),
	}}
}

func roleGroup() web.FieldGroup {
	return web.FieldGroup{Title: "Roles", Fields: []web.Field{
		rolesField(),
		boxes("self_enrol", "May enter a course by a launch", "Others come in only if they are members already.", plain(theirs()[:6]...)...),
		text("section", "Section", "Whoever enters is put into this one. Empty: none."),
	}}
}

func rosterGroup() web.FieldGroup {
	return web.FieldGroup{Title: "Roster", Folded: true, Fields: []web.Field{
		flag("roster.pull", "Fetch the list of members from the LMS", "If the LMS offers it with its launches: by the button on a course\u2019s page People, and as follows."),
		flag("roster.on_instructor_launch", "Whenever an instructor comes", "So that the list is fresh when they look."),
		text("roster.every", "By itself every", "Such as 24h or 12h30m. 0: never."),
		flag("roster.drop", "Take out who is not listed any more", "Of those alone whom this LMS brought. Their grades stay."),
		text("roster.brake", "Ask a person before taking out more than", "A share of the members: 0.3 is three in ten. Up to five go without asking."),
	}}
}

func gradeGroup() web.FieldGroup {
	return web.FieldGroup{Title: "Grades", Folded: true, Fields: []web.Field{
		choice("passback.format", "Grades go as", "LTI 1.1 suits every LMS of today.", option("1.1", "LTI 1.1 (XML)"), option("1.0", "LTI 1.0 extension (form)")),
		choice("passback.score", "A score of LTI 1.0 is", "LTI 1.1 always takes decimals.", option("decimal", "a decimal, 0.87"), option("percentage", "a percentage, 87"), option("ratio", "a ratio, 87/100")),
		choice("passback.signature", "Signed with", "What the LMS takes; nearly all take HMAC-SHA1 alone.", plain("HMAC-SHA1", "HMAC-SHA256")...),
		as(web.FieldNumber, text("passback.rate", "At most so many a second", "For an LMS that can\u2019t take them faster. Empty: as they come.")),
		flag("passback.read_first", "Leave alone what was changed in the LMS", "Asks for the grade there before it sends one, which takes twice the calls."),
	}}
}

func pageGroup() web.FieldGroup {
	return web.FieldGroup{Title: "Pages and log-out", Folded: true, Fields: []web.Field{
		flag("menu.header", "Show the header", "With the name of the course and the way back. Off: nothing but the content, for LMSs that frame us."),
		flag("menu.inline", "Without a header: the menu inside the page", ""),
		boxes("menu.items", "In the menu", "For whom the role allows it.",
			option(lti.MenuGrades, "Gradebook for teachers, own results for students"), option(lti.MenuResults, "Own results for students alone"), option(lti.MenuRoster, "People")),
		flag("menu.locked", "Courses may not have a menu of their own", ""),
		text("logout.callback_param", "Launch parameter with the log-out service", "The LMS\u2019s address to tell where to end sessions, such as custom_logout_service_url. Empty: none."),
	}}
}

func limitGroup() web.FieldGroup {
	return web.FieldGroup{Title: "When and from where", Folded: true, Fields: []web.Field{
		text("enabled.start", "Launches are taken from", "A date such as 2026-09-01, or with time: 2026-09-01T08:00:00Z. Empty: at once."),
		text("enabled.end", "Launches are taken until", "Empty: for ever."),
		text("instance_guid", "Only from the LMS with this GUID", "Its launches must say so as tool_consumer_instance_guid. Empty: from any that has the key."),
	}}
}

func securityGroup() web.FieldGroup {
	return web.FieldGroup{Title: "Security", Folded: true, Fields: []web.Field{
		text("key", "Consumer key", "Changing it locks the LMS out until it has the new one."),
		as(web.FieldSecret, text("secret", "Replace the secret at once", "Empty keeps it. To change over without a pause use \u201cMake a new secret\u201d on its page.")),
		boxes("signature_methods", "Signature methods", "What it may sign with.", plain("HMAC-SHA1", "HMAC-SHA256")...),
		text("nonce_lifetime", "How far its clock may be off", "Such as 90s, 5m or 1h. Longer means that more has to be remembered."),
	}}
}

func rolesField() web.Field {
	f := web.Field{
		Kind: web.FieldPairs, Name: "roles", Label: "What its roles mean here",
		Help:    "An LTI role on the left, as the LMS sends it; of several the highest counts. Empty a row to take it out.",
		Options: ours(), Suggestions: theirs(), Placeholder: "Learner",
	}
	return f
}

// lmsNames are the LMSs that the wizard knows, as they call themselves.
func lmsNames() []web.Option {
	return []web.Option{
		option("moodle", "Moodle"), option("canvas", "Canvas"), option("blackboard", "Blackboard Learn"),
		option("d2l", "D2L Brightspace"), option("sakai", "Sakai"), option("openedx", "Open edX"), option("other", "Another one"),
	}
}

// How much a tool consumer is believed.
const (
	trustLink     = "link"
	trustIdentity = "identity"
	trustCourse   = "course"
)

func trustField() web.Field {
	return web.Field{Kind: web.FieldRadio, Name: "trust", Label: "Of what it says, we believe", Required: true, Options: []web.Option{
		{Value: trustCourse, Text: "Who the user is, and which course and role they have", Help: "For your own LMS. Accounts, courses and memberships come by themselves."},
		{Value: trustIdentity, Text: "Who the user is", Help: "The user has accounts from there, but courses and roles are set here; they choose one."},
		{Value: trustLink, Text: "Nothing about the user", Help: "It only opens protected links, for people who are signed in here otherwise."},
	}}
}
