package consumer_test

import (
	"context"
	"crypto/sha1"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// changingStore changes something once, right after the first reading
// transaction: what another node may do between that and the writing one.
type changingStore struct {
	store.Store
	change func()
}

func (s *changingStore) View(ctx context.Context, fn func(store.Tx) error) error {
	err := s.Store.View(ctx, fn)
	if change := s.change; change != nil {
		s.change = nil
		change()
	}
	return err
}

func TestLaunchSeesWhatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(h *hub)
		want   func(t *testing.T, h *hub, refused lti.Cause, signature, wanted string)
	}{
		{"secret", func(h *hub) {
			h.changeTool("quizzer", func(tool *lti.Tool) { tool.Secret.Sealed = sealFor(h, "new-secret") })
		}, func(t *testing.T, _ *hub, refused lti.Cause, signature, wanted string) {
			if refused != "" || signature != wanted {
				t.Errorf("refused %q, signature %q; want that of the new secret, %q", refused, signature, wanted)
			}
		}},
		{"dropped", func(h *hub) {
			h.changeMember("bob", func(m *lti.Membership) { m.Status = lti.MemberDropped })
		}, func(t *testing.T, h *hub, refused lti.Cause, _, _ string) {
			if r := h.records(lti.Outbound); refused != lti.CauseNotOpen || len(r) != 2 || r[0].Refused || !r[1].Refused {
				t.Errorf("refused %q with the records %+v, want not_open and the first launch alone accepted", refused, r)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.launch("bob", "quiz1") // so that no secret is to be made
			h.Store = &changingStore{h.Store, func() { tt.change(h) }}
			form, err := h.Launch(context.Background(), launchRequest("bob", "quiz1"))
			refused := lti.Cause("")
			if err != nil {
				refused = lti.Reason(err).Cause
			}
			tt.want(t, h, refused, form.Params.Value("oauth_signature"), signature(form.URL, form.Params, "new-secret", sha1.New))
		})
	}
}

func TestTakeResultSeesWhatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(h *hub)
		want   int
		cause  lti.Cause
	}{
		{"nothing that matters", func(h *hub) {
			h.changeTool("quizzer", func(tool *lti.Tool) { tool.Name = "Quizzer 2" })
		}, 200, ""},
		{"secret", func(h *hub) {
			h.changeTool("quizzer", func(tool *lti.Tool) { tool.Secret.Sealed = sealFor(h, "new-secret") })
		}, 401, lti.CauseSignature},
		{"key", func(h *hub) {
			h.changeTool("quizzer", func(tool *lti.Tool) { tool.Key = "new-key" })
		}, 401, lti.CauseUnknownKey},
		{"link gone", func(h *hub) {
			h.changeCourse(func(c *lti.Course) { c.Folders = nil })
		}, 200, lti.CauseUnknownLink},
		{"service off", func(h *hub) {
			h.changeTool("quizzer", func(tool *lti.Tool) { tool.Passback.Enabled = false })
		}, 200, lti.CauseServiceOff},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			id := h.sourcedID("bob", "quiz1")
			h.Store = &changingStore{h.Store, func() { tt.change(h) }}
			a, _ := h.send(replace(id, "0.5"))
			if a.Status != tt.want || a.Cause != tt.cause {
				t.Errorf("answer %d %q (%s), want %d %q", a.Status, a.Cause, a.Detail, tt.want, tt.cause)
			}
			if stored := h.result("bob", "quiz1").Version == 1; stored != (tt.cause == "") {
				t.Errorf("stored = %t", stored)
			}
		})
	}
}

func TestLinkMayHaveItsOwnURL(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.changeCourse(func(c *lti.Course) { c.Folders[0].Links[0].URL = "https://tool.example/chapter/3" })
	if form := h.launch("bob", "quiz1"); form.URL != "https://tool.example/chapter/3" {
		t.Errorf("URL = %q", form.URL)
	}
}

func TestAdminMayOverride(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.update(func(tx store.Tx) error {
		return store.Users.Put(tx, lti.User{Domain: "uni", Username: "root", Admin: true, Handle: "x"})
	})
	if _, err := h.Override(context.Background(), ref("bob", "quiz1"), "root", 1); err != nil {
		t.Error(err)
	}
}
