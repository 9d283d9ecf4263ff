package lti_test

import (
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestChecks(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 255)
	tests := []struct {
		name  string
		check func(string) error
		good  []string
		bad   []string
	}{
		{"CheckID", lti.CheckID,
			[]string{"a", "S3294476", `{"data":1}`, " spaced ", "ünï:код/1", long},
			[]string{"", long + "x", "a\x00", "a\nb", "a\x7f", "\xff", "a\u0085b"}},
		{"CheckKey", lti.CheckKey, []string{"lms-key", "key one"}, []string{"", long + "x", "a\r\nb"}},
		{"CheckName", lti.CheckName,
			[]string{"uni", "phys101", "4c12", "a.b_c-d~e@f+g", "X", strings.Repeat("a", 255)},
			[]string{"", ".", "..", ".hidden", "-x", "a/b", "a:b", "a b", "é", "a%41", "a?b", strings.Repeat("a", 256)}},
		{"CheckUsername", lti.CheckUsername,
			[]string{"ada", "ada@uni.example", "a.b_c-d+e", "9d1c6a", strings.Repeat("a", 100)},
			[]string{"", "@ada", ".a", "a b", "a:b", "a~b", "zoë", "a\x00", strings.Repeat("a", 101)}},
		{"CheckURL", lti.CheckURL,
			[]string{"http://127.0.0.1:9000/lti", "https://tool.example/l?a=b&c=%20", "HTTPS://Tool.Example", "http://[::1]:80/"},
			[]string{"", "/lti", "tool.example/lti", "ftp://x/", "javascript:alert(1)", "http://", "http://:80/", "http://u:p@x/",
				"http://u@x/", "http://x/#f", "http://x/#", "http://x:0/", "http://x:99999/", "http://x/\n", "http://x/a b",
				"http://x\\y/", "http://x/\xff", "http://x/" + strings.Repeat("a", 4096), "http:x", "%zz"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range tt.good {
				if err := tt.check(s); err != nil {
					t.Errorf("%s(%.80q) = %v, want nil", tt.name, s, err)
				}
			}
			for _, s := range tt.bad {
				if tt.check(s) == nil {
					t.Errorf("%s(%.80q) = nil, want an error", tt.name, s)
				}
			}
		})
	}
}
