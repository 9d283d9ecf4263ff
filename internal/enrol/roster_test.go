package enrol_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// rosterRun is campus's roster of phys101, asked for by an instructor.
func (s school) rosterRun(c *lti.ToolConsumer) lti.RosterRun {
	s.Helper()
	run := lti.RosterRun{Consumer: c, Asker: lti.Instructor, Source: lti.RosterSource{
		Domain: "uni", Course: "phys101", Consumer: c.ID, Placement: "rl", Scope: lti.Scope{Kind: lti.ScopeLink, ID: "quiz1"}, FormURL: "https://lms.example/form",
	}}
	s.change(func(tx store.Tx) (err error) {
		run.Course, err = store.Courses.Read(tx, "uni", "phys101")
		return err
	})
	return run
}

// lists takes one member in, and wants the same again to change nothing.
func (s school) lists(run lti.RosterRun, m lti.RosterMember) lti.RosterChange {
	s.Helper()
	var c lti.RosterChange
	take := func() {
		s.change(func(tx store.Tx) (err error) {
			c, err = s.enroller.RosterMember(tx, run, m, false)
			return err
		})
	}
	take()
	first := c
	before := dump(s, s.Store)
	take()
	if diff := cmp.Diff(before, dump(s, s.Store)); diff != "" {
		s.Errorf("RosterMember again changed the store:\n%s", diff)
	}
	return first
}

func (s school) membership(username string) (m lti.Membership) {
	s.Helper()
	s.change(func(tx store.Tx) (err error) {
		m, err = store.Memberships.Get(tx, "uni", "phys101", username)
		return err
	})
	return m
}

func person(id, roles string) lti.RosterMember { return lti.RosterMember{UserID: id, Roles: roles} }

func TestRosterMemberByTheRules(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*lti.ToolConsumer)
		member lti.RosterMember
		kind   string
		role   lti.Role
	}{
		{"learner", nil, person("bo", "Learner"), lti.RosterNew, lti.Student},
		{"highest role", nil, person("bo", "Learner,TeachingAssistant"), lti.RosterNew, lti.TA},
		{"not self-enrolling, but mapped", func(c *lti.ToolConsumer) { c.SelfEnrol = nil }, person("bo", "Learner"), lti.RosterNew, lti.Student},
		{"unmapped", nil, person("bo", "Mentor"), lti.RosterSkipped, ""},
		{"system role alone", nil, person("bo", "urn:lti:sysrole:ims/lis/Administrator"), lti.RosterSkipped, ""},
		{"no role", nil, person("bo", ""), lti.RosterSkipped, ""},
		{"coordinator", func(c *lti.ToolConsumer) { c.Roles["Instructor"] = lti.Coordinator }, person("bo", "Instructor"), lti.RosterSkipped, ""},
		{"no id", nil, person("", "Learner"), lti.RosterSkipped, ""},
		{"id that fits no key", nil, person(string(make([]byte, 600)), "Learner"), lti.RosterSkipped, ""},
		{"inactive", nil, lti.RosterMember{UserID: "bo", Roles: "Learner", Gone: true}, lti.RosterSkipped, ""},
		{"by sourcedid", func(c *lti.ToolConsumer) { c.Users.Match = "lis_person_sourcedid" }, lti.RosterMember{UserID: "7", Roles: "Learner", Person: lti.Person{SourcedID: "bo"}}, lti.RosterNew, lti.Student},
		{"by a custom parameter", func(c *lti.ToolConsumer) { c.Users.Match = "custom_id" }, lti.RosterMember{UserID: "7", Roles: "Learner", Custom: map[string]string{"custom_id": "bo"}}, lti.RosterNew, lti.Student},
		{"open variable", func(c *lti.ToolConsumer) { c.Users.Match = "custom_id" }, lti.RosterMember{UserID: "7", Roles: "Learner", Custom: map[string]string{"custom_id": "$User.id"}}, lti.RosterSkipped, ""},
		{"ask first", func(c *lti.ToolConsumer) { c.Users.Create = lti.CreateAsk }, person("bo", "Learner"), lti.RosterUnknown, ""},
		{"existing only", func(c *lti.ToolConsumer) { c.Users.Create = lti.CreateExisting }, person("bo", "Learner"), lti.RosterUnknown, ""},
		{"ask first by role", func(c *lti.ToolConsumer) { c.Users.CreateBy = map[string]string{"Learner": lti.CreateAsk} }, person("bo", "Learner"), lti.RosterUnknown, ""},
		{"existing only by role", func(c *lti.ToolConsumer) { c.Users.CreateBy = map[string]string{"Learner": lti.CreateExisting} }, person("bo", "Learner"), lti.RosterUnknown, ""},
		{"auto by role", func(c *lti.ToolConsumer) {
			c.Users.Create, c.Users.CreateBy = lti.CreateAsk, map[string]string{"Learner": lti.CreateAuto}
		}, person("bo", "Learner"), lti.RosterNew, lti.Student},
		{"the most careful role", func(c *lti.ToolConsumer) {
			c.Users.CreateBy = map[string]string{"Learner": lti.CreateAuto, "TeachingAssistant": lti.CreateAsk}
		}, person("bo", "Learner,TeachingAssistant"), lti.RosterUnknown, ""},
		{"role that may make no account", func(c *lti.ToolConsumer) { c.Users.CreateFor = []string{"Instructor"} }, person("bo", "Learner"), lti.RosterUnknown, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			c := lms("campus")
			if tt.change != nil {
				tt.change(c)
			}
			before := dump(s, s.Store)
			got := s.lists(s.rosterRun(c), tt.member)
			if got.Kind != tt.kind || got.Role != tt.role {
				t.Errorf("RosterMember() = %+v, want %s as %q", got, tt.kind, tt.role)
			}
			if tt.kind != lti.RosterNew {
				if diff := cmp.Diff(before, dump(s, s.Store)); diff != "" {
					t.Errorf("it changed the store:\n%s", diff)
				}
				return
			}
			if m := s.membership("bo"); m.Role != tt.role || m.Source != "campus" || m.Period != physics().Enrolment || m.Given != m.Period {
				t.Errorf("membership = %+v", m)
			}
		})
	}
}

