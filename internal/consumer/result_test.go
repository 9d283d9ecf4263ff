package consumer_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

func TestTakeResultStoresReadsAndDeletes(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")

	read := outcome.Request{Operation: outcome.Read, MessageID: "r1", SourcedID: id}
	if _, r := h.send(read); r.CodeMajor != outcome.Success || r.Score != nil || r.ScoreText != "" {
		t.Errorf("read before any score: %+v", r)
	}
	h.mustSend(replace(id, "0.875"))
	got := h.result("bob", "quiz1")
	if text(got.Score) != "0.875" || got.Version != 1 || !got.SubmittedAt.Equal(h.clock.now()) {
		t.Errorf("result = %+v", got)
	}
	want := lti.Submission{At: h.clock.now(), By: "quizzer", MessageID: "m-0.875"}
	if s := got.History[0]; s.Score == nil || *s.Score != 0.875 || s.At != want.At || s.By != want.By || s.MessageID != want.MessageID {
		t.Errorf("history = %+v", got.History)
	}
	if _, r := h.send(read); r.ScoreText != "0.875" || r.RefID != "r1" || r.Operation != outcome.Read {
		t.Errorf("read = %+v", r)
	}
	h.mustSend(outcome.Request{Operation: outcome.Delete, MessageID: "d1", SourcedID: id})
	if got := h.result("bob", "quiz1"); got.Score != nil || got.Version != 2 {
		t.Errorf("result after deletion = %+v", got)
	}
	if q := h.queued(); !slices.Equal(q, []string{"bob 0.875", "bob none"}) {
		t.Errorf("queued = %q", q)
	}
	if n := len(h.records(lti.Called)); n != 0 {
		t.Errorf("%d refusals recorded, want none", n)
	}
}

func TestDeleteTouchesOneUser(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	bob, cyd, two := h.sourcedID("bob", "quiz1"), h.sourcedID("cyd", "quiz1"), h.sourcedID("bob", "quiz2")
	for _, id := range []string{bob, cyd, two} {
		h.mustSend(replace(id, "0.5"))
	}
	h.mustSend(outcome.Request{Operation: outcome.Delete, SourcedID: bob})
	for _, other := range []lti.Result{h.result("cyd", "quiz1"), h.result("bob", "quiz2")} {
		if text(other.Score) != "0.5" || other.Version != 1 {
			t.Errorf("another result became %+v", other)
		}
	}
}

func TestDeleteOfNothingSucceedsAndQueuesNothing(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.mustSend(outcome.Request{Operation: outcome.Delete, SourcedID: h.sourcedID("bob", "quiz1")})
	if got := h.result("bob", "quiz1"); got.Version != 0 || len(h.queued()) != 0 {
		t.Errorf("result = %+v, queued = %q", got, h.queued())
	}
}

func TestScores(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	for _, good := range []string{"0", "1", "0.0", "1.0", "1.", ".5", " 0.5\n", "0.30000000000000004"} {
		h.mustSend(replace(id, good))
	}
	before := h.result("bob", "quiz1")
	for _, bad := range []string{"1.0000001", "-0.1", "0,5", "1e-1", "NaN", "Inf", "0x1", "half", "+1", "2", "٠"} {
		a, r := h.send(replace(id, bad))
		if a.Status != 200 || r.CodeMajor != outcome.Failure || a.Cause != lti.CauseScore {
			t.Errorf("score %q: %d %s %s", bad, a.Status, r.CodeMajor, a.Cause)
		}
	}
	m := replace(id, "")
	m.HasScore = false
	if a, r := h.send(m); a.Status != 200 || r.CodeMajor != outcome.Failure {
		t.Errorf("no score: %d %s", a.Status, r.CodeMajor)
	}
	if after := h.result("bob", "quiz1"); after.Version != before.Version {
		t.Errorf("bad scores changed the result from version %d to %d", before.Version, after.Version)
	}
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	tests := []struct{ policy, want string }{
		{"", "0.4"}, {lti.PolicyLatest, "0.4"}, {lti.PolicyBest, "0.9"}, {lti.PolicyFirst, "0.3"},
	}
	for _, tt := range tests {
		t.Run(tt.policy, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.changeCourse(func(c *lti.Course) { c.Folders[0].Links[0].Policy = tt.policy })
			id := h.sourcedID("bob", "quiz1")
			for _, score := range []string{"0.3", "0.9", "0.4"} {
				h.mustSend(replace(id, score))
			}
			got := h.result("bob", "quiz1")
			if text(got.Counts()) != tt.want || len(got.History) != 3 || got.Version != 3 {
				t.Errorf("counts %s with %d submissions, version %d; want %s", text(got.Counts()), len(got.History), got.Version, tt.want)
			}
			h.mustSend(outcome.Request{Operation: outcome.Delete, MessageID: "d", SourcedID: id})
			h.mustSend(replace(id, "0.1"))
			if got := h.result("bob", "quiz1"); text(got.Counts()) != "0.1" {
				t.Errorf("after a deletion counts %s, want the next score", text(got.Counts()))
			}
		})
	}
}

