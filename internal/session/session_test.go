package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

// house is the sessions over a real store whose clock the test sets.
type house struct {
	testing.TB
	*Sessions
	mu  sync.Mutex
	now time.Time
}

const lifetime = 12 * time.Hour

func newHouse(t testing.TB, secure bool) *house {
	t.Helper()
	h := &house{TB: t, now: time.Now().UTC().Truncate(time.Second)}
	s, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: h.time})
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	h.Sessions = New(Sessions{Store: s, Now: h.time, Rand: rand.Reader, Secure: secure}, lifetime)
	h.change(func(tx store.Tx) error {
		return errors.Join(
			store.Users.PutNew(tx, lti.User{Domain: "uni", Username: "ada"}),
			store.ToolConsumers.PutNew(tx, lti.ToolConsumer{Domain: "uni", ID: "campus", Key: "k"}),
		)
	})
	return h
}

func (h *house) time() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) pass(span time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(span)
}

func (h *house) change(fn func(tx store.Tx) error) {
	h.Helper()
	if err := h.Store.Update(context.Background(), fn); err != nil {
		h.Fatalf("change the store: %v", err)
	}
}

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// launch stores an accepted launch of ada's with the cookie value "token-..."
// and the ticket "ticket-...".
func (h *house) launch() lti.LaunchRecord {
	h.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	r := lti.LaunchRecord{
		ID: id, At: h.time(), Direction: lti.Inbound, Domain: "uni", Consumer: "campus", Username: "ada",
		Session: &lti.Session{Token: digestOf("token-" + id), Ticket: digestOf("ticket-" + id), Expires: h.time().Add(time.Hour)},
	}
	h.change(func(tx store.Tx) error { return store.Launches.PutNew(tx, r) })
	return r
}

// opened is the cookie that Open sets for the launch.
func (h *house) opened(r lti.LaunchRecord) *http.Cookie {
	h.Helper()
	w := httptest.NewRecorder()
	h.Open(w, httptest.NewRequest(http.MethodPost, "/lti/launch", nil), r, "token-"+r.ID)
	set := w.Result().Cookies()
	if len(set) != 1 {
		h.Fatalf("Open set %d cookies, want 1", len(set))
	}
	return set[0]
}

func asking(id string, cookies ...*http.Cookie) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/courses/uni/phys101?s="+id, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return r
}

func TestCookiesFitTheConnection(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{true, false} {
		h := newHouse(t, secure)
		r := h.launch()
		c := h.opened(r)
		if !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.MaxAge != 3600 {
			t.Errorf("secure %v: cookie %s", secure, c)
		}
		if c.Secure != secure || c.Partitioned != secure || strings.HasPrefix(c.Name, "__Host-") != secure {
			t.Errorf("secure %v: cookie %s", secure, c)
		}
		want := http.SameSiteLaxMode
		if secure {
			want = http.SameSiteNoneMode // or no frame of an LMS would send it
		}
		if c.SameSite != want {
			t.Errorf("secure %v: SameSite %v, want %v", secure, c.SameSite, want)
		}
	}
}

func TestVisitorIsWhoLaunched(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	mine, other := h.launch(), h.launch()
	cookies := []*http.Cookie{h.opened(mine), h.opened(other)}
	for _, want := range []lti.LaunchRecord{mine, other} { // two tabs
		v, err := h.Visitor(asking(want.ID, cookies...))
		if err != nil {
			t.Fatalf("Visitor() = %v", err)
		}
		if v.Launch.ID != want.ID || v.User.Username != "ada" || v.Consumer.ID != "campus" {
			t.Errorf("Visitor() = %+v, want launch %s", v, want.ID)
		}
	}
}

