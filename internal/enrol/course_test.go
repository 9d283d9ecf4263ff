package enrol_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// mapContext stores the mapping of the usual context.
func (s school) mapContext(domain, course string) {
	s.Helper()
	s.change(func(tx store.Tx) error {
		return store.CourseMaps.Put(tx, lti.CourseMap{
			Domain: "uni", Consumer: "campus", ContextID: "ctx", Course: lti.CourseRef{Domain: domain, ID: course},
		})
	})
}

func TestCourseComesFromTheFirstThatNamesOne(t *testing.T) {
	t.Parallel()
	phys := lti.Tail{Domain: "uni", Course: "phys101"}
	tests := []struct {
		name     string
		custom   string
		mapped   string
		tail     lti.Tail
		tailWins bool
		want     string
		cause    lti.Cause
	}{
		{name: "custom_coursedomain", custom: "uni/chem", want: "uni/chem"},
		{name: "custom_coursedomain with an underscore", custom: "uni_chem", want: "uni/chem"},
		{name: "custom_coursedomain bare", custom: "chem", want: "uni/chem"},
		{name: "custom_coursedomain over mapping", custom: "uni/chem", mapped: "phys101", want: "uni/chem"},
		{name: "custom_coursedomain over tail", custom: "uni/chem", tail: phys, want: "uni/chem"},
		{name: "custom_coursedomain not substituted", custom: "$Context.sourcedId", tail: phys, want: "uni/phys101"},
		{name: "custom_coursedomain missing", custom: "uni/nowhere", mapped: "phys101", tail: phys, cause: lti.CauseUnknownCourse},
		{name: "custom_coursedomain abroad", custom: "abroad/phys101", cause: lti.CauseUnknownCourse},
		{name: "mapping", mapped: "chem", want: "uni/chem"},
		{name: "mapping to a missing course", mapped: "nowhere", cause: lti.CauseUnknownCourse},
		{name: "mapping and the same tail", mapped: "phys101", tail: phys, want: "uni/phys101"},
		{name: "mapping and another tail", mapped: "chem", tail: phys, cause: lti.CauseCourseConflict},
		{name: "mapping and another tail that wins", mapped: "chem", tail: phys, tailWins: true, want: "uni/phys101"},
		{name: "mapping and another tiny tail", mapped: "chem", tail: lti.Tail{Domain: "uni", Tiny: "q1"}, cause: lti.CauseCourseConflict},
		{name: "tail", tail: phys, want: "uni/phys101"},
		{name: "tail to a missing course", tail: lti.Tail{Domain: "uni", Course: "nowhere"}, cause: lti.CauseUnknownCourse},
		{name: "tail to another domain", tail: lti.Tail{Domain: "abroad", Course: "phys101"}, cause: lti.CauseUnknownCourse},
		{name: "tail to a closed course", tail: lti.Tail{Domain: "uni", Course: "closed"}, cause: lti.CauseDisabled},
		{name: "tiny tail", tail: lti.Tail{Domain: "uni", Tiny: "q1"}, want: "uni/phys101"},
		{name: "tiny tail to nothing", tail: lti.Tail{Domain: "uni", Tiny: "q9"}, cause: lti.CauseUnknownLink},
		{name: "tiny tail to another domain", tail: lti.Tail{Domain: "abroad", Tiny: "far"}, cause: lti.CauseUnknownCourse},
		{name: "nothing, and the role makes none", cause: lti.CauseNoCourse},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			c := lms("campus")
			c.Courses.TailOverMapping = tt.tailWins
			b := launch(c, "ada", "Learner")
			b.Tail, b.Launch.Custom["custom_coursedomain"] = tt.tail, tt.custom
			if tt.mapped != "" {
				s.mapContext("uni", tt.mapped)
			}
			if tt.cause != "" {
				s.refused(b, tt.cause)
				return
			}
			if got := s.arrive(b).Place.Course.String(); got != tt.want {
				t.Errorf("course = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestPlaceIsWhatTheTailNames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		tail  lti.Tail
		want  lti.Scope
		cause lti.Cause
	}{
		{"course", lti.Tail{Course: "phys101"}, lti.Scope{Kind: lti.ScopeCourse}, ""},
		{"folder", lti.Tail{Course: "phys101", Folder: "week1"}, lti.Scope{Kind: lti.ScopeFolder, ID: "week1"}, ""},
		{"link", lti.Tail{Course: "phys101", Link: "quiz1"}, lti.Scope{Kind: lti.ScopeLink, ID: "quiz1"}, ""},
		{"link outside any folder", lti.Tail{Course: "phys101", Link: "reader"}, lti.Scope{Kind: lti.ScopeLink, ID: "reader"}, ""},
		{"tiny code", lti.Tail{Tiny: "q1"}, lti.Scope{Kind: lti.ScopeLink, ID: "quiz1"}, ""},
		{"no such folder", lti.Tail{Course: "phys101", Folder: "week9"}, lti.Scope{}, lti.CauseUnknownFolder},
		{"no such link", lti.Tail{Course: "phys101", Link: "quiz9"}, lti.Scope{}, lti.CauseUnknownLink},
		{"a link is no folder", lti.Tail{Course: "phys101", Folder: "quiz1"}, lti.Scope{}, lti.CauseUnknownFolder},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			b := launch(lms("campus"), "ada", "Learner")
			b.Tail = tt.tail
			b.Tail.Domain = "uni"
			if tt.cause != "" {
				s.refused(b, tt.cause)
				return
			}
			if got := s.arrive(b).Place.Scope(); got != tt.want {
				t.Errorf("scope = %+v, want %+v", got, tt.want)
			}
		})
	}
}

