package egress_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ltihub/ltihub/internal/egress"
)

// trap is a server that must not be reached. It counts connections, since a
// connection alone tells an attacker what is there.
type trap struct {
	*httptest.Server
	port string
	hits atomic.Int64
}

// newTrap listens at port of all addresses, so that no way in is missed.
func newTrap(t testing.TB) *trap {
	t.Helper()
	listener, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	tr := &trap{}
	tr.Server = &httptest.Server{Listener: listener, Config: &http.Server{
		Handler:   http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		ConnState: func(_ net.Conn, s http.ConnState) { tr.count(s) },
	}}
	tr.Start()
	t.Cleanup(tr.Close)
	_, tr.port, _ = net.SplitHostPort(listener.Addr().String())
	t.Cleanup(func() {
		if n := tr.hits.Load(); n != 0 {
			t.Errorf("the trap was reached %d times", n)
		}
	})
	return tr
}

func (tr *trap) count(s http.ConnState) {
	if s == http.StateNew {
		tr.hits.Add(1)
	}
}

func request(t testing.TB, method, url, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func get(t testing.TB, c *egress.Client, url string) (egress.Response, error) {
	t.Helper()
	return c.Do(t.Context(), request(t, http.MethodGet, url, ""))
}

func cidrs(texts ...string) []netip.Prefix {
	var prefixes []netip.Prefix
	for _, text := range texts {
		prefixes = append(prefixes, netip.MustParsePrefix(text))
	}
	return prefixes
}

func TestDoReachesNoSpecialAddress(t *testing.T) {
	t.Parallel()
	tr := newTrap(t)
	c := egress.New(egress.Options{Resolver: loopback(t)})
	for _, host := range []string{
		"127.0.0.1", "127.8.8.8", "localhost", "localhost.", "LOCALHOST", "0.0.0.0", "[::]", "[::1]",
		"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::8.8.8.8]",
		"[2002:7f00:1::]", "[2001:0:7f00:1::]", "[2001:db8::1]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd12::1]", "[ff02::1]",
		"2130706433", "017700000001", "0177.0.0.1", "0x7f000001", "0x7f.0.0.1", "0x7F.1", "127.1", "127.0.0.1.", "127.0.0.01",
		"169.254.169.254", "10.1.2.3", "172.16.0.1", "192.168.0.1", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255",
	} {
		t.Run(host, func(t *testing.T) {
			_, err := get(t, c, "http://"+host+":"+tr.port+"/outcome?token=hush")
			if !errors.Is(err, egress.ErrForbiddenAddress) {
				t.Fatalf("Do(%s) error = %v, want ErrForbiddenAddress", host, err)
			}
			if strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "outcome") {
				t.Errorf("error %q repeats the URL", err)
			}
		})
	}
}

func TestDoRefusesURL(t *testing.T) {
	t.Parallel()
	tr := newTrap(t)
	c := egress.New(egress.Options{AllowCIDRs: cidrs("127.0.0.0/8")})
	for _, url := range []string{
		"gopher://127.0.0.1:" + tr.port + "/", "file:///etc/passwd", "ftp://127.0.0.1:" + tr.port, "//127.0.0.1:" + tr.port,
		"127.0.0.1", "", "http:///path", "http://:" + tr.port, "http:127.0.0.1", "http://user:hush@127.0.0.1:" + tr.port,
		"unix:///run/docker.sock",
	} {
		_, err := get(t, c, url)
		if !errors.Is(err, egress.ErrURL) || strings.Contains(err.Error(), "hush") {
			t.Errorf("Do(%q) error = %v, want ErrURL", url, err)
		}
	}
	if _, err := c.Do(t.Context(), &http.Request{Method: http.MethodGet}); !errors.Is(err, egress.ErrURL) {
		t.Errorf("Do without URL: error = %v, want ErrURL", err)
	}
}

func TestAllowedRangesAreReached(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	names := loopback(t)
	tests := []struct {
		name, allow, host string
		ok                bool
	}{
		{"the range", "127.0.0.0/8", "127.0.0.1", true},
		{"mapped host", "127.0.0.0/8", "[::ffff:127.0.0.1]", true},
		{"mapped range", "::ffff:127.0.0.0/104", "127.0.0.1", true},
		{"a name in the range", "127.0.0.0/8", "localhost", true},
		{"another range", "10.0.0.0/8", "127.0.0.1", false},
		{"another address", "127.0.0.2/32", "127.0.0.1", false},
		{"NAT64 to loopback", "64:ff9b::/96", "[64:ff9b::7f00:1]", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := get(t, egress.New(egress.Options{AllowCIDRs: cidrs(tt.allow), Resolver: names}), "http://"+tt.host+":"+port)
			if tt.ok && (err != nil || got.Status != http.StatusTeapot) {
				t.Errorf("Do = %d, %v, want 418", got.Status, err)
			}
			if !tt.ok && !errors.Is(err, egress.ErrForbiddenAddress) {
				t.Errorf("Do error = %v, want ErrForbiddenAddress", err)
			}
		})
	}
}

func TestNameThatStandsForSpecialAddress(t *testing.T) {
	t.Parallel()
	tr := newTrap(t)
	for name, answer := range map[string]string{
		"inner.example.": "127.0.0.1", "private.example.": "10.0.0.1", "six.example.": "::1", "mapped.example.": "::ffff:127.0.0.1",
	} {
		c := egress.New(egress.Options{Resolver: resolver(t, func(int) []string { return []string{answer} })})
		if _, err := get(t, c, "http://"+name+":"+tr.port); !errors.Is(err, egress.ErrForbiddenAddress) {
			t.Errorf("%s: error = %v, want ErrForbiddenAddress", name, err)
		}
	}
}

// TestNameThatChangesItsMind: a look-up before the call that found nothing
// wrong does not help the second one.
func TestNameThatChangesItsMind(t *testing.T) {
	t.Parallel()
	tr := newTrap(t)
	c := egress.New(egress.Options{AllowCIDRs: cidrs("127.0.0.2/32"), Resolver: resolver(t, func(asked int) []string {
		if asked == 0 {
			return []string{"127.0.0.2"}
		}
		return []string{"127.0.0.1"}
	})})
	url := "http://rebind.example.:" + tr.port
	if _, err := get(t, c, url); err != nil {
		t.Fatalf("first call: %v", err)
	}
	c.CloseIdle()
	if _, err := get(t, c, url); !errors.Is(err, egress.ErrForbiddenAddress) {
		t.Errorf("second call: error = %v, want ErrForbiddenAddress", err)
	}
	if n := tr.hits.Swap(0); n != 1 {
		t.Errorf("%d connections, want the first alone", n)
	}
}

func TestProxyOfTheEnvironmentIsNotAsked(t *testing.T) {
	tr := newTrap(t)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, "http://127.0.0.1:"+tr.port)
	}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	c := egress.New(egress.Options{
		AllowCIDRs: cidrs("127.0.0.0/8"),
		Resolver:   loopback(t),
	})
	if _, err := get(t, c, "http://lms.example.:"+port); err != nil {
		t.Errorf("Do: %v", err)
	}
}

func TestCancelledCallIsNoTimeout(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := egress.New(egress.Options{}).Do(ctx, request(t, http.MethodGet, "http://lms.example", ""))
	if !errors.Is(err, context.Canceled) || errors.Is(err, egress.ErrTimeout) {
		t.Errorf("Do error = %v, want context.Canceled", err)
	}
}
