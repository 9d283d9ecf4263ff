package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/api"
	"github.com/ltihub/ltihub/internal/directory"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/roster"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/internal/vault"
)

const configured = "configured-token"

// hub is the API over real HTTP on a real store.
type hub struct {
	*httptest.Server
	store   store.Store
	log     *bytes.Buffer
	read    string // a token of role read
	retried []string
	// fail is what Launch and Retry return.
	fail error
}

func now() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 8, time.UTC) }

func newID() string { return uuid.Must(uuid.NewV7()).String() }

const config = `
version: 1
domains: [{id: uni}]
users: [{domain: uni, username: ada, given_name: Ada, family_name: Moss, email: ada@uni.example}]
tool_consumers: [{domain: uni, id: campus, key: lms-key, secret: lms-secret}]
tools: [{domain: uni, id: quizzer, url: "https://quizzer.example/", key: tool-key, secret: tool-secret}]
courses:
  - domain: uni
    id: phys101
    folders: [{id: week1, links: [{id: quiz1, tool: quizzer, title: Quiz 1, points: 10, tiny: q1}]}]
    links: [{id: read, tool: quizzer}]
    members:
      - {username: ada, role: instructor}
      - {username: bob, role: student, section: "001", start: 2026-01-01}
`

func newHub(tb testing.TB) *hub {
	tb.Helper()
	s, err := bolt.Open(filepath.Join(tb.TempDir(), "test.db"), bolt.Options{Now: now})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	v, _, err := vault.Create(vault.NewMasterKey(rand.Reader))
	if err != nil {
		tb.Fatal(err)
	}
	h := &hub{store: s, log: &bytes.Buffer{}}
	applier := &manifest.Applier{Store: s, Vault: v, Now: now, NewID: newID, Rand: rand.Reader}
	exporter := &manifest.Exporter{Store: s, Vault: v}
	door := &api.Server{
		Store: s, Token: configured, Version: "test", Now: now, NewID: newID, Rand: rand.Reader,
		Log:       slog.New(slog.NewTextHandler(h.log, nil)),
		Keeper:    &person.Keeper{Store: s, NewID: newID, Requeue: func(store.Tx, lti.UpstreamTarget) error { return nil }},
		Directory: &directory.Directory{Store: s, NewID: newID},
		Launch: func(_ context.Context, c lti.CourseRef, link, username string) (string, oauth1.Params, error) {
			return "https://quizzer.example/", oauth1.Params{{Name: "context_id", Value: c.String()}, {Name: "resource_link_id", Value: link}, {Name: "user_id", Value: username}}, h.fail
		},
		Rosters: roster.New(roster.Puller{Store: s, NewID: newID}),
		Retry: func(_ context.Context, id, by string) error {
			h.retried = append(h.retried, id+" by "+by)
			return h.fail
		},
		Apply: func(ctx context.Context, data []byte, by string) (manifest.Report, error) {
			m, err := manifest.Parse(data)
			if err != nil {
				return manifest.Report{}, err
			}
			return applier.Apply(ctx, m, by)
		},
		Export: exporter.Export,
	}
	h.Server = httptest.NewServer(door.Handler())
	tb.Cleanup(h.Close)
	h.want(tb, h.call(tb, configured, "PUT", "/manifest", config), http.StatusOK)
	h.read = h.newToken(tb, "reader", "read")
	return h
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// call makes a request below the prefix; token "" sends none.
func (h *hub) call(tb testing.TB, token, method, path, body string) answer {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), method, h.URL+api.Prefix+path, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if method == "POST" && body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if method == "PUT" {
		r.Header.Set("Content-Type", "application/yaml")
	}
	resp, err := h.Client().Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(data)}
}

func (h *hub) want(tb testing.TB, a answer, status int) {
	tb.Helper()
	if a.status != status {
		tb.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	wantType := "application/json"
	if status >= 400 {
		wantType = "application/problem+json"
	}
	if got := a.header.Get("Content-Type"); status != http.StatusNoContent && got != wantType {
		tb.Errorf("Content-Type %q, want %q", got, wantType)
	}
}

// get reads path as JSON.
func (h *hub) get(tb testing.TB, path string) any {
	tb.Helper()
	a := h.call(tb, h.read, "GET", path, "")
	h.want(tb, a, http.StatusOK)
	return decode(tb, a.body)
}

func decode(tb testing.TB, text string) any {
	tb.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		tb.Fatalf("decode %q: %v", text, err)
	}
	return v
}

func wantJSON(tb testing.TB, got any, want string) {
	tb.Helper()
	if diff := cmp.Diff(decode(tb, want), got); diff != "" {
		tb.Errorf("answer differs (-want +got):\n%s", diff)
	}
}

func (h *hub) newToken(tb testing.TB, name, role string) string {
	tb.Helper()
	a := h.call(tb, configured, "POST", "/tokens", `{"name":"`+name+`","role":"`+role+`"}`)
	h.want(tb, a, http.StatusCreated)
	return decode(tb, a.body).(map[string]any)["token"].(string)
}

