package manifest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// A course's new dates reach everybody who still has the old ones: also those
// whom no manifest names, but nobody whose dates were set by hand.
func TestMembersFollowTheDatesOfTheCourse(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	const course = `
version: 1
domains: [{id: uni}]
courses:
  - domain: uni
    id: phys101
    enrolment: {end: 2026-06-30}
    members: [{username: ada, role: instructor}, {username: bob, role: student, end: 2026-05-01}]
`
	h.apply(t, course)
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, time.UTC) }
	for name, edit := range map[string]func(*lti.Membership){
		"cy":  func(*lti.Membership) {},
		"dee": func(m *lti.Membership) { m.Given = lti.Period{} }, // stored before it was kept
		"eve": func(m *lti.Membership) { m.Locked = true },
		"fay": func(m *lti.Membership) { m.End = day(4, 1) },
	} {
		m := get(t, h, store.Memberships, "uni", "phys101", "ada")
		m.Username, m.Digest, m.Source, m.Role = name, name, "campus", lti.Student
		edit(&m)
		if err := h.store.Update(t.Context(), func(tx store.Tx) error { return store.Memberships.PutNew(tx, m) }); err != nil {
			t.Fatal(err)
		}
	}
	report := h.apply(t, strings.Replace(course, "2026-06-30", "2026-07-31", 1))
	for name, want := range map[string]time.Time{
		"ada": day(7, 31), "bob": day(5, 1), "cy": day(7, 31), "dee": day(7, 31), "eve": day(6, 30), "fay": day(4, 1),
	} {
		if got := get(t, h, store.Memberships, "uni", "phys101", name).End; !got.Equal(want) {
			t.Errorf("%s is in until %s, want %s", name, got, want)
		}
	}
	changed := slices.Sorted(slices.Values(report.Members.Updated))
	if want := []string{"uni/phys101/ada", "uni/phys101/cy", "uni/phys101/dee"}; !slices.Equal(changed, want) {
		t.Errorf("the report names %v, want %v", changed, want)
	}
}
