package web_test

import (
	"fmt"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

func personSamples() []sample {
	ada := lti.User{Domain: "uni", Username: "ada", GivenName: "Ada", FamilyName: "Moss", Email: "ada@uni.example", Created: minutes(90000), Source: "campus"}
	twin := lti.User{Domain: "uni", Username: "ada-2", FullName: "Ada Moss", Email: "ada@uni.example", Created: minutes(3000), Source: "annex"}
	campus := lti.Binding{Domain: "uni", Consumer: "campus", Value: "2901", UserID: "2901", Username: "ada", Created: minutes(90000), How: "auto", Seen: minutes(30)}
	annex := lti.Binding{Domain: "uni", Consumer: "annex", Value: "ada.moss@uni.example", UserID: "77f1c0de-4c5b-4c9b-9f6f-0d1f6a7e5b11", Username: "ada", Created: minutes(400), How: "admin", Confirmed: minutes(399), ConfirmedBy: "robin:uni"}
	gone := lti.Unlinked{ID: sessionID, Binding: lti.Binding{Domain: "uni", Consumer: "old", Value: "1188", Username: "ada"}, At: minutes(2000), By: "robin:uni"}
	merge := lti.Merge{ID: sessionID, Domain: "uni", From: "ada-2", Into: "ada", At: minutes(400), By: "robin:uni"}
	undone := merge
	undone.Undone, undone.UndoneBy, undone.Stayed = minutes(20), "robin:uni", []string{"phys101/quiz1"}
	full := web.UserPage{Frame: adminFrame("/admin/users/uni/ada"), User: ada, Bindings: []lti.Binding{campus, annex}, Unlinked: []lti.Unlinked{gone}, Merges: []lti.Merge{merge, undone},
		Memberships: []web.UserMembership{{Membership: members(3)[2].Membership, CourseTitle: "Physics 101: Mechanics"}}, Launches: launches()[:2]}
	fault := full
	fault.Consumer, fault.Value, fault.Typed, fault.Fault = "annex", annex.Value, "adda", "There is no account adda:uni."
	away := twin
	away.Disabled, away.MergedInto = true, "ada"
	merging := web.MergePage{Frame: adminFrame("/admin/users/uni/ada-2/merge"), From: twin, Typed: "ada", Ready: true, Into: ada, Bindings: []lti.Binding{annex}, Places: 3, Password: true,
		Courses: []web.MergeCourse{
			{Ref: phys, Title: "Physics 101: Mechanics", Had: lti.Student, Gets: lti.Student, Kept: true, Results: []web.MergeResult{
				{Title: "Quiz 1: units and vectors", Points: 10, From: score(.9), Into: score(.7), After: score(.9)}, {Title: "Lab report", Points: 25, From: score(.4), After: score(.4)}}},
			{Ref: lti.CourseRef{Domain: "uni", ID: "chem2"}, Title: "Organic chemistry", Had: lti.TA, Gets: lti.TA, Owner: true}}}
	domains := []lti.Domain{{ID: "uni", Name: "Example University"}, {ID: "college", Name: "Hill College"}}
	bad := web.DirectoryDomain{Domain: domains[1], Faults: []web.Fault{{Line: 3, Text: "it has 3 fields, the first line has 6"}, {Line: 17, Text: "email: it has no @"}, {Text: "and 12 more faults"}}}
	return []sample{
		{"User", "full", 200, full}, {"User", "fault", 422, fault},
		{"User", "merged", 200, web.UserPage{Frame: adminFrame("/admin/users/uni/ada-2"), User: away, Merges: []lti.Merge{merge}}},
		{"Person", "new", 200, web.PersonPage{Frame: adminFrame("/admin/users/new"), New: true, Domains: domains, User: lti.User{Domain: "uni"}}},
		{"Person", "typical", 200, web.PersonPage{Frame: adminFrame("/admin/users/uni/ada/edit"), User: ada, HasPassword: true, Bound: true}},
		{"Person", "fault", 422, web.PersonPage{Frame: adminFrame("/admin/users/uni/ada/edit"), User: ada, HasPassword: true, Faults: map[string]string{
			"email": "That is no e-mail address. Write it like ada@uni.example.", "own": "That is not the password that you signed in with.", "admin": "This is the last admin who can sign in. Make another one first."}}},
		{"Merge", "ask", 200, web.MergePage{Frame: adminFrame("/admin/users/uni/ada-2/merge"), From: twin}},
		{"Merge", "typical", 200, merging},
		{"Merge", "fault", 422, web.MergePage{Frame: adminFrame("/admin/users/uni/ada-2/merge"), From: twin, Typed: "root", Fault: "An admin’s account is never merged, so that no LMS can speak for an admin."}},
		{"Alike", "typical", 200, web.AlikePage{Frame: adminFrame("/admin/alike"), Groups: []web.AlikeGroup{
			{By: "e-mail", Value: "ada@uni.example", Users: []web.AlikeUser{{User: ada, Consumers: []string{"campus"}}, {User: twin, Consumers: []string{"annex", "old"}, Into: "ada"}}},
			{By: "name", Value: "bo lindqvist", Users: []web.AlikeUser{{User: lti.User{Domain: "uni", Username: "bo", FullName: "Bo Lindqvist"}}, {User: lti.User{Domain: "uni", Username: "user-0af3", FullName: "BO Lindqvist"}, Consumers: []string{"annex"}, Into: "bo"}}}}}},
		{"Alike", "full", 200, manyAlike()}, {"Alike", "empty", 200, web.AlikePage{Frame: adminFrame("/admin/alike")}},
		{"Directories", "typical", 200, web.DirectoriesPage{Frame: adminFrame("/admin/directories"), Domains: []web.DirectoryDomain{
			{Domain: domains[0], Consumers: []string{"Campus LMS"}, Asked: "ada", Answer: []web.Param{{Name: "Given name", Value: "Ada"}, {Name: "E-mail", Value: "ada@uni.example"}},
				Directory: lti.Directory{Load: "l1", Rows: 48211, By: "robin:uni", At: minutes(9000), Staged: &lti.DirectoryLoad{ID: "l2", Rows: 48230, Added: 31, Changed: 7, Removed: 12, By: "robin:uni", At: minutes(1)}}}, bad,
			{Domain: lti.Domain{ID: "north"}, LDAP: "ldaps://ldap.north.example", Consumers: []string{"North LMS"}, Asked: "zoe", Failed: true, Fault: "The directory could not be asked: bind to the LDAP server: invalid credentials."}}}},
		{"Directories", "none", 200, web.DirectoriesPage{Frame: adminFrame("/admin/directories")}},
	}
}

// manyAlike is the longest list there is.
func manyAlike() web.AlikePage {
	page := web.AlikePage{Frame: adminFrame("/admin/alike")}
	for i := range 50 {
		name := fmt.Sprintf("person%03d", i)
		page.Groups = append(page.Groups, web.AlikeGroup{By: "e-mail", Value: name + "@uni.example", Users: []web.AlikeUser{
			{User: lti.User{Domain: "uni", Username: name, Email: name + "@uni.example"}, Consumers: []string{"campus"}},
			{User: lti.User{Domain: "uni", Username: name + "-2", Email: name + "@uni.example"}, Consumers: []string{"annex"}, Into: name}}})
	}
	return page
}
