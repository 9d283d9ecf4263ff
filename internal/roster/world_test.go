package roster_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/enrol"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/roster"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// school is a store with the course phys101 of one LMS, campus, whose roster is
// what the test says.
type school struct {
	testing.TB
	store.Store
	*roster.Puller

	mu      sync.Mutex
	now     time.Time
	members []lti.RosterMember
	failure error
	fetches int
	// answers are what other rosters than that of the source end with, by URL.
	answers map[string]error
	targets []lti.UpstreamTarget
	// during is called after the members were handed on.
	during func()
}

func newSchool(t testing.TB) *school {
	t.Helper()
	s := &school{TB: t, now: noon}
	db, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: s.clock})
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	s.Store = db
	s.Puller = s.puller()
	s.change(func(tx store.Tx) error {
		return errors.Join(
			store.Courses.PutNew(tx, lti.Course{Domain: "uni", ID: "phys101", Owner: "ines", DigestKey: []byte("k")}),
			store.ToolConsumers.PutNew(tx, campus()),
			store.RosterSources.PutNew(tx, lti.RosterSource{
				Domain: "uni", Course: "phys101", Consumer: "campus", URL: "https://lms.example/roster", SealedID: "sealed",
				Placement: "rl-1", Scope: lti.Scope{Kind: lti.ScopeLink, ID: "quiz1"}, OutcomeURL: "https://lms.example/outcomes",
				By: "ines", Noted: noon,
			}),
			store.Users.PutNew(tx, lti.User{Domain: "uni", Username: "ines", Handle: "h", Source: "campus"}),
			store.Bindings.PutNew(tx, lti.Binding{Domain: "uni", Consumer: "campus", Value: "ines", Username: "ines"}),
			store.Memberships.PutNew(tx, lti.Membership{
				Domain: "uni", Course: "phys101", Username: "ines", Role: lti.Instructor, Status: lti.MemberActive, Source: "campus", Digest: "ines",
			}),
		)
	})
	return s
}

func campus() lti.ToolConsumer {
	return lti.ToolConsumer{
		Domain: "uni", ID: "campus", Key: "k", UserIdentity: true, CourseIdentity: true,
		Users:  lti.UserRules{Match: "user_id", Create: lti.CreateAuto, Info: "lti", CreateFor: []string{"Learner", "Instructor", "TeachingAssistant"}},
		Roles:  map[string]lti.Role{"Learner": lti.Student, "Instructor": lti.Instructor, "TeachingAssistant": lti.TA},
		Roster: lti.RosterRules{Pull: true, OnInstructorLaunch: true},
	}
}

// puller makes one more worker on the school's store.
func (s *school) puller() *roster.Puller {
	enroller := &enrol.Enroller{NewID: uuid.NewString, Rand: rand.Reader, StoreTarget: func(_ store.Tx, t lti.UpstreamTarget) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.targets = append(s.targets, t)
		return nil
	}}
	return roster.New(roster.Puller{
		Store: s.Store, Fetch: s.fetch, Sighting: enroller.RosterSighting, Member: enroller.RosterMember, Leaver: enroller.RosterLeaver, Target: enroller.RosterTarget,
		Log: slog.New(slog.DiscardHandler), NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Float: func() float64 { return 1 },
		Slice: 3, MaxMembers: 100_000, Lease: 5 * time.Minute, RetryBase: time.Minute, RetryMax: time.Hour, MaxFailures: 3,
		Poll: time.Millisecond, Workers: 2,
	})
}

func (s *school) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *school) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *school) fetch(_ context.Context, from lti.RosterSource, restart func() error, take func(lti.RosterMember) error) error {
	s.mu.Lock()
	s.fetches++
	members, failure, during := s.members, s.failure, s.during
	if err, ok := s.answers[from.URL]; ok {
		members, failure = nil, err
	}
	s.mu.Unlock()
	if err := restart(); err != nil {
		return err
	}
	for _, m := range members {
		if err := take(m); err != nil {
			return err
		}
	}
	if during != nil {
		during()
	}
	return failure
}

// lists says what the LMS's roster holds: the teacher and these people, each a
// user_id, alone for a learner or followed by a colon and roles.
func (s *school) lists(members ...lti.RosterMember) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.members = append([]lti.RosterMember{{UserID: "ines", Roles: "Instructor"}}, members...)
}

func learner(id string) lti.RosterMember { return lti.RosterMember{UserID: id, Roles: "Learner"} }

func learners(from, to int) []lti.RosterMember {
	var all []lti.RosterMember
	for i := from; i < to; i++ {
		all = append(all, learner(fmt.Sprintf("s%03d", i)))
	}
	return all
}

func (s *school) change(fn func(tx store.Tx) error) {
	s.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		s.Fatalf("change the store: %v", err)
	}
}

func (s *school) source() (found lti.RosterSource) {
	s.Helper()
	err := s.View(context.Background(), func(tx store.Tx) (err error) {
		found, err = store.RosterSources.Get(tx, "uni", "phys101", "campus")
		return err
	})
	if err != nil {
		s.Fatalf("read the source: %v", err)
	}
	return found
}

// here names the one source.
func here() roster.Source {
	return roster.Source{Course: lti.CourseRef{Domain: "uni", ID: "phys101"}, Consumer: "campus"}
}

func teacher() lti.RosterAsk { return lti.RosterAsk{By: "ines:uni", Role: lti.Instructor} }

// work runs the puller until nothing is asked for or under way that is due.
func (s *school) work(p *roster.Puller) lti.RosterSource {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	for {
		found := s.source()
		if found.Next().IsZero() || found.Next().After(s.clock()) && found.Running == "" {
			break
		}
		runtime.Gosched()
	}
	cancel()
	if err := <-done; err != nil {
		s.Fatalf("Run() = %v", err)
	}
	return s.source()
}

// sync asks for the roster and has it taken in.
func (s *school) sync() lti.RosterSource {
	s.Helper()
	if err := s.Ask(context.Background(), here(), teacher()); err != nil {
		s.Fatalf("Ask() = %v", err)
	}
	return s.work(s.Puller)
}

// people says who is in the course: usernames and what they hold.
func (s *school) people() map[string]string {
	s.Helper()
	found := map[string]string{}
	s.change(func(tx store.Tx) error {
		clear(found)
		return store.Memberships.All(tx, store.Prefix("uni", "phys101"), func(m lti.Membership) error {
			found[m.Username] = string(m.Role) + " " + m.Section + " " + m.Status
			return nil
		})
	})
	return found
}
