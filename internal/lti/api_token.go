package lti

import "time"

// Roles of an API token.
const (
	TokenAdmin = "admin"
	TokenRead  = "read"
)

// APIToken opens the API. Only the SHA-256 of it is kept.
type APIToken struct {
	Hash    string    `json:"hash"`
	Name    string    `json:"name"`
	Role    string    `json:"role"`
	Created time.Time `json:"created"`
	Revoked time.Time `json:"revoked,omitzero"`
}

// AuditEntry is one change made by a person or program.
type AuditEntry struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Action string    `json:"action"`
	Object string    `json:"object"`
	Detail string    `json:"detail,omitempty"`
}
