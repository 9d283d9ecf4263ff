package web_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

// now is when all sample pages are made.
var now = time.Date(2026, 11, 21, 10, 20, 0, 0, time.UTC)

const sessionID = "0192f3a4-5b6c-7d8e-9f00-112233445566"

var phys = lti.CourseRef{Domain: "uni", ID: "phys101"}

// sample is a page under the name of its method, with the status it has.
type sample struct {
	method  string
	variant string
	status  int
	page    any
}

func minutes(n int) time.Time { return now.Add(-time.Duration(n) * time.Minute) }

func score(s float64) *float64 { return &s }

func personFrame(path string) web.Frame {
	return web.Frame{
		Now: now, Path: path, Session: sessionID,
		Viewer:    web.Viewer{Name: "Ada Moss", Username: "ada:uni", Role: lti.Student, From: "Campus LMS"},
		ReturnURL: "https://lms.example/course/7", ReturnName: "Campus LMS",
		Course: web.CourseHead{Ref: phys, Title: "Physics 101: Mechanics", Label: "PHYS101", Results: true},
	}
}

func teacherFrame(path string) web.Frame {
	f := personFrame(path)
	f.Viewer = web.Viewer{Name: "Grace Okafor", Username: "grace:uni", Role: lti.Instructor, From: "Campus LMS"}
	f.Course.Results, f.Course.Gradebook, f.Course.Members, f.Course.Edit = false, true, true, true
	return f
}

// inlineFrame has no header, but the menu inside the page.
func inlineFrame(path string) web.Frame {
	f := teacherFrame(path)
	f.Bare, f.Inline = true, true
	return f
}

func adminFrame(path string) web.Frame {
	return web.Frame{Now: now, Path: path, Viewer: web.Viewer{Name: "Robin Admin", Username: "robin:uni", Admin: true}}
}

func strangerFrame(path string) web.Frame { return web.Frame{Now: now, Path: path} }

// samples are all pages with what they usually show, and some with less or
// much more.
func samples() []sample {
	all := append(entrySamples(), courseSamples()...)
	all = append(all, gradebookSamples()...)
	all = append(all, editSamples()...)
	all = append(all, peopleSamples()...)
	return append(all, adminSamples()...)
}

