package oauth1

import (
	"slices"
	"strings"
)

// hypothesis is one mistake that breaks signatures between real systems.
type hypothesis struct {
	cause  string // stable word
	family string // of two in one family only one is tried at a time
	detail string // what the sender did
	hint   string // which side should change what
	apply  func(*trial) bool
}

// hypotheses lists what to try on m, the likely first: when two mistakes make
// the same base string, the one named earlier is reported.
func hypotheses(m *Message, clues Clues) []hypothesis {
	return slices.Concat(
		schemeHypotheses(),
		portHypotheses(),
		hostHypotheses(clues),
		pathHypotheses(m),
		queryHypotheses(m),
		secretHypotheses(m),
		valueHypotheses(m),
		pairHypotheses(m),
		textHypotheses(),
		methodHypotheses(),
	)
}

// Beyond these sizes only single mistakes are sought: there are some 70 of
// them, hence some 2000 pairs, and each costs a signature.
const (
	maxTrialParams = 150
	maxTrialBytes  = 32 << 10
)

// solve returns the hypotheses under which the given signature holds: one, or
// two together, or none.
func solve(m *Message, start trial, clues Clues) []hypothesis {
	all := hypotheses(m, clues)
	given := strings.ReplaceAll(m.signature, " ", "+") // base64 knows no blank
	applied := make([]trial, len(all))
	usable := make([]bool, len(all))
	for i, h := range all {
		applied[i] = start
		usable[i] = h.apply(&applied[i])
		if usable[i] && applied[i].signature() == given {
			return []hypothesis{h}
		}
	}
	if h, ok := unsignedParameter(m, start, given); ok {
		return []hypothesis{h}
	}
	if len(m.params) > maxTrialParams || len(m.body)+len(m.target.query) > maxTrialBytes {
		return nil
	}
	for i, first := range all {
		for j := i + 1; usable[i] && j < len(all); j++ {
			second := all[j]
			if !usable[j] || first.family == second.family {
				continue
			}
			both := applied[i]
			if second.apply(&both) && both.signature() == given {
				return []hypothesis{first, second}
			}
		}
	}
	return nil
}

// unsignedParameter looks for one name that the signature leaves out.
func unsignedParameter(m *Message, start trial, given string) (hypothesis, bool) {
	if len(m.params) > maxTrialParams || len(m.body)+len(m.target.query) > maxTrialBytes {
		return hypothesis{}, false
	}
	for _, p := range m.params {
		try := start
		try.without(func(q Param) bool { return q.Name == p.Name })
		if try.signature() == given {
			return hypothesis{
				cause:  "unsigned_parameter",
				detail: "the parameter " + quote(p.Name) + " was sent but not signed",
				hint:   "The sender must add every parameter, submit buttons too, before it signs.",
			}, true
		}
	}
	return hypothesis{}, false
}
