package delivery

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// flight is one attempt under way on some node.
type flight struct {
	job
	leased   time.Time
	answered bool
	answer   lti.SendResult
	late     bool // reached the LMS after its lease had run out
}

// machine is two or more nodes on one store (a carrier keeps nothing between
// lease and finish, so one stands for all), LMSs that misbehave, and people.
type machine struct {
	*desk
	t       *rapid.T
	held    map[string]*float64 // what the LMSs hold, by target
	flights []*flight
}

func (m *machine) Score(t *rapid.T) {
	link := rapid.SampledFrom([]string{"quiz1", "quiz2", "exam"}).Draw(t, "link")
	m.score("ada", link, rapid.SampledFrom([]float64{-1, 0, 0.25, 0.5, 1}).Draw(t, "score"))
}

func (m *machine) Launch(t *rapid.T) {
	scope := rapid.SampledFrom([]lti.Scope{forLink("quiz1"), forLink("exam"), {Kind: lti.ScopeFolder, ID: "week1"}, {Kind: lti.ScopeCourse}}).Draw(t, "scope")
	v := target("ada", scope, rapid.SampledFrom([]string{"campus", "annex"}).Draw(t, "consumer"))
	v.SourcedID = rapid.SampledFrom([]string{"first", "second"}).Draw(t, "sourcedid")
	m.launch(v)
}

func (m *machine) Lease(t *rapid.T) {
	for _, j := range m.leased(rapid.IntRange(1, 4).Draw(t, "n")) {
		m.flights = append(m.flights, &flight{job: j, leased: m.time()})
	}
}

// pick chooses a flight that is, or is not yet, answered.
func (m *machine) pick(t *rapid.T, answered bool) *flight {
	var some []*flight
	for _, f := range m.flights {
		if f.answered == answered {
			some = append(some, f)
		}
	}
	if len(some) == 0 {
		t.Skip("no such flight")
	}
	return rapid.SampledFrom(some).Draw(t, "flight")
}

// Reach lets an attempt reach the LMS, whose answer may wait on a paused node.
func (m *machine) Reach(t *rapid.T) {
	f := m.pick(t, false)
	m.reach(f, rapid.SampledFrom([]string{"up", "lost", "down", "refuse", "processing"}).Draw(t, "mood"))
	if rapid.Bool().Draw(t, "at once") {
		m.end(f)
	}
}

func (m *machine) reach(f *flight, mood string) {
	f.answered = true
	switch mood {
	case "up", "lost":
		m.held[f.delivery.Target] = f.delivery.Score
		f.late = m.time().After(f.leased.Add(m.Carrier.Lease))
		f.answer = taken()
		if mood == "lost" {
			f.answer = lti.SendResult{Verdict: lti.Retry, Reason: "no answer"}
		}
	case "refuse":
		f.answer = refusal()
	case "processing":
		f.answer = lti.SendResult{Verdict: lti.Retry, Status: 200, Reason: "processing"}
	default:
		f.answer = failed()
	}
}

func (m *machine) Finish(t *rapid.T) { m.end(m.pick(t, true)) }

func (m *machine) end(f *flight) {
	m.drop(f)
	m.finished(f.job, f.answer)
}

func (m *machine) drop(f *flight) {
	m.flights = slices.DeleteFunc(m.flights, func(other *flight) bool { return other == f })
}

// Crash ends a node in the middle of an attempt. An attempt is bound to end
// within its lease, so only one that is paused and lives can be late.
func (m *machine) Crash(t *rapid.T) {
	f := m.pick(t, rapid.Bool().Draw(t, "answered"))
	if f.late {
		t.Skip("a late one lives")
	}
	m.drop(f)
}

func (m *machine) Wait(t *rapid.T) {
	m.pass(rapid.SampledFrom([]time.Duration{time.Second, time.Hour, 15 * 24 * time.Hour}).Draw(t, "time"))
}

// Overstay lets every lease run out and other nodes take over.
func (m *machine) Overstay(t *rapid.T) {
	m.pass(time.Minute + time.Second)
	m.Lease(t)
}

func (m *machine) Retry(t *rapid.T) {
	list := m.desk.all()
	if len(list) == 0 {
		t.Skip("no delivery")
	}
	err := m.Carrier.Retry(context.Background(), rapid.SampledFrom(list).Draw(t, "delivery").ID, "root:uni")
	if err != nil && !errors.Is(err, ErrBusy) && !errors.Is(err, ErrSuperseded) {
		t.Fatalf("Retry() = %v", err)
	}
}

func (m *machine) retryAll() int {
	n, err := m.Carrier.RetryAll(context.Background(), func(lti.Delivery) bool { return true })
	if err != nil {
		m.t.Fatalf("RetryAll() = %v", err)
	}
	return n
}

// Seldom is what happens less often.
func (m *machine) Seldom(t *rapid.T) {
	switch rapid.SampledFrom([]string{"launch", "crash", "wait", "retry", "retry all", "new secret"}).Draw(t, "what") {
	case "launch":
		m.Launch(t)
	case "crash":
		m.Crash(t)
	case "wait":
		m.Wait(t)
	case "retry":
		m.Retry(t)
	case "retry all":
		m.retryAll()
	case "new secret":
		m.change(func(tx store.Tx) error { return m.CredentialsChanged(tx, "uni", "campus") })
	}
}

func (m *machine) targets() map[string]lti.UpstreamTarget {
	all := make(map[string]lti.UpstreamTarget)
	m.look(func(tx store.Tx) error {
		return store.Targets.All(tx, "", func(t lti.UpstreamTarget) error {
			all[store.Targets.Key(t)] = t
			return nil
		})
	})
	return all
}

