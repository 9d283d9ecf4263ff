package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRichTextMarksParts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]richText{
		"":                       nil,
		"plain":                  {{"", "plain"}},
		"set *Privacy* to `a*b`": {{"", "set "}, {"b", "Privacy"}, {"", " to "}, {"code", "a*b"}},
		"*all*":                  {{"b", "all"}},
		"5 * 3 and `x":           {{"", "5 * 3 and `x"}},
	} {
		if diff := cmp.Diff(want, newRichText(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestRichTextLosesMarksAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching("[a-c*` ]{0,12}").Draw(t, "text")
		var got strings.Builder
		for _, part := range newRichText(text) {
			got.WriteString(part.Text)
		}
		bare := strings.NewReplacer("*", "", "`", "")
		if bare.Replace(got.String()) != bare.Replace(text) {
			t.Fatalf("%q became %q", text, got.String())
		}
	})
}
