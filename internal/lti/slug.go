package lti

import "strings"

// Slug makes the beginning of an id of a title, by the rule of CheckName: its
// ASCII letters, in lower case, and digits, a hyphen for all between them, cut
// at most bytes. A title without any gives "".
func Slug(title string, most int) string {
	var b strings.Builder
	for _, c := range strings.ToLower(title) {
		if b.Len() >= most {
			break
		}
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
