package directory_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/jimlambrt/gldap"

	"github.com/ltihub/ltihub/internal/directory"
	"github.com/ltihub/ltihub/internal/egress"
	"github.com/ltihub/ltihub/internal/lti"
)

// library is an LDAP server with two people and a certificate for 127.0.0.1.
type library struct {
	addr  string
	roots *x509.CertPool
	asked atomic.Int64
	last  atomic.Value // the filter
}

func newLibrary(t *testing.T, encrypted bool) *library {
	t.Helper()
	l := &library{roots: x509.NewCertPool()}
	web := httptest.NewTLSServer(nil) // for its certificate alone
	certificate := web.TLS.Certificates[0]
	l.roots.AddCert(web.Certificate())
	web.Close()
	server, err := gldap.NewServer(gldap.WithLogger(hclog.NewNullLogger()))
	if err != nil {
		t.Fatal(err)
	}
	secure := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	if err := server.Router(l.routes(t, secure)); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.addr = free.Addr().String()
	_ = free.Close()
	var options []gldap.Option
	if encrypted {
		options = append(options, gldap.WithTLSConfig(secure))
	}
	go func() { _ = server.Run(l.addr, options...) }() // it ends with Stop
	t.Cleanup(func() { _ = server.Stop() })
	for !server.Ready() {
		if t.Context().Err() != nil {
			t.Fatal("the LDAP server does not start")
		}
	}
	return l
}

func (l *library) routes(t *testing.T, secure *tls.Config) *gldap.Mux {
	t.Helper()
	mux, err := gldap.NewMux()
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		mux.Bind(func(w *gldap.ResponseWriter, r *gldap.Request) {
			answer := r.NewBindResponse(gldap.WithResponseCode(gldap.ResultInvalidCredentials))
			defer func() { _ = w.Write(answer) }()
			if m, err := r.GetSimpleBindMessage(); err == nil && m.UserName == "cn=hub" && m.Password == "open" {
				answer.SetResultCode(gldap.ResultSuccess)
			}
		}),
		mux.ExtendedOperation(func(w *gldap.ResponseWriter, r *gldap.Request) {
			answer := r.NewExtendedResponse(gldap.WithResponseCode(gldap.ResultSuccess))
			answer.SetResponseName(gldap.ExtendedOperationStartTLS)
			_ = w.Write(answer)
			_ = r.StartTLS(secure)
		}, gldap.ExtendedOperationStartTLS),
		mux.Search(l.search),
	)
	if err != nil {
		t.Fatal(err)
	}
	return mux
}

func (l *library) search(w *gldap.ResponseWriter, r *gldap.Request) {
	l.asked.Add(1)
	done := r.NewSearchDoneResponse(gldap.WithResponseCode(gldap.ResultSuccess))
	defer func() { _ = w.Write(done) }()
	m, err := r.GetSearchMessage()
	if err != nil {
		done.SetResultCode(gldap.ResultOperationsError)
		return
	}
	l.last.Store(m.Filter)
	entry := func(name string) {
		_ = w.Write(r.NewSearchResponseEntry("uid="+name, gldap.WithAttributes(map[string][]string{
			"givenname": {"Ada"}, "sn": {" Moss "}, "mail": {"ada@uni.example"}, "displayName": {"A\x00"},
		})))
	}
	switch m.Filter {
	case "(uid=ada)":
		entry("ada")
	case "(uid=two)":
		entry("ada")
		entry("bea")
	}
}

func (l *library) client(url string) *directory.LDAP {
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	return &directory.LDAP{
		URL: url, BindDN: "cn=hub", Password: "open", BaseDN: "dc=uni", RootCAs: l.roots,
		Dialer: egress.NewDialer(loopback, time.Minute), Timeout: time.Minute, Now: time.Now,
	}
}

func TestLDAPFindsThePerson(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"ldaps", "ldap"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			l := newLibrary(t, scheme == "ldaps")
			client := l.client(scheme + "://" + l.addr)
			got, found, err := client.Find(t.Context(), "ada")
			if want := (lti.Person{GivenName: "Ada", FamilyName: "Moss", Email: "ada@uni.example"}); err != nil || !found || got != want {
				t.Errorf("Find(ada) = %+v, %v, %v", got, found, err)
			}
			for _, value := range []string{"nobody", "two", "ada)(uid=*", "*", "a\\da"} {
				if _, found, err := client.Find(t.Context(), value); found || err != nil {
					t.Errorf("Find(%q) = %v, %v, want nobody", value, found, err)
				}
			}
			if _, _, err := client.Find(t.Context(), "ada)(uid=*"); err != nil || l.last.Load() != `(uid=ada\29\28uid=\2a)` {
				t.Errorf("the server was asked for %v, %v, want the value escaped", l.last.Load(), err)
			}
		})
	}
}

func TestLDAPRefuses(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, true)
	tests := []struct {
		name   string
		change func(*directory.LDAP)
		want   string
	}{
		{"wrong password", func(c *directory.LDAP) { c.Password = "shut" }, "invalid credentials"},
		{"unknown certificate", func(c *directory.LDAP) { c.RootCAs = x509.NewCertPool() }, "encrypt"},
		{"address not allowed", func(c *directory.LDAP) { c.Dialer = egress.NewDialer(nil, time.Minute) }, "not allowed"},
		{"no server", func(c *directory.LDAP) { c.URL = "ldaps://127.0.0.1:1" }, "reach"},
		{"no URL", func(c *directory.LDAP) { c.URL = "::" }, "url"},
	}
	for _, tt := range tests {
		client := l.client("ldaps://" + l.addr)
		tt.change(client)
		_, found, err := client.Ask(t.Context(), "ada")
		if found || err == nil || !strings.Contains(strings.ToLower(err.Error()), tt.want) || strings.Contains(err.Error(), "shut") {
			t.Errorf("%s: Ask() = %v, %v, want an error with %q", tt.name, found, err, tt.want)
		}
	}
	if n := l.asked.Load(); n != 0 {
		t.Errorf("the server was searched %d times", n)
	}
}

// A server that is down is left alone for a while: launches do not queue up
// before it.
func TestLDAPRestsAfterAnError(t *testing.T) {
	t.Parallel()
	now := time.Now()
	l := newLibrary(t, true)
	client := l.client("ldaps://" + l.addr)
	client.Now, client.Password = func() time.Time { return now }, "shut"
	if _, _, err := client.Find(t.Context(), "ada"); err == nil || errors.Is(err, directory.ErrResting) {
		t.Fatalf("Find() = %v, want the server's error", err)
	}
	client.Password = "open"
	if _, _, err := client.Find(t.Context(), "ada"); !errors.Is(err, directory.ErrResting) {
		t.Errorf("Find() = %v, want ErrResting", err)
	}
	now = now.Add(time.Minute)
	if _, found, err := client.Find(t.Context(), "ada"); !found || err != nil {
		t.Errorf("Find() after the rest = %v, %v", found, err)
	}
}

func TestCheckFilter(t *testing.T) {
	t.Parallel()
	for filter, good := range map[string]bool{
		directory.DefaultFilter: true, "(&(objectClass=person)(|(uid={value})(mail={value})))": true,
		"(uid=ada)": false, "(uid={value}": false, "": false,
	} {
		if err := directory.CheckFilter(filter); (err == nil) != good {
			t.Errorf("CheckFilter(%q) = %v", filter, err)
		}
	}
}
