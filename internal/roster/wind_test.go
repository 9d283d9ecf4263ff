package roster_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// configure changes the tool consumer.
func (s *school) configure(change func(*lti.ToolConsumer)) {
	s.Helper()
	s.change(func(tx store.Tx) error {
		c, err := store.ToolConsumers.Get(tx, "uni", "campus")
		if err != nil {
			return err
		}
		change(&c)
		return store.ToolConsumers.Put(tx, c)
	})
}

// until runs the puller until the source is as wanted.
func (s *school) until(wanted func(lti.RosterSource) bool) {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	for !wanted(s.source()) {
		runtime.Gosched()
	}
	cancel()
	if err := <-done; err != nil {
		s.Fatalf("Run() = %v", err)
	}
}

func every(d time.Duration) func(*lti.ToolConsumer) {
	return func(c *lti.ToolConsumer) { c.Roster.Every = d }
}

func TestSchedulesFollowTheConfigurationWithoutALaunch(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.lists(learners(0, 2)...)
	s.configure(every(24 * time.Hour)) // it was a source before it had a schedule
	s.until(func(r lti.RosterSource) bool { return r.Succeeded.Equal(noon) && r.Due.Equal(noon.Add(24*time.Hour)) })
	if s.people()["s001"] != "student  active" {
		t.Errorf("people = %v", s.people())
	}
	s.configure(every(2 * time.Hour))
	s.until(func(r lti.RosterSource) bool { return r.Due.Equal(noon.Add(2 * time.Hour)) })
	s.configure(every(0))
	s.until(func(r lti.RosterSource) bool { return r.Due.IsZero() })
	s.configure(every(time.Hour))
	s.pass(3 * time.Hour)
	s.until(func(r lti.RosterSource) bool { return r.Succeeded.Equal(noon.Add(3 * time.Hour)) })
}

func TestSchedulesRestWhileNothingMayBeFetched(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		close, reset func(*lti.ToolConsumer)
	}{
		{"closed", func(c *lti.ToolConsumer) { c.Disabled = true }, func(c *lti.ToolConsumer) { c.Disabled = false }},
		{"not enabled yet", func(c *lti.ToolConsumer) { c.Enabled.Start = noon.AddDate(1, 0, 0) }, func(c *lti.ToolConsumer) { c.Enabled = lti.Period{} }},
		{"enabled no more", func(c *lti.ToolConsumer) { c.Enabled.End = noon }, func(c *lti.ToolConsumer) { c.Enabled = lti.Period{} }},
		{"pinned to another LMS", func(c *lti.ToolConsumer) { c.InstanceGUID = "other" }, func(c *lti.ToolConsumer) { c.InstanceGUID = "" }},
		{"not believed about courses", func(c *lti.ToolConsumer) { c.CourseIdentity = false }, func(c *lti.ToolConsumer) { c.CourseIdentity = true }},
		{"not believed about people", func(c *lti.ToolConsumer) { c.UserIdentity = false }, func(c *lti.ToolConsumer) { c.UserIdentity = true }},
		{"rosters off", func(c *lti.ToolConsumer) { c.Roster.Pull = false }, func(c *lti.ToolConsumer) { c.Roster.Pull = true }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSchool(t)
			s.lists(learners(0, 2)...)
			s.configure(every(time.Hour))
			s.sync()
			before, fetches := s.source(), s.fetches
			s.lists(learners(0, 3)...)
			s.configure(tt.close)
			s.pass(2 * time.Hour)
			s.until(func(r lti.RosterSource) bool { return r.Due.IsZero() })
			if got := s.source(); got.Error != "" || got.Failures != 0 || !got.Tried.Equal(before.Tried) || s.fetches != fetches {
				t.Errorf("source = %+v after %d fetches, want it at rest", got, s.fetches-fetches)
			}
			s.configure(tt.reset)
			s.until(func(r lti.RosterSource) bool { return r.Last.New == 1 })
		})
	}
}

func TestARosterEndsWhenItsLMSIsClosedMeanwhile(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.lists(learners(0, 2)...)
	s.sync()
	before := s.people()
	s.lists(learners(1, 5)...)
	s.during = func() { s.configure(func(c *lti.ToolConsumer) { c.Disabled = true }) }
	if got := s.sync(); got.Error == "" {
		t.Errorf("source = %+v", got)
	}
	if diff := cmp.Diff(before, s.people()); diff != "" {
		t.Errorf("people changed:\n%s", diff)
	}
}

func TestOtherLinksSayWhereTheirGradesGo(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.change(func(tx store.Tx) error {
		r, err := store.RosterSources.Get(tx, "uni", "phys101", "campus")
		if err != nil {
			return err
		}
		r.Others = []lti.RosterPlace{
			{URL: "https://lms.example/other", SealedID: "x", Placement: "rl-2", Scope: lti.Scope{Kind: lti.ScopeLink, ID: "quiz2"}, OutcomeURL: "https://lms.example/outcomes"},
			{URL: "https://lms.example/gone", SealedID: "x", Placement: "rl-3", OutcomeURL: "https://lms.example/outcomes"},
			{URL: "https://lms.example/busy", SealedID: "x", Placement: "rl-4", OutcomeURL: "https://lms.example/outcomes"},
		}
		return store.RosterSources.Put(tx, r)
	})
	ada := learner("ada")
	ada.ResultSourcedID = "cell"
	s.lists(ada, learner("bo"))
	s.answers = map[string]error{
		"https://lms.example/gone": &lti.RosterError{Reason: "no"},
		"https://lms.example/busy": &lti.RosterError{Reason: "busy", Again: true},
	}
	got := s.sync()
	if got.Error != "" || got.Last.New != 2 || len(got.Others) != 2 || got.Note == "" {
		t.Errorf("source = %+v", got)
	}
	places := map[string]bool{}
	for _, target := range s.targets {
		places[target.Placement+" "+target.Scope.ID+" "+target.Username] = true
	}
	if diff := cmp.Diff(map[string]bool{"rl-1 quiz1 ada": true, "rl-2 quiz2 ada": true}, places); diff != "" {
		t.Errorf("grades go to (-want +got):\n%s", diff)
	}
	fetches := s.fetches
	s.change(func(tx store.Tx) error { // as a launch asks
		r := s.source()
		r.Job, r.Due = lti.RosterSync, noon
		return store.RosterSources.Put(tx, r)
	})
	if s.work(s.Puller); s.fetches != fetches+1 {
		t.Errorf("a launch had %d rosters fetched", s.fetches-fetches)
	}
}
