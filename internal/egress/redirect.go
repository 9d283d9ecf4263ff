package egress

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// maxRedirects is how often one call is sent on within its host.
const maxRedirects = 3

// ErrRedirect: the answer sends the call elsewhere. Only GET and HEAD follow,
// up to three times, and only within their host and not from https to http.
// The text names the place, so that a person can correct the configured URL.
var ErrRedirect = errors.New("redirected")

func checkRedirect(next *http.Request, via []*http.Request) error {
	first, last := via[0], via[len(via)-1]
	switch {
	case first.Method != http.MethodGet && first.Method != http.MethodHead:
		return fmt.Errorf("%w to %s, which a %s does not follow", ErrRedirect, place(next.URL), first.Method)
	case !sameHost(last.URL, next.URL):
		return fmt.Errorf("%w to %s, which is another host", ErrRedirect, place(next.URL))
	case len(via) > maxRedirects:
		return fmt.Errorf("%w to %s, once too often", ErrRedirect, place(next.URL))
	}
	next.Header.Del("Referer") // it would repeat the query
	return checkURL(next.URL)
}

// sameHost takes the step from http to https on the default ports as the same
// host, and no step back.
func sameHost(from, to *url.URL) bool {
	if !strings.EqualFold(from.Hostname(), to.Hostname()) {
		return false
	}
	if from.Scheme == to.Scheme {
		return port(from) == port(to)
	}
	return from.Scheme == "http" && to.Scheme == "https" && port(from) == "80" && port(to) == "443"
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}

// place is a URL without what may be secret in it.
func place(u *url.URL) string {
	bare := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return bare.String()
}
