package session

import (
	"errors"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestProveWantsThePassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	h.addUser(lti.User{Domain: "uni", Username: "pat", PasswordHash: hashed(t, "right")})
	h.addUser(lti.User{Domain: "uni", Username: "gone", PasswordHash: hashed(t, "right"), Disabled: true})
	h.addUser(lti.User{Domain: "uni", Username: "none"})
	for _, tt := range []struct {
		name, password string
		want           error
	}{{"pat", "right", nil}, {"pat", "wrong", ErrPassword}, {"gone", "right", ErrPassword}, {"none", "", ErrPassword}, {"nobody", "right", ErrPassword}} {
		if err := h.Prove(t.Context(), "uni", tt.name, tt.password); !errors.Is(err, tt.want) {
			t.Errorf("Prove(%s, %s) = %v, want %v", tt.name, tt.password, err, tt.want)
		}
	}
}

func TestEndedSessionsAreOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	h.addUser(lti.User{Domain: "uni", Username: "pat", PasswordHash: hashed(t, "right")})
	cookie, err := h.signIn(nil, "pat", "right")
	if err != nil {
		t.Fatal(err)
	}
	record := h.launch()
	launched := h.opened(record)
	h.pass(time.Minute)
	end := func(name string) {
		h.change(func(tx store.Tx) error {
			u, err := store.Users.Get(tx, "uni", name)
			if err != nil {
				return err
			}
			u.SessionsEnd = h.time()
			return store.Users.Put(tx, u)
		})
	}
	end("pat")
	end(record.Username)
	if name, err := h.who(cookie); !errors.Is(err, ErrOver) {
		t.Errorf("the sign-in is that of %q, %v, want it over", name, err)
	}
	if _, err := h.Visitor(asking(record.ID, launched)); !errors.Is(err, ErrOver) {
		t.Errorf("the launch's session: %v, want it over", err)
	}
	again, err := h.signIn(nil, "pat", "right")
	if err != nil {
		t.Fatal(err)
	}
	if name, err := h.who(again); err != nil || name == "" {
		t.Errorf("signed in again: %q, %v", name, err)
	}
}
