package enrol_test

import (
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// copied is a launch from a copy of the usual context, which stands for
// phys101.
func copied(user, roles string) lti.Believed {
	b := launch(lms("campus"), user, roles)
	b.Tail, b.Launch.ContextID, b.Launch.ContextTitle = lti.Tail{}, "copy", "Physics, spring"
	b.Launch.Custom["custom_context_id_history"] = "older, ctx"
	return b
}

func TestCopyOfAMappedContextIsAskedAbout(t *testing.T) {
	t.Parallel()
	week1 := lti.Tail{Domain: "uni", Course: "phys101", Folder: "week1"}
	tests := []struct {
		name   string
		change func(*lti.Believed)
		want   *lti.CourseOffer
	}{
		{"usual", func(*lti.Believed) {}, &lti.CourseOffer{Fresh: true}},
		{"the other name", func(b *lti.Believed) {
			b.Launch.Custom = map[string]string{"custom_context_history": "ctx"}
		}, &lti.CourseOffer{Fresh: true}},
		{"by who runs the original", func(b *lti.Believed) { b.Launch.UserID = "ines" }, &lti.CourseOffer{Fresh: true, Same: true}},
		{"by a copied launch URL", func(b *lti.Believed) { b.Tail = lti.Tail{Domain: "uni", Course: "phys101"} }, &lti.CourseOffer{Fresh: true, Same: true}},
		{"by a copied launch URL of a folder", func(b *lti.Believed) { b.Tail = week1 }, &lti.CourseOffer{Same: true}},
		{"by a copied tiny code", func(b *lti.Believed) { b.Tail = lti.Tail{Domain: "uni", Tiny: "q1"} }, &lti.CourseOffer{Same: true}},
		{"no history", func(b *lti.Believed) { clear(b.Launch.Custom) }, nil},
		{"a variable not substituted", func(b *lti.Believed) { b.Launch.Custom["custom_context_id_history"] = "$Context.id.history" }, nil},
		{"a history of strangers", func(b *lti.Believed) { b.Launch.Custom["custom_context_id_history"] = "a,,b, copy" }, nil},
		{"another LMS's context", func(b *lti.Believed) { b.Consumer = lms("annex") }, nil},
		{"the launch URL names another course", func(b *lti.Believed) { b.Tail = lti.Tail{Domain: "uni", Course: "chem"} }, nil},
		{"custom_coursedomain names a course", func(b *lti.Believed) { b.Launch.Custom["custom_coursedomain"] = "chem" }, nil},
		{"the launch URL wins over mappings", func(b *lti.Believed) {
			b.Tail, b.Consumer.Courses.TailOverMapping = week1, true
		}, nil},
		{"nobody may make courses", func(b *lti.Believed) {
			b.Tail, b.Consumer.Courses.CreateFor = week1, nil
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			s.mapContext("uni", "phys101")
			s.addMember(lti.Membership{Course: "phys101", Username: "ines", Role: lti.Instructor, Source: "campus"})
			b := copied("olga", "Instructor")
			tt.change(&b)
			a := s.arrive(b)
			if tt.want == nil {
				if a.Offer != nil || a.Place.Course.ID == "" {
					t.Errorf("Launch() = %+v, want a place", a)
				}
				return
			}
			tt.want.From = lti.CourseRef{Domain: "uni", ID: "phys101"}
			if a.Offer == nil || *a.Offer != *tt.want || a.Place != (lti.Place{}) || a.Membership != (lti.Membership{}) {
				t.Errorf("offer %+v with place %+v, want %+v and nothing made", a.Offer, a.Place, *tt.want)
			}
		})
	}
}

func TestStudentsOfACopyWait(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.mapContext("uni", "phys101")
	student := copied("ada", "Learner")
	if r := s.refused(student, lti.CauseNoCourse); r.Hint == "" {
		t.Error("the refusal has no hint")
	}
	student.Tail = lti.Tail{Domain: "uni", Course: "phys101"}
	s.refused(student, lti.CauseNoCourse)
	teacher := copied("olga", "Instructor")
	teacher.Choice = lti.ChooseCopy
	made := s.arrive(teacher).Place.Course
	if got := s.arrive(student).Place.Course; got != made || made.ID == "phys101" {
		t.Errorf("the student arrives in %s, want the copy %s", got, made)
	}
}

func TestChoiceForACopy(t *testing.T) {
	t.Parallel()
	quiz := lti.Tail{Domain: "uni", Course: "phys101", Link: "quiz1"}
	tests := []struct {
		name   string
		user   string
		choice lti.CourseChoice
		tail   lti.Tail
		same   bool // in phys101 itself
		link   string
		links  int
		cause  lti.Cause
	}{
		{name: "a copy", user: "olga", choice: lti.ChooseCopy, links: 2},
		{name: "a copy by a copied launch URL", user: "olga", choice: lti.ChooseCopy, tail: quiz, link: "quiz1", links: 2},
		{name: "a copy by a copied tiny code", user: "olga", choice: lti.ChooseCopy, tail: lti.Tail{Domain: "uni", Tiny: "q1"}, link: "quiz1", links: 2},
		{name: "an empty course", user: "olga", choice: lti.ChooseFresh},
		{name: "the same by who runs it", user: "ines", choice: lti.ChooseSame, same: true, links: 2},
		{name: "the same by its URL", user: "olga", choice: lti.ChooseSame, tail: quiz, same: true, link: "quiz1", links: 2},
		{name: "the same by a stranger", user: "olga", choice: lti.ChooseSame, cause: lti.CauseNoCourse},
		{name: "an empty course for a link's URL", user: "olga", choice: lti.ChooseFresh, tail: quiz, cause: lti.CauseNoCourse},
		{name: "no such choice", user: "olga", choice: "mine", cause: lti.CauseNoCourse},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			s.mapContext("uni", "phys101")
			s.addMember(lti.Membership{Course: "phys101", Username: "ines", Role: lti.Instructor, Source: "campus"})
			b := copied(tt.user, "Instructor")
			b.Tail, b.Choice = tt.tail, tt.choice
			if tt.cause != "" {
				s.refused(b, tt.cause)
				return
			}
			a := s.arrive(b)
			if same := a.Place.Course.ID == "phys101"; same != tt.same || a.Place.Link != tt.link {
				t.Errorf("place = %+v, want phys101 %v and link %q", a.Place, tt.same, tt.link)
			}
			b.Choice = "" // the next click
			if again := s.arrive(b); again.Place != a.Place || again.Offer != nil {
				t.Errorf("the next launch leads to %+v, want %+v", again.Place, a.Place)
			}
			s.change(func(tx store.Tx) error {
				course, err := store.Courses.Get(tx, "uni", a.Place.Course.ID)
				links := 0
				for range course.AllLinks() {
					links++
				}
				if links != tt.links || !tt.same && (course.Owner != tt.user || course.Title != "Physics, spring" || course.Type != "official") {
					t.Errorf("course = %+v with %d links, want %d", course, links, tt.links)
				}
				return err
			})
		})
	}
}

func TestTypeOfANewCourse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		types []string
		named string
		want  string
		cause lti.Cause
	}{
		{"the first", []string{"official", "community"}, "", "official", ""},
		{"named", []string{"official", "community"}, "community", "community", ""},
		{"named, not listed", []string{"official"}, "community", "", lti.CauseNoCourse},
		{"none listed", nil, "", "", ""},
		{"named, none listed", nil, "official", "", lti.CauseNoCourse},
		{"a variable not substituted", []string{"official"}, "$Course.type", "official", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			b := launch(lms("campus"), "olga", "Instructor")
			b.Tail, b.Consumer.Courses.Types, b.Launch.Custom["custom_course_type"] = lti.Tail{}, tt.types, tt.named
			if tt.cause != "" {
				s.refused(b, tt.cause)
				return
			}
			id := s.arrive(b).Place.Course.ID
			s.change(func(tx store.Tx) error {
				course, err := store.Courses.Get(tx, "uni", id)
				if course.Type != tt.want {
					t.Errorf("type = %q, want %q", course.Type, tt.want)
				}
				return err
			})
		})
	}
}
