package enrol_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestCreateModes(t *testing.T) {
	t.Parallel()
	const (
		made = "made"
		ask  = "ask"
		only = "ask, no new account"
		none = "none"
	)
	by := map[string]string{"Instructor": lti.CreateAsk, "Learner": lti.CreateAuto, "TeachingAssistant": lti.CreateExisting}
	tests := []struct {
		name, create string
		by           map[string]string
		roles, want  string
	}{
		{"ask", lti.CreateAsk, nil, "Learner", ask},
		{"ask, role may not create", lti.CreateAsk, nil, "Mentor", only},
		{"ask, no role", lti.CreateAsk, nil, "", only},
		{"by role, auto", lti.CreateExisting, by, "Learner", made},
		{"by role, ask", lti.CreateAuto, by, "Instructor", ask},
		{"by role, existing", lti.CreateAuto, by, "TeachingAssistant", none},
		{"by role, the most careful", lti.CreateAuto, by, "Learner,Instructor", ask},
		{"by role, the very most", lti.CreateAuto, by, "Learner,Instructor,TeachingAssistant", none},
		{"by sub-role", lti.CreateAuto, by, "urn:lti:role:ims/lis/Instructor/Lecturer", ask},
		{"institution role", lti.CreateExisting, by, "urn:lti:instrole:ims/lis/Learner", none},
		{"another role", lti.CreateAuto, by, "Learner,Mentor", made},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			c := lms("campus")
			c.Users.Create, c.Users.CreateBy = tt.create, tt.by
			c.SelfEnrol = append(c.SelfEnrol, "TeachingAssistant")
			arrival, err := s.try(launch(c, "ada", tt.roles))
			got := made
			switch {
			case arrival.Ask && arrival.MayCreate:
				got = ask
			case arrival.Ask:
				got = only
			case err != nil && lti.Reason(err).Cause == lti.CauseNoAccount:
				got = none
			case err != nil:
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("Launch() = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestAskingWritesNothing(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.Users.Create = lti.CreateAsk
	before := dump(t, s.Store)
	if arrival, err := s.try(launch(c, "ada", "Instructor")); err != nil || !arrival.Ask || arrival.User.Username != "" {
		t.Errorf("Launch() = %+v, %v, want the question", arrival, err)
	}
	if diff := cmp.Diff(before, dump(t, s.Store)); diff != "" {
		t.Errorf("the question changed the store:\n%s", diff)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, create, roles string
		answer              lti.Answer
		want                string // the username, or the cause of the refusal
		how                 string
	}{
		{"new", lti.CreateAsk, "Learner", lti.Answer{}, "ada", lti.BoundAuto},
		{"new, but may not", lti.CreateAsk, "Mentor", lti.Answer{}, "no_account", ""},
		{"new, but meanwhile existing", lti.CreateExisting, "Learner", lti.Answer{}, "no_account", ""},
		{"an account", lti.CreateAsk, "Learner", lti.Answer{Username: "pat"}, "pat", lti.BoundSignedIn},
		{"an account that is gone", lti.CreateAsk, "Learner", lti.Answer{Username: "nobody"}, "no_account", ""},
		{"a closed account", lti.CreateAsk, "Learner", lti.Answer{Username: "closed"}, "disabled", ""},
		{"an admin's", lti.CreateAsk, "Learner", lti.Answer{Username: "root"}, "no_account", ""},
		{"an admin's, confirmed", lti.CreateAsk, "Learner", lti.Answer{Username: "root", Confirmed: true}, "root", lti.BoundSignedIn},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			for _, u := range []lti.User{{Username: "pat"}, {Username: "root", Admin: true}, {Username: "closed", Disabled: true}} {
				u.Domain = "uni"
				s.change(func(tx store.Tx) error { return store.Users.PutNew(tx, u) })
			}
			c := lms("campus")
			c.Users.Create = tt.create
			b := launch(c, "ada", tt.roles)
			b.Answer = &tt.answer
			arrival, err := s.try(b)
			if err != nil {
				if got := string(lti.Reason(err).Cause); got != tt.want {
					t.Errorf("Launch() = %v, want %s", err, tt.want)
				}
				return
			}
			var binding lti.Binding
			s.change(func(tx store.Tx) (err error) {
				binding, err = store.Bindings.Get(tx, "uni", "campus", "ada")
				return err
			})
			if arrival.User.Username != tt.want || binding.Username != tt.want || binding.How != tt.how || binding.Created.IsZero() {
				t.Errorf("user %q, binding %+v, want %s by %s", arrival.User.Username, binding, tt.want, tt.how)
			}
			if b.Answer = nil; s.arrive(b).User.Username != tt.want {
				t.Error("the next launch is another person")
			}
		})
	}
}

func TestIdentityAloneLeadsToNoProtectedPlace(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		role      lti.Role
		protected bool
		course    bool // course_identity
		leads     bool
	}{
		{"tiny code", lti.Student, false, false, true},
		{"protected", lti.Student, true, false, false},
		{"protected, may edit", lti.Instructor, true, false, true},
		{"protected, the LMS states the course", lti.Student, true, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			s.change(func(tx store.Tx) error {
				c := physics()
				c.Folders[0].Protected = tt.protected
				m := lti.Membership{Domain: "uni", Course: "phys101", Username: "ada", Role: tt.role, Status: lti.MemberActive, Source: "manifest", Digest: "d"}
				if err := store.Courses.Put(tx, c); err != nil {
					return err
				}
				return store.Memberships.Put(tx, m)
			})
			c := lms("campus")
			c.CourseIdentity = tt.course
			b := launch(c, "ada", "Learner")
			b.Tail = lti.Tail{Domain: "uni", Tiny: "q1"}
			if got := s.arrive(b); (got.Place.Link == "quiz1") != tt.leads || !tt.leads && got.Place != (lti.Place{}) {
				t.Errorf("Place = %+v, want the quiz: %v", got.Place, tt.leads)
			}
		})
	}
}
