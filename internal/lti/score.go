package lti

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrScore means that a text is no score between 0.0 and 1.0.
var ErrScore = errors.New("not a score")

// maxScore is how many characters of a score are read: more than any that
// FormatScore writes.
const maxScore = 400

// ParseScore reads a score: a decimal number from 0.0 to 1.0 in ASCII digits
// with "." as the separator in every language, white space around it allowed
// (LTI 1.1 section 6.1.1). A sign, an exponent, a comma and everything that is
// not a plain decimal is ErrScore.
func ParseScore(text string) (float64, error) {
	return parseDecimal(trimXML(text), 1)
}

// parseDecimal reads a plain decimal number from 0 to limit, a whole number.
func parseDecimal(s string, limit float64) (float64, error) {
	if s == "" {
		return 0, fmt.Errorf("%w: it is empty", ErrScore)
	}
	if len(s) > maxScore {
		return 0, fmt.Errorf("%w: it is longer than %d characters", ErrScore, maxScore)
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if !digits(whole) || !digits(fraction) || whole+fraction == "" {
		return 0, fmt.Errorf("%w: %q is no plain decimal number", ErrScore, s)
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %q is too large", ErrScore, s)
	}
	// A fraction too fine for a float64 still lies above the limit.
	if x > limit || x == limit && strings.Trim(fraction, "0") != "" && overLimit(whole, limit) {
		return 0, fmt.Errorf("%w: %q is above %v", ErrScore, s, limit)
	}
	return x, nil
}

// overLimit reports whether the whole part alone reaches limit.
func overLimit(whole string, limit float64) bool {
	x, err := strconv.ParseFloat("0"+whole, 64)
	return err != nil || x >= limit
}

func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// trimXML cuts the white space of XML, and no other.
func trimXML(s string) string { return strings.Trim(s, " \t\r\n") }

// FormatScore writes a score as the shortest decimal that reads back the same,
// without exponent. What lies outside 0 to 1 is cut to it; NaN is written 0.
func FormatScore(score float64) string {
	return strconv.FormatFloat(clamp(score), 'f', -1, 64)
}

// FormatPercentage writes a score from 0 to 1 as a whole percentage without
// sign, rounded half up: 0.85 is "85".
func FormatPercentage(score float64) string {
	return strconv.FormatFloat(math.Round(100*clamp(score)), 'f', -1, 64)
}

// FormatRatio writes points as a ratio of whole numbers, "17/20". Total is
// rounded and cut to 0 to possible. A possible with decimals is scaled to a
// whole number first, so that half of 2.5 points stays half. Without points
// possible the result is "".
func FormatRatio(total, possible float64) string {
	if !(possible > 0) || math.IsInf(possible, 1) {
		return ""
	}
	_, fraction, _ := strings.Cut(strconv.FormatFloat(possible, 'f', -1, 64), ".")
	scale := math.Pow10(len(fraction))
	n := math.Round(clamp(total/possible) * possible * scale)
	d := math.Round(possible * scale)
	return strconv.FormatFloat(n, 'f', -1, 64) + "/" + strconv.FormatFloat(d, 'f', -1, 64)
}

func clamp(score float64) float64 {
	if !(score > 0) { // NaN and minus zero too
		return 0
	}
	return min(score, 1)
}
