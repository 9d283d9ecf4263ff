package server_test

import (
	"encoding/binary"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/server"
	"github.com/ltihub/ltihub/internal/store"
)

var home = netip.MustParseAddr("192.0.2.1") // httptest's peer

func TestAddressBelievesListedProxiesAlone(t *testing.T) {
	t.Parallel()
	b := &server.Budget{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}
	tests := []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"peer", "192.0.2.7:1234", nil, "192.0.2.7"},
		{"peer without port", "192.0.2.7", nil, "192.0.2.7"},
		{"IPv6 peer", "[2001:db8::1]:1234", nil, "2001:db8::1"},
		{"mapped peer", "[::ffff:192.0.2.7]:1234", nil, "192.0.2.7"},
		{"unlisted peer may say what it wants", "192.0.2.7:1", []string{"198.51.100.9"}, "192.0.2.7"},
		{"proxy", "10.0.0.1:1", []string{"198.51.100.9"}, "198.51.100.9"},
		{"mapped proxy", "[::ffff:10.0.0.1]:1", []string{"198.51.100.9"}, "198.51.100.9"},
		{"IPv6 proxy", "[fd00::1]:1", []string{"2001:db8::9"}, "2001:db8::9"},
		{"the leftmost lies", "10.0.0.1:1", []string{"203.0.113.5, 198.51.100.9"}, "198.51.100.9"},
		{"the leftmost claims to be a proxy", "10.0.0.1:1", []string{"10.9.9.9, 198.51.100.9"}, "198.51.100.9"},
		{"a chain of proxies", "10.0.0.1:1", []string{"203.0.113.5, 198.51.100.9, 10.0.0.3, 10.0.0.2"}, "198.51.100.9"},
		{"in two lines", "10.0.0.1:1", []string{"203.0.113.5", "198.51.100.9,10.0.0.2"}, "198.51.100.9"},
		{"with ports", "10.0.0.1:1", []string{"198.51.100.9:5555, 10.0.0.2:80"}, "198.51.100.9"},
		{"with brackets", "10.0.0.1:1", []string{"[2001:db8::9]"}, "2001:db8::9"},
		{"mapped entry", "10.0.0.1:1", []string{"::ffff:198.51.100.9"}, "198.51.100.9"},
		{"proxies alone", "10.0.0.1:1", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"proxy that says nothing", "10.0.0.1:1", nil, "10.0.0.1"},
		{"garbage", "10.0.0.1:1", []string{"unknown"}, "10.0.0.1"},
		{"garbage in between", "10.0.0.1:1", []string{"198.51.100.9, x, 10.0.0.2"}, "10.0.0.2"},
		{"empty", "10.0.0.1:1", []string{"", ","}, "10.0.0.1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.RemoteAddr = tt.peer
			r.Header["X-Forwarded-For"] = tt.forwarded
			if got := b.Address(r); got != netip.MustParseAddr(tt.want) {
				t.Errorf("Address() = %s, want %s", got, tt.want)
			}
		})
	}
}

// However a sender fills the header, what its proxy appends is what counts.
func TestNobodyChoosesTheirAddress(t *testing.T) {
	t.Parallel()
	b := &server.Budget{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	rapid.Check(t, func(t *rapid.T) {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.RemoteAddr = "10.0.0.1:1"
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"10.0.0.9", "203.0.113.5", "", ",", "x", "10.0.0.9, 203.0.113.5", "::1", "[::", ":80"}), 0, 5).Draw(t, "sent")
		r.Header["X-Forwarded-For"] = append(lines, "198.51.100.9")
		if got := b.Address(r); got.String() != "198.51.100.9" {
			t.Fatalf("Address() = %s", got)
		}
	})
}

// A bucket that is written down as plainly as can be is the measure.
func TestBudgetCountsRefusalsByAddress(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		limit := rapid.IntRange(0, 5).Draw(t, "limit")
		b := &server.Budget{PerMinute: limit, Now: func() time.Time { return now }}
		addresses := []netip.Addr{home, netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("2001:db8::1"), {}}
		left := map[netip.Addr]int{} // in 60ths of a refusal, so that seconds count whole
		for _, a := range addresses {
			left[a] = limit * 60
		}
		t.Repeat(map[string]func(*rapid.T){
			"refuse": func(t *rapid.T) {
				a := rapid.SampledFrom(addresses).Draw(t, "from")
				b.Spend(a)
				if left[a] >= 60 {
					left[a] -= 60
				}
			},
			"wait": func(t *rapid.T) {
				seconds := rapid.IntRange(1, 90).Draw(t, "seconds")
				now = now.Add(time.Duration(seconds) * time.Second)
				for a := range left {
					left[a] = min(left[a]+seconds*limit, limit*60)
				}
			},
			"": func(t *rapid.T) {
				for _, a := range addresses {
					// The bucket counts in floating point: a whole refusal may be a hair less.
					if want := limit > 0 && left[a] < 60; b.Spent(a) != want && left[a] != 60 {
						t.Fatalf("Spent(%s) = %t with %d/60 left", a, b.Spent(a), left[a])
					}
				}
			},
		})
	})
}

