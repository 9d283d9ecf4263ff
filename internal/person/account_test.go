package person_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/store"
)

func TestCreateAndEdit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	u, err := o.Create(t.Context(), "uni", "eva", person.Details{GivenName: " Eva ", Email: "eva@uni.example", Password: "long enough"}, "root:uni")
	if err != nil {
		t.Fatal(err)
	}
	if same, err := argon2id.ComparePasswordAndHash("long enough", u.PasswordHash); !same || err != nil {
		t.Errorf("the password does not open the account: %v", err)
	}
	if u.GivenName != "Eva" || u.Source != "admin" || u.Handle == "" {
		t.Errorf("account = %+v", u)
	}
	d := person.DetailsOf(u)
	d.Admin, d.FamilyName, d.ClearPassword = true, "Stone", true
	o.pass(time.Second)
	u, err = o.Edit(t.Context(), "uni", "eva", d, "root:uni")
	if err != nil || !u.Admin || u.PasswordHash != "" || u.FamilyName != "Stone" || !u.SessionsEnd.Equal(o.now()) {
		t.Errorf("Edit() = %+v, %v", u, err)
	}
	o.change(func(tx store.Tx) error {
		actions, err := audited(tx)
		if got := strings.Join(actions, ","); got != "edit account,make account" {
			t.Errorf("audit = %s", got)
		}
		return err
	})
}

func TestDetailsAreChecked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pair(o)
	o.merge("bea", "ada")
	root := person.Details{Admin: true}
	tests := []struct {
		name, field string
		try         func() error
	}{
		{"no address", "email", func() error {
			_, err := o.Edit(t.Context(), "uni", "ada", person.Details{Email: "Ada <a@b.example>"}, "")
			return err
		}},
		{"control character", "given_name", func() error {
			_, err := o.Edit(t.Context(), "uni", "ada", person.Details{GivenName: "A\x00da"}, "")
			return err
		}},
		{"short password", "password", func() error {
			_, err := o.Edit(t.Context(), "uni", "ada", person.Details{Password: "short"}, "")
			return err
		}},
		{"both", "password", func() error {
			_, err := o.Edit(t.Context(), "uni", "ada", person.Details{Password: "long enough", ClearPassword: true}, "")
			return err
		}},
		{"taken", "username", func() error {
			_, err := o.Create(t.Context(), "uni", "ada", person.Details{}, "")
			return err
		}},
		{"not a username", "username", func() error {
			_, err := o.Create(t.Context(), "uni", "a da", person.Details{}, "")
			return err
		}},
		{"no domain", "domain", func() error {
			_, err := o.Create(t.Context(), "none", "eva", person.Details{}, "")
			return err
		}},
		{"merged away", "disabled", func() error {
			_, err := o.Edit(t.Context(), "uni", "bea", person.Details{}, "")
			return err
		}},
		{"last admin", "admin", func() error {
			_, err := o.Edit(t.Context(), "uni", "root", person.Details{}, "")
			return err
		}},
		{"last admin closed", "admin", func() error {
			d := root
			d.Disabled = true
			_, err := o.Edit(t.Context(), "uni", "root", d, "")
			return err
		}},
		{"last admin without password", "admin", func() error {
			d := root
			d.ClearPassword = true
			_, err := o.Edit(t.Context(), "uni", "root", d, "")
			return err
		}},
	}
	for _, tt := range tests {
		before := o.people()
		err := tt.try()
		var r *person.Refused
		if !errors.As(err, &r) || r.Field != tt.field {
			t.Errorf("%s: error = %#v, want a refusal of %s", tt.name, err, tt.field)
		}
		if len(before) != len(o.people()) {
			t.Errorf("%s: something changed", tt.name)
		}
	}
}

func TestAlikeOnlyLists(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	add := func(name, lms, full, email string) {
		o.settle(name, lms, name, "")
		o.change(func(tx store.Tx) error {
			return store.Users.Put(tx, lti.User{Domain: "uni", Username: name, FullName: full, Email: email, Handle: "h-" + name})
		})
	}
	add("a1", "campus", "Ada Moss", "ADA@uni.example")
	add("a2", "annex", "", "ada@uni.example")
	add("b1", "campus", "Bea  Stone", "")
	add("b2", "annex", "bea stone", "")
	add("c1", "campus", "Cleo Rey", "") // two people, for the LMS tells them apart
	add("c2", "campus", "Cleo Rey", "")
	before := o.people()
	list, err := o.Alike(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range list {
		text := a.By
		for _, u := range a.Users {
			text += " " + u.Username
		}
		got = append(got, text)
	}
	if want := "e-mail a1 a2; name b1 b2"; strings.Join(got, "; ") != want {
		t.Errorf("Alike() = %q, want %q", got, want)
	}
	if len(before) != len(o.people()) {
		t.Error("Alike() changed something")
	}
}
