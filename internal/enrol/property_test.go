package enrol_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// errUndo ends a transaction whose work must leave nothing behind.
var errUndo = errors.New("undo")

// inPassing runs fn on the school's records and takes back what it did. It
// returns what fn found wrong.
func (s school) inPassing(fn func(tx store.Tx) string) (fault string) {
	err := s.Update(context.Background(), func(tx store.Tx) error {
		fault = fn(tx)
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		return fmt.Sprint("Update() = ", err)
	}
	return fault
}

// drawConsumer draws a configuration of an LMS: any mapping, any rights.
func drawConsumer(t *rapid.T, id string) *lti.ToolConsumer {
	c := lms(id)
	handles := []string{"Learner", "Instructor", "TeachingAssistant", "Mentor", "urn:lti:instrole:ims/lis/Administrator"}
	c.Roles = map[string]lti.Role{}
	for _, h := range rapid.SliceOfDistinct(rapid.SampledFrom(handles), rapid.ID[string]).Draw(t, "mapped") {
		c.Roles[h] = rapid.SampledFrom(lti.CourseRoles()).Draw(t, "role of "+h)
	}
	c.SelfEnrol = rapid.SliceOfDistinct(rapid.SampledFrom(handles), rapid.ID[string]).Draw(t, "self_enrol")
	c.Users.CreateFor = append([]string{"Learner", "Instructor"}, handles...)
	c.Users.BindExisting = rapid.Bool().Draw(t, "bind_existing")
	c.Users.Match = rapid.SampledFrom([]string{"user_id", "lis_person_sourcedid"}).Draw(t, "match")
	c.CourseIdentity = rapid.Float64().Draw(t, "course_identity") > 0.1
	c.Courses.StoreMapping = rapid.Bool().Draw(t, "store_mapping")
	c.Courses.TailOverMapping = rapid.Bool().Draw(t, "tail_over_mapping")
	return c
}

func drawLaunch(t *rapid.T, c *lti.ToolConsumer) lti.Believed {
	values := rapid.SampledFrom([]string{"ada", "ines", "root", "ada ", "Zoë", "ada-2", "1", "01"})
	roles := rapid.SliceOf(rapid.SampledFrom([]string{
		"Learner", "Instructor", "TeachingAssistant", "Mentor", "urn:lti:instrole:ims/lis/Administrator",
		"urn:lti:sysrole:ims/lis/SysAdmin", "Administrator", "Learner/GuestLearner", "urn:lti:role:ims/lis/Instructor",
	}))
	b := launch(c, values.Draw(t, "user_id"), strings.Join(roles.Draw(t, "roles"), ","))
	b.Launch.Person.SourcedID = values.Draw(t, "sourcedid")
	b.Launch.Person.Email = rapid.SampledFrom([]string{"", "root@uni.example"}).Draw(t, "email")
	b.Launch.ContextID = rapid.SampledFrom([]string{"", "ctx", "ctx2"}).Draw(t, "context")
	b.Launch.ContextLabel = rapid.SampledFrom([]string{"", "phys101", "New"}).Draw(t, "label")
	b.Launch.Custom["custom_coursedomain"] = rapid.SampledFrom([]string{"", "", "", "uni/chem", "abroad/phys101"}).Draw(t, "coursedomain")
	b.Launch.Custom["custom_context_id_history"] = rapid.SampledFrom([]string{"", "ctx", "ctx2,ctx"}).Draw(t, "history")
	b.Launch.Custom["custom_course_type"] = rapid.SampledFrom([]string{"", "", "official", "other"}).Draw(t, "type")
	b.Choice = rapid.SampledFrom([]lti.CourseChoice{"", lti.ChooseSame, lti.ChooseCopy, lti.ChooseFresh}).Draw(t, "choice")
	b.Tail = rapid.SampledFrom([]lti.Tail{{}, {Domain: "uni", Course: "phys101"}, {Domain: "uni", Course: "chem"}, {Domain: "uni", Tiny: "q1"}}).Draw(t, "tail")
	return b
}

// drawTerm draws the launches of two LMSs whose configuration stays.
func drawTerm(t *rapid.T) []lti.Believed {
	consumers := []*lti.ToolConsumer{drawConsumer(t, "campus"), drawConsumer(t, "annex")}
	launches := make([]lti.Believed, rapid.IntRange(1, 12).Draw(t, "launches"))
	for i := range launches {
		launches[i] = drawLaunch(t, rapid.SampledFrom(consumers).Draw(t, "consumer"))
	}
	return launches
}

// each runs the launches one after the other, the refused ones as if they had
// never been, and asks check about every accepted one.
func (s school) each(launches []lti.Believed, check func(tx store.Tx, b lti.Believed, a lti.Arrival) string) string {
	var accepted []lti.Believed
	for _, b := range launches {
		fault := s.inPassing(func(tx store.Tx) string {
			for _, old := range accepted {
				if _, err := s.enroller.Launch(tx, old); err != nil {
					return fmt.Sprint("an accepted launch is refused after the same ones: ", err)
				}
			}
			a, err := s.enroller.Launch(tx, b)
			if err != nil {
				return ""
			}
			accepted = append(accepted, b)
			return check(tx, b, a)
		})
		if fault != "" {
			return fault
		}
	}
	return ""
}

func propertySchool(t *testing.T) school {
	s := newSchool(t)
	s.addUser(lti.User{Username: "root", Admin: true, Email: "root@uni.example"})
	s.addUser(lti.User{Username: "ines", Source: "manifest"})
	return s
}

func TestOneValueIsOnePersonForEver(t *testing.T) {
	t.Parallel()
	s := propertySchool(t)
	rapid.Check(t, func(t *rapid.T) {
		known := make(map[[2]string]string) // consumer and value to username
		fault := s.each(drawTerm(t), func(_ store.Tx, b lti.Believed, a lti.Arrival) string {
			id := [2]string{b.Consumer.ID, b.Launch.Parameter(b.Consumer.Users.Match)}
			name, seen := known[id]
			if seen && name != a.User.Username {
				return fmt.Sprintf("%q was %s and is %s", id, name, a.User.Username)
			}
			for other, taken := range known {
				if taken != a.User.Username || other == id {
					continue
				}
				if other[0] == id[0] || !b.Consumer.Users.BindExisting && !seen {
					return fmt.Sprintf("%q and %q are both %s", other, id, taken)
				}
			}
			known[id] = a.User.Username
			if a.User.Admin {
				return fmt.Sprintf("%q came in as an admin", id)
			}
			return ""
		})
		if fault != "" {
			t.Fatal(fault)
		}
	})
}

// granted is the highest role that the configuration grants for the launch,
// written down anew from the manifest's words.
func granted(b lti.Believed, owner bool) int {
	best := 0
	for _, r := range b.Launch.Roles {
		if !b.Consumer.CourseIdentity || !slices.ContainsFunc(b.Consumer.SelfEnrol, r.Is) {
			continue
		}
		for key, role := range b.Consumer.Roles {
			if r.Is(key) && (role != lti.Coordinator || owner) {
				best = max(best, role.Rank())
			}
		}
	}
	return best
}

func TestNoLaunchGivesMoreThanTheConfiguration(t *testing.T) {
	t.Parallel()
	s := propertySchool(t)
	rapid.Check(t, func(t *rapid.T) {
		given := make(map[[2]string]int) // course and user to the highest rank that a launch enrolled itself with
		fault := s.each(drawTerm(t), func(tx store.Tx, b lti.Believed, a lti.Arrival) string {
			if a.Place.Course.ID == "" {
				return ""
			}
			if a.Place.Course.Domain != "uni" {
				return "a launch reached another domain"
			}
			course, err := store.Courses.Get(tx, "uni", a.Place.Course.ID)
			if err != nil {
				return err.Error()
			}
			m := a.Membership
			most := granted(b, course.Owner == a.User.Username)
			who := [2]string{m.Course, m.Username}
			if m.Source == b.Consumer.ID && b.Consumer.CourseIdentity && m.Role.Rank() <= most {
				given[who] = max(given[who], m.Role.Rank())
			}
			// A role that is held already, or a lesser one, needs no second enrolment.
			if m.Source == b.Consumer.ID && b.Consumer.CourseIdentity && m.Role.Rank() > most && m.Role.Rank() > given[who] {
				return fmt.Sprintf("roles %v gave %s, more than rank %d", b.Launch.Roles, m.Role, most)
			}
			if m.Role == lti.Coordinator && course.Owner != a.User.Username {
				return "a coordinator who does not own the course"
			}
			held, err := store.Memberships.Get(tx, "uni", course.ID, a.User.Username)
			if err != nil || held != m {
				return fmt.Sprintf("stored membership %+v, %v; told %+v", held, err, m)
			}
			return ""
		})
		if fault != "" {
			t.Fatal(fault)
		}
	})
}

func TestRelaunchChangesNothing(t *testing.T) {
	t.Parallel()
	s := propertySchool(t)
	rapid.Check(t, func(t *rapid.T) {
		fault := s.each(drawTerm(t), func(tx store.Tx, b lti.Believed, first lti.Arrival) string {
			before, after := make(map[string]string), make(map[string]string)
			if err := dumpInto(tx, before); err != nil {
				return err.Error()
			}
			again, err := s.enroller.Launch(tx, b)
			if err != nil {
				return err.Error()
			}
			if err := dumpInto(tx, after); err != nil {
				return err.Error()
			}
			first.Steps, again.Steps = nil, nil
			return cmp.Diff(before, after) + cmp.Diff(first, again)
		})
		if fault != "" {
			t.Fatal(fault)
		}
	})
}

// A context stands for one course for ever, and what launches make is of a
// type that the configuration lists, made by a role that it lets make courses.
func TestCoursesAreMadeAsConfigured(t *testing.T) {
	t.Parallel()
	s := propertySchool(t)
	rapid.Check(t, func(t *rapid.T) {
		mapped := make(map[string]lti.CourseRef) // by the mapping's key
		makers := make(map[string]bool)          // usernames whose roles made courses possible
		fault := s.each(drawTerm(t), func(tx store.Tx, b lti.Believed, a lti.Arrival) string {
			if b.Consumer.CourseIdentity && lti.HasRole(b.Launch.Roles, b.Consumer.Courses.CreateFor) {
				makers[a.User.Username] = true
			}
			if a.Offer != nil && (a.Place != (lti.Place{}) || a.Membership != (lti.Membership{})) {
				return "an open question came with a place"
			}
			var fault string
			err := store.CourseMaps.All(tx, "", func(m lti.CourseMap) error {
				key := store.CourseMaps.Key(m)
				if known, ok := mapped[key]; ok && known != m.Course {
					fault = fmt.Sprintf("%s stood for %s and stands for %s", key, known, m.Course)
				}
				mapped[key] = m.Course
				return nil
			})
			if err != nil {
				return err.Error()
			}
			err = store.Courses.All(tx, "", func(c lti.Course) error {
				if (c.Source == "campus" || c.Source == "annex") && (c.Type != "official" || !makers[c.Owner]) {
					fault = fmt.Sprintf("the course %s of the type %q was made by %s", c.Ref(), c.Type, c.Owner)
				}
				return nil
			})
			if err != nil {
				return err.Error()
			}
			return fault
		})
		if fault != "" {
			t.Fatal(fault)
		}
	})
}