func TestBudgetTakesANetworkOfIPv6ForOneSender(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b := &server.Budget{PerMinute: 1, Now: func() time.Time { return now }}
	b.Spend(netip.MustParseAddr("2001:db8:0:1::1"))
	for addr, want := range map[string]bool{
		"2001:db8:0:1::1": true, "2001:db8:0:1:ffff::2": true, "2001:db8:0:1::1%eth0": true, "2001:db8:0:2::1": false, "192.0.2.1": false,
	} {
		if got := b.Spent(netip.MustParseAddr(addr)); got != want {
			t.Errorf("Spent(%s) = %t, want %t", addr, got, want)
		}
	}
}

func TestBudgetForgetsTheIdleBeforeTheBusy(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b := &server.Budget{PerMinute: 1, Now: func() time.Time { return now }}
	spend := func(from, n uint32) {
		for i := range n {
			var a [4]byte
			binary.BigEndian.PutUint32(a[:], from+i)
			b.Spend(netip.AddrFrom4(a))
		}
	}
	spend(0, 99_999)
	now = now.Add(2 * time.Minute) // they are all whole again
	b.Spend(home)
	spend(1<<24, 1000)
	if !b.Spent(home) {
		t.Error("a flood of others gave the address a new budget")
	}
}

func TestBudgetStaysSmall(t *testing.T) {
	now := time.Now()
	b := &server.Budget{PerMinute: 1000, Now: func() time.Time { return now }}
	for range 150_000 {
		var a [4]byte
		binary.BigEndian.PutUint32(a[:], rand.Uint32())
		b.Spend(netip.AddrFrom4(a))
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > 100<<20 {
		t.Errorf("%d MiB after a flood of addresses", m.HeapAlloc>>20)
	}
	runtime.KeepAlive(b)
}

// over uses up the budget of home.
func (w *world) over() {
	w.Budget.PerMinute = 2
	for !w.Budget.Spent(home) {
		w.Budget.Spend(home)
	}
}

func TestOnlyRefusalsCount(t *testing.T) {
	t.Parallel()
	unknown := func(f url.Values) { f.Set("lti_message_type", "ping") }
	tests := []struct {
		name   string
		ask    func(w *world) *http.Request
		counts bool
	}{
		{"accepted launch", func(w *world) *http.Request { return w.launch(toQuiz) }, false},
		{"forged launch", (*world).forged, true},
		{"another message", func(w *world) *http.Request { return w.launch(toQuiz, unknown) }, true},
		{"unreadable launch", func(*world) *http.Request { return post(toQuiz, nil) }, true},
		{"launch while the store is away", func(w *world) *http.Request {
			w.shelf.fail(store.ErrUnavailable)
			return w.launch(toQuiz)
		}, false},
		{"launch that breaks something", func(w *world) *http.Request {
			w.Provider.Enrol = func(store.Tx, lti.Believed) (lti.Arrival, error) { return lti.Arrival{}, store.ErrCorrupt }
			return w.launch(toQuiz)
		}, false},
		{"unsigned service call", func(*world) *http.Request { return post("/service/passback", nil) }, true},
		{"service call while the store is away", func(w *world) *http.Request {
			req := w.call("/service/roster", url.Values{"lti_message_type": {"basic-lis-readmembershipsforcontext"}, "lti_version": {"LTI-1p0"}, "id": {w.serviceIDs("s0")["ext_ims_lis_memberships_id"]}})
			w.shelf.fail(store.ErrUnavailable)
			return req
		}, false},
		{"page for people", func(*world) *http.Request { return httptest.NewRequest(http.MethodGet, "/none", nil) }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.addMembers(1)
			w.Budget.PerMinute = 1
			got := w.do(tt.ask(w))
			if w.Budget.Spent(home) != tt.counts {
				t.Errorf("it counts %t, want %t, after %d\n%s", w.Budget.Spent(home), tt.counts, got.Code, got.Body)
			}
		})
	}
}

func TestLaunchesThatHoldAreNeverLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.over()
	for range 5 {
		if got := w.do(w.launch(toQuiz)); got.Code != http.StatusSeeOther {
			t.Fatalf("a launch from a busy address = %d\n%s", got.Code, got.Body)
		}
	}
	records := w.records()
	for name, req := range map[string]*http.Request{
		"forged": w.forged(), "unreadable": post(toQuiz, nil), "too large": post(toQuiz, url.Values{"a": {string(make([]byte, 300<<10))}}),
	} {
		got := w.do(req)
		if got.Code != http.StatusTooManyRequests || got.Header().Get("Retry-After") == "" {
			t.Errorf("%s = %d, Retry-After %q, want 429", name, got.Code, got.Header().Get("Retry-After"))
		}
	}
	w.lms.Key = "nobody"
	if got := w.do(w.launch(toQuiz)); got.Code != http.StatusTooManyRequests {
		t.Errorf("an unknown key = %d, want 429", got.Code)
	}
	if got := w.records(); got != records {
		t.Errorf("launches over the budget left %d records", got-records)
	}
	if n := w.metric(`ltihub_launches_total{outcome="over_budget"}`); n != "4" {
		t.Errorf("%s launches over the budget were counted, want 4", n)
	}
	w.lms.Key = "lms-key"
	elsewhere := w.forged()
	elsewhere.RemoteAddr = "192.0.2.99:1"
	if got := w.do(elsewhere); got.Code != http.StatusUnauthorized {
		t.Errorf("a forged launch from elsewhere = %d, want 401", got.Code)
	}
	w.clock.step(time.Minute)
	if got := w.do(w.forged()); got.Code != http.StatusUnauthorized {
		t.Errorf("a forged launch after a minute = %d, want 401", got.Code)
	}
}

