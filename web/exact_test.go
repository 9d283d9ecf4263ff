package web

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// onlyAttribute reads the one attribute of the one element in text.
func onlyAttribute(t rapid.TB, text string) html.Attribute {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(text))
	z.Next()
	element := z.Token()
	if z.Next() != html.ErrorToken || len(element.Attr) != 1 {
		t.Fatalf("%q is not one element with one attribute", text)
	}
	return element.Attr[0]
}

func TestExactLetsNothingOut(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		`"><script>alert(1)</script>`, `" onfocus="alert(1)" x="`, `'><b>`, "`", "&quot;&#34;", "a\r\nb\tc\rd", "", "\u2028é</input>",
	} {
		text := "<input " + string(exact("value", value)) + ">"
		if got := onlyAttribute(t, text); got.Key != "value" || got.Val != value {
			t.Errorf("exact(%q) reads as %s=%q", value, got.Key, got.Val)
		}
		if inside := strings.TrimSuffix(strings.TrimPrefix(text, `<input value="`), `">`); strings.ContainsAny(inside, "<>\"'\r\n\t") {
			t.Errorf("exact(%q) = %s", value, text)
		}
	}
}

func TestExactKeepsAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[^\x00]*`).Draw(t, "value")
		for _, attribute := range []string{string(exact("action", value)), string(formAction(value))} {
			if got := onlyAttribute(t, "<form "+attribute+">"); got.Key != "action" || got.Val != value {
				t.Fatalf("%q reads as %s=%q, want %q", attribute, got.Key, got.Val, value)
			}
		}
	})
}
