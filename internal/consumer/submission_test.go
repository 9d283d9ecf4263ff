package consumer_test

import (
	"context"
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
	for _, announced := range []string{"ext_outcome_submission_submitted_at_accepted", "ext_outcome_submission_needs_additional_review_accepted"} {
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
