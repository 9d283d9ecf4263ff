package launch_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
)

func TestParseReturn(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", launch.MaxMessage+1)
	tests := []struct {
		name, query string
		want        lti.ReturnMessages
	}{
		{"none", "", lti.ReturnMessages{}},
		{"all", "lti_msg=a&lti_log=b&lti_errormsg=c&lti_errorlog=d", lti.ReturnMessages{Message: "a", Log: "b", ErrorMessage: "c", ErrorLog: "d"}},
		{"others", "s=1&custom_x=2&lti_msg=well+done", lti.ReturnMessages{Message: "well done"}},
		{"twice", "lti_msg=first&lti_msg=second", lti.ReturnMessages{Message: "first"}},
		{"markup stays text", "lti_msg=" + url.QueryEscape("<script>alert(1)</script>"), lti.ReturnMessages{Message: "<script>alert(1)</script>"}},
		{"lines", "lti_log=" + url.QueryEscape("one\r\nlevel=ERROR two\x00"), lti.ReturnMessages{Log: "one  level=ERROR two"}},
		{"turned writing", "lti_msg=" + url.QueryEscape("a\u202eb"), lti.ReturnMessages{Message: "a b"}},
		{"not UTF-8", "lti_msg=%ff", lti.ReturnMessages{Message: "\uFFFD"}},
		{"long", "lti_errormsg=" + url.QueryEscape(long), lti.ReturnMessages{ErrorMessage: long[:2*launch.MaxMessage]}},
		{"one pair can't be read", "lti_msg=%zz&lti_log=b", lti.ReturnMessages{Log: "b"}},
	}
	for _, tt := range tests {
		if got := launch.ParseReturn(tt.query); got != tt.want {
			t.Errorf("%s: ParseReturn(%.60q) = %+v, want %+v", tt.name, tt.query, got, tt.want)
		}
	}
}

func FuzzParseReturn(f *testing.F) {
	f.Add("lti_msg=a&lti_log=b&lti_errormsg=c&lti_errorlog=d")
	f.Add("lti_msg=%ff%00%0a;lti_log=%zz&&=")
	f.Fuzz(func(t *testing.T, query string) {
		m := launch.ParseReturn(query)
		for _, text := range []string{m.Message, m.Log, m.ErrorMessage, m.ErrorLog} {
			if !utf8.ValidString(text) || utf8.RuneCountInString(text) > launch.MaxMessage || strings.ContainsFunc(text, unicode.IsControl) {
				t.Errorf("ParseReturn(%q) keeps %q", query, text)
			}
		}
	})
}
