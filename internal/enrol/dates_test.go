package enrol_test

import (
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// setDates changes the default dates of phys101 and nothing else.
func (s school) setDates(p lti.Period) {
	s.Helper()
	s.change(func(tx store.Tx) error {
		course, err := store.Courses.Get(tx, "uni", "phys101")
		if err != nil {
			return err
		}
		course.Enrolment = p
		return store.Courses.Put(tx, course)
	})
}

func TestMembershipFollowsTheCoursesDates(t *testing.T) {
	t.Parallel()
	term := physics().Enrolment
	longer := lti.Period{Start: term.Start, End: term.End.AddDate(0, 1, 0)}
	open := lti.Period{Start: term.Start}
	own := lti.Period{End: noon.Add(time.Hour)}
	tests := []struct {
		name   string
		change func(*lti.Membership)
		dates  lti.Period
		want   lti.Period
	}{
		{"a later end", func(*lti.Membership) {}, longer, longer},
		{"no end any more", func(*lti.Membership) {}, open, open},
		{"the same dates", func(*lti.Membership) {}, term, term},
		{"dates of its own", func(m *lti.Membership) { m.Period = own }, longer, own},
		{"locked", func(m *lti.Membership) { m.Locked = true }, longer, term},
		{"of another source", func(m *lti.Membership) { m.Source = "manifest" }, longer, term},
		{"stored before dates were kept, open", func(m *lti.Membership) { m.Period, m.Given = lti.Period{}, lti.Period{} }, longer, longer},
		{"stored before dates were kept, with an end", func(m *lti.Membership) { m.Period, m.Given = own, lti.Period{} }, longer, own},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			b := launch(lms("campus"), "ada", "Learner")
			m := s.arrive(b).Membership
			tt.change(&m)
			s.change(func(tx store.Tx) error { return store.Memberships.Put(tx, m) })
			s.setDates(tt.dates)
			if got := s.arrive(b).Membership; !got.Period.Same(tt.want) || got.Role != lti.Student {
				t.Errorf("dates = %v, want %v", got.Period, tt.want)
			}
		})
	}
}

func TestMembershipThatEndedOpensWithTheCourse(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	b := launch(lms("campus"), "ada", "Learner")
	s.arrive(b)
	s.setDates(lti.Period{End: noon})
	s.refused(b, lti.CauseNotOpen)
	s.setDates(lti.Period{End: noon.Add(time.Hour)})
	s.arrive(b)
}
