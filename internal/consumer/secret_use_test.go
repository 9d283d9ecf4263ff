package consumer_test

import (
	"context"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestServiceCallNotesWhichSecretItCameWith(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	var tool lti.Tool
	h.changeTool("quizzer", func(t *lti.Tool) {
		t.Previous = t.Secret
		t.Secret.Sealed = sealFor(h, "new-secret")
		tool = *t
	})
	used := func(s lti.Secret) (at time.Time) {
		h.view(func(tx store.Tx) (err error) {
			at, err = store.LastSecretUse(tx, "tool/uni/quizzer", s)
			return err
		})
		return at
	}
	id := h.sourcedID("bob", "quiz1")
	if !used(tool.Secret).IsZero() || !used(tool.Previous).IsZero() {
		t.Error("a launch counts as the tool's use of a secret")
	}
	first := h.clock.now()
	h.mustSend(replace(id, "0.5")) // with the previous secret
	h.clock.step(30 * time.Minute)
	h.mustSend(replace(id, "0.6"))
	if got := used(tool.Previous); !got.Equal(first) || !used(tool.Secret).IsZero() {
		t.Errorf("the previous secret was used at %s and the current at %s, want %s and never", got, used(tool.Secret), first)
	}
	fresh := h.signer("quizzer")
	fresh.Secret = "new-secret"
	if a := h.TakeResult(context.Background(), h.pox(fresh, replace(id, "0.7"))); a.Status != 200 {
		t.Fatalf("a call with the new secret = %d %s", a.Status, a.Detail)
	}
	if got := used(tool.Secret); !got.Equal(h.clock.now()) {
		t.Errorf("the current secret was used at %s, want %s", got, h.clock.now())
	}
}

func TestLaunchSendsOriginalNamesAndHistory(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.changeTool("quizzer", func(tool *lti.Tool) {
		tool.SendOriginalCase = true
		tool.Custom["was"], tool.Custom["was-link"] = "$Context.id.history", "$ResourceLink.id.history"
	})
	h.changeCourse(func(c *lti.Course) {
		c.History = []string{"c2", "c1"}
		c.Folders[0].Links[0].History = []string{"l2", "l1"}
	})
	params := h.launch("bob", "quiz1").Params
	for name, want := range map[string]string{
		"custom_who_am_i": "Given-bob Family-bob", "custom_Who Am-I": "Given-bob Family-bob", "custom_level": "link",
		"custom_was": "c2,c1", "custom_was_link": "l2,l1", "custom_was-link": "l2,l1",
	} {
		if got, ok := params.Lookup(name); got != want || !ok || params.Count(name) != 1 {
			t.Errorf("%s = %q (%v), want %q", name, got, ok, want)
		}
	}
	if got, ok := h.launch("bob", "quiz2").Params.Lookup("custom_was_link"); got != "" || !ok {
		t.Errorf("the history of a link that is no copy = %q (%v), want the empty one", got, ok)
	}
}