func TestRepeatedMessageLeavesNoSecondTrace(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	h.mustSend(replace(id, "0.5"))
	h.clock.step(time.Second)
	h.mustSend(replace(id, "0.5")) // a fresh nonce, the same message
	if got := h.result("bob", "quiz1"); got.Version != 1 || len(got.History) != 1 || len(h.queued()) != 1 {
		t.Errorf("result = %+v, queued = %q", got, h.queued())
	}
	other := replace(id, "0.6")
	other.MessageID = "m-0.5" // some tools have one identifier for all
	h.mustSend(other)
	h.mustSend(replace(id, "0.5"))
	if got := h.result("bob", "quiz1"); text(got.Score) != "0.5" || got.Version != 3 {
		t.Errorf("result = %+v, want both further scores taken", got)
	}
}

func TestReplayIsRefused(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	for _, score := range []string{"0.5", "nonsense"} { // what was refused is used up, too
		req := h.pox(h.signer("quizzer"), replace(id, score))
		h.answer(req)
		a, r := h.answer(req)
		if a.Status != 401 || r.CodeMajor != outcome.Failure || a.Cause != lti.CauseNonceUsed || !strings.Contains(a.Detail, "(cause 16)") {
			t.Errorf("replay of %q: %d %s %s: %s", score, a.Status, r.CodeMajor, a.Cause, a.Detail)
		}
	}
	if got := h.result("bob", "quiz1"); got.Version != 1 {
		t.Errorf("version = %d", got.Version)
	}
}

// After a restore a tool is asked to come again: a refusal would make it drop
// the grade.
func TestForgottenNonceIsAskedForAgain(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	h.update(func(tx store.Tx) error { return tx.RefuseNonces(tx.Now().Add(10 * time.Minute)) })
	a, r := h.send(replace(id, "0.5"))
	if a.Status != 503 || r.CodeMajor != outcome.Failure || a.Cause != lti.CauseNonceStale || h.result("bob", "quiz1").Version != 0 {
		t.Errorf("a call that could be a replay: %d %s %s", a.Status, r.CodeMajor, a.Cause)
	}
}

func TestTotalScoreIsOfThePointsPossible(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	if got := h.launch("bob", "quiz1").Params.Value("ext_outcome_result_total_score_accepted"); got != "true" {
		t.Errorf("the launch announces %q", got)
	}
	m := replace(h.sourcedID("bob", "quiz1"), "0.1")
	m.TotalScore = "7.5" // of 10, and it wins
	h.mustSend(m)
	if got := h.result("bob", "quiz1"); got.Score == nil || *got.Score != 0.75 {
		t.Errorf("score = %v, want 0.75", got.Score)
	}
	for _, bad := range []string{"11", "-1", "1e1", "7,5", "3/4", "NaN"} {
		m.MessageID, m.TotalScore = "bad-"+bad, bad
		if _, r := h.send(m); r.CodeMajor != outcome.Failure {
			t.Errorf("a total of %q: %s", bad, r.CodeMajor)
		}
	}
	if got := h.result("bob", "quiz1"); got.Version != 1 {
		t.Errorf("version = %d after bad totals, want 1", got.Version)
	}
}

