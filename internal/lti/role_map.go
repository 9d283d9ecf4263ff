package lti

import (
	"slices"
	"strings"
)

// MapRoles gives the highest of our roles that mapping grants for roles, or ""
// if it grants none, and the roles that gave nothing, in the order sent. A
// handle as a key means the context role alone: the roles of an institution or
// system count only where a key is their full URN. A key with a sub-role goes
// before its principal's.
func MapRoles(roles []LTIRole, mapping map[string]Role) (best Role, unmapped []LTIRole) {
	for _, r := range roles {
		role, ok := mapRole(r, mapping)
		if !ok {
			unmapped = append(unmapped, r)
			continue
		}
		if role.Rank() > best.Rank() {
			best = role
		}
	}
	return best, unmapped
}

// mapRole looks for the key nearest to r: its very text, its sub-role, its
// principal. Among equals the first in the alphabet wins, so that the order of
// a map does not matter.
func mapRole(r LTIRole, mapping map[string]Role) (Role, bool) {
	var found Role
	nearest := 0
	first := ""
	for key, role := range mapping {
		near := nearness(r, strings.TrimSpace(key))
		if near > 0 && (near > nearest || near == nearest && key < first) && role.Known() {
			found, nearest, first = role, near, key
		}
	}
	return found, nearest > 0
}

func nearness(r LTIRole, key string) int {
	if key == "" {
		return 0
	}
	want := parseRole(key)
	switch {
	case !r.matches(want):
		return 0
	case strings.EqualFold(r.Raw, key):
		return 3
	case r.Sub == want.Sub:
		return 2
	}
	return 1
}

// HasRole reports whether one of roles is one of the named context roles. The
// roles of an institution or system never count.
func HasRole(roles []LTIRole, names []string) bool {
	for _, r := range roles {
		if r.Kind == RoleContext && slices.ContainsFunc(names, r.Is) {
			return true
		}
	}
	return false
}

// LTIRoles is what a tool is told of our role, as the roles parameter wants it.
// LTI 1.1 knows neither proctors nor observers; both become mentors, whom tools
// let look on but neither grade nor edit. What is no role of ours gives "".
func LTIRoles(r Role) string {
	switch r {
	case Coordinator, Instructor:
		return "Instructor"
	case Designer:
		return "ContentDeveloper"
	case TA:
		return "TeachingAssistant"
	case Proctor:
		return contextURN + "Mentor/LearningFacilitator"
	case Observer:
		return contextURN + "Mentor/Auditor"
	case Student:
		return "Learner"
	}
	return ""
}