func TestVisitorIsRefused(t *testing.T) {
	t.Parallel()
	renamed := func(c http.Cookie, name string) *http.Cookie {
		c.Name = name
		return &c
	}
	tests := []struct {
		name string
		ask  func(h *house, mine lti.LaunchRecord, cookie *http.Cookie) *http.Request
		want error
	}{
		{"no cookie", func(_ *house, mine lti.LaunchRecord, _ *http.Cookie) *http.Request { return asking(mine.ID) }, ErrNone},
		{"another launch's cookie", func(h *house, mine lti.LaunchRecord, _ *http.Cookie) *http.Request {
			return asking(mine.ID, h.opened(h.launch()))
		}, ErrNone},
		{"another launch's cookie under this one's name", func(h *house, mine lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			return asking(mine.ID, renamed(*h.opened(h.launch()), cookie.Name))
		}, ErrNone},
		{"the stored digest as cookie", func(_ *house, mine lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			cookie.Value = mine.Session.Token
			return asking(mine.ID, cookie)
		}, ErrNone},
		{"the ticket as cookie", func(_ *house, mine lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			cookie.Value = "ticket-" + mine.ID
			return asking(mine.ID, cookie)
		}, ErrNone},
		{"expired", func(h *house, mine lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			h.pass(time.Hour)
			return asking(mine.ID, cookie)
		}, ErrOver},
		{"ended", func(h *house, mine lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			if err := h.End(context.Background(), mine.ID); err != nil {
				h.Fatal(err)
			}
			return asking(mine.ID, cookie)
		}, ErrOver},
		{"user closed", func(h *house, mine lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			h.change(func(tx store.Tx) error {
				return store.Users.Put(tx, lti.User{Domain: "uni", Username: "ada", Disabled: true})
			})
			return asking(mine.ID, cookie)
		}, ErrOver},
		{"user removed", func(h *house, mine lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			h.change(func(tx store.Tx) error { return store.Users.Delete(tx, "uni", "ada") })
			return asking(mine.ID, cookie)
		}, ErrOver},
		{"consumer closed", func(h *house, mine lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			h.change(func(tx store.Tx) error {
				return store.ToolConsumers.Put(tx, lti.ToolConsumer{Domain: "uni", ID: "campus", Key: "k", Disabled: true})
			})
			return asking(mine.ID, cookie)
		}, ErrOver},
		{"consumer removed", func(h *house, mine lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			h.change(func(tx store.Tx) error { return store.ToolConsumers.Delete(tx, "uni", "campus") })
			return asking(mine.ID, cookie)
		}, ErrOver},
		{"record gone", func(h *house, mine lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			h.change(func(tx store.Tx) error { return store.Launches.Delete(tx, mine.ID) })
			return asking(mine.ID, cookie)
		}, ErrOver},
		{"a launch without a session", func(h *house, mine lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			mine.Session = nil
			h.change(func(tx store.Tx) error { return store.Launches.Put(tx, mine) })
			return asking(mine.ID, cookie)
		}, ErrNone},
		{"the sign-in's cookie", func(h *house, _ lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			return asking("login", renamed(*cookie, h.name("login")))
		}, ErrOver},
		{"no name of a launch", func(_ *house, _ lti.LaunchRecord, cookie *http.Cookie) *http.Request {
			return asking("%00%2fx", cookie)
		}, ErrNone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, true)
			mine := h.launch()
			cookie := h.opened(mine)
			if _, err := h.Visitor(asking(mine.ID, cookie)); err != nil {
				t.Fatalf("Visitor() = %v before", err)
			}
			if v, err := h.Visitor(tt.ask(h, mine, cookie)); !errors.Is(err, tt.want) || v.Launch != nil {
				t.Errorf("Visitor() = %+v, %v, want %v", v, err, tt.want)
			}
		})
	}
}

func TestNewestLaunchesKeepTheirCookies(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	r := asking("")
	r.AddCookie(&http.Cookie{Name: h.name("login"), Value: "x"})
	r.AddCookie(&http.Cookie{Name: "another", Value: "x"})
	var names []string
	for i := range 20 {
		name := h.name(fmt.Sprintf("0190%04d-0000-7000-8000-000000000000", i))
		names = append(names, name)
	}
	for i := range names { // in no order
		r.AddCookie(&http.Cookie{Name: names[(i*7)%len(names)], Value: "x"})
	}
	w := httptest.NewRecorder()
	launch := h.launch()
	h.Open(w, r, launch, "token")
	var dropped []string
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			dropped = append(dropped, c.Name)
			if !c.Secure || !c.Partitioned || c.Path != "/" {
				t.Errorf("cookie %s is dropped with other attributes than it was set", c)
			}
		}
	}
	if want := names[:20-maxCookies+1]; !slices.Equal(dropped, want) {
		t.Errorf("dropped %v, want the oldest %d", dropped, len(want))
	}
}

func TestEndIsForGoodAndMayBeRepeated(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	r := h.launch()
	for range 2 {
		if err := h.End(t.Context(), r.ID); err != nil {
			t.Errorf("End() = %v", err)
		}
		h.pass(time.Minute)
	}
	h.change(func(tx store.Tx) error {
		held, err := store.Launches.Get(tx, r.ID)
		if err == nil && !held.Session.Ended.Equal(r.At) {
			t.Errorf("ended at %s, want the first time, %s", held.Session.Ended, r.At)
		}
		return err
	})
	if err := h.End(t.Context(), "nothing"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("End() of nothing = %v, want ErrNotFound", err)
	}
}