func TestResultDataIsKept(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	m := replace(id, "0.5")
	m.Data = outcome.Data{Text: "essay", URL: "javascript:alert(1)", LaunchURL: "https://tool.example/s/9#top"}
	m.Submission.SubmittedAt = h.clock.now().Add(time.Minute).Format(time.RFC3339)
	h.mustSend(m)
	only := outcome.Request{Operation: outcome.Replace, MessageID: "only data", SourcedID: id, Data: outcome.Data{Text: "second"}}
	h.mustSend(only)
	got := h.result("bob", "quiz1")
	if s := got.History[0]; s.Text != "essay" || s.URL != "" || s.LaunchURL != "https://tool.example/s/9#top" {
		t.Errorf("first submission = %+v", s)
	}
	if s := got.History[1]; s.Text != "second" || text(got.Score) != "0.5" || text(s.Score) != "0.5" {
		t.Errorf("second submission = %+v, score %s", s, text(got.Score))
	}
	m.MessageID, m.Submission.SubmittedAt = "late", h.clock.now().Add(61*time.Second).Format(time.RFC3339)
	if a, r := h.send(m); a.Status != 200 || r.CodeMajor != outcome.Failure {
		t.Errorf("submittedAt in the future: %d %s", a.Status, r.CodeMajor)
	}
}

func TestScoresAfterTheDueDateAreRefused(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	h.changeCourse(func(c *lti.Course) { c.Folders[0].Links[0].Due = h.clock.now().Add(time.Minute) })
	h.mustSend(replace(id, "0.5"))
	h.clock.step(time.Minute)
	for _, m := range []outcome.Request{replace(id, "0.9"), {Operation: outcome.Delete, SourcedID: id}} {
		a, r := h.send(m)
		if a.Status != 200 || r.CodeMajor != outcome.Failure || !strings.Contains(r.Description, "no results are taken") {
			t.Errorf("%s: %d %s %q", m.Operation, a.Status, r.CodeMajor, r.Description)
		}
	}
	if _, r := h.send(outcome.Request{Operation: outcome.Read, SourcedID: id}); r.ScoreText != "0.5" {
		t.Errorf("read = %+v", r)
	}
}

