package enrol_test

import (
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func (s school) binding(value string) (b lti.Binding) {
	s.Helper()
	s.change(func(tx store.Tx) (err error) {
		b, err = store.Bindings.Get(tx, "uni", "campus", value)
		return err
	})
	return b
}

// unlinked writes that an admin took the value away from the account.
func (s school) unlinked(value, username string) {
	s.Helper()
	s.change(func(tx store.Tx) error {
		return store.Unlinked.PutNew(tx, lti.Unlinked{ID: "1", At: noon, Binding: lti.Binding{Domain: "uni", Consumer: "campus", Value: value, Username: username}})
	})
}

func TestRosterBindingsAreNoLaunches(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	s.lists(s.rosterRun(c), person("bo", "Learner"))
	if b := s.binding("bo"); !b.Seen.IsZero() || b.How != lti.BoundAuto {
		t.Errorf("binding = %+v, want one that was never seen", b)
	}
	s.arrive(launch(c, "bo", "Learner"))
	if b := s.binding("bo"); !b.Seen.Equal(noon) {
		t.Errorf("binding = %+v, want it seen at the launch", b)
	}
	s.addUser(lti.User{Username: "kim", Source: "manifest"})
	c.Users.BindExisting, c.Users.Create = true, lti.CreateExisting
	s.lists(s.rosterRun(c), person("kim", "Learner"))
	if b := s.binding("kim"); b.Username != "kim" || b.How != lti.BoundClaimed {
		t.Errorf("binding = %+v, want it claimed", b)
	}
}

func TestRosterNamesComeFromTheDirectory(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.Users.Info = lti.InfoDirectory
	m := person("bo", "Learner")
	m.Person = lti.Person{GivenName: "Forged"}
	m.Listing = lti.Listing{Found: true, Person: lti.Person{GivenName: "Bo", FamilyName: "Berg"}}
	s.lists(s.rosterRun(c), m)
	s.change(func(tx store.Tx) error {
		u, err := store.Users.Get(tx, "uni", "bo")
		if u.GivenName != "Bo" || u.FamilyName != "Berg" {
			t.Errorf("user = %+v", u)
		}
		return err
	})
}

func TestUnlinkedPersonGetsNoSecondHold(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.Users.Create, c.Users.BindExisting = lti.CreateAsk, true
	s.addUser(lti.User{Username: "ada", Source: "manifest"})
	s.unlinked("ada", "ada")
	if got := s.lists(s.rosterRun(c), person("ada", "Learner")); got.Kind != lti.RosterUnknown {
		t.Errorf("by a roster: %+v", got)
	}
	b := launch(c, "ada", "Learner")
	if arrival, err := s.try(b); err != nil || !arrival.Ask {
		t.Errorf("by a launch: %+v, %v", arrival, err)
	}
	b.Answer = &lti.Answer{Username: "ada"}
	s.refused(b, lti.CauseNoAccount)
	b.Answer = &lti.Answer{}
	if arrival := s.arrive(b); arrival.User.Username == "ada" {
		t.Error("the new account is the old one")
	}
	c.Users.Create = lti.CreateAuto
	if got := s.lists(s.rosterRun(c), person("ada", "Learner")); got.Username == "ada" {
		t.Errorf("by a roster: %+v", got)
	}
}

func TestMergedAccountStaysMerged(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.Users.BindExisting = true
	run := s.rosterRun(c)
	s.lists(run, person("bo", "Learner"))
	s.addUser(lti.User{Username: "kim", Source: "manifest"})
	s.change(func(tx store.Tx) error { // as a merge leaves it
		u, err := store.Users.Get(tx, "uni", "bo")
		if err != nil {
			return err
		}
		u.Disabled, u.MergedInto = true, "kim"
		if err := store.Users.Put(tx, u); err != nil {
			return err
		}
		m, err := store.Memberships.Get(tx, "uni", "phys101", "bo")
		if err != nil {
			return err
		}
		into := m
		into.Username, into.Digest = "kim", "kim"
		m.Status, m.Into = lti.MemberDropped, "kim"
		if err := store.Memberships.Put(tx, m); err != nil {
			return err
		}
		if err := store.Memberships.PutNew(tx, into); err != nil {
			return err
		}
		b, err := store.Bindings.Get(tx, "uni", "campus", "bo")
		if err != nil {
			return err
		}
		b.Username = "kim"
		return store.Bindings.Put(tx, b)
	})
	if got := s.lists(run, person("bo", "Learner")); got.Kind != lti.RosterSame || got.Username != "kim" {
		t.Errorf("roster = %+v, want the account that holds both", got)
	}
	s.change(func(tx store.Tx) error { return store.Bindings.Delete(tx, "uni", "campus", "bo") })
	if got := s.lists(run, person("bo", "Learner")); got.Kind != lti.RosterSkipped {
		t.Errorf("the name of the merged account is claimed: %+v", got)
	}
	if m := s.membership("bo"); m.Status != lti.MemberDropped || m.Into != "kim" {
		t.Errorf("membership of the merged account = %+v", m)
	}
}

func TestUnmappedByMistakeLosesNothing(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.Section = "001"
	for _, who := range []struct{ name, roles string }{{"ada", "Learner"}, {"ines2", "Instructor"}} {
		s.arrive(launch(c, who.name, who.roles))
	}
	student, teacher := s.membership("ada"), s.membership("ines2")
	broken := lms("campus")
	broken.Section = "001"
	broken.Roles = map[string]lti.Role{"TeachingAssistant": lti.TA}
	for _, b := range []lti.Believed{launch(broken, "ada", "Learner"), launch(broken, "ines2", "Instructor")} {
		s.refused(b, lti.CauseNoRole)
		s.change(func(tx store.Tx) error { return s.enroller.TakeBack(tx, b) })
	}
	if got := s.membership("ada"); got != student {
		t.Errorf("student = %+v, want what it was", got)
	}
	if got := s.membership("ines2"); got.Status != lti.MemberDropped {
		t.Errorf("teacher = %+v, want no right without a mapping", got)
	}
	s.arrive(launch(c, "ada", "Learner"))
	s.arrive(launch(c, "ines2", "Instructor"))
	if got := s.membership("ada"); got != student {
		t.Errorf("student = %+v after the mapping came back", got)
	}
	if got := s.membership("ines2"); got != teacher {
		t.Errorf("teacher = %+v after the mapping came back, want %+v", got, teacher)
	}
}

func TestRosterOfAnotherLinkSaysOnlyWhereGradesGo(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	run := s.rosterRun(c)
	s.lists(run, person("bo", "Learner"))
	run.Source.Placement = "rl-2"
	before := s.membership("bo")
	var kept []lti.UpstreamTarget
	s.enroller.StoreTarget = func(_ store.Tx, t lti.UpstreamTarget) error {
		kept = append(kept, t)
		return nil
	}
	for _, m := range []lti.RosterMember{
		{UserID: "bo", Roles: "Instructor", ResultSourcedID: "cell-2"}, {UserID: "new", Roles: "Learner", ResultSourcedID: "cell-3"},
		{UserID: "bo", ResultSourcedID: "cell-4", Gone: true}, {ResultSourcedID: "cell-5"}, {UserID: "bo"},
	} {
		s.change(func(tx store.Tx) error { return s.enroller.RosterTarget(tx, run, m) })
	}
	if len(kept) != 1 || kept[0].Placement != "rl-2" || kept[0].SourcedID != "cell-2" || kept[0].UserID != "bo" || kept[0].Username != "bo" {
		t.Errorf("targets = %+v", kept)
	}
	if got := s.membership("bo"); got != before {
		t.Errorf("membership = %+v", got)
	}
}
