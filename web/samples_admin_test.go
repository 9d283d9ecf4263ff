package web_test

import (
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

func adminSamples() []sample {
	all := []sample{
		{"Overview", "typical", 200, overview()}, {"Overview", "empty", 200, web.OverviewPage{Frame: adminFrame("/admin")}},
		{"Audit", "typical", 200, web.AuditPage{Frame: adminFrame("/admin/audit"), Next: "n", Entries: []lti.AuditEntry{
			{At: minutes(4), By: "robin:uni", Action: "score set by hand", Object: "uni/phys101/quiz1/ada", Detail: "0.87 to 0.9"},
			{At: minutes(200), By: "token nightly export", Action: "manifest applied", Object: "server", Detail: "2 tools changed, 1 course added"}}}},
		{"Audit", "empty", 200, web.AuditPage{Frame: adminFrame("/admin/audit")}},
		{"Tokens", "typical", 200, web.TokensPage{Frame: adminFrame("/admin/tokens"), Tokens: []lti.APIToken{
			{Hash: "ab12", Name: "nightly export", Role: lti.TokenRead, Created: minutes(90000)}, {Hash: "cd34", Name: "old portal", Role: lti.TokenAdmin, Created: minutes(190000), Revoked: minutes(5000)}}}},
		{"Tokens", "new", 200, web.TokensPage{Frame: adminFrame("/admin/tokens"), New: "lth_7Qx2mP0aVb4nK9dLw3Zs", Name: "portal"}},
		{"Manifest", "typical", 200, web.ManifestPage{Frame: adminFrame("/admin/manifest"), Text: "version: 1\ndomains:\n  - {id: uni, name: Example University}\n"}},
		{"Manifest", "faults", 422, web.ManifestPage{Frame: adminFrame("/admin/manifest"), Text: "version: 1\ntools:\n  - {id: quizzer}\n", Faults: []web.Fault{
			{Line: 3, Text: "tools[0].url is missing: write the tool's launch URL"}, {Line: 3, Text: "tools[0].key is missing"}, {Text: "no domain is named: add one under domains"}}}},
		{"Manifest", "diff", 200, web.ManifestPage{Frame: adminFrame("/admin/manifest"), Text: "version: 1\n", Checked: true, Changes: []string{"tool consumer uni/campus changed", "tool uni/quill made"}, More: 3, Diff: []web.RecordChange{
			{Object: "tool consumer uni/campus", Fields: []web.FieldChange{{Path: "secret", Before: "(a secret)", After: "(another secret)"}, {Path: "users.match", Before: "user_id", After: "lis_person_sourcedid"}, {Path: "section", After: "S1"}}},
			{Object: "tool uni/quill", New: true, Fields: []web.FieldChange{{Path: "url", After: "https://quill.example/launch"}}}}}},
		{"Domains", "typical", 200, web.DomainsPage{Frame: adminFrame("/admin/domains"), Domains: []web.DomainRow{{Domain: lti.Domain{ID: "uni", Name: "Example University"}, Consumers: 3, Tools: 9, Courses: 250, Users: 8120}, {Domain: lti.Domain{ID: "college"}}}}},
		{"Domains", "empty", 200, web.DomainsPage{Frame: adminFrame("/admin/domains")}},
		{"Settings", "typical", 200, web.SettingsPage{Frame: adminFrame("/admin/settings"), Version: "1.0.0", PublicURL: "http://hub.example", File: "/var/lib/ltihub", Node: "hub-1", NodeTime: now, StoreTime: now.Add(-5 * time.Second), Started: minutes(9000), Backs: true,
			Options: []web.OptionRow{{Key: "listen", Value: "127.0.0.1:8080"}, {Key: "api_token", Value: "•••", Variable: "LTIHUB_API_TOKEN"}, {Key: "metrics.listen"}},
			Sizes:   []web.Size{{Name: "Users", Count: 8412}, {Name: "Launch records", Count: 20000, More: true}}}},
		{"Manifest", "applied", 200, web.ManifestPage{Frame: adminFrame("/admin/manifest"), Applied: true, Changes: []string{"tool quizzer: URL changed", "course uni/phys101: 2 links added"}}},
	}
	all = append(all, formSamples()...)
	all = append(all, peerSamples()...)
	all = append(all, personSamples()...)
	return append(all, recordSamples()...)
}

func overview() web.OverviewPage {
	page := web.OverviewPage{Frame: adminFrame("/admin"), Launches: 1284, Refusals: 23, OldestWaiting: minutes(130), LaunchURL: "https://hub.example/lti/launch", Version: "1.0.0",
		Causes:     []web.CauseCount{{Cause: "signature", Count: 14}, {Cause: "nonce_used", Count: 6}, {Cause: "timestamp_old", Count: 2}, {Cause: "unknown_key", Count: 1}},
		Deliveries: web.DeliveryCounts{Waiting: 37, Sending: 2, Delivered: 902, Refused: 3}, Consumers: 4, Tools: 11, Courses: 260, Users: 8412}
	for i := range 25 {
		hour := now.Truncate(time.Hour).Add(time.Duration(i-24) * time.Hour)
		n := []int{2, 1, 0, 0, 1, 3, 9, 31, 74, 96, 88, 90, 67, 80, 85, 77, 52, 40, 33, 38, 41, 28, 12, 6}[hour.Hour()]
		page.Hours = append(page.Hours, web.HourCount{Hour: hour, Accepted: n, Refused: (n * (i % 3)) / 24,
			Half: time.Duration(n/8+2) * time.Millisecond, Most: time.Duration(n/2+6) * time.Millisecond, Delivered: n / 3, Stuck: n / 40})
	}
	return page
}

func peerSamples() []sample {
	campus := lti.ToolConsumer{Domain: "uni", ID: "campus", Name: "Campus LMS", Key: "lms-key-4f1a", NonceLifetime: 5 * time.Minute, SignatureMethods: []string{"HMAC-SHA1", "HMAC-SHA256"}, UserIdentity: true, CourseIdentity: true,
		Users:     lti.UserRules{Match: "user_id", Create: lti.CreateAuto, CreateFor: []string{"Learner", "Instructor"}, Info: "lti"},
		Courses:   lti.CourseRules{Match: "context_id", StoreMapping: true, CreateFor: []string{"Instructor"}, Types: []string{"official"}},
		Roles:     map[string]lti.Role{"Learner": lti.Student, "Instructor": lti.Instructor, "TeachingAssistant": lti.TA},
		SelfEnrol: []string{"Learner", "Instructor"}, Roster: lti.RosterRules{Pull: true, OnInstructorLaunch: true},
		Passback: lti.PassbackRules{Format: "1.1", Score: lti.ScoreDecimal, Signature: "HMAC-SHA1"}, Logout: lti.LogoutRules{CallbackParam: "custom_logout_service_url"}}
	old := lti.ToolConsumer{Domain: "uni", ID: "old", Name: "Old LMS", Key: "old-key", Disabled: true}
	quizzer := lti.Tool{Domain: "uni", ID: "quizzer", Name: "Quizzer", URL: "https://quizzer.example/lti", Key: "tool-key", SignatureMethod: "HMAC-SHA1", NonceLifetime: 5 * time.Minute,
		Passback: lti.Service{Enabled: true, ValidFor: 720 * time.Hour}, Roster: lti.Service{Enabled: true, ValidFor: 24 * time.Hour},
		Send: []string{"name", "email"}, Custom: map[string]string{"chapter": "3", "who": "$Person.name.full"}, Target: lti.TargetIframe,
		About: lti.ToolAbout{Description: "Quizzes with instant feedback, for physics, chemistry and everything between them.", SecureIcon: "https://quizzer.example/static/images/icon-128.png",
			Vendor: lti.Vendor{Code: "quizzer.example", Name: "Quiz Ltd", URL: "https://quizzer.example", Contact: "hello@quizzer.example"}},
		ContentItems: lti.ContentItems{URL: "https://quizzer.example/choose"}, Placements: []lti.ToolPlacement{{Name: "course_navigation"}, {Name: "link_selection"}}}
	fresh := web.ConsumerPage{Frame: adminFrame("/admin/consumers/uni/campus"), Consumer: campus, LaunchURL: "https://hub.example/lti/launch", CartridgeURL: "https://hub.example/lti/cartridge.xml",
		NewKey: "lh-4f1a9c", NewSecret: "9fPq2LrT5v", LMS: "moodle", Edits: true, Removable: true}
	tried := fresh
	tried.NewKey, tried.NewSecret, tried.Launches = "", "", launches()
	tried.Trial = &web.Trial{Steps: []string{"it reads as a signed launch", "its key is that of the tool consumer uni/campus"}, Failed: true, Cause: "no_role", Detail: "no role of the person is let in", Hint: "Map Instructor.", Address: "https://hub.example/lti/launch"}
	rotated := web.ConsumerPage{Frame: adminFrame("/admin/consumers/uni/old"), Consumer: old, LaunchURL: "https://hub.example/lti/launch", NewSecret: "9fPq2LrT5v", Rotate: true}
	return []sample{
		{"Consumers", "typical", 200, web.ConsumersPage{Frame: adminFrame("/admin/consumers"), Consumers: []web.ConsumerRow{{ToolConsumer: campus, LastLaunch: minutes(2), Launches: 1203, Refused: 14}, {ToolConsumer: old, LastLaunch: minutes(90000)}}}},
		{"Consumers", "empty", 200, web.ConsumersPage{Frame: adminFrame("/admin/consumers")}},
		{"Consumer", "typical", 200, web.ConsumerPage{Frame: adminFrame("/admin/consumers/uni/campus"), Consumer: campus, LaunchURL: "https://hub.example/lti/launch", CartridgeURL: "https://hub.example/lti/cartridge.xml",
			Launches: launches(), Skew: 200 * time.Second, SkewKnown: true, SeenRoles: seenRoles(), RoleFault: "Mentor", Origins: []string{"https://lms.example"}, Rotate: true, Secrets: []web.SecretUse{{LastUsed: minutes(2)}},
			MoreURLs: []web.NamedURL{{Name: "Physics 101, Quiz 1", URL: "https://hub.example/lti/launch/uni/phys101/l/quiz1"}}}},
		{"Consumer", "rotated", 200, rotated}, {"Consumer", "new", 200, fresh}, {"Consumer", "tried", 200, tried},
		{"Tools", "typical", 200, web.ToolsPage{Frame: adminFrame("/admin/tools"), Tools: []web.ToolRow{{Tool: quizzer, Links: 34, LastLaunch: minutes(1)}, {Tool: lti.Tool{Domain: "uni", Course: "phys101", ID: "shelf", Name: "Shelf", URL: "https://shelf.example/launch", Disabled: true}}}}},
		{"Tools", "empty", 200, web.ToolsPage{Frame: adminFrame("/admin/tools")}},
		{"Tool", "typical", 200, web.ToolPage{Frame: adminFrame("/admin/tools/uni/quizzer"), Tool: quizzer, Secrets: []web.SecretUse{{}, {LastUsed: minutes(70), Until: minutes(-9000)}}, OutcomeURL: "https://hub.example/service/passback", RosterURL: "https://hub.example/service/roster",
			Links: []web.ToolLink{{Course: phys, CourseTitle: "Physics 101: Mechanics", Link: "quiz1", Title: "Quiz 1", Points: 10}}, Launches: launches()[:1]}},
		{"Tool", "new", 200, web.ToolPage{Frame: adminFrame("/admin/tools/uni/quizzer"), Edits: true, Removable: true, Tool: quizzer, NewKey: "k7fjq2", NewSecret: "9fPq2LrT5v", IDs: web.ServiceIDsForm{Link: "phys101/quiz9", Service: "grade", Fault: "The tool has no such link. Write it as course/link, as in the list below, or leave it empty."}}},
		{"ImportTool", "empty", 200, web.ImportToolPage{Frame: adminFrame("/admin/tools/import"), Fetches: true}},
		{"ImportTool", "fault", 422, web.ImportToolPage{Frame: adminFrame("/admin/tools/import"), Text: "<html></html>", Fault: "That is XML, but no LTI link file: its root should be cartridge_basiclti_link."}},
		{"ImportTool", "typical", 200, web.ImportToolPage{Frame: adminFrame("/admin/tools/import"), Fetches: true, Parsed: true, Text: "<cartridge_basiclti_link/>", Tool: quizzer, Course: "phys101",
			Warnings: []string{"unknown element \"color\" is left out", "property \"secret\" in canvas.instructure.com is left out: a link file must not carry keys or secrets"},
			Domains:  []lti.Domain{{ID: "uni", Name: "Example University"}, {ID: "far", Name: "Far University"}}, Domain: "uni", ID: "quizzer"}},
		{"AdminCourses", "typical", 200, web.AdminCoursesPage{Frame: adminFrame("/admin/courses"), Next: "n", Courses: []web.AdminCourse{
			{Ref: phys, Title: "Physics 101: Mechanics", Label: "PHYS101", Owner: "ada", Source: "manifest", Members: 114, Links: 12, Created: minutes(90000)},
			{Ref: lti.CourseRef{Domain: "uni", ID: "chem2"}, Title: "Organic chemistry", Source: "campus", Members: 41, Links: 4, Disabled: true, Created: minutes(30000)}}}},
		{"AdminCourses", "nothing", 200, web.AdminCoursesPage{Frame: adminFrame("/admin/courses"), Query: "botany"}},
	}
}

func launches() []lti.LaunchRecord {
	id := func(n int) string { return fmt.Sprintf("0192f3a4-5b6c-7d8e-9f00-11223344%04d", n) }
	return []lti.LaunchRecord{
		{ID: id(1), At: minutes(1), Direction: lti.Outbound, Domain: "uni", Tool: "quizzer", Course: "phys101", Link: "quiz1", Username: "ada", Role: lti.Student, Status: 200},
		{ID: id(2), At: minutes(1), Direction: lti.Inbound, Domain: "uni", Consumer: "campus", Course: "phys101", Link: "quiz1", Username: "ada", Role: lti.Student, Status: 303},
		refusedLaunch(id(3)),
		{ID: id(4), At: minutes(44), Direction: lti.Inbound, Key: "fake", Refused: true, Status: 401, Cause: "unknown_key"},
	}
}

func refusedLaunch(id string) lti.LaunchRecord {
	return lti.LaunchRecord{ID: id, At: minutes(12), Direction: lti.Inbound, Domain: "uni", Consumer: "campus", Key: "lms-key-4f1a", Refused: true, Status: 401,
		Cause: "signature", Detail: "The signature does not match. It would with http:// in place of https://, so a proxy in front of the LMS or of ltihub hides https.",
		Hint: "Set public_url to the address that the LMS is given, with https.",
		Steps: []string{"read the form: 21 parameters", "message type is basic-lti-launch-request", "key lms-key-4f1a belongs to Campus LMS", "method HMAC-SHA1 is allowed",
			"timestamp is 2 s behind our clock", "signature does not match"},
		Params: [][2]string{{"lti_message_type", "basic-lti-launch-request"}, {"lti_version", "LTI-1p0"}, {"oauth_callback", "about:blank"}, {"oauth_consumer_key", "lms-key-4f1a"},
			{"oauth_nonce", "c2b5d0f0b1a34b7e"}, {"oauth_timestamp", "1795256400"}, {"lis_person_name_full", ""}, {"resource_link_id", "7"}, {"resource_link_description", ""}, {"roles", "Learner,urn:lti:instrole:ims/lis/Student"}, {"user_id", "2901"}}}
}

func recordSamples() []sample {
	accepted := launches()[1]
	accepted.Steps = []string{"signature holds", "nonce is new", "user ada", "course uni/phys101"}
	accepted.Session = &lti.Session{Expires: now.Add(time.Hour)}
	ended := launches()[0]
	ended.Returned = &lti.Returned{At: minutes(2), ReturnMessages: lti.ReturnMessages{ErrorMessage: "The quiz is closed.", ErrorLog: "quiz 17: state closed"}}
	user := lti.User{Domain: "uni", Username: "ada", GivenName: "Ada", FamilyName: "Moss", Email: "ada@uni.example", Created: minutes(90000), Source: "campus"}
	return []sample{
		{"LaunchRecords", "typical", 200, web.LaunchRecordsPage{Frame: adminFrame("/admin/launches"), Launches: launches(), Consumers: []lti.ToolConsumer{{ID: "campus", Name: "Campus LMS"}}, Next: "n"}},
		{"LaunchRecords", "nothing", 200, web.LaunchRecordsPage{Frame: adminFrame("/admin/launches"), Query: "0192"}},
		{"LaunchRecord", "typical", 200, web.LaunchRecordPage{Frame: adminFrame("/admin/launches/1"), Launch: refusedLaunch(sessionID), Redacted: []string{"lis_person_name_full"}}},
		{"LaunchRecord", "accepted", 200, web.LaunchRecordPage{Frame: adminFrame("/admin/launches/2"), Launch: accepted}},
		{"LaunchRecord", "ended", 200, web.LaunchRecordPage{Frame: adminFrame("/admin/launches/1"), Launch: ended}},
		{"LaunchRecord", "shared", 200, web.LaunchRecordPage{Frame: adminFrame("/admin/launches/1"), Launch: refusedLaunch(sessionID), Shares: true, NewLink: "https://hub.example/support/9fPq2LrT5v",
			Links: []lti.SupportLink{{By: "robin:uni", Created: minutes(3), Expires: minutes(-9000)}}}},
		{"Support", "typical", 200, web.SupportPage{Frame: strangerFrame("/support"), Launch: refusedLaunch(sessionID).Redacted(), Expires: minutes(-9000)}},
		{"Deliveries", "typical", 200, web.DeliveriesPage{Frame: adminFrame("/admin/deliveries"), Deliveries: deliveries(), Counts: web.DeliveryCounts{Waiting: 37, Sending: 1, Refused: 3, Dead: 1}, Next: "n"}},
		{"Deliveries", "filtered", 200, web.DeliveriesPage{Frame: adminFrame("/admin/deliveries"), Deliveries: deliveries(), State: lti.Refused, Cause: lti.SendKey, Consumer: "uni/campus", Course: "phys101", Stuck: 3, Counts: web.DeliveryCounts{Refused: 3, Dead: 1}, Consumers: []lti.ToolConsumer{{Domain: "uni", ID: "campus", Name: "Campus LMS"}}}},
		{"Batch", "typical", 200, web.BatchPage{Frame: adminFrame("/admin/deliveries/batches/1"), Batch: lti.Batch{ID: "019e0000-0000-7000-8000-000000000001", By: "root:uni", At: minutes(3), Total: 240, Done: true, Of: lti.DeliveryFilter{Domain: "uni", Consumer: "campus", Cause: lti.SendKey}}, States: map[lti.State]int{lti.Waiting: 60, lti.Sending: 2, lti.Delivered: 170, lti.Refused: 8}}},
		{"Batch", "done", 200, web.BatchPage{Frame: adminFrame("/admin/deliveries/batches/1"), Batch: lti.Batch{ID: "019e0000-0000-7000-8000-000000000001", By: "root:uni", At: minutes(3), Total: 1, Done: true}, States: map[lti.State]int{lti.Delivered: 1}}},
		{"Batch", "empty", 200, web.BatchPage{Frame: adminFrame("/admin/deliveries/batches/1"), Batch: lti.Batch{ID: "019e0000-0000-7000-8000-000000000001", By: "root:uni"}}},
		{"Deliveries", "empty", 200, web.DeliveriesPage{Frame: adminFrame("/admin/deliveries"), State: lti.Dead}},
		{"Delivery", "typical", 200, web.DeliveryPage{Frame: adminFrame("/admin/deliveries/1"), Delivery: deliveries()[3], TargetURL: "https://lms.example/mod/lti/service.php", PassbackURL: 2, PassbackURLs: 3}},
		{"Delivery", "delivered", 200, web.DeliveryPage{Frame: adminFrame("/admin/deliveries/1"), Delivery: deliveries()[2]}},
		{"Users", "typical", 200, web.UsersPage{Frame: adminFrame("/admin/users"), Users: []lti.User{user, {Domain: "uni", Username: "robin", FullName: "Robin Admin", Admin: true, Source: "manifest", Created: minutes(99000)}, {Domain: "uni", Username: "x9", Disabled: true}}, Next: "n"}},
		{"User", "typical", 200, web.UserPage{Frame: adminFrame("/admin/users/uni/ada"), User: user,
			Bindings:    []lti.Binding{{Domain: "uni", Consumer: "campus", Value: "2901", UserID: "2901", Username: "ada", Created: minutes(90000)}},
			Memberships: []web.UserMembership{{Membership: members(3)[2].Membership, CourseTitle: "Physics 101: Mechanics"}}, Launches: launches()[:2]}},
		{"User", "empty", 200, web.UserPage{Frame: adminFrame("/admin/users/uni/x"), User: lti.User{Domain: "uni", Username: "x"}}},
	}
}

func seenRoles() []web.SeenRoleRow {
	return []web.SeenRoleRow{
		{SeenRole: lti.SeenRole{Role: "Mentor", Count: 12, First: minutes(9000), Last: minutes(3), Launch: sessionID}, Kind: lti.RoleContext},
		{SeenRole: lti.SeenRole{Role: "urn:lti:instrole:ims/lis/Administrator", Count: 1, First: minutes(90), Last: minutes(90), Launch: sessionID}, Kind: lti.RoleInstitution},
	}
}
