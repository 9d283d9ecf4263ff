package enrol_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestUserIsMatchedByTheConfiguredParameter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		match, want string
		cause       lti.Cause
	}{
		{match: "user_id", want: "u17"},
		{match: "lis_person_sourcedid", want: "ada"},
		{match: "lis_person_contact_email_primary", want: "ada@uni.example"},
		{match: "custom_login", want: "amoss"},
		{match: "ext_login", want: "amoss2"},
		{match: "custom_absent", cause: lti.CauseNoUser},
		{match: "custom_blank", cause: lti.CauseNoUser},
		{match: "custom_open", cause: lti.CauseNoUser}, // everybody would be one person
		{match: "ext_open", cause: lti.CauseNoUser},
	}
	for _, tt := range tests {
		t.Run(tt.match, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			c := lms("campus")
			c.Users.Match = tt.match
			b := launch(c, "u17", "Learner")
			b.Launch.Person = lti.Person{SourcedID: "ada", Email: "ada@uni.example"}
			b.Launch.Custom = map[string]string{"custom_login": "amoss", "custom_blank": " \t", "custom_open": "$User.username"}
			b.Launch.Ext = map[string]string{"ext_login": "amoss2", "ext_open": "$User.username"}
			if tt.cause != "" {
				s.refused(b, tt.cause)
				return
			}
			if got := s.arrive(b).User.Username; got != tt.want {
				t.Errorf("user = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNewAccountIsNamedAfterTheValueWhereThatIsLegal(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", lti.MaxUsername)
	tests := []struct{ name, value, want string }{
		{"legal", "ada.moss+1@uni-x", "ada.moss+1@uni-x"},
		{"the longest", long, long},
		{"too long", long + "a", ""},
		{"trailing space", "ada ", ""},
		{"leading dot", ".ada", ""},
		{"colon", "ada:uni", ""},
		{"slash", "a/b", ""},
		{"letters of another script", "аda", ""}, // Cyrillic а
		{"user_id with a dollar", "$weird", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			got := s.arrive(launch(lms("a~consumer~with~"+strings.Repeat("x", 200)), tt.value, "Learner")).User.Username
			if tt.want != "" && got != tt.want || tt.want == "" && got == tt.value {
				t.Errorf("username of %q = %q, want %q", tt.value, got, tt.want)
			}
			if err := lti.CheckUsername(got); err != nil {
				t.Errorf("username %q: %v", got, err)
			}
		})
	}
}

func TestTakenNamesAreMadeUnique(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("b", lti.MaxUsername)
	for _, value := range []string{"ada", long} {
		s := newSchool(t)
		s.addUser(lti.User{Username: value, GivenName: "Someone else"})
		first := s.arrive(launch(lms("campus"), value, "Learner")).User
		second := s.arrive(launch(lms("annex"), value, "Learner")).User
		if first.Username == value || second.Username == value || first.Username == second.Username {
			t.Errorf("usernames %q and %q, want two new ones", first.Username, second.Username)
		}
		for _, u := range []lti.User{first, second} {
			if err := lti.CheckUsername(u.Username); err != nil {
				t.Errorf("username %q: %v", u.Username, err)
			}
		}
		if first.Handle == second.Handle {
			t.Error("two accounts share a handle")
		}
	}
}

func TestLookAlikeValuesAreSeveralPeople(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	seen := make(map[string]string)
	for _, consumer := range []string{"campus", "annex", "Campus"} {
		for _, value := range []string{"1", "01", "1 ", " 1", "1\u200b", "１", "a/b", "a%2Fb", "ada", "Ada"} {
			name := s.arrive(launch(lms(consumer), value, "Learner")).User.Username
			if other, ok := seen[name]; ok {
				t.Errorf("%s %q and %s are both %s", consumer, value, other, name)
			}
			seen[name] = consumer + " " + value
		}
	}
}

func TestStandingAccountIsClaimedOnlyWhereConfigured(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		bind    bool
		account lti.User
		want    bool
		cause   lti.Cause
	}{
		{"not configured", false, lti.User{}, false, ""},
		{"configured", true, lti.User{}, true, ""},
		{"an admin's", true, lti.User{Admin: true}, false, ""},
		{"closed", true, lti.User{Disabled: true}, false, lti.CauseDisabled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			tt.account.Username, tt.account.Source, tt.account.Email = "ada", "manifest", "old@uni.example"
			s.addUser(tt.account)
			c := lms("campus")
			c.Users.BindExisting = tt.bind
			b := launch(c, "ada", "Learner")
			b.Launch.Person.Email = "new@uni.example"
			if tt.cause != "" {
				s.refused(b, tt.cause)
				return
			}
			got := s.arrive(b).User
			if claimed := got.Username == "ada"; claimed != tt.want {
				t.Errorf("user = %q, claimed %v, want %v", got.Username, claimed, tt.want)
			}
			if got.Admin {
				t.Error("the launch came in as an admin")
			}
			if e := s.user("ada").Email; e != "old@uni.example" {
				t.Errorf("e-mail of the account = %q, want it as it was", e)
			}
		})
	}
}