// Check holds after every step.
func (m *machine) Check(t *rapid.T) {
	targets, leased := m.targets(), make(map[string]int)
	for _, d := range m.desk.all() {
		newest := targets[d.Target].Live == d.ID
		switch d.State {
		case lti.Sending:
			if d.Due.After(m.time()) {
				leased[d.Target]++
			}
		case lti.Waiting, lti.Refused, lti.Dead:
			if !newest {
				t.Fatalf("an older delivery is %s", d.State)
			}
		case lti.Superseded:
			if newest {
				t.Fatalf("the newest delivery is superseded")
			}
		case lti.Delivered:
			if d.DeliveredAt.IsZero() || d.LastError != "" {
				t.Fatalf("delivered, but %+v", d)
			}
		default:
			t.Fatalf("state %q", d.State)
		}
		if open := d.State.Live(); open != d.Finished.IsZero() {
			t.Fatalf("%s, but finished at %s", d.State, d.Finished)
		}
	}
	for key, n := range leased {
		if n > 1 {
			t.Fatalf("%d leases at once for %s", n, key)
		}
	}
}

// settle lets the LMSs stay up, and time and people do their part.
func (m *machine) settle() {
	for range 100 {
		for _, f := range slices.Clone(m.flights) {
			if !f.answered {
				m.reach(f, "up")
			}
			m.end(f)
		}
		for _, j := range m.leased(100) {
			m.flights = append(m.flights, &flight{job: j, leased: m.time()})
		}
		if len(m.flights) == 0 && m.retryAll() == 0 && !m.unsettled() {
			return
		}
		m.pass(time.Hour)
	}
	m.t.Fatalf("the queue does not drain:\n%s", m.states())
}

func (m *machine) unsettled() bool {
	return slices.ContainsFunc(m.desk.all(), func(d lti.Delivery) bool { return d.State.Live() })
}

// worth is what a target should hold, worked out from the results alone.
func (m *machine) worth(v lti.UpstreamTarget) *float64 {
	links := map[string][]string{lti.ScopeLink: {v.Scope.ID}, lti.ScopeFolder: {"quiz1", "quiz2"}, lti.ScopeCourse: {"quiz1", "quiz2", "exam"}}
	points := map[string]float64{"quiz1": 10, "quiz2": 5, "exam": 20}
	var total, possible float64
	scored := false
	m.look(func(tx store.Tx) error {
		for _, link := range links[v.Scope.Kind] {
			possible += points[link]
			r, err := store.Results.Get(tx, "uni", "phys101", link, v.Username)
			if err == nil && r.Score != nil {
				total, scored = total+*r.Score*points[link], true
			}
		}
		return nil
	})
	if !scored {
		return nil
	}
	score := total / possible
	return &score
}

func TestNoScoreIsLostWhateverHappens(t *testing.T) {
	t.Parallel()
	engine := openStore(t, time.Now)
	rapid.Check(t, func(t *rapid.T) {
		tx, giveBack := borrow(t, engine)
		defer giveBack()
		d := &desk{tester: t, now: noon}
		d.sitAt(&unit{Store: engine, tx: tx, now: d.time})
		m := &machine{desk: d, t: t, held: make(map[string]*float64)}
		m.run()
	})
}

func (m *machine) run() {
	m.launch(target("ada", forLink("quiz1"), "campus"))
	m.t.Repeat(map[string]func(*rapid.T){
		"": m.Check, "score": m.Score, "lease": m.Lease, "reach": m.Reach, "finish": m.Finish, "overstay": m.Overstay, "seldom": m.Seldom,
	})
	m.settle()
	for key, v := range m.targets() {
		if got, want := scoreText(m.held[key]), scoreText(m.worth(v)); got != want {
			m.t.Fatalf("%s: the LMS holds %s, the newest is %s\n%s", key, got, want, m.states())
		}
	}
	for _, d := range m.desk.all() {
		if d.State != lti.Delivered && d.State != lti.Superseded {
			m.t.Fatalf("a delivery ended %s", d.State)
		}
	}
}

// unit lets many transactions be parts of one, which costs no commit and can
// be undone. A part that fails must have written nothing.
type unit struct {
	store.Store
	tx  store.Tx
	now func() time.Time
}

func (u *unit) Update(_ context.Context, fn func(tx store.Tx) error) error {
	return fn(instant{u.tx, u.now()})
}

func (u *unit) View(_ context.Context, fn func(tx store.Tx) error) error {
	return fn(instant{u.tx, u.now()})
}

// instant is a transaction with a time of its own.
type instant struct {
	store.Tx
	now time.Time
}

func (i instant) Now() time.Time { return i.now }

// borrow opens a transaction and gives it away until giveBack undoes it, also
// when a property stops in the middle.
func borrow(t *rapid.T, s store.Store) (tx store.Tx, giveBack func()) {
	undo := errors.New("undo")
	lent, back, over := make(chan store.Tx), make(chan struct{}), make(chan error)
	go func() {
		over <- s.Update(context.Background(), func(tx store.Tx) error {
			lent <- tx
			<-back
			return undo
		})
	}()
	select {
	case err := <-over:
		t.Fatalf("Update() = %v", err)
	case tx = <-lent:
	}
	return tx, func() {
		close(back)
		if err := <-over; !errors.Is(err, undo) {
			t.Errorf("Update() = %v", err)
		}
	}
}
