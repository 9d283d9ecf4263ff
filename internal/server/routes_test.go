package server_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
)

// route is a row of the route table and what a stranger's cross-origin POST, a
// GET and a HEAD to it are answered with.
type route struct {
	name            string // method and pattern, as the router has them
	path            string
	post, get, head int
	allow           string
}

const (
	ok           = http.StatusOK
	badRequest   = http.StatusBadRequest
	unauthorized = http.StatusUnauthorized
	forbidden    = http.StatusForbidden
	notFound     = http.StatusNotFound
	notAllowed   = http.StatusMethodNotAllowed
)

// routes has a row for every route; those that take all methods stand under
// "*". An unsigned form is malformed to a launch and unauthenticated to a service.
func routes() []route {
	launch := func(pattern, path string) route {
		return route{"POST " + pattern, path, badRequest, notAllowed, notAllowed, "POST"}
	}
	return []route{
		launch("/lti/launch", "/lti/launch"),
		launch("/lti/launch/{domain}/{course}", "/lti/launch/uni/phys101"),
		launch("/lti/launch/{domain}/{course}/f/{folder}", "/lti/launch/uni/phys101/f/week1"),
		launch("/lti/launch/{domain}/{course}/l/{link}", toQuiz),
		launch("/lti/launch/tiny/{domain}/{code}", "/lti/launch/tiny/uni/q1"),

		{"GET /lti/cartridge.xml", "/lti/cartridge.xml", notAllowed, ok, ok, "GET, HEAD"},
		{"GET /lti/cartridge.xml/{domain}/{course}", "/lti/cartridge.xml/uni/phys101", notAllowed, ok, ok, "GET, HEAD"},
		{"GET /lti/cartridge.xml/{domain}/{course}/f/{folder}", "/lti/cartridge.xml/uni/phys101/f/week1", notAllowed, ok, ok, "GET, HEAD"},
		{"GET /lti/cartridge.xml/{domain}/{course}/l/{link}", "/lti/cartridge.xml/uni/phys101/l/quiz1", notAllowed, ok, ok, "GET, HEAD"},
		{"GET /lti/cartridge.xml/tiny/{domain}/{code}", "/lti/cartridge.xml/tiny/uni/qphys101", notAllowed, ok, ok, "GET, HEAD"},

		{"POST /lti/content-items/{ticket}", "/lti/content-items/xyz", badRequest, notAllowed, notAllowed, "POST"},
		{"GET /lti/logout/{token}", "/lti/logout/xyz", notFound, notFound, notFound, "GET, HEAD, POST"},
		{"POST /lti/logout/{token}", "/lti/logout/xyz", notFound, notFound, notFound, "GET, HEAD, POST"},
		{"GET /lti/return/{ticket}", "/lti/return/xyz", notAllowed, notFound, notFound, "GET, HEAD"},

		{"POST /service/passback", "/service/passback", unauthorized, notAllowed, notAllowed, "POST"},
		{"POST /service/roster", "/service/roster", unauthorized, notAllowed, notAllowed, "POST"},
		{"POST /service/setting", "/service/setting", unauthorized, notAllowed, notAllowed, "POST"},
		{"GET /service/memberships/*", "/service/memberships/xyz", notAllowed, unauthorized, unauthorized, "GET, HEAD"},

		{"GET /healthz", "/healthz", notAllowed, ok, ok, "GET, HEAD"},
		{"GET /readyz", "/readyz", notAllowed, ok, ok, "GET, HEAD"},
		{"* /metrics", "/metrics", ok, ok, ok, ""},
		{"* /api/v1/*", "/api/v1/launches", ok, ok, ok, ""}, // programs answer for themselves
		{"* /static/*", "/static/none.css", notFound, notFound, notFound, ""},
	}
}

func TestEveryRouteHasARow(t *testing.T) {
	t.Parallel()
	table, isRoutes := newWorld(t).Handler().(chi.Routes)
	if !isRoutes {
		t.Fatal("the handler can't be walked")
	}
	methods := map[string][]string{}
	err := chi.Walk(table, func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		methods[pattern] = append(methods[pattern], method)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var found, want []string
	for pattern, list := range methods {
		if len(list) > 2 {
			list = []string{"*"}
		}
		for _, m := range list {
			found = append(found, m+" "+pattern)
		}
	}
	for _, r := range routes() {
		want = append(want, r.name)
	}
	slices.Sort(found)
	slices.Sort(want)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("routes (-row +route):\n%s", diff)
	}
}