// refusals: each numbered cause, what the caller is told, and that nothing
// changes.
func TestTakeResultRefuses(t *testing.T) {
	t.Parallel()
	tamper := func(id string) string { // the first hex digit of the seal
		if id[0] == '0' {
			return "1" + id[1:]
		}
		return "0" + id[1:]
	}
	tests := []struct {
		name   string
		make   func(h *hub, id string) oauth1.Request
		status int
		number sourcedid.Cause
		cause  lti.Cause
	}{
		{"id missing", func(h *hub, id string) oauth1.Request { return h.pox(h.signer("quizzer"), replace("", "0.5")) }, 200, 1, lti.CauseMissing},
		{"id of one word", func(h *hub, id string) oauth1.Request { return h.pox(h.signer("quizzer"), replace("cell-77", "0.5")) }, 200, 2, lti.CauseServiceID},
		{"id of 4 KiB", func(h *hub, id string) oauth1.Request {
			return h.pox(h.signer("quizzer"), replace(strings.Repeat("a", 4097), "0.5"))
		}, 200, 2, lti.CauseServiceID},
		{"truncated", func(h *hub, id string) oauth1.Request {
			return h.pox(h.signer("quizzer"), replace(strings.TrimSuffix(id, "/phys101"), "0.5"))
		}, 200, 8, lti.CauseServiceID},
		{"domain unknown", func(h *hub, id string) oauth1.Request {
			return h.pox(h.signer("quizzer"), replace(strings.Replace(id, "uni/", "elsewhere/", 1), "0.5"))
		}, 200, 5, lti.CauseUnknownCourse},
		{"course unknown", func(h *hub, id string) oauth1.Request {
			return h.pox(h.signer("quizzer"), replace(strings.Replace(id, "phys101", "chem101", 1), "0.5"))
		}, 200, 7, lti.CauseUnknownCourse},
		{"link unknown", func(h *hub, id string) oauth1.Request {
			return h.pox(h.signer("quizzer"), replace(strings.Replace(id, sourcedid.LinkDigest([]byte("course digest key"), "quiz1"), "abc", 1), "0.5"))
		}, 200, 9, lti.CauseUnknownLink},
		{"user unknown", func(h *hub, id string) oauth1.Request {
			h.update(func(tx store.Tx) error { return store.Memberships.Delete(tx, "uni", "phys101", "bob") })
			return h.pox(h.signer("quizzer"), replace(id, "0.5"))
		}, 200, 10, lti.CauseServiceID},
		{"user dropped", func(h *hub, id string) oauth1.Request {
			h.changeMember("bob", func(m *lti.Membership) { m.Status = lti.MemberDropped })
			return h.pox(h.signer("quizzer"), replace(id, "0.5"))
		}, 200, 10, lti.CauseServiceID},
		{"link removed", func(h *hub, id string) oauth1.Request {
			h.changeCourse(func(c *lti.Course) { c.Folders[0].Links = nil })
			return h.pox(h.signer("quizzer"), replace(id, "0.5"))
		}, 200, 9, lti.CauseUnknownLink},
		{"another tool's key", func(h *hub, id string) oauth1.Request { return h.pox(h.signer("other"), replace(id, "0.5")) }, 401, 11, lti.CauseUnknownKey},
		{"tool gone", func(h *hub, id string) oauth1.Request {
			h.update(func(tx store.Tx) error { return store.Tools.Delete(tx, "uni", "quizzer") })
			return h.pox(h.signer("quizzer"), replace(id, "0.5"))
		}, 200, 12, lti.CauseNoTool},
		{"link without a tool", func(h *hub, id string) oauth1.Request {
			h.changeCourse(func(c *lti.Course) { c.Folders[0].Links[0].Tool = "" })
			return h.pox(h.signer("quizzer"), replace(id, "0.5"))
		}, 200, 13, lti.CauseNoTool},
		{"wrong secret", func(h *hub, id string) oauth1.Request {
			s := h.signer("quizzer")
			s.Secret = "guess"
			return h.pox(s, replace(id, "0.5"))
		}, 401, 15, lti.CauseSignature},
		{"another method", func(h *hub, id string) oauth1.Request {
			s := h.signer("quizzer")
			s.Method = oauth1.HMACSHA256
			return h.pox(s, replace(id, "0.5"))
		}, 401, 15, lti.CauseMethod},
		{"body changed", func(h *hub, id string) oauth1.Request {
			req := h.pox(h.signer("quizzer"), replace(id, "0.5"))
			req.Body = []byte(strings.Replace(string(req.Body), ">0.5<", ">0.9<", 1))
			return req
		}, 401, 15, lti.CauseBodyHash},
		{"no body hash", func(h *hub, id string) oauth1.Request {
			// Signed as a form without fields, and sent with a body of XML.
			signed, err := h.signer("quizzer").SignForm(passbackURL, nil)
			if err != nil {
				h.t.Fatal(err)
			}
			var header []string
			for name, value := range signed.All() {
				header = append(header, fmt.Sprintf("%s=%q", name, strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D", ":", "%3A").Replace(value)))
			}
			return oauth1.Request{
				Method: "POST", URL: passbackURL, ContentType: "application/xml",
				Authorization: []string{"OAuth " + strings.Join(header, ",")}, Body: outcome.BuildRequest(replace(id, "0.5")),
			}
		}, 401, 15, lti.CauseBodyHash},
		{"nothing signed", func(h *hub, id string) oauth1.Request {
			req := h.pox(h.signer("quizzer"), replace(id, "0.5"))
			req.Authorization = nil
			return req
		}, 401, 15, lti.CauseMissing},
		{"old timestamp", func(h *hub, id string) oauth1.Request {
			req := h.pox(h.signer("quizzer"), replace(id, "0.5"))
			h.clock.step(5*time.Minute + time.Second)
			return req
		}, 401, 16, lti.CauseTimestampOld},
		{"timestamp ahead", func(h *hub, id string) oauth1.Request {
			s := h.signer("quizzer")
			s.Now = func() time.Time { return h.clock.now().Add(5*time.Minute + time.Second) }
			return h.pox(s, replace(id, "0.5"))
		}, 401, 16, lti.CauseTimestampFuture},
		{"score missing", func(h *hub, id string) oauth1.Request {
			return h.pox(h.signer("quizzer"), outcome.Request{Operation: outcome.Replace, SourcedID: id})
		}, 200, 17, lti.CauseScore},
		{"seal changed", func(h *hub, id string) oauth1.Request { return h.pox(h.signer("quizzer"), replace(tamper(id), "0.5")) }, 200, 18, lti.CauseServiceID},
		{"another user's digest", func(h *hub, id string) oauth1.Request {
			key := []byte("course digest key")
			return h.pox(h.signer("quizzer"), replace(strings.Replace(id, sourcedid.UserDigest(key, "bob"), sourcedid.UserDigest(key, "cyd"), 1), "0.5"))
		}, 200, 18, lti.CauseServiceID},
		{"another link's digest", func(h *hub, id string) oauth1.Request {
			h.launch("cyd", "quiz2") // so that quiz2 has a secret of its own
			key := []byte("course digest key")
			return h.pox(h.signer("quizzer"), replace(strings.Replace(id, sourcedid.LinkDigest(key, "quiz1"), sourcedid.LinkDigest(key, "quiz2"), 1), "0.5"))
		}, 200, 18, lti.CauseServiceID},
		{"secret gone", func(h *hub, id string) oauth1.Request {
			h.clock.step(1440*time.Hour + time.Second)
			return h.pox(h.signer("quizzer"), replace(id, "0.5"))
		}, 200, 20, lti.CauseServiceID},
		{"service off", func(h *hub, id string) oauth1.Request {
			h.changeTool("quizzer", func(tool *lti.Tool) { tool.Passback.Enabled = false })
			return h.pox(h.signer("quizzer"), replace(id, "0.5"))
		}, 200, 21, lti.CauseServiceOff},
		{"no points any more", func(h *hub, id string) oauth1.Request {
			h.changeCourse(func(c *lti.Course) { c.Folders[0].Links[0].Points = 0 })
			return h.pox(h.signer("quizzer"), replace(id, "0.5"))
		}, 200, 21, lti.CauseServiceOff},
		{"course closed", func(h *hub, id string) oauth1.Request {
			h.changeCourse(func(c *lti.Course) { c.Disabled = true })
			return h.pox(h.signer("quizzer"), replace(id, "0.5"))
		}, 200, 21, lti.CauseDisabled},
		{"tool closed", func(h *hub, id string) oauth1.Request {
			h.changeTool("quizzer", func(tool *lti.Tool) { tool.Disabled = true })
			return h.pox(h.signer("quizzer"), replace(id, "0.5"))
		}, 200, 21, lti.CauseDisabled},
		{"content type", func(h *hub, id string) oauth1.Request {
			req := h.pox(h.signer("quizzer"), replace(id, "0.5"))
			req.ContentType = "text/plain"
			return req
		}, 415, 17, lti.CauseContentType},
		{"too large", func(h *hub, id string) oauth1.Request {
			req := h.pox(h.signer("quizzer"), replace(id, "0.5"))
			req.Body = append(req.Body, strings.Repeat(" ", consumer.MaxBody)...)
			return req
		}, 413, 17, lti.CauseTooLarge},
		{"no XML", func(h *hub, id string) oauth1.Request {
			req := h.pox(h.signer("quizzer"), replace(id, "0.5"))
			req.Body = []byte("<broken")
			return req
		}, 400, 17, lti.CauseMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			req := tt.make(h, h.sourcedID("bob", "quiz1"))
			a, r := h.answer(req)
			if a.Status != tt.status || r.CodeMajor != outcome.Failure || a.Cause != tt.cause {
				t.Errorf("answer %d %s, cause %s (%s); want %d failure, cause %s", a.Status, r.CodeMajor, a.Cause, a.Detail, tt.status, tt.cause)
			}
			if want := fmt.Sprintf("(cause %d)", tt.number); !strings.HasSuffix(a.Detail, want) {
				t.Errorf("detail = %q, want %s", a.Detail, want)
			}
			if strings.Contains(string(a.Body), "cause") || strings.Contains(string(a.Body), "secret") {
				t.Errorf("the caller is told %s", a.Body)
			}
			records := h.records(lti.Called)
			if len(records) != 1 || !records[0].Refused || records[0].Detail != a.Detail || lti.Reference(records[0].ID) != a.Reference {
				t.Errorf("records = %+v, want one with %q", records, a.Detail)
			}
			if got := h.result("bob", "quiz1"); got.Version != 0 || len(h.queued()) != 0 {
				t.Errorf("result = %+v, queued %q; want nothing changed", got, h.queued())
			}
		})
	}
}

func TestRefusalsTellStrangersNothing(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	var answers []string
	for _, foreign := range []string{
		strings.Replace(id, "uni/", "none/", 1), strings.Replace(id, "phys101", "none", 1),
		strings.Replace(id, sourcedid.LinkDigest([]byte("course digest key"), "quiz1"), "abc", 1),
	} {
		a, r := h.answer(h.pox(h.signer("other"), replace(foreign, "0.5")))
		answers = append(answers, fmt.Sprint(a.Status, r.CodeMajor, r.CodeMinor, r.Description))
	}
	if len(slices.Compact(answers)) != 1 {
		t.Errorf("answers differ: %q", answers)
	}
}

func TestUnsupportedOperation(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a, r := h.send(outcome.Request{Operation: "purgeResult", MessageID: "p", SourcedID: h.sourcedID("bob", "quiz1")})
	if a.Status != 200 || r.CodeMajor != outcome.Unsupported || r.RefID != "p" {
		t.Errorf("answer %d %+v", a.Status, r)
	}
}

func TestPreviousSecretOfTheToolHolds(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	h.changeTool("quizzer", func(tool *lti.Tool) {
		tool.Previous = lti.Secret{Sealed: tool.Secret.Sealed, Until: h.clock.now().Add(time.Hour)}
		tool.Secret.Sealed = sealFor(h, "new-secret")
	})
	h.mustSend(replace(id, "0.5"))
	next := h.signer("quizzer")
	next.Secret = "new-secret"
	if a, _ := h.answer(h.pox(next, replace(id, "0.6"))); a.Cause != "" {
		t.Errorf("new secret: %s", a.Detail)
	}
	h.clock.step(time.Hour)
	if a, _ := h.send(replace(id, "0.7")); a.Status != 401 {
		t.Errorf("ended secret: %d", a.Status)
	}
}

func sealFor(h *hub, secret string) string {
	h.t.Helper()
	sealed, err := h.Vault.Seal(secret, "tool/uni/quizzer")
	if err != nil {
		h.t.Fatal(err)
	}
	return sealed
}

func TestXMLUnderTheFormTypeIsTaken(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	req := h.pox(h.signer("quizzer"), replace(h.sourcedID("bob", "quiz1"), "0.5"))
	req.ContentType = "application/x-www-form-urlencoded" // edX sends that
	if a, r := h.answer(req); r.CodeMajor != outcome.Success {
		t.Errorf("answer %d: %s", a.Status, a.Detail)
	}
}

func TestConcurrentScoresLoseNothing(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	const many = 64
	var sent sync.WaitGroup
	for i := range many {
		req := h.pox(h.signer("quizzer"), replace(id, fmt.Sprintf("0.%02d", i+10)))
		sent.Go(func() {
			if a := h.TakeResult(context.Background(), req); a.Cause != "" {
				t.Errorf("answer %d: %s", a.Status, a.Detail)
			}
		})
	}
	sent.Wait()
	got := h.result("bob", "quiz1")
	all := h.history("bob", "quiz1")
	if got.Version != many || len(all) != many || got.Moved == 0 {
		t.Fatalf("version %d with %d submissions, %d moved; want %d", got.Version, len(all), got.Moved, many)
	}
	if last := all[many-1]; text(last.Score) != text(got.Score) {
		t.Errorf("result %s, want the newest submission's %s", text(got.Score), text(last.Score))
	}
	seen := map[string]bool{}
	for _, s := range all {
		seen[s.MessageID] = true
	}
	if len(seen) != many {
		t.Errorf("%d different messages in the history, want %d", len(seen), many)
	}
	queued := h.queued()
	if len(queued) != many || queued[many-1] != "bob "+text(got.Score) {
		t.Errorf("%d queued, the last %q; want %d, the last %s", len(queued), queued[len(queued)-1], many, text(got.Score))
	}
}

// history is everything that was ever submitted, oldest first.
func (h *hub) history(user, link string) (all []lti.Submission) {
	h.t.Helper()
	before := int64(0)
	for {
		_, page, err := h.History(context.Background(), ref(user, link), before)
		if err != nil {
			h.t.Fatal(err)
		}
		all = append(slices.Clone(page.Submissions), all...)
		if before = page.First; before == 0 {
			return all
		}
	}
}

func TestLongSubmissionsMoveAway(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	for i := range 5 {
		m := replace(id, fmt.Sprintf("0.%d", i))
		m.Data.Text = strings.Repeat("x", 50<<10)
		h.mustSend(m)
	}
	if got := h.result("bob", "quiz1"); len(got.History) >= 4 || len(h.history("bob", "quiz1")) != 5 {
		t.Errorf("%d submissions beside the result, %d in all", len(got.History), len(h.history("bob", "quiz1")))
	}
}

// deadStore takes no writes.
type deadStore struct {
	store.Store
	err error
}

func (s deadStore) Update(context.Context, func(store.Tx) error) error { return s.err }

func TestNoSuccessWithoutTheStore(t *testing.T) {
	t.Parallel()
	for _, fault := range []error{store.ErrUnavailable, store.ErrAmbiguous, context.DeadlineExceeded, errors.New("disk on fire")} {
		t.Run(fault.Error(), func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			id := h.sourcedID("bob", "quiz1")
			h.Store = deadStore{h.Store, fault}
			a, r := h.send(replace(id, "0.5"))
			if a.Status < 500 || r.CodeMajor != outcome.Failure {
				t.Errorf("answer %d %s", a.Status, r.CodeMajor)
			}
			if strings.Contains(string(a.Body), "fire") {
				t.Errorf("the caller is told %s", a.Body)
			}
		})
	}
}

func TestQueueFailureKeepsNothing(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	h.Queue = func(store.Tx, lti.Result) error { return errors.New("no room") }
	if a, _ := h.send(replace(id, "0.5")); a.Status != 500 {
		t.Errorf("status %d", a.Status)
	}
	if got := h.result("bob", "quiz1"); got.Version != 0 {
		t.Errorf("result = %+v, want none", got)
	}
}

func TestRefuseResultSpeaksTheCallersForm(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.RefuseResult(context.Background(), oauth1.Request{ContentType: "application/xml"}, oauth1.ErrTooLarge)
	if _, err := outcome.ParseResponse(a.Body, ""); err != nil || a.Status != 413 {
		t.Errorf("answer %d %s", a.Status, a.Body)
	}
	a = h.RefuseResult(context.Background(), oauth1.Request{ContentType: "application/x-www-form-urlencoded"}, oauth1.ErrEncoding)
	if _, err := outcome.ParseFormResponse(a.Body); err != nil || a.Status != 415 {
		t.Errorf("answer %d %s", a.Status, a.Body)
	}
}
