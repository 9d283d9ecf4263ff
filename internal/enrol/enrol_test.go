package enrol_test

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/enrol"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// openStore opens an empty store whose clock stands at noon.
func openStore(t testing.TB) store.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return s
}

// school is a store with one domain: two LMSs, campus and annex, and the
// course phys101.
type school struct {
	testing.TB
	store.Store
	enroller *enrol.Enroller
}

func newSchool(t testing.TB) school {
	t.Helper()
	s := school{TB: t, Store: openStore(t), enroller: &enrol.Enroller{NewID: uuid.NewString, Rand: rand.Reader, CopyContent: copyContent}}
	s.change(func(tx store.Tx) error {
		return errors.Join(
			store.Courses.PutNew(tx, physics()),
			store.Courses.PutNew(tx, lti.Course{Domain: "uni", ID: "chem", Title: "Chemistry", DigestKey: []byte("k2"), Source: "manifest"}),
			store.Courses.PutNew(tx, lti.Course{Domain: "uni", ID: "closed", Disabled: true, DigestKey: []byte("k3")}),
			store.Courses.PutNew(tx, lti.Course{
				Domain: "abroad", ID: "phys101", DigestKey: []byte("k4"),
				Links: []lti.ResourceLink{{ID: "far", Tiny: "far"}},
			}),
		)
	})
	return s
}

// copyContent is what a copier gives a new course, as far as launches see it.
func copyContent(original, made lti.Course) (lti.Course, error) {
	made.Links = slices.Clone(original.Links)
	for _, f := range original.Folders {
		f.Links = slices.Clone(f.Links)
		for i := range f.Links {
			f.Links[i].Tiny = ""
		}
		made.Folders = append(made.Folders, f)
	}
	return made, nil
}

func physics() lti.Course {
	return lti.Course{
		Domain: "uni", ID: "phys101", Title: "Physics 101", Owner: "ines", DigestKey: []byte("k1"), Source: "manifest",
		Enrolment: lti.Period{Start: noon.AddDate(0, -1, 0), End: noon.AddDate(0, 1, 0)},
		Groups:    []string{"lab-a"},
		Folders:   []lti.Folder{{ID: "week1", Links: []lti.ResourceLink{{ID: "quiz1", Tiny: "q1", Points: 10}}}},
		Links:     []lti.ResourceLink{{ID: "reader"}},
	}
}

// lms is a tool consumer with the manifest's usual settings.
func lms(id string) *lti.ToolConsumer {
	return &lti.ToolConsumer{
		Domain: "uni", ID: id, UserIdentity: true, CourseIdentity: true,
		Users: lti.UserRules{
			Match: "user_id", Create: lti.CreateAuto, Info: "lti",
			CreateFor: []string{"Learner", "Instructor", "TeachingAssistant"},
		},
		Courses:   lti.CourseRules{Match: "context_id", StoreMapping: true, CreateFor: []string{"Instructor"}, Types: []string{"official"}},
		Roles:     map[string]lti.Role{"Learner": lti.Student, "Instructor": lti.Instructor, "TeachingAssistant": lti.TA},
		SelfEnrol: []string{"Learner", "Instructor"},
	}
}

// launch is a launch of phys101 by its URL.
func launch(c *lti.ToolConsumer, user, roles string) lti.Believed {
	return lti.Believed{
		Consumer: c,
		Launch: lti.Launch{
			ResourceLinkID: "rl", UserID: user, ContextID: "ctx", Roles: lti.ParseRoles(roles),
			Custom: map[string]string{}, Ext: map[string]string{},
		},
		Tail: lti.Tail{Domain: "uni", Course: "phys101"},
	}
}

func (s school) change(fn func(tx store.Tx) error) {
	s.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		s.Fatalf("change the store: %v", err)
	}
}

func (s school) try(b lti.Believed) (a lti.Arrival, err error) {
	s.Helper()
	err = s.Update(context.Background(), func(tx store.Tx) (err error) {
		a, err = s.enroller.Launch(tx, b)
		return err
	})
	return a, err
}

// arrive wants the launch accepted, and the same launch again to change
// nothing.
func (s school) arrive(b lti.Believed) lti.Arrival {
	s.Helper()
	first, err := s.try(b)
	if err != nil {
		s.Fatalf("Launch() = %v", err)
	}
	before := dump(s, s.Store)
	again, err := s.try(b)
	if err != nil {
		s.Fatalf("Launch() again = %v", err)
	}
	if diff := cmp.Diff(before, dump(s, s.Store)); diff != "" {
		s.Errorf("Launch() again changed the store:\n%s", diff)
	}
	again.Steps, first.Steps = nil, nil
	if diff := cmp.Diff(first, again); diff != "" {
		s.Errorf("Launch() again arrived elsewhere:\n%s", diff)
	}
	return first
}

