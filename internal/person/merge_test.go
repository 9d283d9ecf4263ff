package person_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// pair settles ada and bea, whom two LMSs know, both with grades.
func pair(o *office) {
	o.Helper()
	o.settle("ada", "campus", "u1", lti.TA)
	o.settle("bea", "annex", "u2", lti.Student)
	for _, scope := range []lti.Scope{{Kind: lti.ScopeLink, ID: "quiz1"}, {Kind: lti.ScopeCourse}} {
		o.want("ada", "campus", "u1", scope)
		o.want("bea", "annex", "u2", scope)
	}
	o.score("ada", "quiz1", 0.5)
	o.score("ada", "best", 0.9)
	o.score("ada", "first", 0.1)
	o.score("bea", "quiz1", 0.7)
	o.score("bea", "best", 0.2)
	o.score("bea", "first", 0.3)
}

func TestMergeUnitesTwoPeople(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pair(o)
	out := o.merge("bea", "ada")
	for link, want := range map[string]float64{"quiz1": 0.7, "best": 0.9, "first": 0.1} { // latest, best, first
		r := o.result("ada", link)
		if r.Score == nil || *r.Score != want || len(r.History) != 2 {
			t.Errorf("result of %s = %v with %d submissions, want %v with 2", link, r.Score, len(r.History), want)
		}
	}
	total := "0.4500" // (7 + 9 + 2) of 40 points
	want := map[string]string{
		"campus of-u1 link quiz1": "0.7000", "annex of-u2 link quiz1": "0.7000",
		"campus of-u1 course ": total, "annex of-u2 course ": total,
	}
	if diff := cmp.Diff(want, o.due()); diff != "" {
		t.Errorf("what the LMSs get (-want +got):\n%s", diff)
	}
	o.change(func(tx store.Tx) error {
		bea, err := store.Users.Get(tx, "uni", "bea")
		if err != nil || !bea.Disabled || bea.MergedInto != "ada" {
			t.Errorf("bea = %+v, %v, want closed and merged", bea, err)
		}
		b, err := store.Bindings.Get(tx, "uni", "annex", "u2")
		if err != nil || b.Username != "ada" {
			t.Errorf("binding = %+v, %v, want to ada", b, err)
		}
		m, err := store.Memberships.Get(tx, "uni", "phys", "ada")
		if err != nil || m.Role != lti.TA {
			t.Errorf("membership = %+v, %v, want ada's own", m, err)
		}
		course, err := store.Courses.Get(tx, "uni", "phys")
		if err != nil || course.Owner != "ada" {
			t.Errorf("owner = %q, %v, want ada", course.Owner, err)
		}
		return nil
	})
	if len(out.Courses) != 1 || len(out.Courses[0].Results) != 3 || !out.Courses[0].Kept || !out.Courses[0].Owner || out.Places != 2 {
		t.Errorf("Outcome = %+v", out)
	}
}

// A tool that still holds a service id of the account that is gone posts a
// score: it counts for the other one.
func TestLateScoresFollowTheMerge(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pair(o)
	o.merge("bea", "ada")
	o.score("bea", "quiz1", 1)
	if r := o.result("ada", "quiz1"); *r.Score != 1 {
		t.Errorf("score = %v, want 1", *r.Score)
	}
}

func TestUndoIsExactAndSaysWhatStayed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pair(o)
	before, due := o.people(), o.due()
	out := o.merge("bea", "ada")
	o.undo(out.Record.ID)
	if diff := cmp.Diff(before, o.people()); diff != "" {
		t.Errorf("after merge and undo (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(due, o.due()); diff != "" {
		t.Errorf("what the LMSs get (-before +after):\n%s", diff)
	}
	out = o.merge("bea", "ada")
	o.score("bea", "quiz1", 0.8)
	m := o.undo(out.Record.ID)
	if diff := cmp.Diff([]string{"phys/quiz1"}, m.Stayed); diff != "" {
		t.Errorf("Stayed (-want +got):\n%s", diff)
	}
	if r := o.result("ada", "quiz1"); *r.Score != 0.8 || len(r.History) != 3 {
		t.Errorf("ada's result = %+v, want what came since", r)
	}
	if r := o.result("bea", "quiz1"); *r.Score != 0.7 || len(r.History) != 1 {
		t.Errorf("bea's result = %+v, want her own again", r)
	}
	if got := o.due()["annex of-u2 link quiz1"]; got != "0.7000" {
		t.Errorf("annex gets %s for bea, want her own score", got)
	}
	_, err := o.Undo(t.Context(), out.Record.ID, "root:uni")
	o.wantRefused(err)
}

