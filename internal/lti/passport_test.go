package lti_test

import (
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestParsePassport(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       lti.Passport
		err        string
	}{
		{"plain", "quizzer:tool-key:tool-secret", lti.Passport{ID: "quizzer", Key: "tool-key", Secret: "tool-secret"}, ""},
		{"pasted with a line break", " quizzer:k:s\n", lti.Passport{ID: "quizzer", Key: "k", Secret: "s"}, ""},
		{"colons in the secret", "q:k:a:b::", lti.Passport{ID: "q", Key: "k", Secret: "a:b::"}, ""},
		{"empty", "", lti.Passport{}, `not "id:key:secret"`},
		{"no secret", "q:k", lti.Passport{}, `not "id:key:secret"`},
		{"empty id", ":k:hidden", lti.Passport{}, "the id"},
		{"unusable id", "a b:k:hidden", lti.Passport{}, "the id"},
		{"empty key", "q::hidden", lti.Passport{}, "the key"},
		{"empty secret", "q:k:", lti.Passport{}, "the secret"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := lti.ParsePassport(tt.text)
			if got != tt.want || (err == nil) != (tt.err == "") {
				t.Fatalf("ParsePassport(%q) = %+v, %v, want %+v", tt.text, got, err, tt.want)
			}
			if err != nil && (!strings.Contains(err.Error(), tt.err) || strings.Contains(err.Error(), "hidden")) {
				t.Errorf("ParsePassport(%q) error = %v, want %q", tt.text, err, tt.err)
			}
		})
	}
}

func FuzzParsePassport(f *testing.F) {
	for _, seed := range []string{"", "a:b:c", "::", "a:b:c:d", "ä:b:c", " a:\x00:c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := lti.ParsePassport(text)
		if err != nil {
			return
		}
		if got := p.ID + ":" + p.Key + ":" + p.Secret; got != strings.TrimSpace(text) {
			t.Errorf("ParsePassport(%q) = %+v", text, p)
		}
	})
}
