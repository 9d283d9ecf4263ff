package web_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

// Every cause has a sentence of its own, on the page for admins and on that of
// the student.
func TestEveryCauseIsToldInItsOwnWords(t *testing.T) {
	t.Parallel()
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	row := deliveries()[1]
	seen := map[string]lti.SendCause{}
	for _, cause := range append(lti.SendCauses(), lti.SendOther) {
		w := httptest.NewRecorder()
		row.Cause = cause
		if err := pages.Delivery(w, 200, web.DeliveryPage{Frame: adminFrame("/admin/deliveries/1"), Delivery: row}); err != nil {
			t.Fatal(err)
		}
		_, told, _ := strings.Cut(w.Body.String(), `<section class="panel cause`)
		told, _, _ = strings.Cut(told, "</p>")
		if other, ok := seen[told]; ok {
			t.Errorf("%q is told as %q is", cause, other)
		}
		seen[told] = cause
		if !strings.Contains(w.Body.String(), "User is no longer in course") {
			t.Errorf("%q: the LMS's own words are not on the page", cause)
		}
	}
}
