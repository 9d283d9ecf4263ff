package web_test

import (
	"strings"
	"testing"
)

func TestPlotsSpeakThePagesLanguage(t *testing.T) {
	t.Parallel()
	page := overview()
	page.Locale = "de"
	body := render(t, newPages(t), sample{"Overview", "german", 200, page})
	for _, want := range []string{"angenommen", "angekommen", "die Hälfte"} {
		if !strings.Contains(body, want) {
			t.Errorf("the plots do not say %q", want)
		}
	}
	for _, english := range []string{"half of them", ">accepted<", "in the last 24 hours"} {
		if strings.Contains(body, english) {
			t.Errorf("the German page says %q", english)
		}
	}
}
