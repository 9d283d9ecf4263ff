package lti

import "time"

// Ticket lets a browser come back once from a tool that a person was sent to
// for choosing content. It stands in the URL that the tool answers to.
type Ticket struct {
	// Hash is the SHA-256 of the ticket, in hexadecimal; Data that of the text
	// that the tool must send back unchanged.
	Hash string `json:"hash"`
	Data string `json:"data"`

	Domain   string `json:"domain"`
	Course   string `json:"course"`
	Folder   string `json:"folder,omitempty"` // for what is chosen; "" for none
	Tool     string `json:"tool"`
	Username string `json:"username"`
	// Session is the id of the launch that the person came by; "" for a local
	// sign-in. Record is the id of the request's own record.
	Session string `json:"session,omitempty"`
	Record  string `json:"record"`

	Expires time.Time `json:"expires"`
	// Used is when an answer was taken, once and no more.
	Used time.Time `json:"used,omitzero"`
}
