package delivery

import (
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
)

// maxOurs bounds the scores that a delivery remembers to have sent without
// knowing what became of them.
const maxOurs = 20

// ours adds scores to those that an LMS may hold from us, the newest last.
func ours(held []float64, more ...float64) []float64 {
	all := slices.Clone(held)
	for _, s := range more {
		all = slices.DeleteFunc(all, func(x float64) bool { return x == s })
		all = append(all, s)
	}
	if len(all) > maxOurs {
		all = all[len(all)-maxOurs:]
	}
	return all
}

func scores(s *float64) []float64 {
	if s == nil {
		return nil
	}
	return []float64{*s}
}

// inherited are the scores that an LMS may hold when a delivery is followed by
// another: what was delivered last, and what may have been since.
func inherited(old lti.Delivery) []float64 {
	if old.State == lti.Delivered {
		return scores(old.Score)
	}
	if old.Attempts == 0 {
		return old.Ours
	}
	return ours(old.Ours, scores(old.Score)...)
}
