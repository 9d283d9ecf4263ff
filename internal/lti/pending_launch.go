package lti

import "time"

// PendingLifetime is how long a launch waits for the person's answer.
const PendingLifetime = 15 * time.Minute

// PendingLaunch is a launch whose signature held and whose nonce is used, and
// which waits until the person has said whether an account stands already.
type PendingLaunch struct {
	// Hash is the SHA-256 of the token that resumes the launch, in
	// hexadecimal.
	Hash string `json:"hash"`
	// Record is the id of the launch's own record.
	Record   string `json:"record"`
	Domain   string `json:"domain"`
	Consumer string `json:"consumer"`
	// Sealed is the launch: it holds names, so it is sealed for its hash.
	Sealed string `json:"sealed"`
	// MayCreate says that the person may have a new account.
	MayCreate bool     `json:"may_create,omitempty"`
	Origins   []string `json:"origins,omitempty"` // that may show the question in a frame

	Expires time.Time `json:"expires"`
	// Used is when the launch was resumed, once and no more.
	Used time.Time `json:"used,omitzero"`
}

// OpenAt reports whether the launch may be resumed at t.
func (p PendingLaunch) OpenAt(t time.Time) bool { return p.Used.IsZero() && t.Before(p.Expires) }

// Answer is what a person said who was asked whether an account stands already:
// with an empty Username, that none does.
type Answer struct {
	// Username is the account, of the launch's domain, that the person has
	// proved to own.
	Username string
	// Confirmed says that the person signed in with the account's password and
	// confirmed that an admin's account is meant.
	Confirmed bool
}
