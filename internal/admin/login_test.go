package admin_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/web"
)

func TestLoginLeadsOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, tt := range map[string]struct {
		fields url.Values
		want   string
	}{
		"admin":         {url.Values{"username": {"root:uni"}}, web.AdminPath},
		"person":        {url.Values{"username": {"bob:uni"}}, "/"},
		"chosen domain": {url.Values{"username": {" bob "}, "domain": {"uni"}}, "/"},
		"next":          {url.Values{"username": {"bob:uni"}, "next": {"/courses/uni/phys?a=b"}}, "/courses/uni/phys?a=b"},
		"other server":  {url.Values{"username": {"bob:uni"}, "next": {"https://evil.example/"}}, "/"},
		"no scheme":     {url.Values{"username": {"bob:uni"}, "next": {"//evil.example/"}}, "/"},
		"backslash":     {url.Values{"username": {"bob:uni"}, "next": {`/\evil.example/`}}, "/"},
		"escaped":       {url.Values{"username": {"bob:uni"}, "next": {"/%5cevil.example/"}}, "/"},
		"two slashes":   {url.Values{"username": {"bob:uni"}, "next": {"/%2fevil.example/"}}, "/"},
		"tab":           {url.Values{"username": {"bob:uni"}, "next": {"/\t/evil.example/"}}, "/"},
		"line end":      {url.Values{"username": {"bob:uni"}, "next": {"/x\r\nSet-Cookie: a=b"}}, "/"},
		"script":        {url.Values{"username": {"bob:uni"}, "next": {"javascript:alert(1)"}}, "/"},
		"relative":      {url.Values{"username": {"bob:uni"}, "next": {"evil"}}, "/"},
	} {
		tt.fields.Set("password", "password")
		a := w.browser().post("/login", tt.fields)
		if a.status != other || a.to != tt.want {
			t.Errorf("%s: login answers %d to %q, want 303 to %q", name, a.status, a.to, tt.want)
		}
	}
}

func TestStrangerComesBackAfterLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	a := b.get(web.GradebookPath(phys) + "?page=2")
	if want := "/login?next=" + url.QueryEscape(web.GradebookPath(phys)+"?page=2"); a.to != want {
		t.Fatalf("a stranger is sent to %q, want %q", a.to, want)
	}
	if a = b.get(a.to); !strings.Contains(a.body, `name="next" value="`+web.GradebookPath(phys)+`?page=2"`) {
		t.Errorf("the sign-in page forgets where to go on: %s", a.body)
	}
}

func TestLoginRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, fields := range map[string]url.Values{
		"wrong password": {"username": {"bob:uni"}, "password": {"wrong"}},
		"unknown name":   {"username": {"none:uni"}, "password": {"password"}},
		"no domain":      {"username": {"bob"}, "password": {"password"}},
		"strange name":   {"username": {"bob\x00:uni"}, "password": {"password"}},
		"long":           {"username": {strings.Repeat("b", 5000) + ":uni"}, "password": {strings.Repeat("p", 5000)}},
		"nothing":        {},
	} {
		b := w.browser()
		a := b.post("/login", fields)
		if a.status != unknown || !strings.Contains(a.body, "do not belong together") {
			t.Errorf("%s: login answers %d", name, a.status)
		}
		if a := b.get(web.CoursePath(phys)); a.status != other {
			t.Errorf("%s: the course answers %d afterwards", name, a.status)
		}
	}
}

// Guessing stops after a few attempts for one name, from wherever, and goes on
// after a pause; the right password does not cut the pause short.
func TestLoginIsLimitedByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.people.Address = newAddress()
	wrong := url.Values{"username": {"bob:uni"}, "password": {"wrong"}}
	right := url.Values{"username": {"bob:uni"}, "password": {"password"}}
	b := w.browser()
	for i := range 8 {
		if a := b.post("/login", wrong); a.status != unknown {
			t.Fatalf("attempt %d answers %d, want 401", i, a.status)
		}
	}
	for _, fields := range []url.Values{wrong, right} {
		if a := b.post("/login", fields); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
			t.Errorf("one attempt more answers %d, want 429", a.status)
		}
	}
	if a := b.post("/login", url.Values{"username": {"ada:uni"}, "password": {"password"}}); a.status != other {
		t.Errorf("another name answers %d, want 303", a.status)
	}
	w.ahead.Store(int64(time.Minute))
	if a := b.post("/login", right); a.status != other {
		t.Errorf("after the pause it answers %d, want 303", a.status)
	}
}

// newAddress makes every request come from an address of its own.
func newAddress() func(*http.Request) netip.Addr {
	addr := netip.MustParseAddr("192.0.2.1")
	return func(*http.Request) netip.Addr {
		addr = addr.Next()
		return addr
	}
}

// One address that tries many names stops too; sign-ins that succeed cost
// nothing.
func TestLoginIsLimitedByAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	for i := range 40 {
		if a := b.post("/login", url.Values{"username": {"ada:uni"}, "password": {"password"}}); a.status != other {
			t.Fatalf("sign-in %d answers %d, want 303", i, a.status)
		}
	}
	status := 0
	for i := 0; i < 31; i++ {
		name := strings.Repeat("n", i+1) + ":uni"
		status = b.post("/login", url.Values{"username": {name}, "password": {strings.Repeat("p", 300)}}).status
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the last of many names answers %d, want 429", status)
	}
}

func TestCrossOriginPostIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.signIn("root:uni")
	for name, header := range map[string]http.Header{
		"site":   {"Sec-Fetch-Site": {"cross-site"}},
		"origin": {"Origin": {"https://evil.example"}},
	} {
		for path, fields := range map[string]url.Values{
			web.TokensPath: {"name": {"evil"}, "role": {"admin"}}, "/logout": nil, "/login": {"username": {"bob:uni"}, "password": {"password"}},
		} {
			if a := b.do(http.MethodPost, path, fields, header); a.status != forbidden {
				t.Errorf("%s: POST %s answers %d, want 403", name, path, a.status)
			}
		}
	}
	if a := b.get(web.TokensPath); a.status != ok || strings.Contains(a.body, "evil") {
		t.Errorf("afterwards the tokens answer %d: %s", a.status, a.body)
	}
}

func TestTooLargeFormIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.signIn("root:uni")
	a := b.post(web.ManifestPath, url.Values{"do": {"apply"}, "manifest": {strings.Repeat("#", 6<<20)}})
	if a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("it answers %d, want 413", a.status)
	}
}
