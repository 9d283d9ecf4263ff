package store

import "strings"

// Join makes a key of its parts: "/" between them, and inside a part "%" and
// "/" and control characters written as %XX, so that no two lists of parts
// share a key and a list's keys all begin with Prefix of its first parts.
func Join(parts ...string) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteByte('/')
		}
		escapePart(&b, p)
	}
	return b.String()
}

// Prefix is the beginning that all keys below these parts share.
func Prefix(parts ...string) string {
	if len(parts) == 0 {
		return ""
	}
	return Join(parts...) + "/"
}

// Split undoes Join. A key that Join did not make gives its parts as they
// stand.
func Split(key string) []string {
	parts := strings.Split(key, "/")
	for i, p := range parts {
		parts[i] = unescapePart(p)
	}
	return parts
}

const hexDigits = "0123456789ABCDEF"

func escapePart(b *strings.Builder, s string) {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c == '%' || c == '/' || c < 0x20 || c == 0x7f {
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
			continue
		}
		b.WriteByte(s[i])
	}
}

func unescapePart(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, lo := strings.IndexByte(hexDigits, s[i+1]), strings.IndexByte(hexDigits, s[i+2])
			if hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
