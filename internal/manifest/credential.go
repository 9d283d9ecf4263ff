package manifest

import (
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// maxWindow bounds how far an oauth_timestamp may be from now, maxValidity how
// long service ids are good for.
const (
	maxWindow   = lti.MaxWindow
	maxValidity = 366 * 24 * time.Hour
)

// credential is what the manifest says about a shared secret: the plain text
// of the one in use, of the one before it, and when that one ends. What was
// left out is nil.
type credential struct {
	secret, previous *string
	until            *time.Time
}

// keys are those of a credential, to be put among a record's others.
func (c *credential) keys(known keys) keys {
	known["secret"] = func(v value) { s := v.secret(); c.secret = &s }
	known["previous_secret"] = func(v value) { s := v.password(); c.previous = &s }
	known["previous_until"] = func(v value) { t := v.date(); c.until = &t }
	return known
}

// methods reads the signature methods that a credential may use.
func methods(v value) []string {
	list := listOf(method)(v)
	if len(list) == 0 {
		v.fault("must name at least one method")
	}
	return list
}

func method(v value) string { return oneOf(lti.SignatureMethods()...)(v) }

// protection is one key of a course that opens its links.
type protection struct {
	entry[lti.Protection]
	credential
	oauthKey string
}

func readProtection(v value) protection {
	e := protection{entry: entry[lti.Protection]{place: v.place}}
	present := v.mapping(keys{
		"key":      into(&e.oauthKey, checked(lti.CheckKey)),
		"secret":   func(v value) { s := v.secret(); e.secret = &s },
		"lifetime": put(&e.entry, func(p *lti.Protection) *time.Duration { return &p.Lifetime }, duration(maxWindow)),
	})
	v.require(present, "key")
	return e
}

// newProtection is a protection key with its defaults.
func newProtection(key string) lti.Protection {
	return lti.Protection{Key: key, Lifetime: defaultWindow}
}

// defaultWindow is how far an oauth_timestamp may be from now, both ways.
const defaultWindow = lti.DefaultWindow