func TestRosterBindsAsLaunchesDo(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	launched := s.arrive(launch(c, "ada", "Learner"))
	if got := s.lists(s.rosterRun(c), person("ada", "Learner")); got.Kind != lti.RosterSame || got.Username != launched.User.Username {
		t.Errorf("roster after a launch = %+v", got)
	}
	s.lists(s.rosterRun(c), person("bo", "Learner"))
	if got := s.arrive(launch(c, "bo", "Learner")); got.User.Username != "bo" || got.Membership.Role != lti.Student {
		t.Errorf("launch after the roster = %+v", got)
	}
	other := s.lists(s.rosterRun(lms("annex")), person("bo", "Learner"))
	if other.Username == "bo" {
		t.Error("another LMS's bo is the same person")
	}
}

func TestRosterGivesTheOwnerAlone(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.Roles["Instructor"] = lti.Coordinator
	s.addUser(lti.User{Username: "ines", Source: "manifest"})
	c.Users.BindExisting = true
	s.lists(s.rosterRun(c), person("ines", "Learner")) // binds the owner's account
	if got := s.lists(s.rosterRun(c), person("ines", "Instructor")); got.Kind != lti.RosterRole || got.Role != lti.Coordinator {
		t.Errorf("the owner gets %+v", got)
	}
}

func TestRosterMovesSectionsAndKeepsWhatWas(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.Section = "001"
	s.lists(s.rosterRun(c), person("bo", "Learner"))
	c.Section = "00 2!"
	if got := s.lists(s.rosterRun(c), person("bo", "Learner")); got.Kind != lti.RosterSection || got.WasSection != "001" || got.Section != "002" {
		t.Errorf("change = %+v", got)
	}
	c.Section = "lab-a" // a group's name
	if got := s.lists(s.rosterRun(c), person("bo", "Learner")); got.Section != "" {
		t.Errorf("the section is a group: %+v", got)
	}
	s.change(func(tx store.Tx) error {
		past, _, err := store.PastMemberships.List(tx, store.Prefix("uni", "phys101", "bo"), "", 10)
		if len(past) != 2 || past[0].Section != "001" || past[1].Section != "002" || !past[0].Ended.Equal(noon) {
			t.Errorf("past = %+v", past)
		}
		return err
	})
}

func TestRosterKeepsGroupsThatWereAskedFor(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	lab := []lti.Group{{ID: "lab-a", Title: "Lab A"}}
	listed := func(campus string, asked bool, groups []lti.Group) {
		m := person("bo", "Learner")
		m.InGroups, m.Groups = asked, groups
		s.lists(s.rosterRun(lms(campus)), m)
	}
	held := func(want map[string][]lti.Group) {
		t.Helper()
		s.change(func(tx store.Tx) error {
			got, err := store.MemberGroups.Get(tx, "uni", "phys101", "bo")
			if !maps.EqualFunc(got.By, want, slices.Equal) {
				t.Errorf("groups = %+v, want %+v", got.By, want)
			}
			return err
		})
	}
	listed("campus", true, lab)
	held(map[string][]lti.Group{"campus": lab})
	listed("campus", false, nil) // nobody asked
	held(map[string][]lti.Group{"campus": lab})
	listed("campus", true, nil) // in none any more
	held(map[string][]lti.Group{"campus": nil})
}

