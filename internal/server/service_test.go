package server_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ltihub/ltihub/internal/store"
)

func (w *world) metrics() string {
	return w.do(httptest.NewRequest(http.MethodGet, "/metrics", nil)).Body.String()
}

// rosterCall asks for the roster of the course.
func (w *world) rosterCall() *http.Request {
	w.Helper()
	return w.call("/service/roster", url.Values{
		"lti_message_type": {"basic-lis-readmembershipsforcontext"}, "lti_version": {"LTI-1p0"},
		"id": {w.serviceIDs("s0")["ext_ims_lis_memberships_id"]},
	})
}

func TestRosterIsServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addMembers(600)
	got := w.do(w.rosterCall())
	if n := strings.Count(got.Body.String(), "<member>"); got.Code != ok || n != 600 || got.Header().Get("Content-Type") != "application/xml" {
		t.Errorf("roster = %d with %d members as %s\n%.300s", got.Code, n, got.Header().Get("Content-Type"), got.Body)
	}
}

// onWrite tells when the answer begins.
type onWrite struct {
	http.ResponseWriter
	begun func()
}

func (o onWrite) Write(p []byte) (int, error) {
	o.begun()
	return o.ResponseWriter.Write(p)
}

func TestRosterThatBreaksOffIsNoWholeRoster(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addMembers(1200)
	call := w.rosterCall()
	handler := w.Handler()
	served := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(onWrite{rw, func() { w.shelf.fail(store.ErrUnavailable) }}, r)
	}))
	t.Cleanup(served.Close)
	body, err := io.ReadAll(call.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(served.URL+"/service/roster", call.Header.Get("Content-Type"), strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	part, err := io.ReadAll(answer.Body)
	if err == nil || !strings.Contains(string(part), "<member>") || strings.Contains(string(part), "</message_response>") {
		t.Errorf("a roster that breaks off ends with %v after %d bytes", err, len(part))
	}
	served.Close()
	if !strings.Contains(w.log.String(), "roster broke off") {
		t.Errorf("the log does not say so:\n%s", w.log)
	}
}

func TestServiceRefusalsAreCountedAndExplained(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addMembers(1)
	w.tool.Secret = "guessed"
	got := w.do(w.rosterCall())
	if got.Code != unauthorized || strings.Contains(got.Body.String(), "tool-secret") {
		t.Errorf("a forged call = %d\n%s", got.Code, got.Body)
	}
	if n := w.metric(`ltihub_service_calls_total{outcome="signature",service="roster"}`); n != "1" {
		t.Errorf("%q forged calls were counted, want 1", n)
	}
	if !strings.Contains(w.log.String(), `"msg":"service call refused","service":"roster","cause":"signature"`) {
		t.Errorf("the log does not say why:\n%s", w.log)
	}
}

func TestServiceWithoutAStoreAsksToWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addMembers(1)
	call := w.rosterCall()
	w.shelf.fail(store.ErrUnavailable)
	if got := w.do(call); got.Code != http.StatusServiceUnavailable || got.Header().Get("Retry-After") == "" {
		t.Errorf("%d, Retry-After %q, want 503", got.Code, got.Header().Get("Retry-After"))
	}
}

func TestHealthAndReadiness(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check := func(path string, status int, text string) {
		t.Helper()
		got := w.do(httptest.NewRequest(http.MethodGet, path, nil))
		if got.Code != status || got.Body.String() != text+"\n" || (got.Header().Get("Retry-After") != "") != (status != ok) {
			t.Errorf("GET %s = %d %q, Retry-After %q, want %d %q", path, got.Code, got.Body, got.Header().Get("Retry-After"), status, text)
		}
	}
	check("/healthz", ok, "ok")
	check("/readyz", ok, "ready")
	w.shelf.fail(store.ErrCorrupt)
	check("/healthz", ok, "ok")
	check("/readyz", http.StatusServiceUnavailable, "the store does not take work now")
	if !strings.Contains(w.log.String(), "record damaged") {
		t.Errorf("the log does not say why:\n%s", w.log)
	}
	w.shelf.fail(nil)
	check("/readyz", ok, "ready")
	w.Drain()
	check("/readyz", http.StatusServiceUnavailable, "this server is about to stop")
	check("/healthz", ok, "ok")
}

// hung is a store whose database does not answer.
type hung struct{ store.Store }

func (hung) Check(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestReadinessDoesNotHangWithTheStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Server.Store = hung{}
	handler := w.Handler()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		got := httptest.NewRecorder()
		handler.ServeHTTP(got, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		if took := time.Since(start); got.Code != http.StatusServiceUnavailable || took != 3*time.Second {
			t.Errorf("readiness = %d after %s", got.Code, took)
		}
	})
}

func TestMetricsNameNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addMembers(1)
	w.do(w.launch(toQuiz))
	w.do(w.forged())
	w.do(w.rosterCall())
	for _, path := range []string{"/admin/users/uni/ada", "/lti/launch/uni/canary", "/canary?canary=1", "/service/memberships/canary", "/static/canary"} {
		w.do(httptest.NewRequest(http.MethodGet, path, nil))
		w.do(post(path, nil))
	}
	text := w.metrics()
	for _, personal := range []string{"ada", "Ada", "canary", "campus", "lms-key", "s0", "quiz1", "phys101", "192.0.2.1"} {
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "#") && strings.Contains(line, personal) {
				t.Errorf("%q stands in %s", personal, line)
			}
		}
	}
	for _, want := range []string{
		`ltihub_launches_total{outcome="accepted"} 1`, `ltihub_launches_total{outcome="signature"} 1`,
		`ltihub_service_calls_total{outcome="accepted",service="roster"} 1`,
		`ltihub_request_seconds_count{route="/lti/launch/{domain}/{course}/l/{link}",status="303"} 1`,
		`ltihub_request_seconds_count{route="/lti/launch/{domain}/{course}/l/{link}",status="401"} 1`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("the metrics lack %s", want)
		}
	}
}