func entrySamples() []sample {
	domains := []lti.Domain{{ID: "uni", Name: "Example University"}, {ID: "college", Name: "Hill College"}}
	home := personFrame("/")
	home.Course, home.Viewer.Role = web.CourseHead{}, ""
	return []sample{
		{"Home", "stranger", 200, web.HomePage{Frame: strangerFrame("/"), LaunchURL: "https://hub.example/lti/launch"}},
		{"Home", "typical", 200, web.HomePage{Frame: home, Courses: []web.CourseCard{
			{Ref: phys, Title: "Physics 101: Mechanics", Label: "PHYS101", Role: lti.Student, Links: 12},
			{Ref: lti.CourseRef{Domain: "uni", ID: "chem2"}, Title: "Organic chemistry", Label: "CHEM2", Role: lti.TA, Links: 4},
			{Ref: lti.CourseRef{Domain: "uni", ID: "art"}, Title: "History of printing", Role: lti.Student, Links: 1},
		}}},
		{"Home", "no-courses", 200, web.HomePage{Frame: home}},
		{"Login", "typical", 200, web.LoginPage{Frame: web.Frame{Title: "Sign in", Path: "/login", Now: now}, Domains: domains}},
		{"Login", "fault", 401, web.LoginPage{Frame: web.Frame{Title: "Sign in", Path: "/login", Now: now}, Username: "ada:uni",
			Fault: "This username and password do not belong together.", Next: "/admin"}},
		{"Back", "typical", 200, web.BackPage{Frame: web.Frame{Now: now, Bare: true, Framed: true}, To: "/courses/uni/phys101?s=" + sessionID}},
		{"Refusal", "typical", 401, web.RefusalPage{Frame: web.Frame{Now: now, ReturnURL: "https://lms.example/course/7", ReturnName: "Campus LMS"}, Ref: lti.Reference(sessionID)}},
		{"Refusal", "replay", 401, web.RefusalPage{Frame: web.Frame{Now: now, ReturnURL: "https://lms.example/course/7"}, Ref: lti.Reference(sessionID), Replay: true}},
		{"Refusal", "not-found", 404, web.RefusalPage{Frame: personFrame("/nowhere")}},
		{"CookieFallback", "typical", 200, web.CookieFallbackPage{Frame: web.Frame{Title: "Open in a new tab", Now: now, Framed: true, Bare: true}, Ticket: "t1", What: "Quiz 1"}},
		{"Switch", "typical", 200, web.SwitchPage{Frame: web.Frame{Title: "Continue as someone else?", Now: now},
			Current: web.Viewer{Name: "Robin Admin", Admin: true}, Next: personFrame("").Viewer, Ticket: "t2"}},
		{"RoleChooser", "typical", 200, web.RoleChooserPage{Frame: web.Frame{Title: "Choose a course", Now: now, Viewer: web.Viewer{Name: "Ada Moss", From: "Campus LMS"}}, Consumer: "Campus LMS", Ticket: "t3",
			Choices: []web.RoleChoice{{Course: phys, Title: "Physics 101: Mechanics", Label: "PHYS101", Role: lti.Student, Section: "001"},
				{Course: phys, Title: "Physics 101: Mechanics", Label: "PHYS101", Role: lti.TA},
				{Course: lti.CourseRef{Domain: "uni", ID: "chem2"}, Title: "Organic chemistry", Role: lti.Student}}}},
		{"RoleChooser", "none", 200, web.RoleChooserPage{Frame: personFrame("/choose"), Consumer: "Campus LMS"}},
		{"Copy", "typical", 200, web.CopyPage{Frame: personFrame("/copy"), Consumer: "Campus LMS", Context: "Physics 101, spring", From: phys, Title: "Physics 101: Mechanics", Links: 12, Same: true, Fresh: true}},
		{"Copy", "least", 422, web.CopyPage{Frame: web.Frame{Now: now}, From: phys, Title: "Physics 101: Mechanics", Links: 1, Fault: "Choose one of these."}},
		{"Menu", "typical", 200, web.MenuPage{Frame: teacherFrame("/courses/uni/phys101/edit/menu"), Menu: lti.Menu{Header: true, Items: []string{"grades", "roster"}}, Consumers: []lti.ToolConsumer{
			{ID: "campus", Name: "Campus LMS", Menu: lti.Menu{Header: true, Items: []string{"grades", "roster"}}},
			{ID: "annex", Menu: lti.Menu{Items: []string{"results"}, Inline: true, Locked: true}}}}},
		{"Menu", "own", 422, web.MenuPage{Frame: inlineFrame("/courses/uni/phys101/edit/menu"), Own: true, Menu: lti.Menu{}, Fault: "Choose one of these."}},
		{"NoMembership", "typical", 403, web.NoMembershipPage{Frame: personFrame(""), Consumer: "Campus LMS", Roles: []string{"urn:lti:instrole:ims/lis/Alumni", "Mentor"}, Reason: web.RolesUnmapped, Ref: lti.Reference(sessionID)}},
		{"RoleChooser", "later", 200, web.RoleChooserPage{Frame: personFrame("/choose"), Consumer: "Campus LMS", Later: laterRoles()}},
		{"RoleChooser", "dated", 200, web.RoleChooserPage{Frame: personFrame("/choose"), Consumer: "Campus LMS", Later: laterRoles(),
			Choices: []web.RoleChoice{{Course: phys, Title: "Physics 101: Mechanics", Label: "PHYS101", Role: lti.Student, Section: "001", Period: lti.Period{Start: now.Add(-700 * time.Hour), End: now.Add(900 * time.Hour)}}}}},
		{"Account", "empty", 200, web.AccountPage{Frame: web.Frame{Now: now, Bare: true, ReturnURL: "https://lms.example"}, Ticket: "t4"}},
		{"Account", "typical", 200, web.AccountPage{Frame: web.Frame{Title: "Your account", Now: now, Bare: true}, Consumer: "Campus LMS", Person: "Ada Moss", Email: "ada@uni.example", MayCreate: true, Ticket: "t4"}},
		{"Account", "full", 422, web.AccountPage{Frame: web.Frame{Now: now, Bare: true}, Consumer: "Campus LMS", Person: "Ada Moss", Email: "ada@uni.example", MayCreate: true, Ticket: "t4",
			Known:    []web.KnownAccount{{Viewer: web.Viewer{Name: "Ada Moss", Username: "ada:uni", From: "Annex LMS"}, Account: "ada"}, {Viewer: web.Viewer{Name: "Bo Lindqvist", Username: "bo:uni"}, Account: "bo"}},
			Username: "root", Fault: "This is an admin's account. Tick the box if you mean it, and write the password once more.", Confirm: true}},
		{"Pass", "typical", 200, web.PassPage{Frame: web.Frame{Now: now, Bare: true}, ID: sessionID, Until: now.Add(14 * time.Minute)}},
		{"Pass", "tab", 200, web.PassPage{Frame: web.Frame{Now: now, Bare: true, Framed: true}, ID: sessionID, Ticket: "t5"}},
		{"Pass", "several", 200, web.PassPage{Frame: web.Frame{Now: now, Bare: true}, ID: sessionID, People: []web.PassPerson{
			{Viewer: web.Viewer{Name: "Ada Moss", Username: "ada:uni", From: "Annex LMS"}, Path: "/courses/uni/phys101/l/quiz1?s=" + sessionID}, {Viewer: web.Viewer{Name: "Robin Root", Username: "root:uni"}, Path: "/courses/uni/phys101/l/quiz1"}}}},
		{"LaunchForm", "typical", 200, launchForm(lti.TargetIframe)},
		{"LaunchForm", "preview", 200, previewForm(lti.TargetIframe)},
		{"LaunchForm", "previewwindow", 200, previewForm(lti.TargetWindow)},
		{"LaunchForm", "tab", 200, launchForm(lti.TargetTab)},
		{"LaunchForm", "window", 200, launchForm(lti.TargetWindow)},
	}
}

