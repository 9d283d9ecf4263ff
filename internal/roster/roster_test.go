package roster_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/roster"
	"github.com/ltihub/ltihub/internal/store"
)

func TestSyncTakesTheRosterIn(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	ada := learner("ada")
	ada.ResultSourcedID = "cell-1"
	ada.Person = lti.Person{GivenName: "Ada", FamilyName: "Moss"}
	s.lists(ada, learner("bo"), lti.RosterMember{UserID: "tom", Roles: "TeachingAssistant"}, learner("bo"), lti.RosterMember{UserID: "guest", Roles: "Mentor"})
	got := s.sync()
	want := map[string]string{"ines": "instructor  active", "ada": "student  active", "bo": "student  active", "tom": "ta  active"}
	if diff := cmp.Diff(want, s.people()); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	counts := lti.RosterCounts{Members: 6, New: 3, Same: 2, Skipped: 1, Targets: 1}
	if got.Error != "" || got.Last != counts || got.Succeeded.IsZero() || got.Busy() {
		t.Errorf("source = %+v, want counts %+v", got, counts)
	}
	if len(s.targets) != 1 || s.targets[0].SourcedID != "cell-1" || s.targets[0].URL != "https://lms.example/outcomes" || s.targets[0].Scope.ID != "quiz1" {
		t.Errorf("targets = %+v", s.targets)
	}
	s.change(func(tx store.Tx) error {
		pages, _, err := store.RosterPages.List(tx, "", "", 10)
		if len(pages) != 0 {
			t.Errorf("%d pages of the roster are still kept", len(pages))
		}
		return err
	})
	if again := s.sync(); again.Last.Changed() != 0 {
		t.Errorf("the same roster again changed %+v", again.Last)
	}
}

func TestWhoLeftIsDroppedAndComesBack(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.lists(learners(0, 4)...)
	s.sync()
	s.lists(learners(1, 4)...)
	if got := s.sync(); got.Last.Left != 1 || s.people()["s000"] != "student  dropped" {
		t.Errorf("left = %+v, people %v", got.Last, s.people())
	}
	s.lists(learners(0, 4)...)
	if got := s.sync(); got.Last.Back != 1 || s.people()["s000"] != "student  active" {
		t.Errorf("back = %+v, people %v", got.Last, s.people())
	}
	s.change(func(tx store.Tx) error {
		past, _, err := store.PastMemberships.List(tx, store.Prefix("uni", "phys101", "s000"), "", 10)
		if len(past) != 1 || past[0].Role != lti.Student {
			t.Errorf("past memberships = %+v", past)
		}
		return err
	})
}

func TestTooManyLeaversWaitForAPerson(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.lists(learners(0, 20)...)
	s.sync()
	before := s.people()
	s.lists(append(learners(0, 10), learner("new"))...)
	got := s.sync()
	if got.Pending == nil || !got.Pending.Held || got.Pending.Counts.Left != 10 || got.Pending.Counts.New != 1 || got.Pending.Active != 21 {
		t.Fatalf("pending = %+v", got.Pending)
	}
	if diff := cmp.Diff(before, s.people()); diff != "" {
		t.Errorf("a held roster changed people:\n%s", diff)
	}
	if err := s.Confirm(context.Background(), here(), "another run", teacher()); !errors.Is(err, roster.ErrNoPreview) {
		t.Errorf("Confirm of another run = %v", err)
	}
	if err := s.Confirm(context.Background(), here(), got.Pending.Run, teacher()); err != nil {
		t.Fatalf("Confirm() = %v", err)
	}
	s.mu.Lock()
	fetches := s.fetches
	s.mu.Unlock()
	got = s.work(s.Puller)
	if got.Last.Left != 10 || got.Last.New != 1 || got.Pending != nil || s.people()["s019"] != "student  dropped" {
		t.Errorf("after confirming: %+v", got)
	}
	if s.fetches != fetches {
		t.Error("what was confirmed was fetched anew")
	}
}

func TestBadRostersChangeNothing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		members []lti.RosterMember
		failure error
		again   bool
	}{
		{"empty", nil, nil, true},
		{"breaks off", learners(0, 3), &lti.RosterError{Reason: "it breaks off", Again: true}, true},
		{"refused", nil, &lti.RosterError{Reason: "no"}, false},
		{"nobody can be told", []lti.RosterMember{{UserID: "", Roles: "Learner"}}, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			s.lists(learners(0, 4)...)
			s.sync()
			before := s.people()
			s.members, s.failure = tt.members, tt.failure
			got := s.sync()
			if got.Error == "" || got.Failures != 1 || (got.Job != "") != tt.again {
				t.Errorf("source = %+v", got)
			}
			if diff := cmp.Diff(before, s.people()); diff != "" {
				t.Errorf("people changed:\n%s", diff)
			}
			if err := s.Ask(context.Background(), here(), teacher()); err != nil || !s.source().Due.Equal(noon) {
				t.Errorf("Ask() = %v and leaves it due at %v", err, s.source().Due)
			}
			s.failure = nil
			s.lists(learners(0, 5)...)
			if got := s.work(s.Puller); got.Error != "" || got.Last.New != 1 {
				t.Errorf("after it passed: %+v", got)
			}
		})
	}
}

