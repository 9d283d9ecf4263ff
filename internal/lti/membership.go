package lti

import "time"

// States of a membership.
const (
	MemberActive  = "active"
	MemberDropped = "dropped"
)

// Membership is a user's role in a course.
type Membership struct {
	Domain   string `json:"domain"`
	Course   string `json:"course"`
	Username string `json:"username"`
	Role     Role   `json:"role"`
	Section  string `json:"section,omitempty"`
	Status   string `json:"status"`
	Period
	// Given are the default dates that the course gave the membership. While
	// Period is the same, it follows when those of the course change.
	Given Period `json:"given,omitzero"`
	// Source says what brought the membership: "manifest", "admin", or the
	// id of a tool consumer. Only that source may take it away again.
	Source string `json:"source"`
	// Locked memberships are set by hand and no launch or roster changes
	// them.
	Locked bool `json:"locked,omitempty"`
	// Into names the account that the member was merged into. The membership
	// gives no right then; it only leads the service ids that tools still hold
	// to that account.
	Into string `json:"into,omitempty"`
	// Digest stands for the user inside the course's service ids.
	Digest  string    `json:"digest"`
	Created time.Time `json:"created,omitzero"`
}

// ActiveAt reports whether the membership gives its role at t.
func (m Membership) ActiveAt(t time.Time) bool {
	return m.Status == MemberActive && m.Contains(t)
}
