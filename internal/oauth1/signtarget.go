package oauth1

import (
	"fmt"
	"net/url"
	"strings"
)

// signTarget takes apart a URL to sign, with its path as it will be sent: by a
// browser when form, otherwise by Go's client. A URL that browsers send in more
// than one way is ErrTarget: its signature would not hold everywhere.
func signTarget(raw string, form bool) (target, error) {
	t, err := parseTarget(raw)
	if err != nil {
		return target{}, fmt.Errorf("%w: %w", ErrTarget, err)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return target{}, fmt.Errorf("%w: not a URL", ErrTarget) // url's own error would repeat the URL
	}
	if strings.IndexFunc(t.host, func(c rune) bool { return c >= 0x80 || c == '%' }) >= 0 {
		return target{}, fmt.Errorf("%w: write the host in its xn-- form", ErrTarget)
	}
	if !form {
		t.path = u.EscapedPath()
		return t, nil
	}
	if strings.ContainsAny(t.path, `\^`) {
		return target{}, fmt.Errorf("%w: its path must be percent-encoded", ErrTarget)
	}
	for segment := range strings.SplitSeq(strings.ReplaceAll(strings.ToLower(t.path), "%2e", "."), "/") {
		if segment == "." || segment == ".." {
			return target{}, fmt.Errorf("%w: its path holds a dot segment", ErrTarget)
		}
	}
	t.path = browserPath(t.path)
	return t, nil
}

// browserPath percent-encodes what browsers encode in a path (WHATWG URL, path
// percent-encode set) and leaves the escapes that are there.
func browserPath(path string) string {
	escaped := make([]byte, 0, len(path))
	for i := 0; i < len(path); i++ {
		if c := path[i]; c >= 0x80 || strings.IndexByte("\"<>`{}", c) >= 0 {
			escaped = append(escaped, '%', upperHex[c>>4], upperHex[c&15])
		} else {
			escaped = append(escaped, c)
		}
	}
	return string(escaped)
}