// refused wants the launch refused for the cause.
func (s school) refused(b lti.Believed, want lti.Cause) *lti.Refusal {
	s.Helper()
	before := dump(s, s.Store)
	_, err := s.try(b)
	if err == nil {
		s.Fatalf("Launch() accepted, want %s", want)
	}
	got := lti.Reason(err)
	if got.Cause != want {
		s.Fatalf("Launch() = %v, want %s", err, want)
	}
	if diff := cmp.Diff(before, dump(s, s.Store)); diff != "" {
		s.Errorf("a refused launch changed the store:\n%s", diff)
	}
	if name := b.Launch.UserID; name != "" && strings.Contains(got.Detail, name) {
		s.Errorf("the refusal names the person %q, and goes to the log: %s", name, got.Detail)
	}
	return got
}

// dump lists every record that enrolment may write.
func dump(t testing.TB, s store.Store) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := s.View(context.Background(), func(tx store.Tx) error { return dumpInto(tx, all) })
	if err != nil {
		t.Fatalf("dump store: %v", err)
	}
	return all
}

func dumpInto(tx store.Tx, all map[string]string) error {
	for _, name := range []string{
		store.Users.Name(), store.Bindings.Name(), store.Courses.Name(), store.CourseMaps.Name(), store.Memberships.Name(),
	} {
		items, err := tx.Scan(name, "", "", store.MaxScan)
		if err != nil {
			return err
		}
		for _, it := range items {
			all[name+" "+it.Key] = string(it.Value)
		}
	}
	return nil
}

func (s school) user(name string) (u lti.User) {
	s.Helper()
	s.change(func(tx store.Tx) (err error) {
		u, err = store.Users.Get(tx, "uni", name)
		return err
	})
	return u
}

func (s school) addUser(u lti.User) {
	s.Helper()
	u.Domain, u.Handle = "uni", "handle-of-"+u.Username
	s.change(func(tx store.Tx) error { return store.Users.Put(tx, u) })
}

func (s school) addMember(m lti.Membership) {
	s.Helper()
	m.Domain, m.Digest = "uni", "digest-of-"+m.Username
	if m.Status == "" {
		m.Status = lti.MemberActive
	}
	s.change(func(tx store.Tx) error { return store.Memberships.Put(tx, m) })
}

func TestLaunchWithoutUserIdentityMakesNobody(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		tail  lti.Tail
		want  lti.Place
		cause lti.Cause
	}{
		{"no tail", lti.Tail{}, lti.Place{}, ""},
		{"course", lti.Tail{Domain: "uni", Course: "phys101"}, lti.Place{Course: physics().Ref()}, ""},
		{"link", lti.Tail{Domain: "uni", Course: "phys101", Link: "reader"}, lti.Place{Course: physics().Ref(), Link: "reader"}, ""},
		{"tiny", lti.Tail{Domain: "uni", Tiny: "q1"}, lti.Place{Course: physics().Ref(), Link: "quiz1"}, ""},
		{"no such course", lti.Tail{Domain: "uni", Course: "nowhere"}, lti.Place{}, lti.CauseUnknownCourse},
		{"no such link", lti.Tail{Domain: "uni", Course: "phys101", Link: "quiz9"}, lti.Place{}, lti.CauseUnknownLink},
		{"foreign domain", lti.Tail{Domain: "abroad", Course: "phys101"}, lti.Place{}, lti.CauseUnknownCourse},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			c := lms("campus")
			c.UserIdentity = false
			b := launch(c, "ada", "Learner")
			b.Tail = tt.tail
			b.Launch.Custom["custom_coursedomain"] = "uni/chem" // not believed
			if tt.cause != "" {
				s.refused(b, tt.cause)
				return
			}
			before := dump(t, s.Store)
			a := s.arrive(b)
			if a.Place != tt.want || a.User != (lti.User{}) || a.Membership != (lti.Membership{}) {
				t.Errorf("Launch() = %+v, want only the place %+v", a, tt.want)
			}
			if diff := cmp.Diff(before, dump(t, s.Store)); diff != "" {
				t.Errorf("the launch changed the store:\n%s", diff)
			}
		})
	}
}

func TestLaunchSaysStepByStepWhatWasDecided(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	a, err := s.try(launch(lms("campus"), "ada", "Learner"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"user ada: account made",
		"course uni/phys101 by the launch URL",
		"the context is mapped to uni/phys101 from now on",
		"role student given by this launch",
	}
	if diff := cmp.Diff(want, a.Steps); diff != "" {
		t.Errorf("Steps (-want +got):\n%s", diff)
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New("no chance today") }

func TestLaunchFailsWholeWithoutChance(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.enroller.Rand = failingReader{}
	b := launch(lms("campus"), "ines", "Instructor")
	b.Tail = lti.Tail{}
	if r := s.refused(b, lti.CauseInternal); !strings.Contains(r.Detail, "no chance today") {
		t.Errorf("Launch() = %v, want the reader's error", r)
	}
}
