package enrol_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Where names come from the directory, no launch names anybody.
func TestNamesComeFromTheDirectoryAlone(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.Users.Info = lti.InfoDirectory
	b := launch(c, "ada", "Learner")
	b.Launch.Person = lti.Person{GivenName: "Mallory", Email: "m@evil.example"}
	b.Listing = lti.Listing{Step: "the directory could not be asked: down"}
	if u := s.arrive(b).User; u.GivenName != "" || u.Email != "" {
		t.Errorf("without an answer the account is %+v, want no names", u)
	}
	b.Listing = lti.Listing{Found: true, Person: lti.Person{GivenName: "Ada", FamilyName: "Moss", Email: "ada@uni.example"}, Step: "listed"}
	if u := s.arrive(b).User; u.GivenName != "Ada" || u.Email != "ada@uni.example" {
		t.Errorf("the account is %+v, want the directory's names", u)
	}
	b.Listing = lti.Listing{Found: true, Person: lti.Person{FamilyName: "Stone", Email: " "}}
	if u := s.arrive(b).User; u.GivenName != "Ada" || u.FamilyName != "Stone" || u.Email != "ada@uni.example" {
		t.Errorf("the account is %+v, want blanks to change nothing", u)
	}
	b.Listing = lti.Listing{Step: "the directory does not list this person"}
	a := s.arrive(b)
	if a.User.GivenName != "Ada" {
		t.Errorf("the account is %+v, want the names kept", a.User)
	}
	again, err := s.try(b)
	if err != nil || !strings.Contains(strings.Join(again.Steps, "; "), "does not list") {
		t.Errorf("the steps are %q, %v", again.Steps, err)
	}
}

// What an admin unlinked never goes back by itself, not even to an account that
// the LMS may claim; another account is made, and that one stays.
func TestUnlinkedValueIsNotClaimed(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.addUser(lti.User{Username: "ada", Source: "manifest"})
	c := lms("campus")
	c.Users.BindExisting = true
	unlinked := lti.Unlinked{ID: "1", Binding: lti.Binding{Domain: "uni", Consumer: "campus", Value: "ada", Username: "ada"}, At: noon}
	s.change(func(tx store.Tx) error { return store.Unlinked.Put(tx, unlinked) })
	if a := s.arrive(launch(c, "ada", "Learner")); a.User.Username != "ada-2" {
		t.Errorf("the launch came in as %s, want another account", a.User.Username)
	}
	s.change(func(tx store.Tx) error {
		unlinked.Undone = noon
		return store.Unlinked.Put(tx, unlinked)
	})
	if a := s.arrive(launch(lms("annex"), "ada", "Learner")); a.User.Username == "ada" {
		t.Error("another LMS came in as ada")
	}
}

func TestBindingsKnowTheDayOfTheNewestLaunch(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	b := launch(lms("campus"), "ada", "Learner")
	s.arrive(b)
	seen := func() (at time.Time) {
		s.change(func(tx store.Tx) error {
			binding, err := store.Bindings.Get(tx, "uni", "campus", "ada")
			at = binding.Seen
			return err
		})
		return at
	}
	if !seen().Equal(noon) {
		t.Errorf("seen = %v, want now", seen())
	}
	s.change(func(tx store.Tx) error { // an old binding
		return store.Bindings.Put(tx, lti.Binding{Domain: "uni", Consumer: "campus", Value: "ada", UserID: "ada", Username: "ada"})
	})
	s.arrive(b)
	if !seen().Equal(noon) {
		t.Errorf("seen = %v, want now", seen())
	}
}
