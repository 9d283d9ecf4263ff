package main

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/simulator"
)

// follower starts one more node on the world's database and returns it with its
// address.
func (w *world) follower() (node *process, address string) {
	w.t.Helper()
	address = freeAddress(w.t)
	return w.followerAt(address), address
}

func (w *world) followerAt(address string) *process {
	w.t.Helper()
	return begin(w.t, append(w.env, "LTIHUB_PUBLIC_URL="+w.url), "serve", "--listen", address, "--data", w.t.TempDir())
}

// TestAPausedNodeDoesNoHarm pauses a node that holds a delivery. Another takes
// it over and sends a newer score, too; then the first one wakes up.
func TestAPausedNodeDoesNoHarm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, "LTIHUB_STORE="+database(t), nodesKey)
	in := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.lms.SetFault(simulator.FaultHang)
	w.score(in, "0.6")
	until(t, "the first node sends the score", func() bool { return len(w.lms.Calls()) == 1 })
	if err := w.hub.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	_, other := w.follower()
	w.lms.SetFault(simulator.FaultNone)
	w.graded("7f3a-ada", "rl-quiz-1", 0.6) // its lease has run out
	w.tool.Client = &http.Client{Transport: redirected{other}, Timeout: patience}
	w.score(in, "0.9")
	w.graded("7f3a-ada", "rl-quiz-1", 0.9)
	sent := len(w.lms.Calls())

	if err := w.hub.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	until(t, "the first node is done with the delivery that it held", func() bool {
		return strings.Contains(w.hub.log.String(), "result not delivered")
	})
	until(t, "nothing is under way", func() bool {
		return len(w.api().deliveries("waiting"))+len(w.api().deliveries("sending")) == 0
	})
	w.graded("7f3a-ada", "rl-quiz-1", 0.9)
	for _, call := range w.lms.Calls()[sent:] {
		if call.Value != "0.9" {
			t.Errorf("after it woke the LMS was sent %s, want nothing but 0.9", call.Value)
		}
	}
	w.noncesDiffer()
	w.tool.Client = http.DefaultClient
	w.score(w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1"), "0.95") // at the node that slept
	w.graded("7f3a-ada", "rl-quiz-1", 0.95)
}

// TestTheDatabaseGoesAndComesBack stops the database under a node, which stays
// up, refuses what it can't keep, and goes on by itself.
func TestTheDatabaseGoesAndComesBack(t *testing.T) {
	t.Parallel()
	c := cluster(t)
	w := newWorld(t, nil, "LTIHUB_STORE="+c.Database(t), nodesKey)
	in := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.score(in, "0.5")
	w.graded("7f3a-ada", "rl-quiz-1", 0.5)
	v := newVisitor(t).stay()
	answers := func(path string, status int) bool { return v.get(w.url+path).status == status }

	if err := c.Halt(); err != nil {
		t.Fatal(err)
	}
	until(t, "the node is not ready", func() bool { return answers("/readyz", http.StatusServiceUnavailable) })
	if !answers("/healthz", http.StatusOK) {
		t.Error("/healthz is not 200 while the database is away")
	}
	action, form, err := w.lms.LaunchForm("7f3a-ada", "rl-quiz-1")
	if err != nil {
		t.Fatal(err)
	}
	if got := v.post(action, form); got.status != http.StatusServiceUnavailable {
		t.Errorf("a launch without the database is answered with %d, want 503", got.status)
	}
	if a, err := w.tool.PostScore(soon(t), in, "0.7"); err != nil || a.Status != http.StatusServiceUnavailable {
		t.Errorf("a score without the database is answered with %+v, %v; want 503", a, err)
	}

	if err := c.Begin(); err != nil {
		t.Fatal(err)
	}
	back := time.Now()
	until(t, "the node is ready again", func() bool { return answers("/readyz", http.StatusOK) })
	t.Logf("ready again %v after the database", time.Since(back).Round(time.Millisecond))
	if got := v.post(action, form); got.status != http.StatusSeeOther {
		t.Errorf("the launch that was not taken is answered with %d, want 303", got.status)
	}
	w.score(in, "0.8")
	w.graded("7f3a-ada", "rl-quiz-1", 0.8)
}
