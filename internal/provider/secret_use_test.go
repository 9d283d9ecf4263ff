package provider_test

import (
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// used is when a secret of campus was last used, as the store has it.
func (h *hub) used(s lti.Secret) (at time.Time) {
	h.Helper()
	h.change(func(tx store.Tx) (err error) {
		at, err = store.LastSecretUse(tx, "tool_consumer/uni/campus", s)
		return err
	})
	return at
}

func TestLaunchNotesWhichSecretItCameWith(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	c := h.campus()
	if at := h.used(c.Secret); !at.IsZero() {
		t.Errorf("a secret that nobody used was used at %s", at)
	}
	h.configure(func(stored *lti.ToolConsumer) {
		c.Previous = h.sealed(former)
		stored.Secret, stored.Previous = c.Secret, c.Previous
	})
	for _, step := range []struct {
		name   string
		at     time.Time
		secret string
		want   [2]time.Time // of the current secret and the previous one
	}{
		{"the current one", noon, current, [2]time.Time{noon, {}}},
		{"again within the hour", noon.Add(59 * time.Minute), current, [2]time.Time{noon, {}}},
		{"the previous one", noon.Add(59 * time.Minute), former, [2]time.Time{noon, noon.Add(59 * time.Minute)}},
		{"after an hour", noon.Add(time.Hour), current, [2]time.Time{noon.Add(time.Hour), noon.Add(59 * time.Minute)}},
	} {
		h.clock.set(step.at)
		h.lms.Secret = step.secret
		h.accept(h.launch(student))
		if got := [2]time.Time{h.used(c.Secret), h.used(c.Previous)}; got != step.want {
			t.Errorf("%s: the secrets were used at %s, want %s", step.name, got, step.want)
		}
	}
	h.lms.Secret = "guess"
	h.clock.set(noon.Add(9 * time.Hour))
	h.refuse(h.launch(student), lti.CauseSignature)
	if got := h.used(c.Secret); !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("a forged launch counts as a use, at %s", got)
	}
}
