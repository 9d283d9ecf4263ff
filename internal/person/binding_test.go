package person_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/store"
)

var campusU1 = person.BindingRef{Domain: "uni", Consumer: "campus", Value: "u1"}

func TestUnlinkAndRelink(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pair(o)
	before, due := o.people(), o.due()
	u, err := o.Unlink(t.Context(), campusU1, "root:uni")
	if err != nil {
		t.Fatal(err)
	}
	got := o.due()
	if len(got) != 2 || got["campus of-u1 link quiz1"] != "" {
		t.Errorf("LMSs still get %v, want nothing under the identity", got)
	}
	_, err = o.Unlink(t.Context(), campusU1, "root:uni")
	o.wantRefused(err)
	if err := o.Relink(t.Context(), campusU1, u.ID, "root:uni"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, o.people()); diff != "" {
		t.Errorf("after unlinking and undo (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(due, o.due()); diff != "" {
		t.Errorf("what the LMSs get (-before +after):\n%s", diff)
	}
	o.wantRefused(o.Relink(t.Context(), campusU1, u.ID, "root:uni"))
}

func TestRelinkIsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		then func(o *office)
	}{
		{"bound anew", func(o *office) { o.settle("cleo", "campus", "u1", lti.Student) }},
		{"too late", func(o *office) { o.pass(lti.UndoFor + time.Second) }},
		{"the account is merged away", func(o *office) { o.merge("ada", "bea") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			pair(o)
			u, err := o.Unlink(t.Context(), campusU1, "root:uni")
			if err != nil {
				t.Fatal(err)
			}
			tt.then(o)
			o.wantRefused(o.Relink(t.Context(), campusU1, u.ID, "root:uni"))
		})
	}
}

func TestMoveTakesTheGradesOfTheNewAccount(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pair(o)
	if err := o.Move(t.Context(), campusU1, "bea", "root:uni"); err != nil {
		t.Fatal(err)
	}
	if got := o.due()["campus of-u1 link quiz1"]; got != "0.7000" {
		t.Errorf("campus gets %s, want bea's score", got)
	}
	o.change(func(tx store.Tx) error {
		b, err := store.Bindings.Get(tx, "uni", "campus", "u1")
		if b.Username != "bea" || b.How != "admin" || b.Confirmed.IsZero() {
			t.Errorf("binding = %+v", b)
		}
		return err
	})
	for _, to := range []string{"bea", "root", "nobody", ""} {
		o.wantRefused(o.Move(t.Context(), campusU1, to, "root:uni"))
	}
}

func TestConfirmIsNoted(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pair(o)
	if err := o.Confirm(t.Context(), campusU1, "root:uni"); err != nil {
		t.Fatal(err)
	}
	o.change(func(tx store.Tx) error {
		b, err := store.Bindings.Get(tx, "uni", "campus", "u1")
		if b.ConfirmedBy != "root:uni" || !b.Confirmed.Equal(o.now()) {
			t.Errorf("binding = %+v", b)
		}
		return err
	})
}
