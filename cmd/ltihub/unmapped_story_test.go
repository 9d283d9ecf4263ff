package main

import (
	"net/http"
	"testing"
)

// A role that was taken out of the mapping by mistake keeps people out, and
// loses nothing: what the tool says meanwhile arrives, and all is as it was when
// the mapping is back.
func TestAMappingTakenAwayByMistakeLosesNoGrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	maps := func(roles string) {
		t.Helper()
		status, body := w.api().call(http.MethodPut, "/manifest", `
version: 1
tool_consumers: [{domain: uni, id: campus, roles: `+roles+`}]
`)
		if status != http.StatusOK {
			t.Fatalf("PUT /manifest = %d %s", status, body)
		}
	}
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.score(l, "0.5")
	w.graded("7f3a-ada", "rl-quiz-1", 0.5)
	maps("{Instructor: instructor}")
	if got := w.click(newVisitor(t), "7f3a-ada", "rl-quiz-1"); got.status != http.StatusForbidden {
		t.Errorf("a launch without a mapped role = %d", got.status)
	}
	w.score(l, "0.7")
	w.graded("7f3a-ada", "rl-quiz-1", 0.7)
	maps("{Learner: student, Instructor: instructor, TeachingAssistant: ta}")
	w.score(w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1"), "0.9")
	w.graded("7f3a-ada", "rl-quiz-1", 0.9)
}
