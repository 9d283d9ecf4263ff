package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/simulator"
)

// Flow 4 with LMSs that misbehave, and people who set things right.

const passback = "    passback: {format: \"1.1\", score: decimal, signature: HMAC-SHA1"

// withPassback adds rules of the tool consumer to the manifest.
func withPassback(rules string) func(string) string {
	return func(m string) string {
		return strings.Replace(m, "    nonce_lifetime: 5m\n", passback+", "+rules+"}\n", 1)
	}
}

// annex is a second LMS that launches the same hub.
func (w *world) annex() *world {
	w.t.Helper()
	server := httptest.NewUnstartedServer(nil)
	lms := simulator.NewLMS("http://"+server.Listener.Addr().String(), w.url+"/lti/launch", "annex-key", "annex-secret")
	lms.Links = testLinks()
	server.Config.Handler = lms
	server.Start()
	w.t.Cleanup(server.Close)
	status, body := w.api().call(http.MethodPut, "/manifest", `
version: 1
tool_consumers:
  - {domain: uni, id: annex, name: Annex, key: annex-key, secret: annex-secret, users: {match: user_id, create: auto, create_for: [Learner], info: lti}}
`)
	if status != http.StatusOK {
		w.t.Fatalf("PUT /manifest = %d %s", status, body)
	}
	other := *w
	other.lms = lms
	return &other
}

func TestAnLMSThatHangsHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	annex := w.annex()
	var launches []simulator.Launch
	for _, link := range []string{"rl-quiz-1", "rl-lab-1"} {
		for _, user := range []string{"7f3a-ada", "19c2-bo", "c4d8-zoe"} {
			launches = append(launches, w.enter(newVisitor(t), user, link))
		}
	}
	healthy := annex.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.lms.SetFault(simulator.FaultHang)
	for _, l := range launches {
		w.score(l, "0.5")
	}
	until(t, "the LMS hangs with some", func() bool { return len(w.lms.Calls()) >= 2 })
	for _, score := range []float64{0.1, 0.2, 0.3} {
		w.score(healthy, fmt.Sprint(score))
		annex.graded("7f3a-ada", "rl-quiz-1", score)
	}
	if len(annex.lms.Calls()) != 3 {
		t.Errorf("the healthy LMS was called %d times, want 3", len(annex.lms.Calls()))
	}
	w.lms.SetFault(simulator.FaultNone)
	w.graded("7f3a-ada", "rl-quiz-1", 0.5)
	w.graded("7f3a-ada", "rl-lab-1", 0.5)
	until(t, "nothing is under way", func() bool { return len(w.api().deliveries("waiting"))+len(w.api().deliveries("sending")) == 0 })
}

func TestABusyLMSIsLeftAloneForAsLongAsItAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	quiz, lab := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1"), w.enter(newVisitor(t), "7f3a-ada", "rl-lab-1")
	w.lms.SetFaults(simulator.Faults{Service: simulator.FaultBusy, Times: 1}) // Retry-After: 1
	w.score(quiz, "0.5")
	until(t, "the LMS has asked to wait", func() bool { c := w.lms.Calls(); return len(c) == 1 && c[0].Answered })
	until(t, "that is known", func() bool { d := w.api().deliveries("waiting"); return len(d) == 1 })
	w.score(lab, "0.6") // for the whole LMS, not only for that grade
	w.graded("7f3a-ada", "rl-quiz-1", 0.5)
	w.graded("7f3a-ada", "rl-lab-1", 0.6)
	calls := w.lms.Calls()
	for _, c := range calls[1:] {
		if waited := c.At.Sub(calls[0].At); waited < time.Second {
			t.Errorf("it was called again after %s", waited)
		}
	}
}

func TestAGradeChangedInTheLMSIsLeftAloneUntilAPersonInsists(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withPassback("read_first: true"))
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.score(l, "0.5")
	w.graded("7f3a-ada", "rl-quiz-1", 0.5)
	w.state("quiz1", "ada", "delivered")
	if !w.lms.SetGrade("7f3a-ada", "rl-quiz-1", 0.95) {
		t.Fatal("the LMS has no such cell")
	}
	w.score(l, "0.6")
	d := w.state("quiz1", "ada", "refused")
	w.graded("7f3a-ada", "rl-quiz-1", 0.95)

	root := newVisitor(t)
	root.post(w.url+"/login", url.Values{"domain": {"uni"}, "username": {"root"}, "password": {"correct-horse"}})
	page := root.get(w.url + "/admin/deliveries/" + d.ID)
	for _, want := range []string{"The grade was changed in the LMS", "95 %", "Send anyway", "passback URL 1 of 1"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the delivery's page (%d) lacks %q", page.status, want)
		}
	}
	if got := root.post(w.url+"/admin/deliveries/"+d.ID+"/resend", url.Values{"anyway": {"1"}}); got.status >= 400 {
		t.Fatalf("send anyway = %d", got.status)
	}
	w.graded("7f3a-ada", "rl-quiz-1", 0.6)
	w.score(l, "0.7") // what came from here may be replaced again
	w.graded("7f3a-ada", "rl-quiz-1", 0.7)
}

func TestAnLMSThatTellsNoGradesIsWrittenToAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withPassback("read_first: true, rate: 50"))
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.lms.SetFault(simulator.FaultNoRead)
	for _, score := range []float64{0.5, 0.6} {
		w.score(l, fmt.Sprint(score))
		w.graded("7f3a-ada", "rl-quiz-1", score)
	}
}

func TestAStoppingServerSaysSoBeforeItRefusesRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, "LTIHUB_SHUTDOWN_DRAIN=2s")
	ready := func() int {
		answer, err := http.Get(w.url + "/readyz")
		if err != nil {
			return 0
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	if got := ready(); got != http.StatusOK {
		t.Fatalf("readyz = %d before the stop", got)
	}
	code := make(chan int, 1)
	go func() { code <- w.hub.terminate() }()
	until(t, "it says that it is about to stop", func() bool { return ready() == http.StatusServiceUnavailable })
	if got := w.click(newVisitor(t), "7f3a-ada", "rl-quiz-1"); got.status != http.StatusSeeOther {
		t.Errorf("a launch meanwhile = %d", got.status)
	}
	if got := <-code; got != 0 {
		t.Errorf("it exits with %d", got)
	}
}
