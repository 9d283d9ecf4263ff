package oauth1

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxParams bounds the pairs of one request, wherever they stand.
const maxParams = 500

// reader decodes the pairs of one request into params. Decoded text shares one
// buffer, so that a launch costs few allocations.
type reader struct {
	params  Params
	text    strings.Builder
	lenient bool // keep what is not UTF-8 or not an escape: for explaining only
	plus    bool // a + stands for itself in query and body too: likewise
}

// form appends the pairs of a query or a form body (RFC 5849, 3.4.1.3.1).
func (r *reader) form(place, raw string) error {
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		if err := r.add(place, name, value, !r.plus); err != nil {
			return err
		}
	}
	return nil
}

// add decodes one pair and appends it. plus says whether + stands for a blank.
func (r *reader) add(place, name, value string, plus bool) error {
	if len(r.params) == maxParams {
		return fmt.Errorf("%w: more than %d parameters", ErrTooLarge, maxParams)
	}
	name, err := r.decode(name, plus)
	if err != nil {
		return fmt.Errorf("%w: name of parameter %d: %w in the %s", ErrMalformed, len(r.params)+1, err, place)
	}
	value, err = r.decode(value, plus)
	if err != nil {
		return fmt.Errorf("%w: %q: %w in the %s", ErrMalformed, name, err, place)
	}
	r.params = append(r.params, Param{name, value})
	return nil
}

// fault is a reason why text cannot be decoded.
type fault string

func (f fault) Error() string { return string(f) }

const (
	faultEscape = fault("bad percent escape")
	faultNUL    = fault("NUL byte")
	faultUTF8   = fault("invalid UTF-8")
)

// decode undoes percent-encoding and, with plus, the form encoding of blanks.
func (r *reader) decode(s string, plus bool) (string, error) {
	if strings.IndexByte(s, '%') >= 0 || plus && strings.IndexByte(s, '+') >= 0 {
		start := r.text.Len()
		if err := r.unescape(s, plus); err != nil {
			return "", err
		}
		s = r.text.String()[start:]
	}
	if r.lenient {
		return s, nil
	}
	if strings.IndexByte(s, 0) >= 0 {
		return "", faultNUL
	}
	if !utf8.ValidString(s) {
		return "", faultUTF8
	}
	return s, nil
}

func (r *reader) unescape(s string, plus bool) error {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			r.text.WriteByte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			i += 2
		case c == '%' && !r.lenient:
			return faultEscape
		case c == '+' && plus:
			r.text.WriteByte(' ')
		default:
			r.text.WriteByte(c)
		}
	}
	return nil
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	default:
		return c - 'a' + 10
	}
}
