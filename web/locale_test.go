package web_test

import (
	"strings"
	"testing"

	"github.com/ltihub/ltihub/web"
)

func TestAcceptedLocale(t *testing.T) {
	t.Parallel()
	tests := []struct{ launch, accept, want string }{
		{"", "", ""},
		{"en-GB", "de", "en-GB"},
		{"pt_BR", "", "pt-BR"},
		{" de ", "", "de"},
		{"", "fr-CH, fr;q=0.9, en;q=0.8", "fr-CH"},
		{"", "de;q=0.5", "de"},
		{"", "*", ""},
		{"$Message.locale", "de", "de"},
		{"zh-Hant-TW", "", "zh-Hant-TW"},
		{"x", "", ""},
		{"en--GB", "", ""},
		{"1e", "", ""},
		{`en" onload="`, "", ""},
		{strings.Repeat("en-", 20) + "GB", "", ""},
	}
	for _, tt := range tests {
		if got := web.AcceptedLocale(tt.launch, tt.accept); got != tt.want {
			t.Errorf("AcceptedLocale(%q, %q) = %q, want %q", tt.launch, tt.accept, got, tt.want)
		}
	}
}
