package launch

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestReturnTo(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, url string
		said      lti.ReturnMessages
		want      string
	}{
		{"nothing said", "https://lms.example/r?a=1", lti.ReturnMessages{}, "https://lms.example/r?a=1"},
		{"no query", "https://lms.example/r", lti.ReturnMessages{Message: "All done"}, "https://lms.example/r?lti_msg=All+done"},
		{"beside a query", "https://lms.example/r?b=%2F&a", lti.ReturnMessages{ErrorMessage: "No & why"}, "https://lms.example/r?b=%2F&a&lti_errormsg=No+%26+why"},
		{"a fragment", "https://lms.example/r#x", lti.ReturnMessages{ErrorLog: "e", Log: "l"}, "https://lms.example/r?lti_errorlog=e&lti_log=l#x"},
		{"two lines", "http://lms.example/", lti.ReturnMessages{Message: "one\r\ntwo\u202e"}, "http://lms.example/?lti_msg=one++two"},
		{"no web address", "javascript:alert(1)", lti.ReturnMessages{Message: "m"}, "javascript:alert(1)"},
		{"none", "", lti.ReturnMessages{Message: "m"}, ""},
	}
	for _, tt := range tests {
		if got := ReturnTo(tt.url, tt.said); got != tt.want {
			t.Errorf("%s: ReturnTo(%q) = %q, want %q", tt.name, tt.url, got, tt.want)
		}
	}
}

func TestReturnToIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ -~äß€]{0,40}`)
		said := lti.ReturnMessages{Message: text.Draw(t, "msg"), ErrorMessage: text.Draw(t, "error")}
		u, err := url.Parse(ReturnTo("https://lms.example/r?keep=me", said))
		if err != nil {
			t.Fatal(err)
		}
		said.Message, said.ErrorMessage = strings.TrimSpace(said.Message), strings.TrimSpace(said.ErrorMessage)
		if got := ParseReturn(u.RawQuery); got != said || u.Query().Get("keep") != "me" {
			t.Fatalf("%s reads as %+v, want %+v", u, got, said)
		}
	})
}
