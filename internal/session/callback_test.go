package session

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// callback gives the launch's session a logout callback and returns its token.
func (h *house) callback(r lti.LaunchRecord) string {
	h.Helper()
	token := r.ID + ".secret"
	r.Session.LogoutCallback = digestOf(token)
	h.change(func(tx store.Tx) error { return store.Launches.Put(tx, r) })
	return token
}

func TestLogoutCallbackEndsItsSessionOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	r, other := h.launch(), h.launch()
	token, cookie, kept := h.callback(r), h.opened(r), h.opened(other)
	var ended atomic.Int32
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if h.EndByCallback(context.Background(), token) == nil {
				ended.Add(1)
			}
		})
	}
	all.Wait()
	if n := ended.Load(); n != 1 {
		t.Errorf("one callback ended a session %d times", n)
	}
	if _, err := h.Visitor(asking(r.ID, cookie)); !errors.Is(err, ErrOver) {
		t.Errorf("Visitor() after the callback = %v, want ErrOver", err)
	}
	if _, err := h.Visitor(asking(other.ID, kept)); err != nil {
		t.Errorf("Visitor() of another launch = %v", err)
	}
}

func TestLogoutCallbackIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	r, plain := h.launch(), h.launch()
	token := h.callback(r)
	for _, bad := range []string{"", ".", "nonsense", r.ID, r.ID + ".", token + "x", plain.ID + ".secret", plain.ID + "."} {
		if err := h.EndByCallback(context.Background(), bad); !errors.Is(err, ErrTicket) {
			t.Errorf("EndByCallback(%q) = %v, want ErrTicket", bad, err)
		}
	}
	h.pass(time.Hour)
	if err := h.EndByCallback(context.Background(), token); !errors.Is(err, ErrTicket) {
		t.Errorf("EndByCallback() after the session's end = %v, want ErrTicket", err)
	}
}
