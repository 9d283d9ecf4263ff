package store

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxKey bounds a key, in bytes, to what the indexes of both engines hold.
const MaxKey = 2048

// CheckKey returns ErrKey unless key is UTF-8 without NUL, of 1 to MaxKey
// bytes.
func CheckKey(key string) error {
	switch {
	case key == "":
		return fmt.Errorf("%w: it is empty", ErrKey)
	case len(key) > MaxKey:
		return fmt.Errorf("%w: it has %d bytes of at most %d", ErrKey, len(key), MaxKey)
	case strings.IndexByte(key, 0) >= 0:
		return fmt.Errorf("%w: it contains NUL", ErrKey)
	case !utf8.ValidString(key):
		return fmt.Errorf("%w: it is not UTF-8", ErrKey)
	}
	return nil
}

// Join makes a key of one or more parts: "/" between them, and inside a part
// "%", "/", control characters and what is not UTF-8 written as %XX, so that
// no two lists of parts share a key and a list's keys all begin with Prefix of
// its first parts.
func Join(parts ...string) string {
	var b strings.Builder
	room := len(parts)
	for _, p := range parts {
		room += len(p)
	}
	b.Grow(room)
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
	if plain(s) {
		b.WriteString(s)
		return
	}
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		c := s[0]
		if c == '%' || c == '/' || c < 0x20 || c == 0x7f || r == utf8.RuneError && n == 1 {
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
}

// plain reports whether a part needs no escape, for all that is ASCII.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c == '%' || c == '/' || c < 0x20 || c >= 0x7f {
			return false
		}
	}
	return true
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
