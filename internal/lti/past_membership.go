package lti

import "time"

// PastMembership is what a membership was until it changed: the role and section
// that a person held, and when and why that ended.
type PastMembership struct {
	Domain   string    `json:"domain"`
	Course   string    `json:"course"`
	Username string    `json:"username"`
	Role     Role      `json:"role"`
	Section  string    `json:"section,omitempty"`
	Source   string    `json:"source"`
	Ended    time.Time `json:"ended"`
	Why      string    `json:"why"`
}
