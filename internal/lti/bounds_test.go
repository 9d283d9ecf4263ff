package lti_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestParsePointsAndPixels(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text           string
		points, pixels bool // whether it is one
	}{
		{"0", true, true}, {"10", true, true}, {"7.5", true, false}, {"10000", true, true}, {"10001", true, false}, {"1e6", true, false},
		{"1000001", false, false}, {"-1", false, false}, {"NaN", false, false}, {"Inf", false, false}, {"", false, false}, {"ten", false, false}, {"1 ", false, false},
	}
	for _, tt := range tests {
		if _, err := lti.ParsePoints(tt.text); (err == nil) != tt.points {
			t.Errorf("ParsePoints(%q) = %v", tt.text, err)
		}
		if _, err := lti.ParsePixels(tt.text); (err == nil) != tt.pixels {
			t.Errorf("ParsePixels(%q) = %v", tt.text, err)
		}
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		text string
		want time.Time
		ok   bool
	}{
		{"", time.Time{}, true},
		{"2026-12-01", day, true},
		{"2026-12-01T02:00:00.9+02:00", day, true},
		{"2026-12-01T10:00", time.Time{}, false}, // whose time of day is it?
		{"1969-12-31", time.Time{}, false},
		{"2026-13-01", time.Time{}, false},
		{"soon", time.Time{}, false},
	}
	for _, tt := range tests {
		if got, err := lti.ParseDate(tt.text); !got.Equal(tt.want) || (err == nil) != tt.ok {
			t.Errorf("ParseDate(%q) = %v, %v", tt.text, got, err)
		}
	}
}

func TestCheckSecretNeverRepeatsIt(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"", strings.Repeat("geheim", 200), "geheim\x00"} {
		if err := lti.CheckSecret(secret); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("CheckSecret(%.10q) = %v", secret, err)
		}
	}
	if err := lti.CheckSecret("geheim"); err != nil {
		t.Error(err)
	}
}

func TestSlugIsTheBeginningOfAName(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{"Quiz 1: Motion!": "quiz-1-motion", "  Ä—ö ": "", "Ünit 2": "nit-2", "a/../b": "a-b"} {
		if got := lti.Slug(title, 40); got != want {
			t.Errorf("Slug(%q) = %q, want %q", title, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(1, 60).Draw(t, "most")
		slug := lti.Slug(rapid.String().Draw(t, "title"), most)
		if err := lti.CheckName(slug); slug != "" && err != nil || len(slug) > most {
			t.Fatalf("Slug() = %q: %v", slug, err)
		}
	})
}
