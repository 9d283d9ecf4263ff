package web

import (
	"net/http"
	"net/url"
	"strings"
)

// LocalPath is to if that is a path on this server, with or without a query and
// a fragment, and "" otherwise. To a browser "//host", "/\host" and, because it
// drops tabs and line ends, "/<tab>/host" are all another server.
func LocalPath(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		return ""
	}
	if strings.ContainsFunc(to, func(c rune) bool { return c == '\\' || c <= ' ' || c == 0x7f }) {
		return ""
	}
	if _, err := url.Parse(to); err != nil {
		return ""
	}
	return to
}

// SeeOther sends the browser on to a page of ours with a 303. It is the one way
// to do that: what is no LocalPath leads to HomePath, never elsewhere.
func SeeOther(w http.ResponseWriter, r *http.Request, to string) {
	local := LocalPath(to)
	if local == "" {
		local = HomePath
	}
	http.Redirect(w, r, local, http.StatusSeeOther) //nolint:forbidigo // LocalPath has just seen that it stays here
}
