package lti

import "time"

// SeenRole is an LTI role that a tool consumer sends and that has no meaning
// here, kept so that an admin can give it one.
type SeenRole struct {
	Domain   string `json:"domain"`
	Consumer string `json:"consumer"`
	// Role is the role as it was sent.
	Role string `json:"role"`
	// Count is how often it was noted: at most once a minute by each node.
	Count int       `json:"count"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
	// Launch is the id of the newest record of a launch that had it.
	Launch string `json:"launch"`
}
