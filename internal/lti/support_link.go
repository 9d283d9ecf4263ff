package lti

import "time"

// SupportLink lets whoever has its token see one launch, redacted, without
// signing in. Only the SHA-256 of the token is kept, in hexadecimal.
type SupportLink struct {
	Hash    string    `json:"hash"`
	Launch  string    `json:"launch"`
	By      string    `json:"by"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}
