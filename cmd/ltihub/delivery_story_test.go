package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/simulator"
)

// Flow 4: a result reaches the LMS's gradebook, however long that takes.

// score posts a score that must be taken.
func (w *world) score(l simulator.Launch, score string) {
	w.t.Helper()
	if a, err := w.tool.PostScore(soon(w.t), l, score); err != nil || !a.Success() {
		w.t.Fatalf("post %s = %+v, %v", score, a, err)
	}
}

// state waits until the user's delivery for the link stands as wanted.
func (w *world) state(link, username, want string) deliveryItem {
	w.t.Helper()
	var d deliveryItem
	until(w.t, "the delivery for "+username+" on "+link+" is "+want, func() bool {
		r := w.api().results()[link+" "+username]
		if len(r.Deliveries) != 1 {
			return false
		}
		d = r.Deliveries[0]
		return d.State == want
	})
	return d
}

func TestResultReachesTheGradebook(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.score(l, "0.85")
	w.graded("7f3a-ada", "rl-quiz-1", 0.85)
	if d := w.state("quiz1", "ada", "delivered"); d.Attempts != 1 || d.LastError != "" {
		t.Errorf("delivery %+v, want one attempt", d)
	}
	w.score(l, "0.4")
	w.graded("7f3a-ada", "rl-quiz-1", 0.4)
	if a, err := w.tool.DeleteScore(soon(t), l); err != nil || !a.Success() {
		t.Fatalf("delete = %+v, %v", a, err)
	}
	err := w.lms.Until(soon(t), func() bool { _, ok := w.lms.Grade("7f3a-ada", "rl-quiz-1"); return !ok })
	if err != nil {
		t.Errorf("the grade is not deleted in the LMS: %v", err)
	}
}

func TestResultInFormat10ReachesTheGradebook(t *testing.T) {
	t.Parallel()
	for _, score := range []string{"decimal", "percentage", "ratio"} {
		t.Run(score, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(m string) string {
				return strings.Replace(m, "    nonce_lifetime: 5m\n", "    passback: {format: \"1.0\", score: "+score+", signature: HMAC-SHA1}\n", 1)
			})
			l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
			w.score(l, "0.8")
			w.graded("7f3a-ada", "rl-quiz-1", 0.8)
			if c := w.lms.Calls()[0]; c.Service != "outcomes10" || c.ValueType != score {
				t.Errorf("the LMS was called at %s with a %s, want outcomes10 and %s", c.Service, c.ValueType, score)
			}
		})
	}
}

func TestResultWaitsForAnLMSThatIsDown(t *testing.T) {
	t.Parallel()
	for _, fault := range []simulator.ServiceFault{
		simulator.FaultDown, simulator.FaultHTML, simulator.FaultProcessing, simulator.FaultCut, simulator.FaultContentType,
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
			w.lms.SetFault(fault)
			w.score(l, "0.6")
			w.score(l, "0.7")
			if fault != simulator.FaultContentType { // a good answer is taken whatever it is called
				until(t, "it is tried again and again", func() bool { return len(w.lms.Calls()) >= 3 })
				w.score(l, "0.8")
			}
			w.crash()
			w.lms.SetFault(simulator.FaultNone)
			want := 0.8
			if fault == simulator.FaultContentType {
				want = 0.7
			}
			w.graded("7f3a-ada", "rl-quiz-1", want)
			w.state("quiz1", "ada", "delivered")
			w.noncesDiffer()
			if left := append(w.api().deliveries("waiting"), w.api().deliveries("sending")...); len(left) > 0 {
				t.Errorf("still under way: %+v", left)
			}
		})
	}
}

// noncesDiffer checks that every attempt was signed anew.
func (w *world) noncesDiffer() {
	w.t.Helper()
	seen := map[string]bool{}
	for _, c := range w.lms.Calls() {
		if seen[c.Nonce] {
			w.t.Errorf("the nonce %s was used twice", c.Nonce)
		}
		seen[c.Nonce] = true
	}
}

