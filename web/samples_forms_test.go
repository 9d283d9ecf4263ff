package web_test

import (
	"fmt"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

// formSamples are forms with a field of each kind.
func formSamples() []sample {
	page := func() web.EditPage {
		p := web.EditPage{
			Frame: adminFrame("/admin/consumers/uni/campus/edit"), Crumb: "Campus LMS", CrumbPath: "/admin/consumers/uni/campus", Sub: "uni · campus",
			More: []web.NamedURL{{Name: "Course page", URL: "/courses/uni/phys101"}}, Warnings: []string{"Its URL is http."},
			Form: web.Form{Action: "/admin/consumers/uni/campus/edit", Base: "id: campus\n", Cancel: "/admin/consumers/uni/campus", Groups: formGroups()},
		}
		p.Title = "Settings of campus"
		return p
	}
	fault := page()
	fault.Form.Groups[0].Fields[1].Fault = "must be one of user_id, lis_person_sourcedid, custom_... or ext_..."
	fault.Form.Groups[1].Fields[0].Fault = "Learner: must be one of student, instructor"
	fault.Form.Faults = []string{"domain: there is no domain far"}
	stale := page()
	stale.Form.Stale = []web.FieldChange{{Path: "name", Before: "Campus", After: "Campus LMS"}, {Path: "section", After: "S1"}}
	wizard := page()
	wizard.Title, wizard.Steps, wizard.Step, wizard.Warnings, wizard.More, wizard.Form.Submit = "New tool consumer", []string{"Which LMS", "What it may do", "Key and secret"}, 1, nil, nil, "Make key and secret"
	wizard.Form.Groups = []web.FieldGroup{{Title: "What may it do?", Fields: []web.Field{{Kind: web.FieldHidden, Name: "step", Value: "trust"},
		{Kind: web.FieldRadio, Name: "trust", Label: "What do you believe of it?", Value: "course", Required: true, Options: []web.Option{
			{Value: "course", Text: "Who the user is, and which course and role they have", Help: "For your own LMS. Accounts, courses and memberships come by themselves."},
			{Value: "identity", Text: "Who the user is", Help: "Courses and roles are set here; they choose one."},
			{Value: "link", Text: "Nothing about the user", Help: "It only opens protected links."}}}}}}
	return append(fullSetupSamples(), sample{"Edit", "typical", 200, page()}, sample{"Edit", "fault", 422, fault}, sample{"Edit", "stale", 409, stale}, sample{"Edit", "wizard", 200, wizard})
}

func formGroups() []web.FieldGroup {
	roles := []web.Option{{Value: "student", Text: "student"}, {Value: "instructor", Text: "instructor"}, {Value: "ta", Text: "ta"}}
	return []web.FieldGroup{
		{Title: "Identity", Help: "What we believe of it.", Fields: []web.Field{
			{Kind: web.FieldText, Name: "name", Label: "Name", Help: "What people read.", Value: "Campus LMS", Required: true},
			{Kind: web.FieldText, Name: "users.match", Label: "Launch parameter that names the person", Help: "Must never change for a person.", Value: "user_id", Suggestions: []string{"user_id", "custom_"}},
			{Kind: web.FieldFlag, Name: "user_identity", Label: "It says who the user is", Help: "Off: nobody is signed in by its launches.", Value: "true"},
			{Kind: web.FieldSelect, Name: "users.create", Label: "When somebody is new", Value: "ask", Options: []web.Option{{Value: "auto", Text: "Make an account"}, {Value: "ask", Text: "Ask first"}}},
			{Kind: web.FieldText, Name: "id", Label: "Id", Value: "campus", Fixed: true},
		}},
		{Title: "Roles", Fields: []web.Field{
			{Kind: web.FieldPairs, Name: "roles", Label: "What its roles mean here", Help: "An LTI role on the left.", Pairs: []web.Param{{Name: "Learner", Value: "student"}, {Name: "Instructor", Value: "instructor"}}, Options: roles, Suggestions: []string{"Learner"}},
			{Kind: web.FieldChecks, Name: "self_enrol", Label: "May enter a course", Values: []string{"Learner", "urn:lti:role:x"}, Options: []web.Option{{Value: "Learner", Text: "Learner"}, {Value: "Mentor", Text: "Mentor"}}},
		}},
		{Title: "Security", Folded: true, Fields: []web.Field{
			{Kind: web.FieldSecret, Name: "secret", Label: "Replace the secret", Help: "Empty keeps it."},
			{Kind: web.FieldLines, Name: "courses.types", Label: "Types of course", Values: []string{"official", "community"}},
			{Kind: web.FieldArea, Name: "custom", Label: "Custom parameters", Value: "chapter=3"},
			{Kind: web.FieldNumber, Name: "width", Label: "Width", Value: "640"},
			{Kind: web.FieldURL, Name: "url", Label: "Launch URL", Value: "https://tool.example/"},
		}},
	}
}

// many is how many rows a full list has.
const many = 50

// fullSetupSamples are the lists of a big institution, and pages in German.
func fullSetupSamples() []sample {
	consumers := web.ConsumersPage{Frame: adminFrame("/admin/consumers"), All: true}
	tools := web.ToolsPage{Frame: adminFrame("/admin/tools"), All: true}
	domains := web.DomainsPage{Frame: adminFrame("/admin/domains")}
	courses := web.AdminCoursesPage{Frame: adminFrame("/admin/courses"), Query: "mechanics", Next: "n"}
	tool := web.ToolPage{Frame: adminFrame("/admin/tools/uni/quizzer"), Edits: true, Launches: launches()}
	for i := range many {
		id := fmt.Sprintf("faculty-of-natural-sciences-%d", i)
		title := fmt.Sprintf("Introduction to theoretical mechanics and the foundations of physics %d", i)
		ref := lti.CourseRef{Domain: "uni", ID: id}
		consumers.Consumers = append(consumers.Consumers, web.ConsumerRow{ToolConsumer: lti.ToolConsumer{Domain: "uni", ID: id, Name: "Campus of the " + id, Key: "lh-4f1a9c3e5d7b" + id, UserIdentity: i%2 == 0}, Launches: 120034 * i, Refused: i % 3, LastLaunch: minutes(i)})
		tools.Tools = append(tools.Tools, web.ToolRow{Tool: lti.Tool{Domain: "uni", ID: id, Name: title, URL: "http://" + id + ".tools.example/lti", Key: "tool-key", SignatureMethod: "HMAC-SHA1", Passback: lti.Service{Enabled: true}, Roster: lti.Service{Enabled: true}, Setting: lti.Service{Enabled: true}}, Links: i})
		domains.Domains = append(domains.Domains, web.DomainRow{Domain: lti.Domain{ID: id, Name: title}, Consumers: i, Tools: i, Courses: 100 * i, Users: 10000 * i})
		courses.Courses = append(courses.Courses, web.AdminCourse{Ref: ref, Title: title, Label: "PHYS" + id, Owner: "ada.moss@example.edu", Source: "campus", Members: 500, Links: 40, Created: minutes(90000)})
		tool.Links = append(tool.Links, web.ToolLink{Course: ref, CourseTitle: title, Link: id, Title: "Quiz " + title, Points: 10})
	}
	tool.Tool = tools.Tools[0].Tool
	german := web.ConsumerPage{Frame: adminFrame("/admin/consumers/uni/campus"), LaunchURL: "https://hub.example/lti/launch", NewKey: "lh-4f1a9c", NewSecret: "9fPq2LrT5v", LMS: "moodle", Edits: true, SeenRoles: seenRoles(),
		Consumer: lti.ToolConsumer{Domain: "uni", ID: "campus", Name: "Campus-Moodle", UserIdentity: true, SignatureMethods: []string{"HMAC-SHA1"}, Roster: lti.RosterRules{Pull: true, OnInstructorLaunch: true}}}
	german.Locale = "de"
	spoken := tool
	spoken.Locale = "de"
	return []sample{
		{"Consumers", "full", 200, consumers}, {"Tools", "full", 200, tools}, {"Domains", "full", 200, domains}, {"AdminCourses", "full", 200, courses},
		{"Tool", "full", 200, tool}, {"Tool", "german", 200, spoken}, {"Consumer", "german", 200, german},
	}
}
