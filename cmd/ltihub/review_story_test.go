package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/simulator"
)

// A tool says when work was handed in, and asks a person to look at it; the
// instructor and the student see that.
func TestToolAsksForReview(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	call := simulator.ResultCall{Launch: l, Kind: "replaceResult", Score: "0.5", MessageID: "m1", SubmittedAt: time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC), NeedsReview: true}
	for range 2 { // a tool that missed our answer sends its message again
		if a, err := w.tool.CallResult(soon(t), call); err != nil || !a.Success() {
			t.Fatalf("CallResult() = %+v, %v", a, err)
		}
	}
	_, _, text := stranger{t, w.url}.get("/api/v1/courses/uni/phys101/results", adminToken)
	for _, want := range []string{`"needs_review":true`, `"handed_in_at":"2026-01-02T15:04:05Z"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the result lacks %s: %s", want, text)
		}
	}
	page := w.signedInAdmin().get(w.url + "/courses/uni/phys101/gradebook/quiz1/ada")
	if page.status != http.StatusOK || strings.Count(page.body, "asks for review") != 1 || !strings.Contains(page.body, "handed in") {
		t.Errorf("the cell's page (%d) does not show it once:\n%s", page.status, page.body)
	}
}
