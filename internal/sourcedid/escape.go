package sourcedid

import "strings"

const hexDigits = "0123456789ABCDEF"

// escape writes every byte but the unreserved ones as ~XX, and ~ itself too.
// It is percent-encoding with an unreserved mark: a "%" in a parameter is what
// signing libraries of tools stumble over.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if alphanumeric(c) || c == '-' || c == '.' || c == '_' {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('~')
		b.WriteByte(hexDigits[c>>4])
		b.WriteByte(hexDigits[c&15])
	}
	return b.String()
}

// unescape undoes escape. What escape would not have written is refused, so
// each name has one spelling.
func unescape(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '~' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		high, low := strings.IndexByte(hexDigits, s[i+1]), strings.IndexByte(hexDigits, s[i+2])
		if high < 0 || low < 0 {
			return "", false
		}
		b.WriteByte(byte(high<<4 | low))
		i += 2
	}
	name := b.String()
	return name, escape(name) == s
}

func alphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
