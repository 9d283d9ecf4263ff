package oauth1

import (
	"fmt"
	"slices"
	"time"
)

// DefaultWindow is how far oauth_timestamp may be from now when a credential
// does not say.
const DefaultWindow = 5 * time.Minute

// Credential is what the verifier accepts for one key.
type Credential struct {
	Secrets []string      // live secrets, the current one first; an empty one never matches
	Methods []string      // allowed signature methods; none means HMAC-SHA1
	Window  time.Duration // how far oauth_timestamp may be from now, both ways; zero means DefaultWindow
	// NotBefore refuses older timestamps whatever the window; zero refuses none.
	NotBefore time.Time
}

// Verified is a request whose signature held: nothing in it was left unsigned.
type Verified struct {
	Params     Params // every pair that was signed, oauth_* included
	Key, Nonce string
	Timestamp  time.Time
	Secret     int      // index of the secret that held
	BodySigned bool     // a body that is no form came with a hash that held
	Body       []byte   // that body, otherwise nil
	Notes      []string // harmless oddities worth showing to an administrator
}

// NoteCopiedQuery says that the sender repeated its query in the form and
// signed the pairs once, as Canvas and the Ruby ims-lti do.
const NoteCopiedQuery = "query copied into body, counted once"

// Verify checks, in this order, that the method is allowed (ErrMethod), that
// oauth_timestamp is inside the window (ErrTimestampOld, ErrTimestampFuture),
// that the body hash holds (ErrBodyHash) and that the signature holds under one
// of the secrets (ErrSignature). Nonces are the caller's, after Verify.
func (m *Message) Verify(c Credential, now time.Time) (Verified, error) {
	if err := m.verify(c, now); err != nil {
		return Verified{}, fmt.Errorf("verify request: %w", err)
	}
	params, secret, err := m.verifySignature(c.Secrets)
	if err != nil {
		return Verified{}, fmt.Errorf("verify request: %w", err)
	}
	v := Verified{Params: params, Key: m.key, Nonce: m.nonce, Timestamp: m.timestamp, Secret: secret}
	if !m.form && m.hasBodyHash {
		v.BodySigned, v.Body = true, m.body
	}
	if len(params) < len(m.params) {
		v.Notes = []string{NoteCopiedQuery}
	}
	return v, nil
}

// VerifyUnknown does for an unknown key the work that Verify does for a known
// one, so that the time taken does not tell them apart. It returns
// ErrUnknownKey, whatever else is wrong.
func (m *Message) VerifyUnknown(now time.Time) error {
	dummy := Credential{Secrets: []string{"no key has this secret, nor would it help"}, Methods: []string{HMACSHA1, HMACSHA256}}
	_, _ = m.Verify(dummy, now) // for its duration only
	return fmt.Errorf("verify request: %w", ErrUnknownKey)
}

func (m *Message) verify(c Credential, now time.Time) error {
	if err := m.verifyMethod(c.Methods); err != nil {
		return err
	}
	if err := m.verifyTime(c.Window, now); err != nil {
		return err
	}
	if m.timestamp.Before(c.NotBefore) {
		return fmt.Errorf("%w: the window was shorter when it was made", ErrTimestampOld)
	}
	return m.verifyBodyHash()
}

func (m *Message) verifyMethod(allowed []string) error {
	known := hasher(m.signatureMethod) != nil
	if known && (slices.Contains(allowed, m.signatureMethod) || len(allowed) == 0 && m.signatureMethod == HMACSHA1) {
		return nil
	}
	return fmt.Errorf("%w: oauth_signature_method", ErrMethod)
}

func (m *Message) verifyTime(window time.Duration, now time.Time) error {
	if window <= 0 {
		window = DefaultWindow
	}
	age, allowed := m.age(now), int64(window/time.Second)
	switch {
	case age > allowed:
		return fmt.Errorf("%w: %d s behind, %d s allowed", ErrTimestampOld, age, allowed)
	case -age > allowed:
		return fmt.Errorf("%w: %d s ahead, %d s allowed", ErrTimestampFuture, -age, allowed)
	}
	return nil
}

// age returns how many seconds oauth_timestamp is behind now. No Duration: 11
// digits reach further than that does.
func (m *Message) age(now time.Time) int64 { return now.Unix() - m.timestamp.Unix() }

// verifyBodyHash wants the hash with every body that is no form, and never with
// a form (OAuth Request Body Hash, 4.1.1). Without a body it may come or not.
func (m *Message) verifyBodyHash() error {
	switch {
	case m.form && m.hasBodyHash:
		return fmt.Errorf("%w: a form carries oauth_body_hash", ErrBodyHash)
	case m.form || len(m.body) == 0 && !m.hasBodyHash:
		return nil
	case !m.hasBodyHash:
		return fmt.Errorf("%w: oauth_body_hash is missing", ErrBodyHash)
	}
	if !sameText([]byte(bodyHash(m.bodyHashMethod(), m.body)), m.bodyHash) {
		return fmt.Errorf("%w: oauth_body_hash", ErrBodyHash)
	}
	return nil
}

// bodyHashMethod chooses the hash by the length of its base64 text: beside
// HMAC-SHA256 some senders hash with SHA-256, some with SHA-1.
func (m *Message) bodyHashMethod() string {
	if m.signatureMethod == HMACSHA256 && len(m.bodyHash) == 44 {
		return HMACSHA256
	}
	return HMACSHA1
}

// verifySignature returns the pairs that the signature covers and the index of
// the secret that made it.
func (m *Message) verifySignature(secrets []string) (Params, int, error) {
	uri := m.target.baseURI()
	buf := appendBase(make([]byte, 0, baseSize(uri, m.params)), m.method, uri, m.params)
	if i := m.match(secrets, buf); i >= 0 {
		return m.params, i, nil
	}
	if once, ok := m.queryOnce(); ok {
		buf = appendBase(buf[:0], m.method, uri, once)
		if i := m.match(secrets, buf); i >= 0 {
			return once, i, nil
		}
	}
	return nil, 0, fmt.Errorf("%w: oauth_signature", ErrSignature)
}

// match returns the index of the first secret under which base has the given
// signature, or -1. It tries every secret, whichever holds.
func (m *Message) match(secrets []string, base []byte) int {
	found := -1
	var text [44]byte
	for i, secret := range secrets {
		sum := appendMAC(text[:0], m.signatureMethod, macKey(secret, ""), base)
		if sameText(sum, m.signature) && secret != "" && found < 0 {
			found = i
		}
	}
	return found
}

// queryOnce returns the pairs without those of the query when each of them
// stands in the form too, with the same value. What differs is never dropped.
func (m *Message) queryOnce() (Params, bool) {
	if m.queries == 0 || !m.form {
		return nil, false
	}
	body := m.params[m.queries+m.headers:]
	used := make([]bool, len(body))
	for _, p := range m.params[:m.queries] {
		i := slices.IndexFunc(body, func(q Param) bool { return q == p })
		for i >= 0 && used[i] {
			next := slices.IndexFunc(body[i+1:], func(q Param) bool { return q == p })
			if next < 0 {
				return nil, false
			}
			i += 1 + next
		}
		if i < 0 {
			return nil, false
		}
		used[i] = true
	}
	return m.params[m.queries:], true
}