func laterRoles() []web.RoleChoice {
	return []web.RoleChoice{
		{Course: lti.CourseRef{Domain: "uni", ID: "chem2"}, Title: "Organic chemistry", Role: lti.Student, Period: lti.Period{Start: now.Add(200 * time.Hour)}},
		{Course: lti.CourseRef{Domain: "uni", ID: "math1"}, Title: "Calculus", Role: lti.TA, Period: lti.Period{End: now.Add(-200 * time.Hour)}},
	}
}

func launchForm(target string) web.LaunchFormPage {
	f := personFrame("/courses/uni/phys101/l/quiz1")
	f.Title = "Quiz 1"
	return web.LaunchFormPage{Frame: f, LinkTitle: "Quiz 1", ToolName: "Quizzer", Action: "http://127.0.0.1:9000/lti?a=(b)&c='d'",
		Params: launchParams(), Target: target, NewTabPath: "/courses/uni/phys101/l/quiz1?in=tab"}
}

func launchParams() []web.Param {
	return []web.Param{{"lti_message_type", "basic-lti-launch-request"}, {"resource_link_description", "first line\r\nsecond <line> & \"more\""},
		{"custom_note", "\nstarts with a line end\ttab\r"}, {"custom_plus", "1+1=2 é 🎓"}, {"submit", "Press"}, {"oauth_signature", "abc+/="}}
}

