package launch

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/ltihub/ltihub/internal/lti"
)

// MaxMessage is how many characters of each message count.
const MaxMessage = 1000

// The messages that a tool appends to the return URL (LTI 1.1 section 3).
const (
	messageParam      = "lti_msg"
	logParam          = "lti_log"
	errorMessageParam = "lti_errormsg"
	errorLogParam     = "lti_errorlog"
)

// ParseReturn reads the query with which a tool sends a person back. Nobody
// signs it, so nothing is refused: what can't be read is no message, of two
// with one name the first counts, and each is cut to MaxMessage characters of
// plain text.
func ParseReturn(query string) lti.ReturnMessages {
	values, _ := url.ParseQuery(query) // the readable pairs are there all the same
	return lti.ReturnMessages{
		Message:      plain(values.Get(messageParam)),
		Log:          plain(values.Get(logParam)),
		ErrorMessage: plain(values.Get(errorMessageParam)),
		ErrorLog:     plain(values.Get(errorLogParam)),
	}
}

// plain makes one line of a text: control characters, among them those that
// turn the direction of writing, become spaces.
func plain(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.TrimSpace(s)
	if runes := []rune(s); len(runes) > MaxMessage {
		s = string(runes[:MaxMessage])
	}
	return s
}