func TestClaimNeedsNoCreateRights(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.addUser(lti.User{Username: "ada"})
	c := lms("campus")
	c.Users.BindExisting, c.Users.Create = true, lti.CreateExisting
	if got := s.arrive(launch(c, "ada", "Learner")).User.Username; got != "ada" {
		t.Errorf("user = %q, want ada", got)
	}
	s.refused(launch(c, "bob", "Learner"), lti.CauseNoAccount)
}

// The name of an account that was made for one of the LMS's people may be
// another's matched value.
func TestClaimLeavesOtherPeopleOfTheSameLMS(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.Users.BindExisting = true
	victim := s.arrive(launch(c, "Zoë", "Learner")).User.Username
	if got := s.arrive(launch(c, victim, "Learner")).User.Username; got == victim {
		t.Errorf("the value %q claimed the account of another", victim)
	}
}

func TestEmailAloneBindsNobody(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.addUser(lti.User{Username: "root", Email: "root@uni.example", Admin: true})
	c := lms("campus")
	c.Users.BindExisting = true
	b := launch(c, "mallory", "Learner")
	b.Launch.Person.Email = "root@uni.example"
	if got := s.arrive(b).User; got.Username != "mallory" || got.Admin {
		t.Errorf("user = %+v, want a new one", got)
	}
}

func TestAccountsAreMadeOnlyAsConfigured(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, create, roles string
		ok                  bool
	}{
		{"auto, role listed", lti.CreateAuto, "Learner", true},
		{"auto, sub-role", lti.CreateAuto, "urn:lti:role:ims/lis/Learner/GuestLearner", true},
		{"auto, role not listed", lti.CreateAuto, "Mentor", false},
		{"auto, no role", lti.CreateAuto, "", false},
		{"auto, institution role", lti.CreateAuto, "urn:lti:instrole:ims/lis/Instructor", false},
		{"existing", lti.CreateExisting, "Learner", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			c := lms("campus")
			c.Users.Create = tt.create
			if b := launch(c, "ada", tt.roles); tt.ok {
				s.arrive(b)
			} else {
				s.refused(b, lti.CauseNoAccount)
			}
		})
	}
}

func TestNamesAreRefreshedButNeverBlanked(t *testing.T) {
	t.Parallel()
	full := lti.Person{GivenName: "Ada", FamilyName: "Moss", FullName: "Ada Moss", Email: "ada@uni.example"}
	tests := []struct {
		name, info string
		source     string
		later      lti.Person
		want       lti.Person
	}{
		{"blanks", "lti", "campus", lti.Person{GivenName: " "}, full},
		{"a new family name", "lti", "campus", lti.Person{FamilyName: "Stone"}, lti.Person{GivenName: "Ada", FamilyName: "Stone", FullName: "Ada Moss", Email: "ada@uni.example"}},
		{"names from the directory", "directory", "campus", lti.Person{FamilyName: "Stone"}, full},
		{"an account of the manifest", "lti", "manifest", lti.Person{FamilyName: "Stone"}, full},
		{"an account of another LMS", "lti", "annex", lti.Person{FamilyName: "Stone"}, full},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			c := lms("campus")
			b := launch(c, "ada", "Learner")
			b.Launch.Person = full
			u := s.arrive(b).User
			u.Source = tt.source
			s.change(func(tx store.Tx) error { return store.Users.Put(tx, u) })
			c.Users.Info, b.Launch.Person = tt.info, tt.later
			u = s.arrive(b).User
			got := lti.Person{GivenName: u.GivenName, FamilyName: u.FamilyName, FullName: u.FullName, Email: u.Email}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBindingOutlivesRenamedParameters(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	c := lms("campus")
	c.Users.Match = "lis_person_sourcedid"
	b := launch(c, "17", "Learner")
	b.Launch.Person.SourcedID = "ada"
	s.arrive(b)
	b.Launch.UserID = "18" // a restored LMS gives new ids
	if got := s.arrive(b).User.Username; got != "ada" {
		t.Errorf("user = %q, want ada", got)
	}
	s.change(func(tx store.Tx) error {
		held, err := store.Bindings.Get(tx, "uni", "campus", "ada")
		if held.UserID != "18" {
			t.Errorf("the binding knows user_id %q, want the newest", held.UserID)
		}
		return err
	})
}

func TestClosedOrMissingAccountIsRefused(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	b := launch(lms("campus"), "ada", "Learner")
	u := s.arrive(b).User
	u.Disabled = true
	s.change(func(tx store.Tx) error { return store.Users.Put(tx, u) })
	s.refused(b, lti.CauseDisabled)
	s.change(func(tx store.Tx) error { return store.Users.Delete(tx, "uni", "ada") })
	s.refused(b, lti.CauseNoAccount)
}
