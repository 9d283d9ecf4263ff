package oauth1

import "strings"

const upperHex = "0123456789ABCDEF"

// unreserved reports whether c stands for itself (RFC 5849, 3.6).
func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

// appendEncoded appends s in the percent-encoding of RFC 5849, 3.6.
func appendEncoded(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; unreserved(c) {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return dst
}

// appendEncodedTwice appends s percent-encoded twice, as parameters stand in a
// base string: once on their own, once with the whole.
func appendEncodedTwice(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; unreserved(c) {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', '2', '5', upperHex[c>>4], upperHex[c&15])
		}
	}
	return dst
}

// encode returns s percent-encoded once.
func encode(s string) string {
	return string(appendEncoded(make([]byte, 0, len(s)+len(s)/2), s))
}

// compareParams orders pairs by encoded name, then encoded value, as bytes
// (RFC 5849, 3.4.1.3.2), without encoding them.
func compareParams(a, b Param) int {
	if order := compareEncoded(a.Name, b.Name); order != 0 {
		return order
	}
	return compareEncoded(a.Value, b.Value)
}

// compareEncoded compares the encoded forms of a and b. No encoded byte is the
// beginning of another, so the first byte that differs decides.
func compareEncoded(a, b string) int {
	n := min(len(a), len(b))
	for i := 0; i < n; i++ {
		if a[i] != b[i] {
			return rank(a[i]) - rank(b[i])
		}
	}
	return len(a) - len(b)
}

// rank orders bytes as their encoded forms: '%' precedes all that stands for
// itself, and upper-case hex digits are in order.
func rank(c byte) int {
	if unreserved(c) {
		return 256 + int(c)
	}
	return int(c)
}

// trimSpace cuts the white space of HTTP: blanks and tabs.
func trimSpace(s string) string { return strings.Trim(s, " \t") }
