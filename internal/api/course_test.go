package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestMembersHaveTheirIdentities(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	put(t, h, store.Bindings, lti.Binding{Domain: "uni", Consumer: "campus", Value: "42/x", Username: "bob"},
		lti.Binding{Domain: "uni", Consumer: "other", Value: "b", Username: "bobby"})
	wantJSON(t, h.get(t, "/courses/uni/phys101/members"), `{"items":[
		{"username":"ada","role":"instructor","section":"","status":"active","start":null,"end":null,"source":"manifest","identities":[]},
		{"username":"bob","role":"student","section":"001","status":"active","start":"2026-01-01T00:00:00Z","end":null,"source":"manifest",
		 "identities":[{"consumer":"campus","value":"42/x"}]}],"next":""}`)
}

func TestMembersWhoWereMergedAreListedOnce(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	before := h.get(t, "/courses/uni/phys101/members").(map[string]any)["items"].([]any)
	put(t, h, store.Memberships, lti.Membership{
		Domain: "uni", Course: "phys101", Username: "aaa", Role: lti.Student, Status: lti.MemberDropped, Source: "campus", Into: "ada", Digest: "d-aaa",
	})
	page := h.get(t, "/courses/uni/phys101/members?limit=1").(map[string]any)
	after := h.get(t, "/courses/uni/phys101/members").(map[string]any)["items"].([]any)
	if first := page["items"].([]any); len(first) != 1 || first[0].(map[string]any)["username"] == "aaa" || len(after) != len(before) {
		t.Errorf("the first page is %v, the list has %d members, want %d", first, len(after), len(before))
	}
}

func TestLinksAreInTheOrderOfTheCourse(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	const quiz = `{"id":"quiz1","folder":"week1","tool":"quizzer","title":"Quiz 1","description":"","points":10,"custom":{},"tiny":"q1","policy":"latest","due":null,"url":null}`
	const reading = `{"id":"read","folder":null,"tool":"quizzer","title":"read","description":"","points":0,"custom":{},"tiny":null,"policy":"latest","due":null,"url":null}`
	wantJSON(t, h.get(t, "/courses/uni/phys101/links"), `{"items":[`+quiz+`,`+reading+`],"next":""}`)
	wantJSON(t, h.get(t, "/courses/uni/phys101/links?limit=1"), `{"items":[`+quiz+`],"next":"quiz1"}`)
	wantJSON(t, h.get(t, "/courses/uni/phys101/links?limit=1&after=quiz1"), `{"items":[`+reading+`],"next":""}`)
}

func TestUserHasNoSecrets(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	wantJSON(t, h.get(t, "/users/uni/ada"), `{"domain":"uni","username":"ada","name":"Ada Moss","given_name":"Ada","family_name":"Moss",
		"full_name":"","email":"ada@uni.example","admin":false,"disabled":false,"source":"manifest","created":"2026-03-04T05:06:07Z","identities":[]}`)
}

func TestPathsAreDecodedOnce(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	put(t, h, store.Users, lti.User{Domain: "uni", Username: "a/b%2Fc"})
	got := h.get(t, "/users/uni/a%2Fb%252Fc").(map[string]any)["username"]
	if got != "a/b%2Fc" {
		t.Errorf("username %q", got)
	}
}

func TestLaunchIsAFormAsData(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.call(t, configured, "POST", "/courses/uni/phys101/links/quiz1/launch", `{"username":"ada"}`)
	h.want(t, a, 200)
	wantJSON(t, decode(t, a.body), `{"url":"https://quizzer.example/","params":{"context_id":"uni/phys101","resource_link_id":"quiz1","user_id":"ada"}}`)
	for _, body := range []string{"", "{}", `{"username":""}`, `{"username":"ada","role":"x"}`, `{"username":7}`, "ada"} {
		if a := h.call(t, configured, "POST", "/courses/uni/phys101/links/quiz1/launch", body); a.status != 400 && a.status != 422 {
			t.Errorf("body %q: status %d: %s", body, a.status, a.body)
		}
	}
}

// score is a pointer to f.
func score(f float64) *float64 { return &f }

