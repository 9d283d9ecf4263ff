package consumer_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
)

// sendForm takes an LTI 1.0 form of the quizzer and reads the answer.
func (h *hub) sendForm(r outcome.FormRequest) (consumer.Answer, outcome.FormResponse) {
	h.t.Helper()
	a := h.TakeResult(context.Background(), h.form(h.signer("quizzer"), passbackURL, outcome.BuildForm(r)))
	answer, err := outcome.ParseFormResponse(a.Body)
	if err != nil {
		h.t.Fatalf("answer %d %q: %v", a.Status, a.Body, err)
	}
	return a, answer
}

func update(id, score, kind string) outcome.FormRequest {
	return outcome.FormRequest{Operation: outcome.Replace, SourcedID: id, HasScore: true, ScoreText: score, ValueType: kind}
}

func TestFormsStoreReadAndDelete(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	read := outcome.FormRequest{Operation: outcome.Read, SourcedID: id, ValueType: lti.ScoreRatio}
	if _, r := h.sendForm(read); r.CodeMajor != outcome.Success || r.Result == nil || r.Result.ScoreText != "" {
		t.Errorf("read before any score: %+v", r)
	}
	tests := []struct{ kind, score, want string }{
		{"", "0.25", "0.25"}, {lti.ScoreDecimal, "0.5", "0.5"}, {lti.ScorePercentage, "75%", "0.75"},
		{lti.ScoreRatio, "17/20", "0.85"}, {lti.ScorePassFail, "fail", "0"}, {lti.ScorePassFail, "pass", "1"},
		{lti.ScoreLetter, "B", "0.75"}, {lti.ScoreLetterPlus, "A+", "1"},
	}
	for _, tt := range tests {
		a, r := h.sendForm(update(id, tt.score, tt.kind))
		if a.Status != 200 || r.CodeMajor != outcome.Success || r.MessageType != "basic-lis-updateresult" {
			t.Errorf("%s %q: %d %+v", tt.kind, tt.score, a.Status, r)
		}
		if got := h.result("bob", "quiz1"); text(got.Score) != tt.want {
			t.Errorf("%s %q: stored %s, want %s", tt.kind, tt.score, text(got.Score), tt.want)
		}
	}
	if _, r := h.sendForm(read); r.Result.ScoreText != "10/10" || r.Result.ValueType != lti.ScoreRatio || r.Result.SourcedID != id {
		t.Errorf("read = %+v", r.Result)
	}
	if _, r := h.sendForm(outcome.FormRequest{Operation: outcome.Delete, SourcedID: id}); r.CodeMajor != outcome.Success {
		t.Errorf("delete = %+v", r)
	}
	if got := h.result("bob", "quiz1"); got.Score != nil {
		t.Errorf("result after deletion = %+v", got)
	}
}

func TestFormsRefuse(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	for _, bad := range []outcome.FormRequest{
		update(id, "0,5", ""), update(id, "NaN", ""), update(id, "101", lti.ScorePercentage), update(id, "3/2", lti.ScoreRatio),
		update(id, "E", lti.ScoreLetter), update(id, "fine", lti.ScoreFreeText), update(id, "0.5", "made-up"),
		update("cell-77", "0.5", ""), {Operation: outcome.Replace, SourcedID: id},
	} {
		if a, r := h.sendForm(bad); a.Status != 200 || r.CodeMajor != outcome.Failure || a.Cause == "" {
			t.Errorf("%+v: %d %+v", bad, a.Status, r)
		}
	}
	if a, r := h.sendForm(outcome.FormRequest{MessageType: "basic-lis-purge", SourcedID: id}); a.Status != 200 || r.CodeMajor != outcome.Unsupported {
		t.Errorf("unknown type: %d %+v", a.Status, r)
	}
	twice := h.form(h.signer("quizzer"), passbackURL, append(outcome.BuildForm(update(id, "0.5", "")), oauth1.Param{Name: "result_resultscore_textstring", Value: "0.9"}))
	if a := h.TakeResult(context.Background(), twice); a.Status != 200 || a.Cause != lti.CauseMissing {
		t.Errorf("two scores: %d %s", a.Status, a.Cause)
	}
	forged := h.signer("quizzer")
	forged.Secret = "guess"
	if a := h.TakeResult(context.Background(), h.form(forged, passbackURL, outcome.BuildForm(update(id, "0.5", "")))); a.Status != 401 || a.Cause != lti.CauseSignature {
		t.Errorf("forged: %d %s", a.Status, a.Cause)
	}
	if got := h.result("bob", "quiz1"); got.Version != 0 {
		t.Errorf("result = %+v, want none", got)
	}
}

// TestBothFormatsLeaveTheSameState sends the same operations to two links, to
// one as POX and to the other as forms.
func TestBothFormatsLeaveTheSameState(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		policy := rapid.SampledFrom([]string{lti.PolicyLatest, lti.PolicyBest, lti.PolicyFirst}).Draw(rt, "policy")
		run++
		pox, form := fmt.Sprintf("pox%d", run), fmt.Sprintf("form%d", run)
		h.changeCourse(func(c *lti.Course) {
			c.Links = []lti.ResourceLink{
				{ID: pox, Tool: "quizzer", Points: 10, Policy: policy}, {ID: form, Tool: "quizzer", Points: 10, Policy: policy},
			}
		})
		poxID, formID := h.sourcedID("bob", pox), h.sourcedID("bob", form)
		score := rapid.OneOf(rapid.StringMatching(`[01]\.[0-9]{1,3}`), rapid.SampledFrom([]string{"", "0,5", "1e0", "NaN"}))
		for i := range rapid.IntRange(1, 8).Draw(rt, "messages") {
			op := rapid.SampledFrom([]outcome.Operation{outcome.Replace, outcome.Replace, outcome.Delete}).Draw(rt, "operation")
			text := score.Draw(rt, "score")
			m := outcome.Request{Operation: op, MessageID: fmt.Sprint(i), SourcedID: poxID, HasScore: text != "", ScoreText: text}
			f := outcome.FormRequest{Operation: op, SourcedID: formID, HasScore: text != "", ScoreText: text}
			_, one := h.send(m)
			_, two := h.sendForm(f)
			if one.CodeMajor != two.CodeMajor {
				rt.Fatalf("%s %q: POX says %s, the form %s", op, text, one.CodeMajor, two.CodeMajor)
			}
		}
		if one, two := state(h.result("bob", pox)), state(h.result("bob", form)); one != two {
			rt.Fatalf("POX left\n%s\nforms left\n%s", one, two)
		}
	})
}

// state writes a result without the link's name and the messages' identifiers,
// which forms have not.
func state(r lti.Result) string {
	s := fmt.Sprint(text(r.Score), r.SubmittedAt.Format(time.RFC3339), r.Version)
	for _, one := range r.History {
		s += fmt.Sprint("; ", text(one.Score), one.By, one.At.Format(time.RFC3339))
	}
	return s
}