func TestRosterFollowsTheCoursesDates(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	run := s.rosterRun(lms("campus"))
	s.lists(run, person("bo", "Learner"))
	setDates := func(start, end time.Time) {
		s.change(func(tx store.Tx) error {
			course, err := store.Courses.Get(tx, "uni", "phys101")
			if err != nil {
				return err
			}
			course.Enrolment = lti.Period{Start: start, End: end}
			return store.Courses.Put(tx, course)
		})
		run = s.rosterRun(lms("campus"))
	}
	later := noon.AddDate(0, 2, 0)
	setDates(noon.AddDate(0, 0, -1), later)
	if got := s.lists(run, person("bo", "Learner")); got.Kind != lti.RosterDates {
		t.Errorf("change = %+v", got)
	}
	m := s.membership("bo")
	if m.Period != run.Course.Enrolment || m.Given != m.Period {
		t.Errorf("membership = %+v, want the course's dates, as given", m)
	}
	if got := s.arrive(launch(run.Consumer, "bo", "Learner")).Membership; got != m {
		t.Errorf("the launch after it changed the membership to %+v", got)
	}
	m.End = noon.AddDate(0, 1, 0) // by hand
	s.change(func(tx store.Tx) error { return store.Memberships.Put(tx, m) })
	setDates(noon.AddDate(0, 0, -2), later)
	if got := s.lists(run, person("bo", "Learner")); got.Kind != lti.RosterSame || s.membership("bo") != m {
		t.Errorf("change = %+v of dates set by hand, %+v", got, s.membership("bo"))
	}
	setDates(time.Time{}, noon.AddDate(0, 0, -1))
	if got := s.lists(run, person("new", "Learner")); got.Kind != lti.RosterSkipped {
		t.Errorf("after the enrolment's end = %+v", got)
	}
}

func TestRosterLeavesLockedAndForeignMembers(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	run := s.rosterRun(c)
	for _, change := range []func(*lti.Membership){
		func(m *lti.Membership) { m.Locked = true },
		func(m *lti.Membership) { m.Source = "annex" },
		func(m *lti.Membership) { m.Source = "manifest" },
	} {
		s.lists(run, person("bo", "Learner"))
		var held lti.Membership
		s.change(func(tx store.Tx) (err error) {
			if held, err = store.Memberships.Get(tx, "uni", "phys101", "bo"); err != nil {
				return err
			}
			change(&held)
			held.Role = lti.Proctor
			return store.Memberships.Put(tx, held)
		})
		if got := s.lists(run, person("bo", "Instructor")); got.Kind != lti.RosterSkipped || got.Why == "" {
			t.Errorf("change = %+v", got)
		}
		s.change(func(tx store.Tx) error {
			left, err := s.enroller.RosterLeaver(tx, run, "bo")
			if left.Kind != "" {
				t.Errorf("leaver = %+v", left)
			}
			return err
		})
		if m := s.membership("bo"); m != held {
			t.Errorf("membership = %+v, want %+v", m, held)
		}
		s.change(func(tx store.Tx) error { return store.Memberships.Delete(tx, "uni", "phys101", "bo") })
	}
}

func TestLaunchTakesBackWhatItsLMSBrought(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		before func(*lti.Membership)
		roles  string
		want   string // status
	}{
		{"no role any more", nil, "Mentor", lti.MemberDropped},
		{"no word on roles", nil, "", lti.MemberActive},
		{"system role alone", nil, "urn:lti:sysrole:ims/lis/Administrator", lti.MemberActive},
		{"locked", func(m *lti.Membership) { m.Locked = true }, "Mentor", lti.MemberActive},
		{"another's", func(m *lti.Membership) { m.Source = "annex" }, "Mentor", lti.MemberActive},
		{"by hand", func(m *lti.Membership) { m.Source = "admin" }, "Mentor", lti.MemberActive},
		{"a student", func(m *lti.Membership) { m.Role = lti.Student }, "Mentor", lti.MemberActive},
		{"an observer", func(m *lti.Membership) { m.Role = lti.Observer }, "Mentor", lti.MemberActive},
		{"a proctor", func(m *lti.Membership) { m.Role = lti.Proctor }, "Mentor", lti.MemberDropped},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			c := lms("campus")
			s.arrive(launch(c, "ada", "Instructor"))
			role := lti.Instructor
			s.change(func(tx store.Tx) error {
				m, err := store.Memberships.Get(tx, "uni", "phys101", "ada")
				if tt.before != nil {
					tt.before(&m)
				}
				if err != nil {
					return err
				}
				role = m.Role
				return store.Memberships.Put(tx, m)
			})
			s.change(func(tx store.Tx) error { return s.enroller.TakeBack(tx, launch(c, "ada", tt.roles)) })
			if m := s.membership("ada"); m.Status != tt.want || m.Role != role {
				t.Errorf("membership = %+v, want it %s", m, tt.want)
			}
		})
	}
}

func TestLaunchLowersARoleWithoutSelfEnrolment(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.SelfEnrol = []string{"Instructor"}
	s.arrive(launch(c, "ada", "Instructor"))
	if got := s.arrive(launch(c, "ada", "Learner")); got.Membership.Role != lti.Student {
		t.Errorf("role = %s, want the lesser one that the LMS says now", got.Membership.Role)
	}
	s.refused(launch(c, "ada", "TeachingAssistant"), lti.CauseNoRole)
}