// records counts the launch records.
func (w *world) records() int {
	w.Helper()
	n := 0
	w.change(func(tx store.Tx) error {
		list, _, err := store.Launches.List(tx, "", "", store.MaxScan)
		n = len(list)
		return err
	})
	return n
}

func TestServiceCallsThatHoldAreNeverLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addMembers(1)
	ids := w.serviceIDs("s0")
	calls := map[string]func() *http.Request{
		"roster": func() *http.Request {
			return w.call("/service/roster", url.Values{
				"lti_message_type": {"basic-lis-readmembershipsforcontext"}, "lti_version": {"LTI-1p0"}, "id": {ids["ext_ims_lis_memberships_id"]},
			})
		},
		"setting": func() *http.Request {
			return w.call("/service/setting", url.Values{
				"lti_message_type": {"basic-lti-loadsetting"}, "lti_version": {"LTI-1p0"}, "id": {ids["ext_ims_lti_tool_setting_id"]},
			})
		},
		"passback": func() *http.Request {
			return w.call("/service/passback", url.Values{
				"lti_message_type": {"basic-lis-updateresult"}, "lti_version": {"LTI-1p0"}, "sourcedid": {ids["lis_result_sourcedid"]},
				"result_resultscore_textstring": {"0.5"},
			})
		},
	}
	w.over()
	for name, call := range calls {
		if got := w.do(call()); got.Code != ok || strings.Contains(strings.ToLower(got.Body.String()), "failure") {
			t.Errorf("%s from a busy address = %d\n%s", name, got.Code, got.Body)
		}
	}
	records := w.records()
	w.tool.Secret = "guessed"
	for name, call := range calls {
		if got := w.do(call()); got.Code != http.StatusTooManyRequests {
			t.Errorf("%s, forged = %d, want 429", name, got.Code)
		}
	}
	if got := w.records(); got != records {
		t.Errorf("calls over the budget left %d records", got-records)
	}
}

func TestGoodWaysBackAreNeverLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addMembers(1)
	w.change(func(tx store.Tx) error {
		m, err := store.Memberships.Get(tx, "uni", "phys101", "s0")
		if err != nil {
			return err
		}
		m.Role = lti.Instructor
		return store.Memberships.Put(tx, m)
	})
	back, ok := strings.CutPrefix(w.serviceIDs("s0")["launch_presentation_return_url"], publicURL)
	form, err := w.Consumer.Select(t.Context(), consumer.SelectRequest{
		Course: lti.CourseRef{Domain: "uni", ID: "phys101"}, Tool: "quizzer", Username: "s0",
	})
	if !ok || err != nil {
		t.Fatalf("the way back is %q, Select() = %v", back, err)
	}
	items := strings.TrimPrefix(form.Params.Value("content_item_return_url"), publicURL)
	answer := func() *http.Request {
		return w.call(items, url.Values{
			"lti_message_type": {"ContentItemSelection"}, "lti_version": {"LTI-1p0"}, "data": {form.Params.Value("data")},
			"content_items": {`{"@context":"http://purl.imsglobal.org/ctx/lti/v1/ContentItem","@graph":[]}`},
		})
	}
	w.over()
	honest := w.tool.Secret
	w.tool.Secret = "guessed"
	forged := answer()
	w.tool.Secret = honest
	for name, tt := range map[string]struct {
		req  *http.Request
		want int
	}{
		"return": {httptest.NewRequest(http.MethodGet, back, nil), http.StatusSeeOther},
		"items":  {answer(), http.StatusSeeOther}, "forged items": {forged, http.StatusTooManyRequests},
		"guessed return": {httptest.NewRequest(http.MethodGet, "/lti/return/guessed", nil), http.StatusTooManyRequests},
		"no items":       {post("/lti/content-items/guessed", nil), http.StatusTooManyRequests},
	} {
		if got := w.do(tt.req); got.Code != tt.want {
			t.Errorf("%s over the budget = %d, want %d\n%s", name, got.Code, tt.want, got.Body)
		}
	}
}

func TestToolOverItsBudgetIsToldToWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.over()
	got := w.do(post("/service/passback", nil))
	if got.Code != http.StatusTooManyRequests || got.Header().Get("Retry-After") == "" || got.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("%d %v", got.Code, got.Header())
	}
	for _, path := range []string{"/", "/healthz", "/readyz", "/metrics", "/api/v1/launches"} {
		if got := w.do(httptest.NewRequest(http.MethodGet, path, nil)); got.Code != ok {
			t.Errorf("GET %s = %d over the budget", path, got.Code)
		}
	}
}
