package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestLaunchURLExplainsItselfToABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := []struct{ path, want string }{
		{"/lti/launch", "connected with"},
		{"/lti/launch/uni/phys101", "opens the course"},
		{"/lti/launch/uni/phys101/f/week1", "opens the folder"},
		{toQuiz, "opens the activity"},
		{"/lti/launch/tiny/uni/qphys101", "opens the activity"},
		{"/lti/launch/uni/nowhere", "would be refused"},
	}
	for _, tt := range tests {
		got := w.do(httptest.NewRequest(http.MethodGet, "https://hub.example"+tt.path, nil))
		if got.Code != http.StatusMethodNotAllowed || !strings.Contains(got.Body.String(), tt.want) || !strings.Contains(got.Body.String(), "This is a launch URL") {
			t.Errorf("GET %s = %d, want 405 with %q\n%s", tt.path, got.Code, tt.want, got.Body)
		}
	}
}
