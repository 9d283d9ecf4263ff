package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	get := func(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }
	tests := []struct {
		name   string
		req    *http.Request
		status int
		frames string // who may show it in a frame
	}{
		{"accepted launch", w.launch(toQuiz), http.StatusSeeOther, "'none'"},
		{"refused launch", w.forged(), unauthorized, "*"},
		{"launch of somebody without an account", w.launch(toQuiz, func(f url.Values) { f.Set("roles", "Mentor") }), forbidden, "*"},
		{"wrong method", get("/lti/launch"), notAllowed, "*"},
		{"another site's form", post("/lti/launch/", nil), forbidden, "*"},
		{"refused call", post("/service/passback", nil), unauthorized, "'none'"},
		{"refused reading", get("/service/memberships/x"), unauthorized, "'none'"},
		{"health", get("/healthz"), ok, "'none'"},
		{"readiness", get("/readyz"), ok, "'none'"},
		{"metrics", get("/metrics"), ok, "'none'"},
		{"people", get("/none"), ok, "'none'"},
		{"programs", get("/api/v1/none"), ok, "'none'"},
		{"no such file", get("/static/none.css"), notFound, "'none'"},
		{"no such file, escaped", get("/static%2fnone"), ok, "'none'"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := w.do(tt.req)
			h := got.Header()
			if got.Code != tt.status {
				t.Errorf("status %d, want %d\n%s", got.Code, tt.status, got.Body)
			}
			csp := h.Get("Content-Security-Policy")
			if !strings.HasPrefix(csp, "default-src 'none'; ") || !strings.HasSuffix(csp, "; frame-ancestors "+tt.frames) {
				t.Errorf("Content-Security-Policy = %q, want frame-ancestors %s", csp, tt.frames)
			}
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "no-store" {
				t.Errorf("headers are %v", h)
			}
			if h.Get("X-Frame-Options") != "" {
				t.Error("X-Frame-Options knows no list of origins, so no LMS could show us")
			}
		})
	}
}

func TestStaticFilesAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	page := w.do(w.forged()).Body.String()
	_, rest, _ := strings.Cut(page, `href="/static/`)
	name, _, _ := strings.Cut(rest, `"`)
	got := w.do(httptest.NewRequest(http.MethodGet, "/static/"+name, nil))
	if got.Code != ok || !strings.Contains(got.Header().Get("Cache-Control"), "immutable") || got.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("GET /static/%s = %d %v", name, got.Code, got.Header())
	}
}

func TestPanicIsAnsweredAndLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.People = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Length", "3")
		rw.Header().Set("Set-Cookie", "half=done")
		panic("canary in the panic")
	})
	got := w.do(httptest.NewRequest(http.MethodGet, "/courses/x/y?secret=canary", nil))
	page := got.Body.String()
	if got.Code != http.StatusInternalServerError || !strings.Contains(page, "Something went wrong on our side") {
		t.Errorf("a panic is answered with %d\n%s", got.Code, page)
	}
	if strings.Contains(page, "canary") || strings.Contains(page, "goroutine") || strings.Contains(page, ".go:") {
		t.Errorf("the page tells of the panic:\n%s", page)
	}
	if got.Header().Get("Content-Length") == "3" || got.Header().Get("Set-Cookie") != "" {
		t.Errorf("what was begun is still in the headers: %v", got.Header())
	}
	if log := w.log.String(); !strings.Contains(log, "canary in the panic") || !strings.Contains(log, "middleware_test.go") {
		t.Errorf("the log lacks the panic or where it was:\n%s", log)
	}
	if n := w.metric("ltihub_panics_total"); n != "1" {
		t.Errorf("%s panics were counted, want 1", n)
	}
}

