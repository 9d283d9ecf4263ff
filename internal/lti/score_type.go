package lti

import (
	"fmt"
	"strings"
)

// The remaining types of a score in an LTI 1.0 form
// (result_resultvaluesourcedid), beside ScoreDecimal, ScorePercentage and
// ScoreRatio.
const (
	ScorePassFail   = "passfail"
	ScoreLetter     = "letteraf"
	ScoreLetterPlus = "letterafplus"
	ScoreFreeText   = "freetext"
)

// ParseScoreAs reads a score of an LTI 1.0 form as a number from 0.0 to 1.0.
// The type "" is a decimal. Letters count by the usual grade points, A being
// 4.0 and F none, over 4. A free text has no number and is ErrScore, as is an
// unknown type.
func ParseScoreAs(valueType, text string) (float64, error) {
	text = trimXML(text)
	switch strings.ToLower(trimXML(valueType)) {
	case "", ScoreDecimal:
		return ParseScore(text)
	case ScorePercentage:
		x, err := parseDecimal(trimXML(strings.TrimSuffix(text, "%")), 100)
		return x / 100, err
	case ScoreRatio:
		return parseRatio(text)
	case ScorePassFail:
		return parsePassFail(text)
	case ScoreLetter:
		return parseLetter(text, false)
	case ScoreLetterPlus:
		return parseLetter(text, true)
	}
	return 0, fmt.Errorf("%w: the type %.40q has no number", ErrScore, valueType)
}

// maxPoints bounds both sides of a ratio.
const maxPoints = 1e12

func parseRatio(text string) (float64, error) {
	left, right, ok := strings.Cut(text, "/")
	if !ok {
		return 0, fmt.Errorf("%w: %.40q is no ratio", ErrScore, text)
	}
	n, err := parseDecimal(trimXML(left), maxPoints)
	if err != nil {
		return 0, err
	}
	d, err := parseDecimal(trimXML(right), maxPoints)
	if err != nil {
		return 0, err
	}
	if d == 0 || n > d {
		return 0, fmt.Errorf("%w: %.40q is not between 0 and 1", ErrScore, text)
	}
	return n / d, nil
}

func parsePassFail(text string) (float64, error) {
	switch strings.ToLower(text) {
	case "pass":
		return 1, nil
	case "fail":
		return 0, nil
	}
	return 0, fmt.Errorf("%w: %.40q is neither pass nor fail", ErrScore, text)
}

// parseLetter reads A to F without E. Signs are allowed with plus; a plus
// never lifts an A above 1, and F takes none.
func parseLetter(text string, plus bool) (float64, error) {
	fault := fmt.Errorf("%w: %.40q is no letter from A to F", ErrScore, text)
	if text == "" || len(text) > 2 || len(text) == 2 && !plus {
		return 0, fault
	}
	points := map[byte]float64{'A': 4, 'B': 3, 'C': 2, 'D': 1, 'F': 0}
	letter := strings.ToUpper(text)[0]
	x, ok := points[letter]
	if !ok {
		return 0, fault
	}
	if len(text) == 1 {
		return x / 4, nil
	}
	step, ok := map[byte]float64{'+': 0.3, '-': -0.3}[text[1]]
	if !ok || letter == 'F' {
		return 0, fault
	}
	return min(x+step, 4) / 4, nil
}

// FormatScoreAs writes a score from 0 to 1 in one of the forms that a tool
// consumer may be configured for. A ratio needs the points; without points
// possible, and for every other form, it is a decimal, and the form returned
// says so.
func FormatScoreAs(form string, score, total, possible float64) (text, written string) {
	switch form {
	case ScorePercentage:
		return FormatPercentage(score), ScorePercentage
	case ScoreRatio:
		if ratio := FormatRatio(total, possible); ratio != "" {
			return ratio, ScoreRatio
		}
	}
	return FormatScore(score), ScoreDecimal
}