func TestRefusedResultStopsAndSaysWhyUntilSomebodyActs(t *testing.T) {
	t.Parallel()
	for fault, says := range map[simulator.ServiceFault]string{
		simulator.FaultFailure: "failure", simulator.FaultUnsupported: "unsupported",
		simulator.FaultUnauthorised: "401", simulator.FaultUnprocessable: "422",
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
			w.lms.SetFault(fault)
			w.score(l, "0.6")
			d := w.state("quiz1", "ada", "refused")
			if d.Attempts != 1 || !strings.Contains(d.LastError, says) {
				t.Errorf("delivery %+v, want one attempt and %q", d, says)
			}
			w.lms.SetFault(simulator.FaultNone)
			if status, body := w.api().call(http.MethodPost, "/deliveries/"+d.ID+"/retry", ""); status != http.StatusOK {
				t.Fatalf("retry = %d %s", status, body)
			}
			w.graded("7f3a-ada", "rl-quiz-1", 0.6)
		})
	}
}

func TestRefusedResultGoesAgainWithNewCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.lms.Secret = "changed in the LMS"
	w.score(l, "0.6")
	w.state("quiz1", "ada", "refused")
	status, body := w.api().call(http.MethodPut, "/manifest", `
version: 1
tool_consumers: [{domain: uni, id: campus, secret: changed in the LMS}]
`)
	if status != http.StatusOK {
		t.Fatalf("PUT /manifest = %d %s", status, body)
	}
	w.graded("7f3a-ada", "rl-quiz-1", 0.6)
}

func TestNewerScoreSupersedesTheOneThatWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.lms.SetFault(simulator.FaultHang)
	w.score(l, "0.1")
	until(t, "the first score is under way", func() bool { return len(w.lms.Calls()) == 1 })
	for _, s := range []string{"0.2", "0.3", "0.9"} {
		w.score(l, s)
	}
	w.lms.SetFault(simulator.FaultNone)
	w.graded("7f3a-ada", "rl-quiz-1", 0.9)
	w.state("quiz1", "ada", "delivered")
	var values []string
	for _, c := range w.lms.Calls() {
		values = append(values, c.Value)
	}
	if got := strings.Join(values, " "); strings.Contains(got, "0.2") || strings.Contains(got, "0.3") || !strings.HasSuffix(got, "0.9") {
		t.Errorf("the LMS was sent %q, want neither 0.2 nor 0.3, and 0.9 last", got)
	}
	if old := w.api().deliveries("superseded"); len(old) < 3 {
		t.Errorf("%d superseded deliveries, want 0.1, 0.2 and 0.3", len(old))
	}
}

func TestFolderAndCourseGetTheSumOfTheirLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	v := newVisitor(t)
	for _, link := range []string{"rl-week-1", "rl-course"} {
		if got := w.click(v, "7f3a-ada", link); got.status != http.StatusSeeOther {
			t.Fatalf("launch of %s = %d", link, got.status)
		}
	}
	quiz, lab := w.enter(v, "7f3a-ada", "rl-quiz-1"), w.enter(v, "7f3a-ada", "rl-lab-1")
	w.score(quiz, "1.0")
	w.graded("7f3a-ada", "rl-week-1", 10.0/40)
	w.score(lab, "0.5")
	w.graded("7f3a-ada", "rl-week-1", 25.0/40)
	w.graded("7f3a-ada", "rl-course", 25.0/100)
	w.graded("7f3a-ada", "rl-lab-1", 0.5)
	if a, err := w.tool.DeleteScore(soon(t), quiz); err != nil || !a.Success() {
		t.Fatalf("delete = %+v, %v", a, err)
	}
	w.graded("7f3a-ada", "rl-week-1", 15.0/40)
	w.graded("7f3a-ada", "rl-course", 15.0/100)
}

func TestResultFromBeforeTheLMSAskedIsDelivered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	quiz := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.score(quiz, "0.5")
	w.graded("7f3a-ada", "rl-quiz-1", 0.5)
	if got := w.click(newVisitor(t), "7f3a-ada", "rl-week-1"); got.status != http.StatusSeeOther {
		t.Fatalf("launch = %d", got.status)
	}
	w.graded("7f3a-ada", "rl-week-1", 5.0/40)
}
