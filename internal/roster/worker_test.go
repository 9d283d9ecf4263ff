package roster_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/roster"
	"github.com/ltihub/ltihub/internal/store"
)

func TestOfTwoWorkersOneTakesTheJob(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.lists(learners(0, 40)...)
	second := s.puller()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for _, p := range []*roster.Puller{s.Puller, second} {
		running.Go(func() {
			if err := p.Run(ctx); err != nil {
				t.Errorf("Run() = %v", err)
			}
		})
	}
	for n := 1; n <= 5; n++ {
		if err := s.Ask(ctx, here(), teacher()); err != nil {
			t.Fatal(err)
		}
		for s.source().Busy() {
			runtime.Gosched()
		}
		if s.fetches != n {
			t.Fatalf("%d fetches after %d jobs", s.fetches, n)
		}
	}
	cancel()
	running.Wait()
	if got := s.source(); got.Last.Same != 41 {
		t.Errorf("source = %+v", got)
	}
}

func TestLostJobIsTakenOverAndTheFirstWorkerIsNotBelieved(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.lists(learners(0, 10)...)
	reached, goOn := make(chan bool), make(chan bool)
	s.during = func() { reached <- true; <-goOn }
	if err := s.Ask(t.Context(), here(), teacher()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() { first <- s.Run(ctx) }()
	<-reached
	s.mu.Lock()
	s.during = nil
	s.members = s.members[:6]
	s.mu.Unlock()
	s.pass(6 * time.Minute)
	got := s.work(s.puller())
	if got.Last.New != 5 {
		t.Errorf("the second worker left %+v", got)
	}
	close(goOn)
	cancel()
	if err := <-first; err != nil {
		t.Errorf("Run() = %v", err)
	}
	if diff := cmp.Diff(got, s.source()); diff != "" {
		t.Errorf("the first worker changed the source:\n%s", diff)
	}
	if n := len(s.people()); n != 6 {
		t.Errorf("%d people, want those of the second roster", n)
	}
}

func TestStoppedJobGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.lists(learners(0, 20)...)
	s.sync()
	s.lists(append(learners(2, 20), learners(30, 40)...)...)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := s.puller()
	taken := 0
	member := stopped.Member
	stopped.Member = func(tx store.Tx, run lti.RosterRun, m lti.RosterMember, again bool) (lti.RosterChange, error) {
		if taken++; taken == 8 {
			cancel()
		}
		return member(tx, run, m, again)
	}
	if err := s.Ask(ctx, here(), teacher()); err != nil {
		t.Fatal(err)
	}
	if err := stopped.Run(ctx); err != nil {
		t.Fatalf("Run() = %v", err)
	}
	left := s.source()
	if left.Running == "" || left.Cursor == 0 || left.Cursor == left.Pages {
		t.Fatalf("the stopped job stands at %d of %d pages", left.Cursor, left.Pages)
	}
	fetches := s.fetches
	got := s.work(s.puller())
	if s.fetches != fetches {
		t.Error("the roster was fetched anew")
	}
	want := lti.RosterCounts{Members: 29, New: 10, Same: 19, Left: 2}
	if got.Last != want {
		t.Errorf("counts %+v, want %+v", got.Last, want)
	}
}

// BenchmarkSync takes in a roster of 50,000 people: new ones, then the same.
func BenchmarkSync(b *testing.B) {
	s := newSchool(b)
	all := make([]lti.RosterMember, 50_000)
	for i := range all {
		all[i] = lti.RosterMember{
			UserID: fmt.Sprintf("user-%06d", i), Roles: "Learner", ResultSourcedID: fmt.Sprintf("cell-%06d", i),
			Person: lti.Person{GivenName: "Given", FamilyName: "Family", Email: fmt.Sprintf("user-%06d@campus.example", i)},
		}
	}
	s.lists(all...)
	s.Slice = roster.DefaultSlice
	for b.Loop() {
		if got := s.sync(); got.Error != "" || got.Last.Members != len(all)+1 {
			b.Fatalf("source = %+v", got)
		}
		s.mu.Lock()
		s.targets = nil
		s.mu.Unlock()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapSys)/1e6, "heap-MB")
}