func TestAnAnswerThatBreaksIsBrokenOff(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]any{"panic": "after half of it", "abort": http.ErrAbortHandler} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.People = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(rw, strings.Repeat("half ", 2000))
				panic(end)
			})
			served := httptest.NewUnstartedServer(w.Handler())
			served.Config.ErrorLog = nil
			served.Start()
			t.Cleanup(served.Close)
			answer, err := http.Get(served.URL + "/x")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = answer.Body.Close() }()
			body, err := io.ReadAll(answer.Body)
			if err == nil || strings.Contains(string(body), "<html") {
				t.Errorf("a broken answer ends with %v: %.50q", err, body[max(0, len(body)-50):])
			}
			served.Close()
			if log := w.log.String(); !strings.Contains(log, `"msg":"request"`) {
				t.Errorf("the request was not logged:\n%s", log)
			}
			want := map[string]string{"panic": "1", "abort": "0"}[name]
			if n := w.metric("ltihub_panics_total"); n != want {
				t.Errorf("%s panics were counted, want %s", n, want)
			}
		})
	}
}

func TestLogNamesTheRouteAndNotThePath(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addMembers(1)
	ids := w.serviceIDs("s0")["ext_ims_lis_memberships_id"]
	w.do(httptest.NewRequest(http.MethodGet, "/service/memberships/"+url.PathEscape(ids)+"?limit=7", nil))
	w.do(httptest.NewRequest(http.MethodGet, "/admin/users/uni/canary?secret=1", nil))
	log := w.log.String()
	for _, secret := range []string{ids, "canary", "limit=7", "secret"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
	if !strings.Contains(log, `"route":"/service/memberships/*","status":401`) {
		t.Errorf("the log lacks the route:\n%s", log)
	}
}

// form is a body of so many bytes.
func form(size int) string { return "a=" + strings.Repeat("x", size-2) }

func TestLaunchBodiesAreLimited(t *testing.T) {
	t.Parallel()
	const urlencoded = "application/x-www-form-urlencoded"
	tests := []struct {
		name, body string
		header     map[string]string
		want       int
		cause      lti.Cause
	}{
		{"empty", "", nil, badRequest, lti.CauseMissing},
		{"as large as may be", form(256 << 10), nil, badRequest, lti.CauseMissing},
		{"one byte more", form(256<<10 + 1), nil, http.StatusRequestEntityTooLarge, lti.CauseTooLarge},
		{"500 parameters", strings.Repeat("a=b&", 500), nil, badRequest, lti.CauseMissing},
		{"501 parameters", strings.Repeat("a=b&", 501), nil, http.StatusRequestEntityTooLarge, lti.CauseTooLarge},
		{"gzip", "a=b", map[string]string{"Content-Encoding": "gzip"}, http.StatusUnsupportedMediaType, lti.CauseContentType},
		{"identity", "a=b", map[string]string{"Content-Encoding": "identity"}, badRequest, lti.CauseMissing},
		{"multipart", "--x--", map[string]string{"Content-Type": "multipart/form-data; boundary=x"}, http.StatusUnsupportedMediaType, lti.CauseContentType},
		{"bad escape", "a=%zz", nil, badRequest, lti.CauseMalformed},
		{"NUL", "a=%00", nil, badRequest, lti.CauseMalformed},
		{"no UTF-8", "a=%ff", nil, badRequest, lti.CauseMalformed},
		{"JSON", `{"a":1}`, map[string]string{"Content-Type": "application/json"}, badRequest, lti.CauseMissing},
		{"no Authorization", "a=b", map[string]string{"Authorization": "OAuth nonsense"}, badRequest, lti.CauseMalformed},
	}
	for _, tt := range tests {
		for _, chunked := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, chunked %t", tt.name, chunked), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				req := httptest.NewRequest(http.MethodPost, "/lti/launch", strings.NewReader(tt.body))
				req.Header.Set("Content-Type", urlencoded)
				for name, value := range tt.header {
					req.Header.Set(name, value)
				}
				if chunked {
					req.ContentLength = -1
				}
				if got := w.do(req); got.Code != tt.want {
					t.Errorf("status %d, want %d\n%s", got.Code, tt.want, got.Body)
				}
				if n := w.metric(`ltihub_launches_total{outcome="` + string(tt.cause) + `"}`); n != "1" {
					t.Errorf("not counted as %s:\n%s", tt.cause, w.log)
				}
			})
		}
	}
}

