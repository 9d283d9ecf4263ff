package delivery

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// tester is what both a test and a property have.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// desk is a carrier over a real store whose clock the test sets.
type desk struct {
	tester
	*Carrier
	mu  sync.Mutex
	now time.Time
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{tester: t, now: noon}
	d.sitAt(openStore(t, d.time))
	return d
}

func openStore(t testing.TB, now func() time.Time) store.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: now})
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return s
}

// sitAt gives the desk its carrier and the course.
func (d *desk) sitAt(s store.Store) {
	d.Helper()
	d.Carrier = New(Carrier{
		Store: s, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), NewID: newID, Float: func() float64 { return 0.5 },
		RetryBase: time.Second, RetryMax: time.Hour, GiveUp: 14 * 24 * time.Hour, Lease: time.Minute, Poll: time.Hour, Workers: 4,
	})
	d.change(func(tx store.Tx) error { return store.Courses.PutNew(tx, physics()) })
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// physics has 15 points in a folder and 20 outside it.
func physics() lti.Course {
	return lti.Course{
		Domain: "uni", ID: "phys101", DigestKey: []byte("k"),
		Folders: []lti.Folder{{ID: "week1", Links: []lti.ResourceLink{{ID: "quiz1", Points: 10}, {ID: "quiz2", Points: 5}, {ID: "reader"}}}},
		Links:   []lti.ResourceLink{{ID: "exam", Points: 20}},
	}
}

func (d *desk) time() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) pass(span time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(span)
}

func (d *desk) change(fn func(tx store.Tx) error) {
	d.Helper()
	if err := d.Store.Update(context.Background(), fn); err != nil {
		d.Fatalf("change the store: %v", err)
	}
}

// score stores a result as taking one does; a negative score is a deletion.
func (d *desk) score(user, link string, score float64) {
	d.Helper()
	r := lti.Result{Domain: "uni", Course: "phys101", Link: link, Username: user}
	if score >= 0 {
		r.Score = &score
	}
	d.change(func(tx store.Tx) error {
		if err := store.Results.Put(tx, r); err != nil {
			return err
		}
		return d.Enqueue(tx, r)
	})
}

func target(user string, scope lti.Scope, consumer string) lti.UpstreamTarget {
	return lti.UpstreamTarget{
		Domain: "uni", Course: "phys101", Username: user, Scope: scope, Consumer: consumer, Placement: "p",
		URL: "https://lms.example/outcomes", SourcedID: "first",
	}
}

func forLink(id string) lti.Scope { return lti.Scope{Kind: lti.ScopeLink, ID: id} }

// launch stores a target as a launch does.
func (d *desk) launch(t lti.UpstreamTarget) {
	d.Helper()
	d.change(func(tx store.Tx) error {
		held, err := store.Targets.GetKey(tx, store.Targets.Key(t))
		if err == nil {
			t.Live = held.Live
		}
		if err := store.Targets.Put(tx, t); err != nil {
			return err
		}
		return d.TargetStored(tx, t)
	})
}

func (d *desk) look(fn func(tx store.Tx) error) {
	d.Helper()
	if err := d.Store.View(context.Background(), fn); err != nil {
		d.Fatalf("look into the store: %v", err)
	}
}

func (d *desk) all() (list []lti.Delivery) {
	d.Helper()
	d.look(func(tx store.Tx) error {
		return store.Deliveries.All(tx, "", func(v lti.Delivery) error {
			list = append(list, v)
			return nil
		})
	})
	return list
}

// states lists the deliveries in the order they were made.
func (d *desk) states() string {
	text := ""
	for _, v := range d.all() {
		text += fmt.Sprintf("%s %s\n", v.State, scoreText(v.Score))
	}
	return text
}

func scoreText(score *float64) string {
	if score == nil {
		return "delete"
	}
	return lti.FormatScore(*score)
}

func (d *desk) leased(n int) []job {
	d.Helper()
	jobs, err := d.lease(context.Background(), n)
	if err != nil {
		d.Fatalf("lease() = %v", err)
	}
	return jobs
}

func (d *desk) finished(j job, r lti.SendResult) {
	d.Helper()
	if err := d.finish(context.Background(), j, r); err != nil {
		d.Fatalf("finish() = %v", err)
	}
}

// next leases the one delivery that must be due.
func (d *desk) next() job {
	d.Helper()
	jobs := d.leased(10)
	if len(jobs) != 1 {
		d.Fatalf("%d deliveries are due, want 1:\n%s", len(jobs), d.states())
	}
	return jobs[0]
}

func taken() lti.SendResult { return lti.SendResult{Verdict: lti.Taken, Status: 200} }

func failed() lti.SendResult {
	return lti.SendResult{Verdict: lti.Retry, Status: 503, Reason: "the LMS answered with status 503"}
}

func refusal() lti.SendResult {
	return lti.SendResult{Verdict: lti.RefusedBy, Status: 401, Reason: "the LMS refused"}
}

func TestPauseGrowsWithinItsBounds(t *testing.T) {
	t.Parallel()
	const base, most = 200 * time.Millisecond, time.Hour
	tests := []struct {
		attempts  int
		asked     time.Duration
		low, high time.Duration
	}{
		{1, 0, base / 2, base},
		{2, 0, base, 2 * base},
		{5, 0, 8 * base, 16 * base},
		{16, 0, most / 2, most},
		{math.MaxInt, 0, most / 2, most},
		{0, 0, base / 2, base},
		{1, time.Minute, time.Minute, time.Minute},
		{16, time.Minute, most / 2, most},
		{1, math.MaxInt64, 14 * 24 * time.Hour, 14 * 24 * time.Hour},
		{1, -time.Hour, base / 2, base},
	}
	for _, tt := range tests {
		for _, chance := range []float64{0, 0.5, math.Nextafter(1, 0)} {
			c := Carrier{RetryBase: base, RetryMax: most, GiveUp: 14 * 24 * time.Hour, Float: func() float64 { return chance }}
			if got := c.pause(tt.attempts, tt.asked); got < tt.low || got > tt.high {
				t.Errorf("pause(%d, %s) = %s with chance %v, want %s to %s", tt.attempts, tt.asked, got, chance, tt.low, tt.high)
			}
		}
	}
}

func TestPauseNeverShrinksOrOverflows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := Carrier{
			RetryBase: time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "base")),
			RetryMax:  time.Duration(rapid.Int64Range(1, int64(1000*time.Hour)).Draw(t, "max")),
			GiveUp:    time.Duration(rapid.Int64Range(1, int64(1000*time.Hour)).Draw(t, "give up")),
			Float:     func() float64 { return 0 },
		}
		before := time.Duration(0)
		for attempts := range 80 {
			got := c.pause(attempts, 0)
			if got < before || got < 0 || got > c.RetryMax {
				t.Fatalf("pause(%d) = %s after %s", attempts, got, before)
			}
			before = got
		}
	})
}
