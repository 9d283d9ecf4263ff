package web_test

import (
	"net/http/httptest"
	"net/url"
	"testing"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/web"
)

func TestSeeOtherStaysOnThisServer(t *testing.T) {
	t.Parallel()
	tests := []struct{ to, want string }{
		{"/", "/"},
		{"/courses/uni/phys101?s=1&t=a%2Fb#folder-week%201", "/courses/uni/phys101?s=1&t=a%2Fb#folder-week%201"},
		{"/courses/uni/a%5Cb%2F%2Fc", "/courses/uni/a%5Cb%2F%2Fc"}, // escaped, they are part of a name
		{"", "/"},
		{"admin", "/"},
		{"?s=1", "/"},
		{"https://evil.example/", "/"},
		{"//evil.example/", "/"},
		{"///evil.example/", "/"},
		{`/\evil.example/`, "/"},
		{`\\evil.example/`, "/"},
		{"/\t/evil.example/", "/"},
		{"/\n/evil.example/", "/"},
		{" //evil.example/", "/"},
		{"javascript:alert(1)", "/"},
		{"/%zz", "/"},
	}
	for _, tt := range tests {
		w := httptest.NewRecorder()
		web.SeeOther(w, httptest.NewRequest("GET", "/login", nil), tt.to)
		if got := w.Header().Get("Location"); w.Code != 303 || got != tt.want {
			t.Errorf("SeeOther(%q) = %d to %q, want 303 to %q", tt.to, w.Code, got, tt.want)
		}
	}
}

func TestSeeOtherNeverNamesAHost(t *testing.T) {
	t.Parallel()
	at := &url.URL{Scheme: "https", Host: "hub.example", Path: "/login"}
	rapid.Check(t, func(t *rapid.T) {
		to := rapid.OneOf(rapid.String(), rapid.StringMatching(`[/\\. \t\n%:@?#a-c2F5C]{0,12}`)).Draw(t, "to")
		w := httptest.NewRecorder()
		web.SeeOther(w, httptest.NewRequest("GET", "/login", nil), to)
		next, err := at.Parse(w.Header().Get("Location"))
		if err != nil || next.Host != at.Host || next.Scheme != at.Scheme {
			t.Fatalf("SeeOther(%q) leads to %v, %v", to, next, err)
		}
	})
}