func courseSamples() []sample {
	taken := []web.Transfer{{Consumer: "Campus LMS", Score: score(.87), State: lti.Delivered, At: minutes(16)}}
	waits := []web.Transfer{{Consumer: "Campus LMS", Score: score(.4), State: lti.Waiting}}
	totals := []web.Transfer{{Consumer: "Campus LMS", Of: "Week 1: Foundations", Score: score(.905), State: lti.Delivered, At: minutes(16)}, {Consumer: "Campus LMS", Of: "course", Score: score(.83), State: lti.Waiting}}
	links := []web.CourseLink{
		{ID: "read1", Title: "Reading: chapters 1 and 2", ToolName: "Shelf", Description: "Bring questions to the first lecture."},
		{ID: "quiz1", Title: "Quiz 1: units and vectors", ToolName: "Quizzer", Points: 10, Due: now.Add(72 * time.Hour), Scored: 87, Students: 112, Trouble: 3,
			Own: &web.OwnResult{Score: score(.87), At: minutes(17), Transfers: taken}, LaunchURL: "https://hub.example/lti/launch/uni/phys101/l/quiz1"},
		{ID: "lab1", Title: "Lab report", ToolName: "Workbench", Points: 25, Students: 112, LaunchURL: "https://hub.example/lti/launch/uni/phys101/l/lab1"},
	}
	student := web.CoursePage{Frame: personFrame("/courses/uni/phys101"),
		Folders: []web.CourseFolder{{ID: "week1", Title: "Week 1: Foundations", Links: links, Totals: totals[:1]},
			{ID: "week2", Title: "Week 2: Motion", Links: []web.CourseLink{
				{ID: "quiz2", Title: "Quiz 2: motion in a line", ToolName: "Quizzer", Points: 10, Own: &web.OwnResult{Score: score(.4), At: minutes(3), Transfers: waits}},
				{ID: "late", Title: "Pre-test", ToolName: "Quizzer", Points: 5, Closed: "closed on 1 Nov"}}},
			{ID: "week3", Title: "Week 3"}},
		Links: []web.CourseLink{{ID: "forum", Title: "Question board", ToolName: "Agora"}}, Totals: totals[1:]}
	teacher := student
	teacher.Frame, teacher.Teaches, teacher.Trouble, teacher.Totals = teacherFrame("/courses/uni/phys101"), true, 4, nil
	teacher.Folders = slices.Clone(student.Folders)
	teacher.Folders[0].Totals, teacher.Folders[0].Trouble = nil, 1
	teacher.AddFrom = []web.AddTool{{ID: "quizzer", Name: "Quizzer", About: "Quizzes with instant feedback, for physics and chemistry"}, {ID: "shelf", Name: "Shelf"}}
	chosen := teacher
	chosen.Told = &web.Told{Tool: "Quizzer", Message: "2 quizzes are on their way.", Chosen: true, Added: []string{"Quiz 3: forces", "Quiz 4: energy"}, LeftOut: []string{`"Syllabus" is not added: it is a file, and only activities of the tool can be added`}}
	for _, name := range []string{"Agora", "Workbench", "Reader", "Atlas", "Lab bench"} {
		chosen.AddFrom = append(chosen.AddFrom, web.AddTool{ID: name, Name: name})
	}
	failed := student
	failed.Told = &web.Told{Tool: "Quizzer", Error: "The quiz is closed since yesterday."}
	flat := web.CoursePage{Frame: personFrame("/courses/uni/phys101"), Links: links}
	empty := web.CoursePage{Frame: teacherFrame("/courses/uni/phys101"), Teaches: true}
	preview := student
	preview.Frame, preview.Preview, preview.Totals = teacherFrame("/courses/uni/phys101"), true, nil
	framed := student
	framed.Framed = true
	locked, guarded := student, teacher
	locked.Folders, guarded.Folders = slices.Clone(student.Folders), slices.Clone(teacher.Folders)
	for _, folders := range [][]web.CourseFolder{locked.Folders, guarded.Folders} {
		folders[1].Links, folders[1].Protected = slices.Clone(folders[1].Links), true
		folders[0].Links = slices.Clone(folders[0].Links)
		folders[0].Links[1].Protected = true
	}
	locked.Folders[1].Locked, locked.Folders[0].Links[1].Locked = true, true
	for i := range locked.Folders[1].Links {
		locked.Folders[1].Links[i].Locked = true
	}
	mine := personFrame("/courses/uni/phys101/results")
	results := web.MyResultsPage{Frame: mine, Totals: totals, Results: []web.MyResult{
		{Link: "quiz1", Title: "Quiz 1: units and vectors", Points: 10, OwnResult: web.OwnResult{Score: score(.87), At: minutes(17), Transfers: taken}},
		{Link: "quiz2", Title: "Quiz 2: motion in a line", Points: 10, OwnResult: web.OwnResult{Score: score(.4), At: minutes(3), HandedIn: minutes(6), NeedsReview: true, Transfers: waits}},
		{Link: "lab1", Title: "Lab report", Points: 25, OwnResult: web.OwnResult{Score: score(.92), Override: true, At: minutes(4000), Transfers: []web.Transfer{{Consumer: "Campus LMS", Score: score(.92), State: lti.Refused, Cause: lti.SendCell, At: minutes(3990)}}}},
		{Link: "exam", Title: "Final exam", Points: 100}}}
	return []sample{
		{"Course", "student", 200, student}, {"Course", "typical", 200, teacher}, {"Course", "empty", 200, empty}, {"Course", "chosen", 200, chosen}, {"Course", "told", 200, failed}, {"Course", "locked", 200, locked},
		{"Course", "guarded", 200, guarded}, {"Course", "framed", 200, framed}, {"Course", "preview", 200, preview}, {"Course", "flat", 200, flat},
		{"MyResults", "typical", 200, results}, {"MyResults", "empty", 200, web.MyResultsPage{Frame: mine}},
		{"Course", "flat", 200, web.CoursePage{Frame: personFrame("/courses/uni/phys101"), Links: links}},
	}
}