func addResults(t *testing.T, h *hub) {
	t.Helper()
	target := func(username string, scope lti.Scope, live string) lti.UpstreamTarget {
		return lti.UpstreamTarget{Domain: "uni", Course: "phys101", Username: username, Scope: scope, Consumer: "campus", Placement: "p", Live: live}
	}
	link := lti.Scope{Kind: lti.ScopeLink, ID: "quiz1"}
	put(t, h, store.Targets, target("bob", link, "d1"), target("bob", lti.Scope{Kind: lti.ScopeCourse}, "d2"),
		target("ada", link, ""), target("eve", link, "gone"))
	put(t, h, store.Deliveries,
		lti.Delivery{ID: "d1", Domain: "uni", Course: "phys101", Username: "bob", Scope: link, Consumer: "campus", State: lti.Refused, Attempts: 2, Cause: lti.SendLocked, LastError: "said no", Created: now(), Due: now(), Finished: now()},
		lti.Delivery{ID: "d2", Domain: "uni", Course: "phys101", Username: "bob", Consumer: "campus", Scope: lti.Scope{Kind: lti.ScopeCourse}, State: lti.Delivered, Attempts: 1, Score: score(0.5), Created: now(), Due: now(), DeliveredAt: now(), Finished: now()},
		lti.Delivery{ID: "d3", Domain: "uni", Course: "phys101", Username: "ada", Consumer: "campus", Scope: link, State: lti.Waiting, Score: score(0), Created: now(), Due: now()},
	)
	result := func(link, username string, s *float64) lti.Result {
		return lti.Result{Domain: "uni", Course: "phys101", Link: link, Username: username, Score: s, SubmittedAt: now()}
	}
	over := result("quiz1", "eve", score(0.1))
	over.Override = &lti.Override{Score: 1, By: "ada", At: now()}
	put(t, h, store.Results, result("quiz1", "bob", score(0.57)), result("quiz1", "ada", nil), result("removed", "bob", score(1)), over)
}

func TestResultsListEveryStoredResult(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	addResults(t, h)
	at := `"submitted_at":"2026-03-04T05:06:07.000000008Z"`
	items := []string{
		`{"link":"quiz1","username":"ada","score":null,"points":null,"possible":10,` + at + `,"deliveries":[]}`,
		`{"link":"quiz1","username":"bob","score":0.57,"points":5.7,"possible":10,` + at + `,
		 "deliveries":[{"id":"d1","consumer":"campus","state":"refused","attempts":2,"last_error":"said no","delivered_at":null}]}`,
		`{"link":"quiz1","username":"eve","score":1,"points":10,"possible":10,` + at + `,"deliveries":[]}`,
		`{"link":"removed","username":"bob","score":1,"points":null,"possible":null,` + at + `,"deliveries":[]}`,
	}
	wantJSON(t, h.get(t, "/courses/uni/phys101/results"), `{"items":[`+strings.Join(items, ",")+`],"next":""}`)
	next := ""
	for i, item := range items {
		got := h.get(t, fmt.Sprintf("/courses/uni/phys101/results?limit=1&after=%s", next))
		next, _ = got.(map[string]any)["next"].(string)
		wantJSON(t, got, fmt.Sprintf(`{"items":[%s],"next":%q}`, item, next))
		if next == "" {
			t.Fatalf("no next after item %d", i)
		}
	}
	wantJSON(t, h.get(t, "/courses/uni/phys101/results?limit=1&after="+next), `{"items":[],"next":""}`)
}

func TestListsRefuseWhatIsNoPage(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	for _, query := range []string{"limit=0", "limit=1001", "limit=x", "after=elsewhere", "after=uni/phys101/%00", "after=uni/phys101/%ff", "colour=red"} {
		h.want(t, h.call(t, h.read, "GET", "/courses/uni/phys101/results?"+query, ""), 422)
	}
	h.want(t, h.call(t, h.read, "GET", "/courses/uni/phys101/links?after=none", ""), 422)
	h.want(t, h.call(t, h.read, "GET", "/deliveries?state=lost", ""), 422)
}
