package session

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// passed stores a launch that brings a pass, with the cookie value "pass-..." and
// the ticket "ticket-...".
func (h *house) passed(edit func(*lti.LaunchRecord)) lti.LaunchRecord {
	h.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	r := lti.LaunchRecord{
		ID: id, At: h.time(), Direction: lti.Inbound, Domain: "uni", Consumer: "campus", Course: "phys101", Link: "quiz1",
		Pass: &lti.Pass{Token: digestOf("pass-" + id), Ticket: digestOf("ticket-" + id), Expires: h.time().Add(lti.PassLifetime)},
	}
	if edit != nil {
		edit(&r)
	}
	h.change(func(tx store.Tx) error { return store.Launches.PutNew(tx, r) })
	return r
}

// bearing is a request with the cookies.
func (h *house) bearing(cookies ...*http.Cookie) *http.Request {
	h.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	ctx, err := h.logins.Load(r.Context(), "")
	if err != nil {
		h.Fatal(err)
	}
	return r.WithContext(ctx)
}

// set are the cookies that an answer sets.
func set(answer func(w http.ResponseWriter)) []*http.Cookie {
	w := httptest.NewRecorder()
	answer(w)
	return w.Result().Cookies()
}

// holding is a request with the passes of launches.
func (h *house) holding(launches ...lti.LaunchRecord) *http.Request {
	h.Helper()
	var cookies []*http.Cookie
	for _, l := range launches {
		cookies = append(cookies, set(func(w http.ResponseWriter) { h.OpenPass(w, h.bearing(cookies...), l, "pass-"+l.ID) })...)
	}
	return h.bearing(cookies...)
}

func TestPassOpensItsPlaceAndSignsNobodyIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	l := h.passed(nil)
	r := h.holding(l)
	places, err := h.Passes(r)
	if err != nil || len(places) != 1 || places[0] != l.Place() {
		t.Errorf("Passes() = %v, %v, want %v", places, err, l.Place())
	}
	everybody, err := h.Everybody(r)
	if err != nil || len(everybody) != 0 {
		t.Errorf("Everybody() = %v, %v, want nobody", everybody, err)
	}
	for _, s := range []string{l.ID, "login", ""} {
		v := r.Clone(t.Context())
		v.URL.RawQuery = "s=" + s
		if _, err := h.launched(v, s); err == nil {
			t.Errorf("the pass is a session for s=%q", s)
		}
	}
}

func TestPassCookieIsGuarded(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	w := httptest.NewRecorder()
	l := h.passed(nil)
	h.OpenPass(w, httptest.NewRequest(http.MethodGet, "/", nil), l, "pass-"+l.ID)
	c := w.Result().Cookies()[0]
	if !c.Secure || !c.HttpOnly || !c.Partitioned || c.SameSite != http.SameSiteNoneMode || !strings.HasPrefix(c.Name, "__Host-hubpass_") || c.MaxAge > int(lti.PassLifetime.Seconds()) {
		t.Errorf("the cookie is %s", c)
	}
}

func TestPassEnds(t *testing.T) {
	t.Parallel()
	courseKey := func(r *lti.LaunchRecord) { r.CourseKey, r.Consumer, r.Key = true, "", "k1" }
	closeCampus := func(edit func(*lti.ToolConsumer)) func(*house) {
		return func(h *house) {
			h.change(func(tx store.Tx) error {
				c, err := store.ToolConsumers.Get(tx, "uni", "campus")
				edit(&c)
				return errors.Join(err, store.ToolConsumers.Put(tx, c))
			})
		}
	}
	tests := []struct {
		name  string
		edit  func(*lti.LaunchRecord)
		after func(*house)
		open  bool
	}{
		{"fresh", nil, func(*house) {}, true},
		{"almost too old", nil, func(h *house) { h.pass(lti.PassLifetime - time.Second) }, true},
		{"too old", nil, func(h *house) { h.pass(lti.PassLifetime) }, false},
		{"LMS closed", nil, closeCampus(func(c *lti.ToolConsumer) { c.Disabled = true }), false},
		{"LMS out of dates", nil, closeCampus(func(c *lti.ToolConsumer) { c.Enabled.End = time.Unix(1, 0) }), false},
		{"LMS gone", nil, func(h *house) {
			h.change(func(tx store.Tx) error { return store.ToolConsumers.Delete(tx, "uni", "campus") })
		}, false},
		{"key of the course", courseKey, func(*house) {}, true},
		{"key taken away", courseKey, func(h *house) {
			h.change(func(tx store.Tx) error { return store.Courses.Put(tx, lti.Course{Domain: "uni", ID: "phys101"}) })
		}, false},
		{"another cookie", func(r *lti.LaunchRecord) { r.Pass.Token = digestOf("else") }, func(*house) {}, false},
		{"no pass at all", func(r *lti.LaunchRecord) { r.Pass = nil }, func(*house) {}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, false)
			h.change(func(tx store.Tx) error {
				return store.Courses.PutNew(tx, lti.Course{Domain: "uni", ID: "phys101", Protection: []lti.Protection{{Key: "k1"}}})
			})
			l := h.passed(tt.edit)
			r := h.bearing(h.cookie(h.passName(l.ID), "pass-"+l.ID, 60))
			tt.after(h)
			places, err := h.Passes(r)
			if err != nil || (len(places) == 1) != tt.open {
				t.Errorf("Passes() = %v, %v, want open %v", places, err, tt.open)
			}
		})
	}
}