// Launches after the merge brought a place of their own: taken back, it is that
// of the account whose identity launched.
func TestUndoTakesBackPlacesThatCameSince(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pair(o)
	out := o.merge("bea", "ada")
	o.want("ada", "annex", "u2", lti.Scope{Kind: lti.ScopeLink, ID: "best"})
	o.undo(out.Record.ID)
	if got := o.due()["annex of-u2 link best"]; got != "0.2000" {
		t.Errorf("annex gets %s for bea, want her own score", got)
	}
}

// One LMS knows the person by two accounts at one placement; both get the grade.
func TestMergeKeepsBothAccountsOfOneLMS(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	quiz := lti.Scope{Kind: lti.ScopeLink, ID: "quiz1"}
	o.settle("ada", "campus", "u1", lti.Student)
	o.settle("bea", "campus", "u2", lti.Student)
	o.want("ada", "campus", "u1", quiz)
	o.want("bea", "campus", "u2", quiz)
	o.score("bea", "quiz1", 0.6)
	before := o.people()
	out := o.merge("bea", "ada")
	want := map[string]string{"campus of-u1 link quiz1": "0.6000", "campus of-u2 link quiz1": "0.6000"}
	if diff := cmp.Diff(want, o.due()); diff != "" {
		t.Errorf("what the LMS gets (-want +got):\n%s", diff)
	}
	o.undo(out.Record.ID)
	if diff := cmp.Diff(before, o.people()); diff != "" {
		t.Errorf("after merge and undo (-before +after):\n%s", diff)
	}
}

func TestMergeIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pair(o)
	o.settle("cleo", "campus", "u3", lti.Student)
	o.settle("dan", "campus", "u4", "")
	o.change(func(tx store.Tx) error {
		dan, err := store.Users.Get(tx, "uni", "dan")
		if err != nil {
			return err
		}
		dan.Disabled = true
		return store.Users.Put(tx, dan)
	})
	first := o.merge("bea", "ada")
	before := o.people()
	for _, tt := range []struct{ from, into string }{
		{"ada", "ada"}, {"root", "ada"}, {"ada", "root"}, {"bea", "cleo"}, {"cleo", "bea"}, {"nobody", "ada"}, {"ada", "nobody"}, {"ada", ""}, {"ada", "dan"},
	} {
		_, err := o.Merge(t.Context(), "uni", tt.from, tt.into, "root:uni")
		o.wantRefused(err)
		_, err = o.Preview(t.Context(), "uni", tt.from, tt.into)
		o.wantRefused(err)
	}
	if diff := cmp.Diff(before, o.people()); diff != "" {
		t.Errorf("refusals changed something:\n%s", diff)
	}
	second := o.merge("ada", "cleo")
	_, err := o.Undo(t.Context(), first.Record.ID, "root:uni")
	o.wantRefused(err) // ada is gone herself
	o.undo(second.Record.ID)
	o.pass(lti.UndoFor + time.Minute)
	_, err = o.Undo(t.Context(), first.Record.ID, "root:uni")
	o.wantRefused(err) // too late
}

func TestPreviewChangesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pair(o)
	before, due := o.people(), o.due()
	out, err := o.Preview(t.Context(), "uni", "bea", "ada")
	if err != nil || len(out.Courses) != 1 || len(out.Bindings) != 1 {
		t.Fatalf("Preview() = %+v, %v", out, err)
	}
	if diff := cmp.Diff(before, o.people()); diff != "" {
		t.Errorf("Preview() changed something:\n%s", diff)
	}
	if diff := cmp.Diff(due, o.due()); diff != "" {
		t.Errorf("Preview() queued something:\n%s", diff)
	}
	o.change(func(tx store.Tx) error {
		actions, err := audited(tx)
		if len(actions) != 0 {
			t.Errorf("Preview() was audited: %q", actions)
		}
		return err
	})
}

// Long histories are kept whole on both sides.
func TestMergeKeepsLongHistories(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pair(o)
	for i := range lti.MaxHistory {
		o.score("ada", "quiz1", float64(i)/100)
		o.score("bea", "quiz1", float64(i)/200)
	}
	scores, before := o.every(), o.people()
	out := o.merge("bea", "ada")
	if diff := cmp.Diff(scores, o.every()); diff != "" {
		t.Errorf("scores (-before +after):\n%s", diff)
	}
	if r := o.result("ada", "quiz1"); len(r.History) != lti.MaxHistory || r.Moved != lti.MaxHistory+2 {
		t.Errorf("%d submissions beside the result and %d moved", len(r.History), r.Moved)
	}
	o.undo(out.Record.ID)
	if diff := cmp.Diff(before, o.people()); diff != "" {
		t.Errorf("after merge and undo (-before +after):\n%s", diff)
	}
}