// A tiny code of one course names no link of the course that
// custom_coursedomain names before it.
func TestTinyCodeOfAnotherCourseIsRefused(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	b := launch(lms("campus"), "ada", "Learner")
	b.Tail, b.Launch.Custom["custom_coursedomain"] = lti.Tail{Domain: "uni", Tiny: "q1"}, "uni/chem"
	s.refused(b, lti.CauseUnknownLink)
}

func TestContextIsMappedAsConfigured(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*lti.ToolConsumer, *lti.Launch)
		want   bool
	}{
		{"usual", func(*lti.ToolConsumer, *lti.Launch) {}, true},
		{"off", func(c *lti.ToolConsumer, _ *lti.Launch) { c.Courses.StoreMapping = false }, false},
		{"no context", func(_ *lti.ToolConsumer, l *lti.Launch) { l.ContextID = "" }, false},
		{"a variable not substituted", func(c *lti.ToolConsumer, l *lti.Launch) {
			c.Courses.Match, l.Custom["custom_course"] = "custom_course", "$Context.id"
		}, false},
		{"not believed about courses", func(c *lti.ToolConsumer, _ *lti.Launch) { c.CourseIdentity = false }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			s.addMember(lti.Membership{Course: "phys101", Username: "ada", Role: lti.Student, Source: "manifest"})
			c := lms("campus")
			b := launch(c, "ada", "Learner")
			tt.change(c, &b.Launch)
			s.arrive(b)
			s.change(func(tx store.Tx) error {
				_, err := store.CourseMaps.Get(tx, "uni", "campus", "ctx")
				if got := err == nil; got != tt.want {
					t.Errorf("mapped %v, want %v", got, tt.want)
				}
				if errors.Is(err, store.ErrNotFound) {
					return nil
				}
				return err
			})
		})
	}
}

func TestInstructorsLaunchMakesTheCourse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, label string
		mapping     bool
		want        string
	}{
		{"label", "BIO 201: Cells", true, "bio-201-cells"},
		{"without store_mapping too", "BIO 201", false, "bio-201"},
		{"label taken", "phys101", true, "phys101-"},
		{"no label", "", true, "course-"},
		{"label without a letter", "—", true, "course-"},
		{"long label", strings.Repeat("long ", 100), true, "long-long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			c := lms("campus")
			c.Courses.StoreMapping = tt.mapping
			b := launch(c, "olga", "Instructor")
			b.Tail = lti.Tail{}
			b.Launch.ContextLabel, b.Launch.ContextTitle = tt.label, "The title"
			a := s.arrive(b)
			if !strings.HasPrefix(a.Place.Course.ID, tt.want) || lti.CheckName(a.Place.Course.ID) != nil {
				t.Errorf("course = %s, want it to begin with %s", a.Place.Course.ID, tt.want)
			}
			b.Launch.UserID, b.Launch.Roles = "ada", lti.ParseRoles("Learner")
			if got := s.arrive(b).Place.Course; got != a.Place.Course {
				t.Errorf("a student of the same context arrives in %s, want %s", got, a.Place.Course)
			}
			s.change(func(tx store.Tx) error {
				course, err := store.Courses.Get(tx, "uni", a.Place.Course.ID)
				if course.Owner != "olga" || course.Title != "The title" || course.Type != "official" || course.Source != "campus" || len(course.DigestKey) != 32 {
					t.Errorf("course = %+v", course)
				}
				return err
			})
		})
	}
}

func TestCourseIsNotMade(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, roles, context string
	}{
		{"by a student", "Learner", "new"},
		{"by an institution's role", "Learner,urn:lti:instrole:ims/lis/Instructor", "new"},
		{"without a context", "Instructor", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			b := launch(lms("campus"), "olga", tt.roles)
			b.Tail, b.Launch.ContextID = lti.Tail{}, tt.context
			s.refused(b, lti.CauseNoCourse)
		})
	}
}