func TestRoutesTakeTheirMethodsFromAnywhere(t *testing.T) {
	t.Parallel()
	for _, r := range routes() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			requests := []struct {
				req  *http.Request
				want int
			}{
				{post(r.path, nil), r.post},
				{httptest.NewRequest(http.MethodGet, r.path, nil), r.get},
				{httptest.NewRequest(http.MethodHead, r.path, nil), r.head},
			}
			for _, rr := range requests {
				got := w.do(rr.req)
				if got.Code != rr.want {
					t.Errorf("%s %s = %d, want %d\n%s", rr.req.Method, r.path, got.Code, rr.want, got.Body)
				}
				if got.Code == notAllowed && (got.Header().Get("Allow") != r.allow || !strings.Contains(got.Body.String(), "This address takes other requests")) {
					t.Errorf("%s %s allows %q, want %q\n%s", rr.req.Method, r.path, got.Header().Get("Allow"), r.allow, got.Body)
				}
			}
		})
	}
}

func TestUnknownMethodIsNotAllowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, method := range []string{"PUT", "DELETE", "OPTIONS", "PROPFIND"} {
		if got := w.do(httptest.NewRequest(method, "/lti/launch", nil)); got.Code != notAllowed || got.Header().Get("Allow") != "POST" {
			t.Errorf("%s = %d, Allow %q", method, got.Code, got.Header().Get("Allow"))
		}
	}
}

// Whatever is almost a launch URL is an address for people, and keeps other
// sites' forms out.
func TestOnlyTheExactRoutesTakeOtherSitesForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{
		"/", "/login", "/logout", "/admin/manifest", "/courses/uni/phys101/gradebook/quiz1/bob/override",
		"/lti/launch/", "//lti/launch", "/lti//launch", "/lti/launch%2f", "/lti/launch%2F", "/lti%2flaunch", "/lti/%6Caunch",
		"/LTI/launch", "/lti/Launch", "/lti/launch;a=b", "/lti/launch/uni", "/lti/launch/uni/", "/lti/launch/uni/phys101/",
		"/lti/launch/uni/phys101/x/quiz1", "/lti/launch/uni/phys101/l/", "/lti/launch/uni/phys101/l/quiz1/more", "/lti/launch/../../login",
		"/service/passback/", "/service/Passback", "/service", "/lti", "/api/v1", "/healthz/", "/static",
	} {
		for _, site := range []string{"cross-site", "same-site", ""} { // "" as an older browser sends it
			req := post(path, nil)
			req.Header.Set("Sec-Fetch-Site", site)
			got := w.do(req)
			if got.Code != forbidden || strings.Contains(got.Body.String(), "people") && !strings.Contains(got.Body.String(), "sent from another site") {
				t.Errorf("POST %s from %q = %d\n%s", path, site, got.Code, got.Body)
			}
		}
		same := post(path, nil)
		same.Header.Set("Sec-Fetch-Site", "same-origin")
		if got := w.do(same); got.Body.String() != "people" {
			t.Errorf("POST %s from our own page = %d %s", path, got.Code, got.Body)
		}
		if got := w.do(httptest.NewRequest(http.MethodGet, path, nil)); got.Body.String() != "people" {
			t.Errorf("GET %s = %d %s", path, got.Code, got.Body)
		}
	}
}

func TestHeadIsAnsweredAsGet(t *testing.T) {
	t.Parallel()
	served := httptest.NewServer(newWorld(t).Handler())
	t.Cleanup(served.Close)
	for _, path := range []string{"/", "/healthz", "/api/v1/launches"} {
		answer, err := http.Head(served.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close() // it is empty
		if answer.StatusCode != ok || answer.ContentLength <= 0 {
			t.Errorf("HEAD %s = %d with %d bytes", path, answer.StatusCode, answer.ContentLength)
		}
	}
}

func TestMetricsStandWhereTheyAreWanted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.OwnMetrics = false
	if got := w.do(httptest.NewRequest(http.MethodGet, "/metrics", nil)); got.Body.String() != "people" {
		t.Errorf("GET /metrics = %d\n%s", got.Code, got.Body)
	}
}
