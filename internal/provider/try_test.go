package provider_test

import (
	"errors"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestTryLaunchPassesEveryCheckAndKeepsNothing(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.PublicURL = "https://hub.example"
	tests := []struct {
		name  string
		edit  func(*lti.ToolConsumer)
		cause lti.Cause
	}{
		{"as it is", func(c *lti.ToolConsumer) {
			c.Courses.CreateFor, c.Courses.Types = []string{"Instructor"}, []string{"official"}
		}, ""},
		{"matched by a custom parameter", func(c *lti.ToolConsumer) { c.Users.Match = "custom_number" }, ""},
		{"link protection", func(c *lti.ToolConsumer) { c.UserIdentity = false }, ""},
		{"closed", func(c *lti.ToolConsumer) { c.Disabled = true }, lti.CauseDisabled},
		{"without a live secret", func(c *lti.ToolConsumer) { c.Secret = lti.Secret{} }, lti.CauseDisabled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.configure(tt.edit)
			steps, err := h.TryLaunch(t.Context(), "uni", "campus")
			var refusal *lti.Refusal
			switch {
			case tt.cause == "" && (err != nil || len(steps) < 4):
				t.Errorf("TryLaunch = %q, %v, want every step", steps, err)
			case tt.cause != "" && (!errors.As(err, &refusal) || refusal.Cause != tt.cause):
				t.Errorf("TryLaunch = %v, want %s", err, tt.cause)
			}
		})
	}
	err := h.Store.View(t.Context(), func(tx store.Tx) error {
		for _, collection := range []string{"launches", "users", "bindings", "memberships", "secret_uses", "course_maps"} {
			if found, err := tx.Scan(collection, "", "", 1); err != nil || len(found) > 0 {
				t.Errorf("%s hold %v, %v after trials, want nothing", collection, found, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTryLaunchOfNobody(t *testing.T) {
	t.Parallel()
	if _, err := newHub(t).TryLaunch(t.Context(), "uni", "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("TryLaunch = %v, want ErrNotFound", err)
	}
}
