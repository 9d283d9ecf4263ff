package consumer_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/outcome"
)

// What only brings work along is answered alike when it comes again, too.
func TestRepeatedTextLeavesNoSecondTrace(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	m := outcome.Request{Operation: outcome.Replace, MessageID: "essay", SourcedID: h.sourcedID("bob", "quiz1"), Data: outcome.Data{Text: "essay"}}
	for _, scored := range []bool{false, true} {
		if scored {
			h.mustSend(replace(m.SourcedID, "0.5"))
		}
		h.mustSend(m)
		before := h.result("bob", "quiz1")
		h.clock.step(time.Second)
		h.mustSend(m)
		if got := h.result("bob", "quiz1"); got.Version != before.Version || len(got.History) != len(before.History) {
			t.Errorf("scored %t: the result became %+v", scored, got)
		}
	}
	m.Submission.NeedsReview = true
	h.mustSend(m)
	if got := h.result("bob", "quiz1"); got.Version != 4 || !got.NeedsReview || text(got.Score) != "0.5" {
		t.Errorf("after a mark that is new: %+v", got)
	}
}

func TestSubmissionDetailsAreKept(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	launched := h.launch("bob", "quiz1").Params
	for _, announced := range []string{"ext_outcome_submission_submitted_at_accepted", "ext_outcome_submission_needs_additional_review_accepted",
		"ext_outcome_submission_prioritize_non_tool_grade_accepted"} {
		if launched.Value(announced) != "true" {
			t.Errorf("the launch does not announce %s", announced)
		}
	}
	m := replace(launched.Value("lis_result_sourcedid"), "0.5")
	in := h.clock.now().Add(-time.Hour)
	m.Submission = outcome.Submission{SubmittedAt: in.Format(time.RFC3339Nano), NeedsReview: true}
	h.mustSend(m)
	got := h.result("bob", "quiz1")
	if s := got.History[0]; !s.NeedsReview || !s.SubmittedAt.Equal(in) || !got.NeedsReview || !got.HandedIn.Equal(in) {
		t.Errorf("result = %+v", got)
	}
	r, err := h.Override(context.Background(), ref("bob", "quiz1"), "ada", 0.7)
	if err != nil || r.NeedsReview || !r.HandedIn.Equal(in) {
		t.Errorf("after the override: %+v, %v; want it reviewed", r, err)
	}
	h.mustSend(replace(m.SourcedID, "0.6"))
	if got := h.result("bob", "quiz1"); got.NeedsReview || !got.HandedIn.IsZero() {
		t.Errorf("after a score without details: %+v", got)
	}
}

// A score that a person has set stands, whether the tool asks for that or not;
// what it brings is in the history, and counts again once the override is lifted.
func TestOverrideStandsAgainstTheTool(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	m := replace(h.sourcedID("bob", "quiz1"), "0.5")
	h.mustSend(m)
	if _, err := h.Override(context.Background(), ref("bob", "quiz1"), "ada", 0.7); err != nil {
		t.Fatal(err)
	}
	for score, asks := range map[string]bool{"0.2": true, "0.3": false} {
		m := replace(m.SourcedID, score)
		m.Submission.PrioritizeNonTool = asks
		h.mustSend(m)
		if got := h.result("bob", "quiz1"); text(got.Counts()) != "0.7" || text(got.Score) != score {
			t.Errorf("asked %t: %s counts and the tool's is %s, want 0.7 and %s", asks, text(got.Counts()), text(got.Score), score)
		}
	}
}

func TestSubmittedAtIsReadInManyForms(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	const want = "2026-11-21T08:30:00Z"
	for i, at := range []string{
		want, "2026-11-21T08:30:00.000Z", "2026-11-21T10:30:00+02:00", "2026-11-21T10:30:00+0200", "2026-11-21T10:30:00+02",
		"2026-11-21T08:30:00", "2026-11-21 08:30:00.5", "\n\t2026-11-21T08:30Z ",
	} {
		m := replace(id, "0."+strconv.Itoa(i+1))
		m.Submission.SubmittedAt = at
		h.mustSend(m)
		if got := h.result("bob", "quiz1").HandedIn.Format(time.RFC3339); got != want {
			t.Errorf("%q is read as %s", at, got)
		}
	}
	before := h.result("bob", "quiz1")
	for _, at := range []string{"yesterday", "2026-11-21", "1795250000", "2026-02-30T08:30:00Z", "2026-11-21T09:02:00Z"} {
		m := replace(id, "0.9")
		m.Submission.SubmittedAt = at
		if _, r := h.send(m); r.CodeMajor != outcome.Failure || r.CodeMinor != outcome.InvalidData {
			t.Errorf("%q is answered %s %s", at, r.CodeMajor, r.CodeMinor)
		}
	}
	if got := h.result("bob", "quiz1"); got.Version != before.Version {
		t.Errorf("a time that is refused changed the result to %+v", got)
	}
}
