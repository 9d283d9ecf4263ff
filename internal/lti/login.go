package lti

import "time"

// Login is a local sign-in as the session library keeps it: opaque data under
// a hashed token.
type Login struct {
	Token   string    `json:"token"`
	Data    []byte    `json:"data"`
	Expires time.Time `json:"expires"`
}