func members(n int) []web.Member {
	given := []string{"Ada", "Bo", "Chidi", "Dana", "Emre", "Fatima", "Gustav", "Hana"}
	family := []string{"Moss", "Lindqvist", "Okafor", "Pérez", "Yıldız", "Haddad", "Ferrante"}
	all := make([]web.Member, n)
	for i := range all {
		name := given[i%len(given)] + " " + family[i%len(family)]
		m := lti.Membership{Domain: "uni", Course: "phys101", Username: fmt.Sprintf("student%03d", i), Role: lti.Student, Section: fmt.Sprintf("%03d", 1+i%2), Status: lti.MemberActive, Source: "campus"}
		switch i {
		case 0:
			m.Role, m.Section, m.Source, m.Locked = lti.Coordinator, "", "manifest", true
		case 1:
			m.Role = lti.TA
		case 5:
			m.Status = lti.MemberDropped
		}
		all[i] = web.Member{Membership: m, Name: name, Email: m.Username + "@uni.example", SourceName: map[string]string{"campus": "Campus LMS"}[m.Source]}
	}
	return all
}

func gradebookSamples() []sample {
	path := "/courses/uni/phys101/gradebook"
	book := func(students, links int) web.GradebookPage {
		f := teacherFrame(path)
		g := web.GradebookPage{Frame: f, Sections: []string{"001", "002"}, CSVPath: path + ".csv"}
		for l := range links {
			g.Columns = append(g.Columns, web.GradeColumn{Link: fmt.Sprintf("quiz%d", l+1), Title: fmt.Sprintf("Quiz %d: %s", l+1, []string{"units", "motion in a line", "forces", "energy"}[l%4]), Folder: fmt.Sprintf("Week %d", l/2+1), Points: 10})
		}
		states := []lti.State{lti.Delivered, lti.Delivered, lti.Delivered, lti.Delivered, lti.Waiting, lti.Delivered, lti.Refused, lti.Delivered, lti.Superseded, lti.Delivered, lti.Dead, "", lti.Sending}
		for i, m := range members(students) {
			row := web.GradeRow{Username: m.Username, Name: m.Name, Section: m.Section}
			for l := range links {
				x := (i*7919 + l*104729 + i*l*31) % 101
				cell := web.GradeCell{Score: score(1 - float64(x*x)/10100), State: states[(i*3+l*5+i*l)%len(states)]}
				if x%9 == 4 {
					cell = web.GradeCell{}
				}
				cell.Override = cell.Score != nil && x == 50
				row.Cells = append(row.Cells, cell)
			}
			if i%7 == 3 {
				row.Total = web.GradeTotal{State: states[i%len(states)], Of: "Week 1", Link: "quiz1"}
			}
			g.Rows = append(g.Rows, row)
		}
		return g
	}
	refused := deliveries()[1]
	history := []lti.Submission{{At: minutes(900), Score: score(.4), By: "quizzer", Text: "first try"}, {At: minutes(60), Score: score(.87), By: "quizzer", URL: "https://quizzer.example/attempts/9", SubmittedAt: minutes(70), NeedsReview: true}, {At: minutes(20), Score: score(.9), By: "grace"}}
	grade := web.GradePage{Frame: teacherFrame(path + "/quiz1/ada"), LinkID: "quiz1", LinkTitle: "Quiz 1: units and vectors", Points: 10, Username: "ada", Name: "Ada Moss", Section: "001", Editable: true,
		Result:     lti.Result{Score: score(.87), SubmittedAt: minutes(60), Override: &lti.Override{Score: .9, By: "grace", At: minutes(20)}, History: history},
		Deliveries: []web.DeliveryRow{refused}}
	fault := grade
	fault.Typed, fault.Faulty, fault.Result.Override = "11,5", true, nil
	fault.Result.HandedIn, fault.Result.NeedsReview = minutes(70), true
	return []sample{
		{"Gradebook", "typical", 200, book(24, 6)}, {"Gradebook", "full", 200, book(500, 40)},
		{"Gradebook", "empty", 200, book(0, 3)}, {"Gradebook", "ungraded", 200, book(3, 0)},
		{"Grade", "typical", 200, grade}, {"Grade", "fault", 422, fault},
		{"Grade", "empty", 200, web.GradePage{Frame: teacherFrame(path + "/quiz1/ada"), LinkTitle: "Quiz 1", Points: 10, Username: "ada", Editable: true}},
	}
}

