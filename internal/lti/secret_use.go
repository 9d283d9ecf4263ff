package lti

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// SecretUse is when a shared secret last proved somebody's signature, to the
// hour. Owner is the context that the secret is sealed for.
type SecretUse struct {
	Owner string    `json:"owner"`
	Print string    `json:"print"`
	At    time.Time `json:"at"`
}

// Print tells secrets of one owner apart, and stays the same when the current
// secret becomes the previous one. It says nothing of what the secret is.
func (s Secret) Print() string {
	sum := sha256.Sum256([]byte(s.Sealed))
	return hex.EncodeToString(sum[:8])
}

// Live reports whether the secret is accepted at now.
func (s Secret) Live(now time.Time) bool {
	return s.Sealed != "" && (s.Until.IsZero() || now.Before(s.Until))
}
