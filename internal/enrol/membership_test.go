package enrol_test

import (
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

func TestRoleIsTheHighestThatTheConfigurationGives(t *testing.T) {
	t.Parallel()
	const urn = "urn:lti:role:ims/lis/"
	const administrator = "urn:lti:instrole:ims/lis/Administrator"
	usual := func(*lti.ToolConsumer) {}
	tests := []struct {
		name, user, roles string
		change            func(*lti.ToolConsumer)
		want              lti.Role // "" for refused
	}{
		{"student", "ada", "Learner", usual, lti.Student},
		{"case does not matter", "ada", "learner", usual, lti.Student},
		{"full URN", "ada", urn + "Learner", usual, lti.Student},
		{"sub-role", "ada", urn + "Instructor/Lecturer", usual, lti.Instructor},
		{"the highest", "ada", "Learner,Instructor", usual, lti.Instructor},
		{"the highest in the other order", "ada", "Instructor,Learner", usual, lti.Instructor},
		{"unmapped", "ada", "Learner/Instructor,Mentor", usual, lti.Student},
		{"nothing mapped", "ada", "Learner", func(c *lti.ToolConsumer) { c.Roles = nil }, ""},
		{"mapped but not self-enrolling", "ada", "TeachingAssistant", usual, ""},
		{"not lifted by a role that may not enrol", "ada", "Learner,TeachingAssistant", usual, lti.Student},
		{"not lifted by a higher role that may not enrol", "ada", "Learner,Instructor", func(c *lti.ToolConsumer) { c.SelfEnrol = []string{"Learner"} }, lti.Student},
		{"self-enrolling but unmapped", "ada", "Learner,Instructor", func(c *lti.ToolConsumer) { delete(c.Roles, "Instructor") }, lti.Student},
		{"institution role", "ada", "Learner," + administrator, usual, lti.Student},
		{"system role", "ada", "Learner,urn:lti:sysrole:ims/lis/Administrator", usual, lti.Student},
		{"institution role mapped, not enrolling", "ada", "Learner," + administrator, func(c *lti.ToolConsumer) { c.Roles[administrator] = lti.Instructor }, lti.Student},
		{"institution role by full configuration", "ada", "Learner," + administrator, func(c *lti.ToolConsumer) {
			c.Roles[administrator], c.SelfEnrol = lti.Instructor, append(c.SelfEnrol, administrator)
		}, lti.Instructor},
		{"coordinator who is not the owner", "ada", "Learner,Instructor", func(c *lti.ToolConsumer) { c.Roles["Instructor"] = lti.Coordinator }, lti.Student},
		{"coordinator who is the owner", "ines", "Instructor", func(c *lti.ToolConsumer) { c.Roles["Instructor"] = lti.Coordinator }, lti.Coordinator},
		{"owner without the role", "ines", "Learner", func(c *lti.ToolConsumer) { c.Roles["Instructor"] = lti.Coordinator }, lti.Student},
		{"mapped to what is no role", "ada", "Instructor", func(c *lti.ToolConsumer) { c.Roles["Instructor"] = "king" }, ""},
		{"NUL hides nothing", "ada", "Learner,Instructor\x00", usual, lti.Student},
		{"ten thousand roles", "ada", strings.Repeat("Mentor,", 10000) + "Learner", usual, lti.Student},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			c := lms("campus")
			c.Users.CreateFor = append(c.Users.CreateFor, "Mentor")
			tt.change(c)
			b := launch(c, tt.user, tt.roles)
			if tt.want == "" {
				if r := s.refused(b, lti.CauseNoRole); r.Hint == "" {
					t.Error("the refusal has no hint")
				}
				return
			}
			a := s.arrive(b)
			if a.Membership.Role != tt.want {
				t.Errorf("role of %q = %s, want %s", tt.roles, a.Membership.Role, tt.want)
			}
			if a.User.Admin {
				t.Error("a launch made an admin")
			}
		})
	}
}

func TestUnknownRolesAreReported(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	a := s.arrive(launch(lms("campus"), "ada", "Learner,Mentor,urn:x:y"))
	if len(a.Unknown) != 2 || a.Unknown[0].Raw != "Mentor" || a.Unknown[1].Raw != "urn:x:y" {
		t.Errorf("Unknown = %+v, want Mentor and urn:x:y", a.Unknown)
	}
}

func TestRightsDropAtRelaunch(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.Section = "001"
	for _, step := range []struct {
		roles   string
		role    lti.Role
		section string
	}{{"Instructor", lti.Instructor, ""}, {"Learner", lti.Student, "001"}, {"Instructor", lti.Instructor, ""}} {
		m := s.arrive(launch(c, "ada", step.roles)).Membership
		if m.Role != step.role || m.Section != step.section {
			t.Errorf("after %s: role %s section %q, want %s %q", step.roles, m.Role, m.Section, step.role, step.section)
		}
	}
}

func TestCoordinatorGoesWithTheOwnership(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.Roles = map[string]lti.Role{"Instructor": lti.Coordinator, "Learner": lti.Student}
	s.arrive(launch(c, "ines", "Instructor,Learner"))
	s.change(func(tx store.Tx) error {
		course := physics()
		course.Owner = "somebody"
		return store.Courses.Put(tx, course)
	})
	if got := s.arrive(launch(c, "ines", "Instructor,Learner")).Membership.Role; got != lti.Student {
		t.Errorf("role = %s, want student", got)
	}
}

