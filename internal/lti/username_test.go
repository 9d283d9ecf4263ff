package lti

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestUsernameRuleNames(t *testing.T) {
	t.Parallel()
	usual := UsernameRule{Pattern: "^[a-z0-9._-]{2,32}$"}
	tests := []struct {
		name           string
		rule           UsernameRule
		matched, email string
		n              int
		want           string // "" is a made-up name
	}{
		{"no rule", UsernameRule{}, "Ada+1@x", "", 1, "Ada+1@x"},
		{"no rule, taken", UsernameRule{}, "ada", "", 2, "ada-2"},
		{"no rule, unlawful", UsernameRule{}, "ada moss", "", 1, ""},
		{"lawful", usual, "ada", "", 1, "ada"},
		{"capital", usual, "Ada", "", 1, ""},
		{"made small", UsernameRule{Pattern: usual.Pattern, Lower: true}, "Ada", "", 1, "ada"},
		{"too short", usual, "a", "", 1, ""},
		{"by e-mail", UsernameRule{From: UsernameEmailLocal}, "7f3a", "ada@uni.example", 1, "ada"},
		{"without e-mail", UsernameRule{From: UsernameEmailLocal}, "7f3a", "", 1, ""},
		{"one line in the middle", UsernameRule{Pattern: "(?m)^ada$"}, "ada\nx", "", 1, ""},
	}
	for _, tt := range tests {
		got, ok := tt.rule.Name(tt.matched, tt.email, "seed", tt.n)
		madeUp := strings.HasPrefix(got, "user-")
		if tt.want != "" && (!ok || got != tt.want) || tt.want == "" && tt.name != "one line in the middle" && (!ok || !madeUp) {
			t.Errorf("%s: Name() = %q, %v, want %q", tt.name, got, ok, tt.want)
		}
		if strings.Contains(got, "\n") {
			t.Errorf("%s: Name() = %q", tt.name, got)
		}
	}
}

func TestUsernameRuleRefusesPatterns(t *testing.T) {
	t.Parallel()
	for pattern, ok := range map[string]bool{
		"": true, "^[a-z0-9._-]{2,32}$": true, "[a-z]{4,8}": true, "[0-9]{6,}": true, "U[A-Z]{4,}": true,
		"(": false, "a)|(b": false, "^only-this$": false, "[é]+": false, strings.Repeat("a", 201): false,
	} {
		if err := (UsernameRule{Pattern: pattern}).Check(); (err == nil) != ok {
			t.Errorf("Check(%q) = %v, want ok %v", pattern, err, ok)
		}
	}
}

// Whatever is matched, the name obeys both the rule and CheckUsername, and the
// numbers give different names.
func TestUsernameRuleIsAlwaysObeyed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule := UsernameRule{
			Pattern: rapid.SampledFrom([]string{"", "^[a-z0-9._-]{2,32}$", "[a-z]{4,8}", "[0-9]{6,}", "[A-Z]{5}"}).Draw(t, "pattern"),
			From:    rapid.SampledFrom([]string{"", UsernameMatched, UsernameEmailLocal}).Draw(t, "from"), Lower: rapid.Bool().Draw(t, "lower"),
		}
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-z0-9@._-]{0,120}`))
		matched, email, seed := text.Draw(t, "matched"), text.Draw(t, "email"), text.Draw(t, "seed")
		pattern := regexp.MustCompile(`\A(?:` + rule.Pattern + `)\z`)
		seen := map[string]bool{}
		for n := 1; n <= 20; n++ {
			name, ok := rule.Name(matched, email, seed, n)
			if !ok || CheckUsername(name) != nil || rule.Pattern != "" && !pattern.MatchString(name) {
				t.Fatalf("Name(%q, %q, %d) under %+v = %q, %v", matched, email, n, rule, name, ok)
			}
			seen[name] = true
		}
		if len(seen) < 15 { // short names may meet
			t.Errorf("20 numbers give %d names", len(seen))
		}
	})
}