func TestPassesMakeRoom(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	first := h.passed(nil)
	launches := []lti.LaunchRecord{first}
	for range maxPasses - 1 {
		launches = append(launches, h.passed(nil))
	}
	r := h.holding(launches...)
	got := set(func(w http.ResponseWriter) { h.OpenPass(w, r, h.passed(nil), "x") })
	if len(got) != 2 || got[0].Name != h.passName(first.ID) || got[0].MaxAge >= 0 {
		t.Errorf("the cookies set are %v, want the oldest dropped", got)
	}
}

func TestTicketOfAPassIsGoodOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	l := h.passed(nil)
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	for _, bad := range []string{"", "ticket-x", "pass-" + l.ID} {
		if err := h.RedeemPass(httptest.NewRecorder(), r, l.ID, bad); !errors.Is(err, ErrTicket) {
			t.Errorf("RedeemPass(%q) = %v, want ErrTicket", bad, err)
		}
	}
	before := h.holding(l)
	w := httptest.NewRecorder()
	if err := h.RedeemPass(w, r, l.ID, "ticket-"+l.ID); err != nil {
		t.Fatal(err)
	}
	if places, err := h.Passes(h.bearing(w.Result().Cookies()...)); err != nil || len(places) != 1 {
		t.Errorf("Passes() = %v, %v, want one", places, err)
	}
	if places, err := h.Passes(before); err != nil || len(places) != 0 {
		t.Errorf("Passes() with the cookie before = %v, %v, want none", places, err)
	}
	if err := h.RedeemPass(httptest.NewRecorder(), r, l.ID, "ticket-"+l.ID); !errors.Is(err, ErrTicket) {
		t.Errorf("RedeemPass() again = %v, want ErrTicket", err)
	}
	if err := h.RedeemPass(httptest.NewRecorder(), r, "not an id\x00", "x"); !errors.Is(err, ErrTicket) {
		t.Errorf("RedeemPass() of nothing = %v, want ErrTicket", err)
	}
	old := h.passed(nil)
	h.pass(lti.PassLifetime)
	if err := h.RedeemPass(httptest.NewRecorder(), r, old.ID, "ticket-"+old.ID); !errors.Is(err, ErrTicket) {
		t.Errorf("RedeemPass() too late = %v, want ErrTicket", err)
	}
}

func TestEverybodyListsEachPersonOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	first, second := h.launch(), h.launch()
	r := h.bearing(set(func(w http.ResponseWriter) {
		for _, l := range []lti.LaunchRecord{first, second} {
			h.Open(w, h.bearing(), l, "token-"+l.ID)
		}
	})...)
	everybody, err := h.Everybody(r)
	if err != nil || len(everybody) != 1 || everybody[0].Launch.ID != second.ID {
		t.Errorf("Everybody() = %+v, %v, want ada by the newest launch", everybody, err)
	}
	if err := h.End(t.Context(), second.ID); err != nil {
		t.Fatal(err)
	}
	if everybody, err = h.Everybody(r); err != nil || len(everybody) != 1 || everybody[0].Launch.ID != first.ID {
		t.Errorf("Everybody() = %+v, %v, want ada by the other launch", everybody, err)
	}
}
