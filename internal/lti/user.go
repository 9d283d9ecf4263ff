package lti

import "time"

// User is an account of a domain. It is written username:domain.
type User struct {
	Domain   string `json:"domain"`
	Username string `json:"username"`

	GivenName  string `json:"given_name,omitempty"`
	FamilyName string `json:"family_name,omitempty"`
	FullName   string `json:"full_name,omitempty"`
	Email      string `json:"email,omitempty"`

	// Admin may change the configuration. No launch ever sets it.
	Admin bool `json:"admin,omitempty"`
	// Disabled closes the account: no sign-in, no launch, no open session.
	Disabled bool `json:"disabled,omitempty"`
	// PasswordHash allows the local sign-in; empty for accounts that come
	// through launches only.
	PasswordHash string `json:"password_hash,omitempty"`

	// MergedInto names the account that this one was merged into; it is closed
	// then, and what it had is there.
	MergedInto string `json:"merged_into,omitempty"`
	// SessionsEnd closes every session that was opened before it.
	SessionsEnd time.Time `json:"sessions_end,omitzero"`

	// Handle is random and never changes. Opaque user ids are made from it,
	// so that a renamed user keeps the ids that tools know.
	Handle string `json:"handle"`
	// Source says what made the account: "manifest", "admin", or the id of
	// the tool consumer whose launch or roster did.
	Source  string    `json:"source,omitempty"`
	Created time.Time `json:"created,omitzero"`
}

// Name is the name to show: the full name, else given and family name, else
// the username.
func (u User) Name() string {
	switch {
	case u.FullName != "":
		return u.FullName
	case u.GivenName != "" && u.FamilyName != "":
		return u.GivenName + " " + u.FamilyName
	case u.GivenName != "":
		return u.GivenName
	case u.FamilyName != "":
		return u.FamilyName
	}
	return u.Username
}

// Binding ties the identity that a tool consumer states to one account: the
// same (tool consumer, value) is always the same person.
type Binding struct {
	Domain   string `json:"domain"`
	Consumer string `json:"consumer"`
	// Value is the matched launch value, byte for byte as it arrived.
	Value    string `json:"value"`
	Username string `json:"username"`
	// UserID is the user_id of the newest launch, which differs from Value
	// when the consumer is matched by another parameter.
	UserID  string    `json:"user_id,omitempty"`
	Created time.Time `json:"created,omitzero"`
	// How says what made the binding; empty for older ones.
	How string `json:"how,omitempty"`
	// Seen is the newest launch, to the day.
	Seen time.Time `json:"seen,omitzero"`
	// Confirmed is when an admin looked at it and found it right.
	Confirmed   time.Time `json:"confirmed,omitzero"`
	ConfirmedBy string    `json:"confirmed_by,omitempty"`
}

// What makes bindings.
const (
	BoundAuto     = "auto"      // an account was made for the launch
	BoundClaimed  = "claimed"   // the tool consumer claimed an account of that name
	BoundSignedIn = "signed-in" // the person signed in to the account
	BoundManifest = "manifest"
	BoundAdmin    = "admin"
)
