package session

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func (h *house) redeem(id, ticket string) (*http.Cookie, error) {
	h.Helper()
	w := httptest.NewRecorder()
	_, err := h.Redeem(w, httptest.NewRequest(http.MethodPost, "/", nil), id, ticket)
	set := w.Result().Cookies()
	if err != nil {
		if len(set) != 0 {
			h.Error("a refused ticket set a cookie")
		}
		return nil, err
	}
	if len(set) != 1 {
		h.Fatalf("Redeem set %d cookies, want 1", len(set))
	}
	return set[0], nil
}

func TestTicketOpensTheSessionOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	r := h.launch()
	first := h.opened(r)
	cookie, err := h.redeem(r.ID, "ticket-"+r.ID)
	if err != nil {
		t.Fatalf("Redeem() = %v", err)
	}
	if cookie.Value == first.Value || len(cookie.Value) < 32 || cookie.Name != first.Name {
		t.Errorf("cookie %s, want the same name with a new random value", cookie)
	}
	if _, err := h.Visitor(asking(r.ID, cookie)); err != nil {
		t.Errorf("Visitor() with the new cookie = %v", err)
	}
	if _, err := h.Visitor(asking(r.ID, first)); !errors.Is(err, ErrNone) {
		t.Errorf("Visitor() with the old cookie = %v, want ErrNone", err)
	}
	if _, err := h.redeem(r.ID, "ticket-"+r.ID); !errors.Is(err, ErrTicket) {
		t.Errorf("Redeem() again = %v, want ErrTicket", err)
	}
}

func TestOfManyRedeemersOneWins(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	r := h.launch()
	var won atomic.Int32
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			if _, err := h.Redeem(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil), r.ID, "ticket-"+r.ID); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if n := won.Load(); n != 1 {
		t.Errorf("%d redeemed one ticket", n)
	}
}

func TestTicketIsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(h *house, r lti.LaunchRecord)
		ticket string // "" for the right one
		ok     bool
	}{
		{name: "in time", change: func(h *house, _ lti.LaunchRecord) { h.pass(TicketLifetime) }, ok: true},
		{name: "too late", change: func(h *house, _ lti.LaunchRecord) { h.pass(TicketLifetime + time.Second) }},
		{name: "session ended", change: func(h *house, r lti.LaunchRecord) {
			if err := h.End(context.Background(), r.ID); err != nil {
				h.Fatal(err)
			}
		}},
		{name: "session expired", change: func(h *house, r lti.LaunchRecord) {
			r.Session.Expires = h.time()
			h.change(func(tx store.Tx) error { return store.Launches.Put(tx, r) })
		}},
		{name: "no session", change: func(h *house, r lti.LaunchRecord) {
			r.Session = nil
			h.change(func(tx store.Tx) error { return store.Launches.Put(tx, r) })
		}},
		{name: "no such launch", change: func(h *house, r lti.LaunchRecord) {
			h.change(func(tx store.Tx) error { return store.Launches.Delete(tx, r.ID) })
		}},
		{name: "wrong", change: func(*house, lti.LaunchRecord) {}, ticket: "guess"},
		{name: "empty", change: func(*house, lti.LaunchRecord) {}, ticket: " "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, true)
			r := h.launch()
			tt.change(h, r)
			ticket := "ticket-" + r.ID
			if tt.ticket != "" {
				ticket = strings.TrimSpace(tt.ticket)
			}
			_, err := h.redeem(r.ID, ticket)
			if tt.ok && err != nil || !tt.ok && !errors.Is(err, ErrTicket) {
				t.Errorf("Redeem() = %v, want it good: %v", err, tt.ok)
			}
		})
	}
}

func TestWrongTicketLeavesTheRightOneGood(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	r, other := h.launch(), h.launch()
	if _, err := h.redeem(r.ID, "ticket-"+other.ID); !errors.Is(err, ErrTicket) {
		t.Errorf("Redeem() with another launch's ticket = %v, want ErrTicket", err)
	}
	if _, err := h.redeem(r.ID, "ticket-"+r.ID); err != nil {
		t.Errorf("Redeem() = %v", err)
	}
}
