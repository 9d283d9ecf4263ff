package consumer_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// lastAudit is the newest entry of the audit.
func (h *hub) lastAudit() (last lti.AuditEntry) {
	h.t.Helper()
	h.view(func(tx store.Tx) error {
		return store.Audit.All(tx, "", func(a lti.AuditEntry) error { last = a; return nil })
	})
	return last
}

func TestNewSecretsLeaveOldIDsAlive(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	old := h.sourcedID("bob", "quiz1")
	n, err := h.NewSecrets(context.Background(), consumer.ServiceIDs{Domain: "uni", Tool: "quizzer", LinkCourse: "phys101", Link: "quiz1", Service: lti.ServiceGrade}, "root:uni")
	if err != nil || n != 1 {
		t.Fatalf("NewSecrets() = %d, %v, want 1", n, err)
	}
	fresh := h.sourcedID("bob", "quiz1")
	if fresh == old {
		t.Error("the next launch carries the old id")
	}
	h.mustSend(replace(old, "0.4"))
	h.mustSend(replace(fresh, "0.5"))
	h.clock.step(1440*time.Hour + time.Second)
	if a, _ := h.send(replace(fresh, "0.6")); !strings.HasSuffix(a.Detail, "(cause 20)") {
		t.Errorf("after its time the id is answered %q", a.Detail)
	}
	if a := h.lastAudit(); a.By != "root:uni" || a.Action != "service secrets made anew" || a.Object != "tool uni/quizzer" ||
		a.Detail != "the link phys101/quiz1, the service grade: 1 changed" {
		t.Errorf("audit = %+v", a)
	}
}

func TestRevokedIDsAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	one, two, own, roster := h.sourcedID("bob", "quiz1"), h.sourcedID("bob", "quiz2"), h.sourcedID("bob", "own1"), h.rosterID("quiz1")
	n, err := h.RevokeIDs(context.Background(), consumer.ServiceIDs{Domain: "uni", Tool: "quizzer", LinkCourse: "phys101", Link: "quiz1"}, "root:uni")
	if err != nil || n != 3 {
		t.Fatalf("RevokeIDs() of a link = %d, %v, want grade, roster and setting", n, err)
	}
	if a, _ := h.send(replace(one, "0.4")); !strings.HasSuffix(a.Detail, "(cause 20)") {
		t.Errorf("a revoked id is answered %d %q", a.Status, a.Detail)
	}
	if r, a := h.ServeRoster(context.Background(), h.rosterRequest("quizzer", roster, false)); r != nil || !strings.HasSuffix(a.Detail, "(cause 20)") {
		t.Errorf("a revoked roster id is answered %q", a.Detail)
	}
	h.mustSend(replace(two, "0.4"))
	again := h.sourcedID("bob", "quiz1")
	h.mustSend(replace(again, "0.5"))
	if a, _ := h.send(replace(one, "0.6")); !strings.HasSuffix(a.Detail, "(cause 18)") {
		t.Errorf("once there is a new secret, the revoked id is answered %q", a.Detail)
	}

	if _, err := h.RevokeIDs(context.Background(), consumer.ServiceIDs{Domain: "uni", Tool: "quizzer"}, "root:uni"); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{again, two} {
		if a, _ := h.send(replace(id, "0.7")); !strings.HasSuffix(a.Detail, "(cause 20)") {
			t.Errorf("after all are revoked, an id is answered %q", a.Detail)
		}
	}
	a, _ := h.answer(h.pox(h.signer("own"), replace(own, "0.7")))
	if a.Cause != "" {
		t.Errorf("the id of another tool is answered %q", a.Detail)
	}
	if n, err := h.RevokeIDs(context.Background(), consumer.ServiceIDs{Domain: "uni", Course: "phys101", Tool: "own"}, "root:uni"); err != nil || n == 0 {
		t.Errorf("RevokeIDs() of the course's tool = %d, %v", n, err)
	}
}

func TestServiceIDsOfNothing(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	before := h.lastAudit()
	for _, of := range []consumer.ServiceIDs{
		{Domain: "uni", Tool: "none"}, {Domain: "none", Tool: "quizzer"}, {Domain: "uni", Tool: "own"},
		{Domain: "uni", Course: "phys101", Tool: "quizzer"}, {Domain: "uni", Course: "none", Tool: "own"},
	} {
		if _, err := h.RevokeIDs(context.Background(), of, "root:uni"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("RevokeIDs(%+v) error = %v, want store.ErrNotFound", of, err)
		}
	}
	if _, err := h.NewSecrets(context.Background(), consumer.ServiceIDs{Domain: "uni", Tool: "quizzer", Service: "mail"}, "root:uni"); lti.Reason(err).Cause != lti.CauseMalformed {
		t.Errorf("NewSecrets() of an unknown service = %v", err)
	}
	if n, err := h.NewSecrets(context.Background(), consumer.ServiceIDs{Domain: "uni", Tool: "quizzer"}, "root:uni"); n != 0 || err != nil {
		t.Errorf("NewSecrets() before any launch = %d, %v", n, err)
	}
	if after := h.lastAudit(); after.ID != before.ID && after.Detail != "all links, all services: 0 changed" {
		t.Errorf("audit = %+v", after)
	}
}