func TestRowsWithoutNameDropNobody(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.lists(learners(0, 4)...)
	s.sync()
	s.lists(append(learners(0, 2), lti.RosterMember{Roles: "Learner"})...)
	if got := s.sync(); got.Last.Left != 0 || got.Note == "" || s.people()["s003"] != "student  active" {
		t.Errorf("source = %+v", got)
	}
}

func TestPreviewChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.lists(learners(0, 4)...)
	s.sync()
	before := s.people()
	s.lists(append(learners(1, 4), learner("new"))...)
	if err := s.Preview(context.Background(), here(), teacher()); err != nil {
		t.Fatalf("Preview() = %v", err)
	}
	got := s.work(s.Puller)
	want := []lti.RosterChange{
		{Kind: lti.RosterNew, Name: "new", Username: "new", Value: "new", Role: lti.Student},
		{Kind: lti.RosterLeft, Name: "s000", Username: "s000", WasRole: lti.Student},
	}
	if got.Pending == nil {
		t.Fatalf("no preview: %+v", got)
	}
	if diff := cmp.Diff(want, got.Pending.Changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, s.people()); diff != "" {
		t.Errorf("a preview changed people:\n%s", diff)
	}
	s.pass(roster.PreviewLifetime)
	if err := s.Confirm(context.Background(), here(), got.Pending.Run, teacher()); !errors.Is(err, roster.ErrNoPreview) {
		t.Errorf("Confirm after an hour = %v", err)
	}
	if got := s.work(s.Puller); got.Pending != nil {
		t.Error("the old preview is still there")
	}
}

func TestWhatOthersBroughtStays(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.change(func(tx store.Tx) error {
		m := lti.Membership{Domain: "uni", Course: "phys101", Role: lti.TA, Status: lti.MemberActive}
		hand, locked, other := m, m, m
		hand.Username, hand.Source, hand.Digest = "hand", "manifest", "1"
		locked.Username, locked.Source, locked.Locked, locked.Digest = "locked", "campus", true, "2"
		other.Username, other.Source, other.Digest = "other", "annex", "3"
		return errors.Join(store.Memberships.PutNew(tx, hand), store.Memberships.PutNew(tx, locked), store.Memberships.PutNew(tx, other))
	})
	s.lists(learner("ada"))
	s.sync()
	people := s.people()
	for _, name := range []string{"hand", "locked", "other"} {
		if people[name] != "ta  active" {
			t.Errorf("%s is now %s", name, people[name])
		}
	}
}

func TestScheduleFetchesUnderTheOneWhoNamedIt(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.change(func(tx store.Tx) error {
		c := campus()
		c.Roster.Every = 24 * time.Hour
		return store.ToolConsumers.Put(tx, c)
	})
	s.lists(learners(0, 2)...)
	if got := s.sync(); !got.Due.Equal(noon.Add(24 * time.Hour)) {
		t.Fatalf("due %v", got.Due)
	}
	s.lists(learners(0, 3)...)
	s.pass(24 * time.Hour)
	if got := s.work(s.Puller); got.Last.New != 1 {
		t.Errorf("by the schedule: %+v", got)
	}
	s.change(func(tx store.Tx) error {
		m, err := store.Memberships.Get(tx, "uni", "phys101", "ines")
		m.Status = lti.MemberDropped
		return errors.Join(err, store.Memberships.Put(tx, m))
	})
	s.lists(learners(0, 4)...)
	s.pass(24 * time.Hour)
	if got := s.work(s.Puller); got.Error == "" || len(s.people()) != 4 {
		t.Errorf("without anybody behind it: %+v", got)
	}
}

func TestAskRefuses(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	ctx := context.Background()
	if err := s.Ask(ctx, roster.Source{Course: here().Course, Consumer: "annex"}, teacher()); !errors.Is(err, roster.ErrNoSource) {
		t.Errorf("Ask of an unknown source = %v", err)
	}
	if err := s.Ask(ctx, roster.Source{Course: lti.CourseRef{Domain: "uni", ID: "none"}, Consumer: "campus"}, teacher()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Ask about no course = %v", err)
	}
	s.change(func(tx store.Tx) error {
		c := campus()
		c.Roster.Pull = false
		return store.ToolConsumers.Put(tx, c)
	})
	if err := s.Ask(ctx, here(), teacher()); !errors.Is(err, roster.ErrOff) {
		t.Errorf("Ask where rosters are off = %v", err)
	}
}

func TestWhoWasMergedMeanwhileIsNotMissing(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.lists(learner("ada"), learner("bo"))
	s.sync()
	member, taken := s.Member, 0
	s.Member = func(tx store.Tx, run lti.RosterRun, m lti.RosterMember, again bool) (lti.RosterChange, error) {
		c, err := member(tx, run, m, again)
		if taken++; err != nil || taken < 3 {
			return c, err
		}
		from, err := store.Memberships.Get(tx, "uni", "phys101", "ada") // an admin merges two accounts
		if err != nil || from.Into != "" {
			return c, err
		}
		into := from
		into.Username, into.Digest = "kim", "kim"
		from.Status, from.Into = lti.MemberDropped, "kim"
		return c, errors.Join(store.Memberships.Put(tx, from), store.Memberships.Put(tx, into))
	}
	if got := s.sync(); got.Last.Left != 0 || s.people()["kim"] != "student  active" || s.people()["ada"] != "student  dropped" {
		t.Errorf("left %d, people %v", got.Last.Left, s.people())
	}
}
