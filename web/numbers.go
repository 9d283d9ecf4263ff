package web

import (
	"math"

	"golang.org/x/text/number"
)

// points writes a number of points with at most two decimals.
func (s *speech) points(p float64) string { return s.decimal(p, 2) }

// scored writes a score as points: "8.5"; none is "".
func (s *speech) scored(score *float64, possible float64) string {
	if score == nil {
		return ""
	}
	return s.points(*score * possible)
}

// percent writes a score as a percentage: "87 %"; none is "no score".
func (s *speech) percent(score *float64) string {
	if score == nil {
		return s.say("no score")
	}
	return s.decimal(*score*100, 1) + " %"
}

// decimal writes a number with at most so many decimals, half of one rounded
// away from zero, and with the mark for them that the language has.
func (s *speech) decimal(x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "?"
	}
	scale := math.Pow10(decimals)
	return s.printer().Sprint(number.Decimal(math.Round(x*scale)/scale, number.MaxFractionDigits(decimals), number.NoSeparator()))
}
