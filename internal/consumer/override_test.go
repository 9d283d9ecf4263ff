package consumer_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/outcome"
	"github.com/ltihub/ltihub/internal/store"
)

func TestOverrideStandsUntilLifted(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	h.mustSend(replace(id, "0.4"))
	r, err := h.Override(context.Background(), ref("bob", "quiz1"), "ada", 0.9)
	if err != nil || text(r.Counts()) != "0.9" {
		t.Fatalf("Override = %s, %v", text(r.Counts()), err)
	}
	h.mustSend(replace(id, "0.5"))
	if got := h.result("bob", "quiz1"); text(got.Counts()) != "0.9" || text(got.Score) != "0.5" {
		t.Errorf("result = %+v", got)
	}
	h.mustSend(outcome.Request{Operation: outcome.Delete, MessageID: "d", SourcedID: id})
	if _, r := h.send(outcome.Request{Operation: outcome.Read, SourcedID: id}); r.ScoreText != "0.9" {
		t.Errorf("read = %q, want what counts", r.ScoreText)
	}
	h.mustSend(replace(id, "0.6"))
	if r, err = h.Lift(context.Background(), ref("bob", "quiz1"), "ada"); err != nil || text(r.Counts()) != "0.6" || r.Override != nil {
		t.Errorf("Lift = %+v, %v", r, err)
	}
	version := r.Version
	if r, err = h.Lift(context.Background(), ref("bob", "quiz1"), "ada"); err != nil || r.Version != version {
		t.Errorf("second Lift = %+v, %v; want nothing changed", r, err)
	}
	if q := h.queued(); q[len(q)-1] != "bob 0.6" {
		t.Errorf("queued = %q", q)
	}
	var audit []string
	h.view(func(tx store.Tx) error {
		return store.Audit.All(tx, "", func(a lti.AuditEntry) error {
			audit = append(audit, a.By+" "+a.Action+" "+a.Object)
			return nil
		})
	})
	want := "[ada override result uni/phys101/quiz1/bob ada lift override uni/phys101/quiz1/bob]"
	if fmt.Sprint(audit) != want {
		t.Errorf("audit = %q, want %s", audit, want)
	}
}

func TestOverrideRefuses(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	tests := []struct {
		name  string
		ref   consumer.ResultRef
		by    string
		score float64
		want  lti.Cause
	}{
		{"by a student", ref("cyd", "quiz1"), "bob", 1, lti.CauseNoRole},
		{"by a stranger", ref("cyd", "quiz1"), "eve", 1, lti.CauseNoRole},
		{"score", ref("cyd", "quiz1"), "ada", 1.1, lti.CauseScore},
		{"no points", ref("cyd", "reading1"), "ada", 1, lti.CauseScore},
		{"link", ref("cyd", "none"), "ada", 1, lti.CauseUnknownLink},
		{"no member", ref("eve", "quiz1"), "ada", 1, lti.CauseNoAccount},
		{"course", consumer.ResultRef{Course: lti.CourseRef{Domain: "uni", ID: "none"}, Link: "quiz1", Username: "cyd"}, "ada", 1, lti.CauseUnknownCourse},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := h.Override(context.Background(), tt.ref, tt.by, tt.score); err == nil || lti.Reason(err).Cause != tt.want {
				t.Errorf("Override error = %v, want %s", err, tt.want)
			}
		})
	}
	if len(h.queued()) != 0 {
		t.Errorf("queued = %q", h.queued())
	}
}
