package web_test

import "github.com/ltihub/ltihub/web"

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
	return []sample{{"Edit", "typical", 200, page()}, {"Edit", "fault", 422, fault}, {"Edit", "stale", 409, stale}, {"Edit", "wizard", 200, wizard}}
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
