package directory

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ltihub/ltihub/internal/lti"
)

// ErrResting: the server could not be asked a moment ago and is left alone for
// a while, so that launches do not wait for it one after another.
var ErrResting = errors.New("the server did not answer a moment ago and is not asked again yet")

// ValueMark stands in a filter for the value that is looked for.
const ValueMark = "{value}"

// Defaults of an LDAP server's fields.
const (
	DefaultFilter  = "(uid=" + ValueMark + ")"
	DefaultTimeout = 3 * time.Second
	restAfter      = 30 * time.Second
)

// LDAP is a server that is asked for people (RFC 4511). Fields are set before
// use; URL and BaseDN have no default.
type LDAP struct {
	URL      string // ldaps://host[:636], or ldap://host[:389], which is upgraded by StartTLS
	Insecure bool   // ldap:// without StartTLS: names and the password travel in clear
	BindDN   string // "" asks without a name
	Password string
	BaseDN   string
	Filter   string // holds ValueMark; the value is escaped there (RFC 4515)
	// Attributes names the LDAP attribute of given_name, family_name,
	// full_name, email and sourcedid; those that are not there have a default.
	Attributes map[string]string
	Timeout    time.Duration  // for one look-up as a whole
	RootCAs    *x509.CertPool // nil: the system's
	Dialer     *net.Dialer    // judges the address before it connects
	Now        func() time.Time

	mu    sync.Mutex
	until time.Time // left alone until then
}

// attribute is the LDAP attribute of a field.
func (l *LDAP) attribute(field string) string {
	if name := l.Attributes[field]; name != "" {
		return name
	}
	return map[string]string{
		"given_name": "givenName", "family_name": "sn", "full_name": "displayName", "email": "mail", "sourcedid": "employeeNumber",
	}[field]
}

// Find looks for the one entry that the filter finds with the value. None, and
// several, find nobody. An error of the server makes it rest for a while, in
// which Find returns ErrResting at once.
func (l *LDAP) Find(ctx context.Context, value string) (lti.Person, bool, error) {
	l.mu.Lock()
	resting := l.Now().Before(l.until)
	l.mu.Unlock()
	if resting {
		return lti.Person{}, false, ErrResting
	}
	p, found, err := l.Ask(ctx, value)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = time.Time{}
	if err != nil && ctx.Err() == nil {
		l.until = l.Now().Add(restAfter)
	}
	return p, found, err
}

// Ask is Find for the test of a configuration: it never rests.
func (l *LDAP) Ask(ctx context.Context, value string) (lti.Person, bool, error) {
	timeout := l.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	conn, err := l.connect(ctx, timeout)
	if err != nil {
		return lti.Person{}, false, err
	}
	defer func() { _ = conn.Close() }() // nothing is left to be said
	// The library's calls know no context: a closed connection ends them.
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if l.BindDN != "" {
		if err := conn.Bind(l.BindDN, l.Password); err != nil {
			return lti.Person{}, false, fmt.Errorf("bind to the LDAP server: %w", plainly(err))
		}
	}
	answer, err := conn.Search(l.request(value, timeout))
	switch {
	case ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded):
		return lti.Person{}, false, nil // more than one
	case err != nil:
		return lti.Person{}, false, fmt.Errorf("search the LDAP server: %w", plainly(err))
	case len(answer.Entries) != 1:
		return lti.Person{}, false, nil
	}
	return l.person(answer.Entries[0]), true, nil
}

// connect dials through the guard, and encrypts unless that is switched off.
func (l *LDAP) connect(ctx context.Context, timeout time.Duration) (*ldap.Conn, error) {
	u, err := url.Parse(l.URL)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("the LDAP server's URL can't be read")
	}
	port := u.Port()
	encrypted := u.Scheme == "ldaps"
	if port == "" {
		port = map[bool]string{true: ldap.DefaultLdapsPort, false: ldap.DefaultLdapPort}[encrypted]
	}
	raw, err := l.Dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return nil, fmt.Errorf("reach the LDAP server: %w", err)
	}
	if deadline, ok := ctx.Deadline(); ok {
		_ = raw.SetDeadline(deadline) // the calls have their own timeout as well
	}
	secure := &tls.Config{ServerName: u.Hostname(), RootCAs: l.RootCAs, MinVersion: tls.VersionTLS12}
	if encrypted {
		wrapped := tls.Client(raw, secure)
		if err := wrapped.HandshakeContext(ctx); err != nil {
			_ = raw.Close() // the handshake's error says more
			return nil, fmt.Errorf("encrypt the way to the LDAP server: %w", err)
		}
		raw = wrapped
	}
	conn := ldap.NewConn(raw, encrypted)
	conn.SetTimeout(timeout)
	conn.Start()
	if !encrypted && !l.Insecure {
		if err := conn.StartTLS(secure); err != nil {
			_ = conn.Close() // likewise
			return nil, fmt.Errorf("encrypt the way to the LDAP server: %w", plainly(err))
		}
	}
	return conn, nil
}

func (l *LDAP) request(value string, timeout time.Duration) *ldap.SearchRequest {
	filter := l.Filter
	if filter == "" {
		filter = DefaultFilter
	}
	return ldap.NewSearchRequest(
		l.BaseDN, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 2, max(1, int(timeout.Seconds())), false,
		strings.ReplaceAll(filter, ValueMark, ldap.EscapeFilter(value)),
		[]string{l.attribute("given_name"), l.attribute("family_name"), l.attribute("full_name"), l.attribute("email"), l.attribute("sourcedid")},
		nil)
}

// person reads an entry. A value that no page could show counts as none.
func (l *LDAP) person(e *ldap.Entry) lti.Person {
	value := func(field string) string {
		text := strings.TrimSpace(e.GetEqualFoldAttributeValue(l.attribute(field)))
		if lti.CheckID(text) != nil {
			return ""
		}
		return text
	}
	return lti.Person{
		SourcedID: value("sourcedid"), GivenName: value("given_name"), FamilyName: value("family_name"),
		FullName: value("full_name"), Email: value("email"),
	}
}

// plainly is an error of the library without what the server adds in its own
// words, which may hold names of entries.
func plainly(err error) error {
	var e *ldap.Error
	if !errors.As(err, &e) {
		return err
	}
	if name, ok := ldap.LDAPResultCodeMap[e.ResultCode]; ok {
		return errors.New(strings.ToLower(name))
	}
	return fmt.Errorf("result code %d", e.ResultCode)
}

// CheckFilter returns an error unless filter is one of RFC 4515 that holds
// ValueMark.
func CheckFilter(filter string) error {
	if !strings.Contains(filter, ValueMark) {
		return errors.New("it has no " + ValueMark)
	}
	if _, err := ldap.CompileFilter(strings.ReplaceAll(filter, ValueMark, "x")); err != nil {
		return errors.New("it is no filter such as " + DefaultFilter)
	}
	return nil
}
