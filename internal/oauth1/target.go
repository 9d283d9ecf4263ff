package oauth1

import (
	"fmt"
	"strconv"
	"strings"
)

// target is an absolute URL taken apart, with every part as it was written.
type target struct {
	scheme, host, port, path, query, fragment string
}

// parseTarget takes raw apart without decoding, cleaning or re-encoding it. It
// wants http or https, a host, no user and no blanks or control characters.
func parseTarget(raw string) (target, error) {
	var t target
	for i := 0; i < len(raw); i++ {
		if raw[i] <= ' ' || raw[i] == 0x7f {
			return t, fmt.Errorf("%w: URL holds a blank or a control character", ErrMalformed)
		}
	}
	scheme, rest, found := strings.Cut(raw, "://")
	t.scheme = strings.ToLower(scheme)
	if !found || t.scheme != "http" && t.scheme != "https" {
		return t, fmt.Errorf("%w: URL is not absolute http or https", ErrMalformed)
	}
	rest, t.fragment, _ = strings.Cut(rest, "#")
	rest, t.query, _ = strings.Cut(rest, "?")
	authority := rest
	if slash := strings.IndexByte(rest, '/'); slash >= 0 {
		authority, t.path = rest[:slash], rest[slash:]
	}
	return t, t.splitAuthority(authority)
}

func (t *target) splitAuthority(authority string) error {
	t.host = authority
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		t.host, t.port = authority[:colon], authority[colon+1:]
	}
	if t.host == "" || strings.ContainsAny(authority, `@\`) || strings.Contains(t.host, ":") && t.host[0] != '[' {
		return fmt.Errorf("%w: URL has no plain host", ErrMalformed)
	}
	if t.port == "" {
		return nil
	}
	if _, err := strconv.ParseUint(t.port, 10, 16); err != nil {
		return fmt.Errorf("%w: port of the URL", ErrMalformed)
	}
	return nil
}

// defaultPort reports whether the port may be left out (RFC 5849, 3.4.1.2).
func (t target) defaultPort() bool {
	return t.port == "" || t.scheme == "http" && t.port == "80" || t.scheme == "https" && t.port == "443"
}

// baseURI returns the base string URI of RFC 5849, 3.4.1.2.
func (t target) baseURI() string {
	uri := t.scheme + "://" + lower(t.host)
	if !t.defaultPort() {
		uri += ":" + t.port
	}
	if t.path == "" {
		return uri + "/"
	}
	return uri + t.path
}

// lower returns s with its ASCII letters in lower case, byte for byte.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