func put[T any](tb testing.TB, h *hub, c *store.Collection[T], items ...T) {
	tb.Helper()
	err := h.store.Update(tb.Context(), func(tx store.Tx) error {
		for _, v := range items {
			if err := c.Put(tx, v); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func TestTokensOpenWhatTheirRoleAllows(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	admin := h.newToken(t, "operator", "admin")
	revoked := h.newToken(t, "old", "admin")
	h.want(t, h.call(t, admin, "DELETE", "/tokens/"+api.HashToken(revoked), ""), http.StatusNoContent)
	const launch = "/courses/uni/phys101/links/quiz1/launch"
	tests := []struct {
		name, token, method, path, body string
		want                            int
	}{
		{"no token", "", "GET", "/users/uni/ada", "", 401},
		{"unknown token", "nonsense", "GET", "/users/uni/ada", "", 401},
		{"revoked token", revoked, "GET", "/users/uni/ada", "", 401},
		{"read token reads", h.read, "GET", "/users/uni/ada", "", 200},
		{"read token launches", h.read, "POST", launch, `{"username":"ada"}`, 403},
		{"read token exports", h.read, "GET", "/manifest", "", 200},
		{"read token wants secrets", h.read, "GET", "/manifest?secrets=true", "", 403},
		{"read token applies", h.read, "PUT", "/manifest", config, 403},
		{"read token sees tokens", h.read, "GET", "/tokens", "", 403},
		{"read token takes a backup", h.read, "GET", "/backup", "", 403},
		{"admin token launches", admin, "POST", launch, `{"username":"ada"}`, 200},
		{"configured token launches", configured, "POST", launch, `{"username":"ada"}`, 200},
		{"unknown path without token", "", "GET", "/nothing", "", 404},
		{"wrong method", admin, "PATCH", "/tokens", "", 405},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := h.call(t, tt.token, tt.method, tt.path, tt.body)
			if a.status != tt.want {
				t.Errorf("status %d, want %d: %s", a.status, tt.want, a.body)
			}
			if got := a.header.Get("WWW-Authenticate"); (tt.want == 401) != strings.HasPrefix(got, "Bearer") && tt.want != 403 {
				t.Errorf("WWW-Authenticate %q with status %d", got, a.status)
			}
		})
	}
}

func TestAuthorizationIsOneBearerToken(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	tests := []struct {
		name   string
		values []string
		want   int
	}{
		{"lower case scheme", []string{"bearer " + configured}, 200},
		{"another scheme", []string{"Basic " + configured}, 401},
		{"no token", []string{"Bearer"}, 401},
		{"twice", []string{"Bearer " + configured, "Bearer " + configured}, 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), "GET", h.URL+api.Prefix+"/users/uni/ada", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header["Authorization"] = tt.values
			resp, err := h.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != tt.want {
				t.Errorf("status %d, want %d", resp.StatusCode, tt.want)
			}
		})
	}
}

func TestUnknownIsNotFound(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	for _, path := range []string{
		"/users/uni/eve", "/users/none/ada", "/users/uni/%00", "/users/uni/%ff", "/courses/uni/none/results", "/courses/uni/none/members",
		"/courses/uni/none/links", "/users/uni/" + strings.Repeat("x", 5000),
	} {
		a := h.call(t, h.read, "GET", path, "")
		if a.status != 404 {
			t.Errorf("GET %s: status %d, want 404: %s", path, a.status, a.body)
		}
		h.want(t, a, 404)
	}
}

func TestWrongMethodNamesTheRightOnes(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.call(t, configured, "PATCH", "/tokens", "")
	h.want(t, a, 405)
	if got := strings.Join(a.header.Values("Allow"), " "); got != "GET POST" {
		t.Errorf("Allow %q", got)
	}
}

func TestErrorsAreMapped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		fail   error
		status int
		show   string
	}{
		{"unknown", store.ErrNotFound, 404, "no such record"},
		{"refused", errors.Join(errors.New("bob is no member"), api.ErrRefused), 403, "bob is no member"},
		{"store away", store.ErrUnavailable, 503, "try again"},
		{"outcome unknown", store.ErrAmbiguous, 503, "unknown"},
		{"anything else", errors.New("disk on fire"), 500, "internal error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.fail = tt.fail
			a := h.call(t, configured, "POST", "/courses/uni/phys101/links/quiz1/launch", `{"username":"bob"}`)
			h.want(t, a, tt.status)
			if !strings.Contains(a.body, tt.show) || strings.Contains(a.body, "fire") {
				t.Errorf("body %s, want it to show %q", a.body, tt.show)
			}
			if logged := strings.Contains(h.log.String(), "disk on fire"); logged != (tt.status == 500) {
				t.Errorf("log %q with status %d", h.log, tt.status)
			}
		})
	}
}
