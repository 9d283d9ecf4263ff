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
)

// Nonce is one use of a key, ready to be recorded. RFC 5849 section 3.3 wants
// it unique per key and timestamp; the tag is a digest of these.
type Nonce struct {
	Tag     [16]byte
	Expires time.Time
}

// NewNonce digests a nonce. It expires when no window around timestamp can
// contain the clock any more: at timestamp plus window.
func NewNonce(side, key, nonce string, timestamp time.Time, window time.Duration) Nonce {
	h := sha256.New()
	for _, part := range []string{side, key, strconv.FormatInt(timestamp.Unix(), 10), nonce} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	n := Nonce{Expires: timestamp.Add(window)}
	copy(n.Tag[:], h.Sum(nil))
	return n
}
