package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"testing"

	"github.com/ltihub/ltihub/internal/simulator"
)

// ledger is what the peers were promised: kept by the test, outside the hub.
type ledger struct {
	mu sync.Mutex
	// scores are the newest that were acknowledged, by user; unsure those that
	// were sent after them and got no answer.
	scores map[string]float64
	unsure map[string][]float64
	// launches were answered with 303.
	launches []launchShot
}

type launchShot struct {
	action string
	form   url.Values
}

// pupil is one student who launches and gets scores, one after the other, so
// that the newest acknowledged score is known.
type pupil struct {
	user  string
	login string
	in    simulator.Launch
}

const crashPupils = 6

// enrolPupils lets each student into the tool once, before the storm.
func (w *world) enrolPupils() []pupil {
	w.t.Helper()
	var all []pupil
	for i := range crashPupils {
		login := fmt.Sprintf("pupil%d", i)
		w.lms.Enrol(simulator.User{ID: "id-" + login, Login: login, Given: "P", Family: strconv.Itoa(i), Roles: "Learner"})
		all = append(all, pupil{user: "id-" + login, login: login, in: w.enter(newVisitor(w.t), "id-"+login, "rl-quiz-1")})
	}
	return all
}

// study launches and posts scores until stop, and notes what was acknowledged.
func (w *world) study(p pupil, l *ledger, chance *rand.Rand, stop <-chan struct{}) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: patience}
	for {
		select {
		case <-stop:
			return
		default:
		}
		if chance.IntN(3) == 0 {
			w.tryLaunch(client, p, l)
			continue
		}
		w.tryScore(p, l, float64(chance.IntN(10001))/10000)
	}
}

func (w *world) tryLaunch(client *http.Client, p pupil, l *ledger) {
	action, form, err := w.lms.LaunchForm(p.user, "rl-quiz-1")
	if err != nil {
		w.t.Error(err)
		return
	}
	answer, err := client.Do(formPost(action, form))
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, answer.Body) // the status alone counts
	_ = answer.Body.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	if answer.StatusCode == http.StatusSeeOther {
		l.launches = append(l.launches, launchShot{action, form})
	}
}

func (w *world) tryScore(p pupil, l *ledger, score float64) {
	a, err := w.tool.PostScore(soon(w.t), p.in, strconv.FormatFloat(score, 'f', -1, 64))
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil && a.Success() {
		l.scores[p.login], l.unsure[p.login] = score, nil
		return
	}
	l.unsure[p.login] = append(l.unsure[p.login], score)
}

// TestNothingAcknowledgedIsLostToKill kills the hub again and again under load.
// Whatever it said yes to must hold: scores are there and reach the LMS, and
// nothing is accepted a second time.
func TestNothingAcknowledgedIsLostToKill(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2, 3} {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.storm(rand.New(rand.NewPCG(seed, 7)))
		})
	}
}

func TestKillWhileTheLMSHoldsTheCallLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.lms.SetFault(simulator.FaultHang)
	w.score(l, "0.6")
	until(t, "the score is under way", func() bool { return len(w.lms.Calls()) == 1 })
	w.crash()
	w.lms.SetFault(simulator.FaultNone)
	w.graded("7f3a-ada", "rl-quiz-1", 0.6)
	if d := w.state("quiz1", "ada", "delivered"); d.Attempts != 2 {
		t.Errorf("delivered with attempt %d, want the one after the crash", d.Attempts)
	}
}

// storm runs rounds of load that end in a kill, and then holds the hub to the
// ledger.
func (w *world) storm(chance *rand.Rand) {
	pupils := w.enrolPupils()
	l := &ledger{scores: map[string]float64{}, unsure: map[string][]float64{}}
	for range 4 {
		stop := make(chan struct{})
		var busy sync.WaitGroup
		for _, p := range pupils {
			own := rand.New(rand.NewPCG(chance.Uint64(), chance.Uint64()))
			busy.Go(func() { w.study(p, l, own, stop) })
		}
		w.weather(l, chance)
		w.hub.kill()
		close(stop)
		busy.Wait()
		w.start()
	}
	w.lms.SetFault(simulator.FaultNone)
	if len(l.launches) == 0 || len(l.scores) == 0 {
		w.t.Fatalf("the storm did nothing: %d launches, %d scores", len(l.launches), len(l.scores))
	}
	w.t.Logf("%d launches and scores of %d pupils were acknowledged", len(l.launches), len(l.scores))
	w.checkLedger(pupils, l)
}

// weather waits until a random amount of work is done, in an LMS that has its
// own troubles, so that kills fall between all steps of launch, score and
// delivery.
func (w *world) weather(l *ledger, chance *rand.Rand) {
	faults := []simulator.ServiceFault{simulator.FaultNone, simulator.FaultDown, simulator.FaultCut, simulator.FaultHang, simulator.FaultNone}
	w.lms.SetFault(faults[chance.IntN(len(faults))])
	l.mu.Lock()
	enough := len(l.launches) + 1 + chance.IntN(25)
	l.mu.Unlock()
	until(w.t, "the load goes on", func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.launches) >= enough
	})
}

func (w *world) checkLedger(pupils []pupil, l *ledger) {
	w.t.Helper()
	results := w.api().results()
	for _, p := range pupils {
		want, ok := l.scores[p.login]
		if !ok {
			continue
		}
		r := results["quiz1 "+p.login]
		if r.Score == nil || !near(*r.Score, want) && !among(*r.Score, l.unsure[p.login]) {
			w.t.Errorf("%s has %v, acknowledged was %v (unanswered since: %v)", p.login, r.Score, want, l.unsure[p.login])
			continue
		}
		w.graded(p.user, "rl-quiz-1", *r.Score)
		w.state("quiz1", p.login, "delivered")
	}
	w.replayAll(l)
	for _, p := range pupils {
		now := w.api().results()["quiz1 "+p.login]
		if before := results["quiz1 "+p.login]; before.Score != nil && !near(*now.Score, *before.Score) {
			w.t.Errorf("replays changed the score of %s from %v to %v", p.login, *before.Score, *now.Score)
		}
	}
	w.noncesDiffer()
}

// replayAll sends once more whatever was accepted.
func (w *world) replayAll(l *ledger) {
	w.t.Helper()
	v := newVisitor(w.t).stay()
	for _, shot := range l.launches {
		if got := v.post(shot.action, shot.form); got.status != http.StatusConflict {
			w.t.Errorf("a launch that was accepted before is answered with %d, want 409", got.status)
		}
	}
	for _, call := range w.tool.Calls() {
		if !call.Answer.Success() {
			continue
		}
		if a, err := w.tool.Resend(soon(w.t), call.Seq); err != nil || a.Status != http.StatusUnauthorized {
			w.t.Errorf("a call that was accepted before is answered with %+v, %v; want 401", a, err)
		}
	}
}

func among(got float64, list []float64) bool {
	for _, x := range list {
		if near(got, x) {
			return true
		}
	}
	return false
}
