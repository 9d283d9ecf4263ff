package store

import (
	"crypto/sha256"
	"strconv"
	"time"
)

// Sides on which nonces are kept apart.
const (
	NonceLaunch  = "launch"  // an LMS launched us
	NonceService = "service" // a tool called a service
	NonceItems   = "items"   // a tool answered with content items
	// An LMS launched us with a protection key of a course.
	NonceProtection = "protection"
)

// Nonce is one use of a key, ready to be recorded. RFC 5849 section 3.3 wants
// it unique per key and timestamp; the tag is a digest of these. At is the
// timestamp: two nonces with one tag have one At, so an engine may look for a
// tag among those of that time alone.
type Nonce struct {
	Tag     [16]byte
	At      time.Time
	Expires time.Time
}

// NewNonce digests a nonce. It expires when no window around timestamp can
// contain the clock any more: at timestamp plus window.
func NewNonce(side, key, nonce string, timestamp time.Time, window time.Duration) Nonce {
	h := sha256.New()
	for _, part := range []string{side, key, strconv.FormatInt(timestamp.Unix(), 10), nonce} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	n := Nonce{At: timestamp, Expires: timestamp.Add(window)}
	copy(n.Tag[:], h.Sum(nil))
	return n
}
