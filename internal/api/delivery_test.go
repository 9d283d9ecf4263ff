package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/delivery"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// ids are the ids of a list's items.
func ids(tb testing.TB, body any) []string {
	tb.Helper()
	var found []string
	for _, item := range body.(map[string]any)["items"].([]any) {
		found = append(found, item.(map[string]any)["id"].(string))
	}
	return found
}

func TestDeliveriesAreFoundByState(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	addResults(t, h)
	for query, want := range map[string]string{
		"": "d1 d2 d3", "?state=waiting": "d3", "?state=refused": "d1", "?state=delivered": "d2", "?state=dead": "", "?state=superseded": "",
	} {
		if got := strings.Join(ids(t, h.get(t, "/deliveries"+query)), " "); got != want {
			t.Errorf("GET /deliveries%s = %q, want %q", query, got, want)
		}
	}
	wantJSON(t, h.get(t, "/deliveries?state=waiting"), `{"items":[{"id":"d3","consumer":"campus","state":"waiting","attempts":0,
		"cause":null,"last_error":null,"delivered_at":null,"domain":"uni","course":"phys101","username":"ada","scope":{"kind":"link","id":"quiz1"},
		"score":0,"created":"2026-03-04T05:06:07.000000008Z","due":"2026-03-04T05:06:07.000000008Z","finished":null}],"next":""}`)
}

func TestDeliveriesSayWhyTheyFailed(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	addResults(t, h)
	item := h.get(t, "/deliveries?state=refused").(map[string]any)["items"].([]any)[0].(map[string]any)
	if item["cause"] != "locked" || item["last_error"] != "said no" {
		t.Errorf("the refused delivery says %v", item)
	}
}

func TestRetryIsPassedOn(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	addResults(t, h)
	a := h.call(t, configured, "POST", "/deliveries/d1/retry", "")
	h.want(t, a, 200)
	if decode(t, a.body).(map[string]any)["id"] != "d1" || !slices.Equal(h.retried, []string{"d1 by configured token"}) {
		t.Errorf("retried %v, answer %s", h.retried, a.body)
	}
	for _, err := range []error{delivery.ErrBusy, delivery.ErrSuperseded} {
		h.fail = fmt.Errorf("retry: %w", err)
		h.want(t, h.call(t, configured, "POST", "/deliveries/d1/retry", ""), 409)
	}
	h.fail = store.ErrNotFound
	h.want(t, h.call(t, configured, "POST", "/deliveries/none/retry", ""), 404)
}

func TestLaunchesAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	var all []string
	for i := range 7 {
		l := lti.LaunchRecord{
			ID: fmt.Sprintf("0195%04d-0000-7000-8000-000000000000", i), At: now().Add(time.Duration(i)), Direction: lti.Inbound,
			Domain: "uni", Consumer: []string{"campus", "other"}[i%2], Refused: i%3 == 0,
		}
		all = append(all, l.ID)
		put(t, h, store.Launches, l)
	}
	slices.Reverse(all)
	pick := func(numbers ...int) []string {
		var out []string
		for _, n := range numbers {
			out = append(out, all[6-n])
		}
		return out
	}
	for query, want := range map[string][]string{
		"":                                       all,
		"?consumer=campus":                       pick(6, 4, 2, 0),
		"?consumer=uni/campus":                   pick(6, 4, 2, 0),
		"?consumer=none":                         nil,
		"?refused=true":                          pick(6, 3, 0),
		"?refused=false&limit=2":                 pick(5, 4),
		"?consumer=other&refused=true":           pick(3),
		"?limit=3&after=" + pick(3)[0]:           pick(2, 1, 0),
		"?refused=true&after=" + all[0]:          pick(3, 0),
		"?refused=true&after=" + all[6]:          nil,
		"?consumer=campus&limit=4":               pick(6, 4, 2, 0),
		"?consumer=elsewhere/campus":             nil,
		"?refused=false&consumer=campus":         pick(4, 2),
		"?refused=false&limit=1&after=" + all[2]: pick(2),
	} {
		if got := ids(t, h.get(t, "/launches"+query)); !slices.Equal(got, want) {
			t.Errorf("GET /launches%s = %v, want %v", query, got, want)
		}
	}
	if next := h.get(t, "/launches?consumer=campus&limit=4").(map[string]any)["next"]; next != "" {
		t.Errorf("next %q at the end of the list", next)
	}
	h.want(t, h.call(t, h.read, "GET", "/launches?refused=maybe", ""), 422)
}

func TestLaunchRecordIsWhatTheInspectorShows(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	put(t, h, store.Launches, lti.LaunchRecord{
		ID: "019573ff-8c00-7abc-8000-000000000000", At: now(), Direction: lti.Inbound, Key: "k", Refused: true, Status: 401,
		Cause: "signature", Detail: "it does not hold", Steps: []string{"one"}, Params: [][2]string{{"a", "1"}, {"a", "2"}},
		Session: &lti.Session{Token: "hidden"}, Returned: &lti.Returned{ReturnMessages: lti.ReturnMessages{ErrorMessage: "closed"}},
	})
	want := `{"items":[{"id":"019573ff-8c00-7abc-8000-000000000000","reference":"` + lti.Reference("019573ff-8c00-7abc-8000-000000000000") + `",
		"at":"2026-03-04T05:06:07.000000008Z","direction":"in","domain":null,"consumer":null,"tool":null,"key":"k","course":null,"folder":null,
		"link":null,"username":null,"role":null,"refused":true,"status":401,"cause":"signature","detail":"it does not hold","hint":null,
		"steps":["one"],"tool_error":"closed","tool_error_log":null,"params":[{"name":"a","value":"1"},{"name":"a","value":"2"}]}],"next":""}`
	admin := h.call(t, h.newToken(t, "operator", "admin"), "GET", "/launches", "")
	h.want(t, admin, 200)
	wantJSON(t, decode(t, admin.body), want)
	// A token that only reads does not learn whom a launch was about.
	hidden := strings.NewReplacer(`"value":"1"`, `"value":"(hidden)"`, `"value":"2"`, `"value":"(hidden)"`, `"closed"`, `"(hidden)"`)
	wantJSON(t, h.get(t, "/launches"), hidden.Replace(want))
}
