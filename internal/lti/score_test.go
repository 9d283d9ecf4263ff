package lti_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestParseScore(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"0": 0, "1": 1, "1.": 1, ".5": 0.5, "0.0": 0, "1.0000": 1, "0.8750": 0.875,
		"0.3333333333333333": 0.3333333333333333, " \t0.5\r\n": 0.5, "00.5": 0.5, "01": 1,
		"0." + strings.Repeat("9", 200): 1,
	} {
		if got, err := lti.ParseScore(text); err != nil || got != want {
			t.Errorf("ParseScore(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestParseScoreRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", ".", "0,5", "1e-1", "1E0", "NaN", "nan", "Inf", "-0", "+1", "-0.1", "0x1p-1",
		"1.00001", "1.0000000000000000000000000001", "2", "10", "1_0", "0.5.5", "0 5", "0.5x",
		"\u00a00.5", "\uff10", "٠", "half", strings.Repeat("0", 500), "1" + strings.Repeat("0", 200),
	} {
		if got, err := lti.ParseScore(text); !errors.Is(err, lti.ErrScore) {
			t.Errorf("ParseScore(%q) = %v, %v, want ErrScore", text, got, err)
		}
	}
}

func TestFormatScore(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   float64
		want string
	}{
		{0, "0"}, {1, "1"}, {0.875, "0.875"}, {1.0 / 3, "0.3333333333333333"}, {1e-7, "0.0000001"},
		{-0.5, "0"}, {math.SmallestNonzeroFloat64, "0." + strings.Repeat("0", 323) + "5"}, {1.5, "1"}, {math.NaN(), "0"}, {math.Inf(1), "1"}, {math.Copysign(0, -1), "0"},
	} {
		if got := lti.FormatScore(tt.in); got != tt.want {
			t.Errorf("FormatScore(%v) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestScoreComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		score := rapid.Float64Range(0, 1).Draw(t, "score")
		text := lti.FormatScore(score)
		if got, err := lti.ParseScore(text); err != nil || got != score {
			t.Fatalf("ParseScore(%q) = %v, %v, want %v", text, got, err, score)
		}
	})
}

func FuzzParseScore(f *testing.F) {
	for _, seed := range []string{"0", "1.", ".5", "1e1", "0x1", "NaN", "1.00000000000000000001"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := lti.ParseScore(text)
		if err == nil && !(got >= 0 && got <= 1) {
			t.Errorf("ParseScore(%q) = %v", text, got)
		}
	})
}

func TestFormatRatio(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		total, possible float64
		want            string
	}{
		{17, 20, "17/20"}, {17.4, 20, "17/20"}, {17.5, 20, "18/20"}, {0, 20, "0/20"},
		{25, 20, "20/20"}, {-3, 20, "0/20"}, {1.25, 2.5, "13/25"}, {0.2, 0.4, "2/4"},
		{5, 0, ""}, {5, -1, ""}, {5, math.NaN(), ""}, {5, math.Inf(1), ""}, {math.NaN(), 20, "0/20"},
	} {
		if got := lti.FormatRatio(tt.total, tt.possible); got != tt.want {
			t.Errorf("FormatRatio(%v, %v) = %q, want %q", tt.total, tt.possible, got, tt.want)
		}
	}
}

func TestFormatScoreAs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		form            string
		score           float64
		total, possible float64
		text, written   string
	}{
		{lti.ScoreDecimal, 0.85, 17, 20, "0.85", lti.ScoreDecimal},
		{lti.ScorePercentage, 0.85, 17, 20, "85", lti.ScorePercentage},
		{lti.ScorePercentage, 0.875, 0, 0, "88", lti.ScorePercentage},
		{lti.ScoreRatio, 0.85, 17, 20, "17/20", lti.ScoreRatio},
		{lti.ScoreRatio, 0.85, 0, 0, "0.85", lti.ScoreDecimal}, // no points to divide by
		{"", 0.85, 17, 20, "0.85", lti.ScoreDecimal},
	} {
		text, written := lti.FormatScoreAs(tt.form, tt.score, tt.total, tt.possible)
		if text != tt.text || written != tt.written {
			t.Errorf("FormatScoreAs(%q, %v, %v, %v) = %q, %q, want %q, %q",
				tt.form, tt.score, tt.total, tt.possible, text, written, tt.text, tt.written)
		}
	}
}

func TestParseScoreAs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		form, text string
		want       float64
	}{
		{"", "0.5", 0.5}, {"decimal", "0.5", 0.5}, {"Percentage", "50", 0.5}, {"percentage", "87.5 %", 0.875},
		{"percentage", "100%", 1}, {"ratio", "17/20", 0.85}, {"ratio", " 1.5 / 3 ", 0.5}, {"ratio", "0/5", 0},
		{"passfail", "Pass", 1}, {"passfail", "fail", 0}, {"letteraf", "A", 1}, {"letteraf", "f", 0},
		{"letteraf", "C", 0.5}, {"letterafplus", "A+", 1}, {"letterafplus", "B+", 3.3 / 4}, {"letterafplus", "a-", 3.7 / 4},
	} {
		got, err := lti.ParseScoreAs(tt.form, tt.text)
		if err != nil || math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("ParseScoreAs(%q, %q) = %v, %v, want %v", tt.form, tt.text, got, err, tt.want)
		}
	}
	for _, tt := range [][2]string{
		{"decimal", "0,5"}, {"percentage", "101"}, {"percentage", "100.01"}, {"percentage", "%"}, {"percentage", "50%%"},
		{"ratio", "3"}, {"ratio", "3/0"}, {"ratio", "3/2"}, {"ratio", "-1/2"}, {"ratio", "1/2/3"}, {"ratio", "/"},
		{"ratio", "1/99999999999999"}, {"passfail", "maybe"}, {"passfail", ""}, {"letteraf", "E"}, {"letteraf", "A+"},
		{"letteraf", ""}, {"letterafplus", "F+"}, {"letterafplus", "A*"}, {"letterafplus", "AAA"}, {"freetext", "0.5"},
		{"stars", "5"},
	} {
		if got, err := lti.ParseScoreAs(tt[0], tt[1]); !errors.Is(err, lti.ErrScore) {
			t.Errorf("ParseScoreAs(%q, %q) = %v, %v, want ErrScore", tt[0], tt[1], got, err)
		}
	}
}
