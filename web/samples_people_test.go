package web_test

import (
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

// peopleSamples are the pages about who is in a course.
func peopleSamples() []sample {
	const path = "/courses/uni/phys101/members"
	list := func(n, page int, rosters ...web.Roster) web.MembersPage {
		from, to := web.MembersExtent(page, n)
		return web.MembersPage{
			Frame: teacherFrame(path), Members: members(n)[from:to], Total: n, Page: page, Sections: []string{"001", "002"}, Manages: true, Rosters: rosters,
		}
	}
	source := lti.RosterSource{Domain: "uni", Course: "phys101", Consumer: "campus", URL: "https://lms.example/roster", By: "grace", Noted: minutes(95)}
	done := web.Roster{RosterSource: source, Name: "Campus LMS"}
	done.Succeeded, done.Tried, done.Due = minutes(95), minutes(95), now.Add(20*time.Hour)
	done.Last = lti.RosterCounts{Members: 114, New: 3, Same: 110, Left: 1, Skipped: 1, Targets: 108}
	busy := done
	busy.Running, busy.Phase, busy.Fetched, busy.Applied, busy.Lease = lti.RosterSync, lti.RosterApplying, 50_000, 18_400, now.Add(time.Minute)
	failed := done
	failed.Error, failed.Tried, failed.Job, failed.Due = "the LMS answered with status 503", minutes(2), lti.RosterSync, now.Add(3*time.Minute)
	held := done
	held.Pending = plan(true)
	off := web.Roster{RosterSource: source, Name: "Old LMS", Off: true}
	fresh := web.Roster{RosterSource: source, Name: "Campus LMS"}
	fresh.Job = lti.RosterPreview
	roster := func(r web.Roster) web.RosterPage {
		return web.RosterPage{Frame: teacherFrame(path + "/preview"), Roster: r}
	}
	ready := done
	ready.Pending = plan(false)
	nothing := done
	nothing.Pending = &lti.RosterPlan{Run: "r", At: minutes(1), Expires: now.Add(time.Hour), Counts: lti.RosterCounts{Members: 114, Same: 114}}
	one := members(24)[4]
	member := web.MemberPage{
		Frame: teacherFrame(path + "/of/student004"), Member: one, Roles: []lti.Role{lti.Instructor, lti.Designer, lti.TA, lti.Proctor, lti.Observer, lti.Student},
		Sections: []string{"001", "002"}, Typed: web.MemberForm{Role: lti.Student, Section: "001", Status: lti.MemberActive, Locked: true},
		Past: []lti.PastMembership{{Role: lti.Student, Section: "002", Ended: minutes(4000), Why: "changed by the roster of campus"}, {Role: lti.TA, Ended: minutes(90000), Why: "not on the roster of campus any more"}},
	}
	wrong := member
	wrong.Typed.Section, wrong.Typed.End = "lab a!", "2026-13-01T00:00"
	wrong.Faults = map[string]string{"section": "Write letters, digits, - and _ only.", "end": "Write a date and a time, for example 2027-01-31T23:59."}
	return []sample{
		{"Members", "typical", 200, list(24, 1, done)}, {"Members", "full", 200, list(500, 3, failed, off)},
		{"Members", "busy", 200, list(24, 1, busy)}, {"Members", "held", 200, list(24, 1, held)}, {"Members", "asked", 200, list(3, 1, fresh)},
		{"Members", "empty", 200, web.MembersPage{Frame: teacherFrame(path), Section: "009"}},
		{"Roster", "typical", 200, roster(ready)}, {"Roster", "full", 200, roster(held)}, {"Roster", "same", 200, roster(nothing)},
		{"Roster", "busy", 200, roster(busy)}, {"Roster", "empty", 200, roster(web.Roster{RosterSource: source})},
		{"Member", "typical", 200, member}, {"Member", "fault", 422, wrong},
		{"Member", "empty", 200, web.MemberPage{Frame: teacherFrame(path + "/of/x"), Member: web.Member{Membership: lti.Membership{Username: "x", Role: lti.Coordinator, Status: lti.MemberActive}}}},
	}
}

func plan(held bool) *lti.RosterPlan {
	p := &lti.RosterPlan{
		Run: sessionID, At: minutes(3), Expires: now.Add(57 * time.Minute), Held: held, Active: 114,
		Counts: lti.RosterCounts{Members: 116, New: 2, Role: 1, Section: 1, Back: 1, Left: 1, Unknown: 1, Skipped: 1, Same: 109},
		Changes: []lti.RosterChange{
			{Kind: lti.RosterNew, Name: "Zoë Ångström", Username: "zoe", Value: "c4d8-zoe", Role: lti.Student, Section: "001"},
			{Kind: lti.RosterNew, Name: "Emre Yıldız", Username: "emre", Value: "11", Role: lti.Student},
			{Kind: lti.RosterRole, Name: "Tomás Rivera", Username: "tomas", Role: lti.TA, WasRole: lti.Student, WasSection: "001"},
			{Kind: lti.RosterSection, Name: "Bo Lindqvist", Username: "bo", Role: lti.Student, WasRole: lti.Student, Section: "002", WasSection: "001"},
			{Kind: lti.RosterBack, Name: "Hana Moss", Username: "hana", Role: lti.Student, WasRole: lti.Student},
			{Kind: lti.RosterUnknown, Name: "Dana Pérez", Value: "9d1c6a-with-a-rather-long-identifier-from-the-lms", Why: "no account is bound to this user_id yet, and a roster may make none"},
			{Kind: lti.RosterSkipped, Name: "Grace Haddad", Username: "grace", Role: lti.Instructor, Why: "the membership is set by hand and stays as it is"},
			{Kind: lti.RosterLeft, Name: "Chidi Okafor", Username: "chidi", WasRole: lti.Student, WasSection: "001"},
		},
	}
	if held {
		p.Counts.Left, p.Counts.Nameless = 61, 2
	}
	return p
}