func TestMembershipOfAnotherSourceStands(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		held  lti.Membership
		cause lti.Cause
	}{
		{"of the manifest", lti.Membership{Role: lti.Observer, Source: "manifest"}, ""},
		{"of a person", lti.Membership{Role: lti.Observer, Source: "admin"}, ""},
		{"of another LMS", lti.Membership{Role: lti.Observer, Source: "annex"}, ""},
		{"locked", lti.Membership{Role: lti.Observer, Source: "campus", Locked: true}, ""},
		{"dropped by hand", lti.Membership{Role: lti.Observer, Source: "manifest", Status: lti.MemberDropped}, lti.CauseNotOpen},
		{"locked and dropped", lti.Membership{Role: lti.Observer, Source: "campus", Locked: true, Status: lti.MemberDropped}, lti.CauseNotOpen},
		{"over", lti.Membership{Role: lti.Observer, Source: "manifest", Period: lti.Period{End: noon}}, lti.CauseNotOpen},
		{"not begun", lti.Membership{Role: lti.Observer, Source: "manifest", Period: lti.Period{Start: noon.AddDate(0, 0, 1)}}, lti.CauseNotOpen},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			tt.held.Course, tt.held.Username = "phys101", "ada"
			s.addMember(tt.held)
			b := launch(lms("campus"), "ada", "Instructor")
			if tt.cause != "" {
				s.refused(b, tt.cause)
				return
			}
			if got := s.arrive(b).Membership.Role; got != lti.Observer {
				t.Errorf("role = %s, want observer as it stood", got)
			}
		})
	}
}

func TestMembershipOfThisLMSIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.addMember(lti.Membership{Course: "phys101", Username: "ada", Role: lti.Student, Source: "campus", Status: lti.MemberDropped})
	if m := s.arrive(launch(lms("campus"), "ada", "Learner")).Membership; m.Status != lti.MemberActive {
		t.Errorf("status = %s, want active", m.Status)
	}
}

func TestHeldRoleNeedsNoSelfEnrolment(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.addMember(lti.Membership{Course: "phys101", Username: "ada", Role: lti.TA, Source: "campus"})
	c := lms("campus")
	if m := s.arrive(launch(c, "ada", "TeachingAssistant")).Membership; m.Role != lti.TA {
		t.Errorf("role = %s, want ta", m.Role)
	}
	c.SelfEnrol = nil
	s.refused(launch(c, "ada", "Instructor"), lti.CauseNoRole)
}

func TestWithoutCourseIdentityNobodyIsEnrolled(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.CourseIdentity = false
	b := launch(c, "ada", "Instructor")
	chooses := func(why string) {
		t.Helper()
		if a := s.arrive(b); a.User.Username != "ada" || a.Place != (lti.Place{}) || a.Membership != (lti.Membership{}) {
			t.Errorf("Launch() of one %s = %+v, want the person alone, who chooses", why, a)
		}
	}
	chooses("without a role")
	s.addMember(lti.Membership{Course: "phys101", Username: "ada", Role: lti.Student, Source: "manifest"})
	ended := s.membership("ada")
	ended.Status = lti.MemberDropped
	s.change(func(tx store.Tx) error { return store.Memberships.Put(tx, ended) })
	chooses("whose role is over")
	ended.Status = lti.MemberActive
	s.change(func(tx store.Tx) error { return store.Memberships.Put(tx, ended) })
	if got := s.arrive(b).Membership.Role; got != lti.Student {
		t.Errorf("role = %s, want student as it stood", got)
	}
	b.Tail = lti.Tail{}
	if a := s.arrive(b); a.User.Username != "ada" || a.Place != (lti.Place{}) {
		t.Errorf("Launch() without a tail = %+v, want the person and no place", a)
	}
}

func TestSectionIsCleaned(t *testing.T) {
	t.Parallel()
	tests := []struct{ configured, want string }{
		{"", ""}, {"001", "001"}, {" 0 0/1! ", "001"}, {"none", ""}, {"lab-a", ""}, {"lab-é_1", "lab-é_1"}, {"<b>", "b"},
	}
	for _, tt := range tests {
		s := newSchool(t)
		c := lms("campus")
		c.Section = tt.configured
		if got := s.arrive(launch(c, "ada", "Learner")).Membership.Section; got != tt.want {
			t.Errorf("section %q = %q, want %q", tt.configured, got, tt.want)
		}
	}
}

func TestNewMembershipHasTheCoursesDates(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	m := s.arrive(launch(lms("campus"), "ada", "Learner")).Membership
	if m.Period != physics().Enrolment || m.Source != "campus" || !m.Created.Equal(noon) {
		t.Errorf("membership = %+v", m)
	}
	if want := sourcedid.UserDigest([]byte("k1"), "ada"); m.Digest != want {
		t.Errorf("digest = %s, want %s", m.Digest, want)
	}
	for _, period := range []lti.Period{{Start: noon.Add(1)}, {End: noon}} {
		s.change(func(tx store.Tx) error {
			course := physics()
			course.Enrolment = period
			return store.Courses.Put(tx, course)
		})
		s.refused(launch(lms("campus"), "bob", "Learner"), lti.CauseNotOpen)
	}
}
