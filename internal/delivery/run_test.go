package delivery

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// fakeLMS takes what is sent and tells when it has everything it waits for.
type fakeLMS struct {
	mu    sync.Mutex
	sent  map[string]int // delivery to attempts
	want  int
	all   chan struct{}
	enter func(d lti.Delivery) lti.SendResult // nil: taken
}

func newFakeLMS(want int) *fakeLMS {
	return &fakeLMS{sent: make(map[string]int), want: want, all: make(chan struct{})}
}

func (f *fakeLMS) send(_ context.Context, d lti.Delivery, _ lti.UpstreamTarget) lti.SendResult {
	if f.enter != nil {
		if r := f.enter(d); r.Verdict != lti.Taken {
			return r
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent[d.ID]++
	if len(f.sent) == f.want && f.sent[d.ID] == 1 {
		close(f.all)
	}
	return taken()
}

// running runs the carriers until stop is called, which waits for them.
func running(t *testing.T, carriers ...*Carrier) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var nodes sync.WaitGroup
	for _, c := range carriers {
		nodes.Go(func() {
			if err := c.Run(ctx); err != nil {
				t.Errorf("Run() = %v", err)
			}
		})
	}
	return func() {
		cancel()
		nodes.Wait()
	}
}

func (d *desk) fill(n int) {
	d.Helper()
	for i := range n {
		user := fmt.Sprint("user", i)
		d.launch(target(user, forLink("quiz1"), "campus"))
		d.score(user, "quiz1", 1)
	}
}

// unkept is a store whose commits fail.
type unkept struct{ store.Store }

var errUnkept = errors.New("not kept")

func (u unkept) Update(ctx context.Context, fn func(tx store.Tx) error) error {
	return u.Store.Update(ctx, func(tx store.Tx) error { return errors.Join(fn(tx), errUnkept) })
}

func TestALeaseThatIsNotKeptIsNoLease(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.fill(2)
	whole := d.Store
	d.Store = unkept{whole}
	if jobs, err := d.lease(t.Context(), 10); !errors.Is(err, errUnkept) || len(jobs) != 0 {
		t.Errorf("lease() = %d jobs, %v, want none and %v", len(jobs), err, errUnkept)
	}
	d.Store = whole
	if n := len(d.leased(10)); n != 2 {
		t.Errorf("%d deliveries are due after, want 2", n)
	}
}

func TestTwoNodesShareTheWork(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const n = 30
	d.fill(n)
	lms := newFakeLMS(n)
	first, second := New(*d.Carrier), New(*d.Carrier)
	first.Send, second.Send = lms.send, lms.send
	stop := running(t, first, second)
	<-lms.all
	stop()
	for id, times := range lms.sent {
		if times != 1 {
			t.Errorf("delivery %s was sent %d times", id, times)
		}
	}
	for _, v := range d.all() {
		if v.State != lti.Delivered || v.Attempts != 1 {
			t.Errorf("delivery is %s after %d attempts", v.State, v.Attempts)
		}
	}
}

func TestWakeStartsWhatIsNew(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	lms := newFakeLMS(1)
	d.Send = lms.send
	stop := running(t, d.Carrier)
	defer stop()
	d.fill(1)
	d.Wake() // Poll is an hour
	d.Wake()
	<-lms.all
}

func TestRunNeverHasMoreAttemptsThanWorkers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const n = 20
	d.fill(n)
	lms := newFakeLMS(n)
	now, most, release := 0, 0, make(chan struct{})
	started := make(chan struct{}, n)
	lms.enter = func(lti.Delivery) lti.SendResult {
		lms.mu.Lock()
		now++
		most = max(most, now)
		lms.mu.Unlock()
		started <- struct{}{}
		<-release
		lms.mu.Lock()
		now--
		lms.mu.Unlock()
		return taken()
	}
	d.Send = lms.send
	stop := running(t, d.Carrier)
	for range d.Workers {
		<-started
	}
	close(release)
	<-lms.all
	stop()
	if most != d.Workers {
		t.Errorf("%d attempts at once, want %d", most, d.Workers)
	}
}

// A stopping node waits for the answer to what it has sent, and writes it.
func TestRunFinishesWhatItHasBegun(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.fill(1)
	lms := newFakeLMS(1)
	entered, release := make(chan struct{}), make(chan struct{})
	lms.enter = func(lti.Delivery) lti.SendResult {
		close(entered)
		<-release
		return taken()
	}
	d.Send = func(ctx context.Context, v lti.Delivery, u lti.UpstreamTarget) lti.SendResult {
		r := lms.send(ctx, v, u)
		if ctx.Err() != nil {
			t.Errorf("the attempt's context ended: %v", ctx.Err())
		}
		return r
	}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- d.Run(ctx) }()
	<-entered
	cancel()
	close(release)
	if err := <-over; err != nil {
		t.Errorf("Run() = %v", err)
	}
	if got := d.states(); got != "delivered 1\n" {
		t.Errorf("deliveries:\n%s", got)
	}
}

func TestRunCarriesInTheEndWhatFailsAtFirst(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.RetryBase, d.RetryMax = 1, 1 // due again at once
	d.fill(1)
	lms := newFakeLMS(1)
	tries := 0
	lms.enter = func(lti.Delivery) lti.SendResult {
		tries++ // one at a time: there is one delivery
		if tries < 4 {
			return failed()
		}
		return taken()
	}
	d.Send = lms.send
	stop := running(t, d.Carrier)
	<-lms.all
	stop()
	if v := d.all()[0]; v.State != lti.Delivered || v.Attempts != 4 || len(v.Log) != 4 {
		t.Errorf("delivery is %s after %d attempts", v.State, v.Attempts)
	}
}