func TestServiceBodiesAreLimited(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path string
		body       int
		encoding   string
		want       int
	}{
		{"passback", "/service/passback", 1 << 20, "", http.StatusRequestEntityTooLarge},
		{"roster", "/service/roster", 1 << 20, "", http.StatusRequestEntityTooLarge},
		{"setting", "/service/setting", 1 << 20, "", http.StatusRequestEntityTooLarge},
		{"gzip", "/service/passback", 10, "gzip", http.StatusUnsupportedMediaType},
		{"gzip roster", "/service/roster", 10, "gzip", http.StatusUnsupportedMediaType},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			req := httptest.NewRequest(http.MethodPost, tt.path, strings.NewReader(form(tt.body)))
			req.Header.Set("Content-Type", "application/xml")
			req.Header.Set("Content-Encoding", tt.encoding)
			got := w.do(req)
			if got.Code != tt.want || got.Header().Get("Content-Type") != "application/xml" || !strings.Contains(got.Body.String(), "failure") {
				t.Errorf("%d %s\n%s", got.Code, got.Header().Get("Content-Type"), got.Body)
			}
		})
	}
}

// A body that ends too early, or never comes, is the sender's doing: no 5xx.
func TestBodiesThatBreakOffAreMalformed(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, headers, body string }{
		{"short", "Content-Length: 100\r\n", "a=b"},
		{"none", "Content-Length: 100\r\n", ""},
		{"broken chunks", "Transfer-Encoding: chunked\r\n", "zz\r\nab"},
		{"chunks without an end", "Transfer-Encoding: chunked\r\n", "3\r\na=b\r\n"},
	}
	for _, path := range []string{"/lti/launch", "/service/passback", "/service/roster", "/service/setting"} {
		for _, tt := range tests {
			t.Run(path+" "+tt.name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				served := httptest.NewServer(w.Handler())
				t.Cleanup(served.Close)
				conn, err := net.Dial("tcp", served.Listener.Addr().String())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = conn.Close() })
				_, err = io.WriteString(conn, "POST "+path+" HTTP/1.1\r\nHost: hub.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"+tt.headers+"\r\n"+tt.body)
				if err != nil {
					t.Fatal(err)
				}
				if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
					t.Fatal(err)
				}
				answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					t.Fatal(err)
				}
				_ = answer.Body.Close() // only the status counts
				if answer.StatusCode != badRequest {
					t.Errorf("status %d, want 400\n%s", answer.StatusCode, w.log)
				}
				if strings.Contains(w.metrics(), `outcome="internal"`) {
					t.Error("it was counted as a fault of ours")
				}
			})
		}
	}
}

// brokenBody is a connection that stalls until the listener's time is up.
type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) {
	return 0, &net.OpError{Op: "read", Err: io.ErrNoProgress}
}

func TestSlowBodyIsMalformed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	req := httptest.NewRequest(http.MethodPost, "/lti/launch", brokenBody{})
	req.ContentLength = 10
	if got := w.do(req); got.Code != badRequest {
		t.Errorf("status %d, want 400\n%s", got.Code, w.log)
	}
}

func TestPeoplesFormsAreLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.People = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		_, _ = fmt.Fprintf(rw, "%d %t", n, err != nil)
	})
	for size, want := range map[int]string{5 << 20: "5242880 false", 5<<20 + 1: "5242880 true"} {
		req := httptest.NewRequest(http.MethodPost, "/admin/manifest", strings.NewReader(form(size)))
		if got := w.do(req).Body.String(); got != want {
			t.Errorf("a form of %d bytes gives %s, want %s", size, got, want)
		}
	}
}

func TestRefusedLaunchChangesNothingButItsRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, req := range []*http.Request{w.forged(), w.launch(toQuiz, func(f url.Values) { f.Set("roles", "Mentor") })} {
		before := w.records()
		if got := w.do(req); got.Code < 400 {
			t.Fatalf("launch = %d", got.Code)
		}
		if n := w.records(); n != before+1 {
			t.Errorf("%d records, want one more than %d", n, before)
		}
	}
	w.change(func(tx store.Tx) error {
		users, _, err := store.Users.List(tx, "", "", 10)
		if len(users) > 0 {
			t.Errorf("accounts were made: %v", users)
		}
		return err
	})
}
