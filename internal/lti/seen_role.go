package lti

import (
	"errors"
	"strings"
	"time"
)

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

// CheckLTIRole checks an LTI role as a configuration may name it: a handle or a
// URN by the rule of CheckID, without blanks and commas.
func CheckLTIRole(role string) error {
	if err := CheckID(role); err != nil {
		return err
	}
	if strings.ContainsAny(role, " ,\u00a0") {
		return errors.New("it is no LTI role: it contains a blank or a comma")
	}
	return nil
}
