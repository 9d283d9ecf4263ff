package web_test

import (
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

// launched reads the form of a page as a browser does: action and hidden
// fields.
func launched(t rapid.TB, body string) (action string, params []web.Param) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	walk(doc, 0, func(n *html.Node, _ int) {
		if n.Data == "form" && attr(n, "id") == "launch" {
			action = attr(n, "action")
			walk(n, 0, func(n *html.Node, _ int) {
				if n.Data == "input" {
					params = append(params, web.Param{Name: attr(n, "name"), Value: attr(n, "value")})
				}
			})
		}
	})
	return action, params
}

func TestLaunchFormKeepsEveryByte(t *testing.T) {
	t.Parallel()
	pages := newPages(t)
	page := launchForm(lti.TargetIframe)
	w := httptest.NewRecorder()
	if err := pages.LaunchForm(w, 200, page); err != nil {
		t.Fatal(err)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control = %q, want no-store", got)
	}
	action, params := launched(t, w.Body.String())
	if action != page.Action {
		t.Errorf("action = %q, want %q", action, page.Action)
	}
	if !slices.Equal(params, page.Params) {
		t.Errorf("params = %q, want %q", params, page.Params)
	}
}

func TestLaunchFormKeepsAnyText(t *testing.T) {
	t.Parallel()
	pages := newPages(t)
	// A NUL cannot stand in HTML at all, nor in a parameter of LTI.
	anyText := rapid.String().Filter(func(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") })
	rapid.Check(t, func(t *rapid.T) {
		page := web.LaunchFormPage{Action: "https://tool.example/lti?q=" + rapid.StringMatching(`[!-~]{0,20}`).
			Filter(func(s string) bool { return !strings.Contains(s, "%") }).Draw(t, "query")}
		for range rapid.IntRange(0, 4).Draw(t, "n") {
			page.Params = append(page.Params, web.Param{Name: anyText.Draw(t, "name"), Value: anyText.Draw(t, "value")})
		}
		w := httptest.NewRecorder()
		if err := pages.LaunchForm(w, 200, page); err != nil {
			t.Fatal(err)
		}
		action, params := launched(t, w.Body.String())
		if action != page.Action || !slices.Equal(params, page.Params) {
			t.Fatalf("form = %q %q, want %q %q", action, params, page.Action, page.Params)
		}
	})
}

func TestLaunchFormRefusesOtherSchemes(t *testing.T) {
	t.Parallel()
	pages := newPages(t)
	for _, action := range []string{"", "javascript:alert(1)", "data:text/html,x", "//tool.example/", "https:/path", "ftp://tool.example/", "http://%zz/"} {
		w := httptest.NewRecorder()
		err := pages.LaunchForm(w, 200, web.LaunchFormPage{Action: action})
		if !errors.Is(err, web.ErrToolURL) {
			t.Errorf("LaunchForm(%q) error = %v, want %v", action, err, web.ErrToolURL)
		}
		if w.Body.Len() > 0 {
			t.Errorf("LaunchForm(%q) wrote %q", action, w.Body)
		}
	}
}

func TestLaunchFormTargets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		target, form string
		framed       bool
	}{
		{lti.TargetIframe, "tool", true},
		{"", "tool", true},
		{lti.TargetTab, "_self", false},
		{lti.TargetWindow, "_blank", false},
	}
	pages := newPages(t)
	for _, tt := range tests {
		body := render(t, pages, sample{"LaunchForm", tt.target, 200, launchForm(tt.target)})
		if !strings.Contains(body, ` target="`+tt.form+`" accept-charset="UTF-8"`) {
			t.Errorf("%q: the form does not post to %q", tt.target, tt.form)
		}
		if framed := strings.Contains(body, `<iframe name="tool"`); framed != tt.framed {
			t.Errorf("%q: frame = %v, want %v", tt.target, framed, tt.framed)
		}
	}
}