func deliveries() []web.DeliveryRow {
	base := lti.Delivery{ID: sessionID, Domain: "uni", Course: "phys101", Username: "ada", Scope: lti.Scope{Kind: lti.ScopeLink, ID: "quiz1"}, Consumer: "campus", Score: score(.87), Total: 8.7, Possible: 10, Created: minutes(50)}
	row := func(state lti.State, attempts int, err string) web.DeliveryRow {
		d := base
		d.State, d.Attempts, d.LastError = state, attempts, err
		d.Due, d.Finished = now.Add(4*time.Minute), minutes(16)
		for i := range attempts {
			d.Log = append(d.Log, lti.Attempt{At: minutes(50 - i*2), Status: []int{0, 503, 200}[i%3], Error: err})
		}
		if state == lti.Delivered {
			d.DeliveredAt = minutes(16)
			d.Log[len(d.Log)-1].Error = ""
		}
		return web.DeliveryRow{Delivery: d, ConsumerName: "Campus LMS", UserName: "Ada Moss", ScopeTitle: "Quiz 1: units and vectors"}
	}
	gone := row(lti.Dead, 20, "The LMS did not answer: connection refused by lms.example.")
	gone.Cause = lti.SendSilent
	left := row(lti.Refused, 1, "the LMS answered failure with status 422: “User is no longer in course”")
	left.Cause = lti.SendLeft
	gone.Score = nil
	return []web.DeliveryRow{
		row(lti.Waiting, 3, "The LMS answered 503 (service unavailable)."),
		left,
		row(lti.Delivered, 2, ""), gone, row(lti.Sending, 0, ""),
		row(lti.Superseded, 0, ""),
	}
}
