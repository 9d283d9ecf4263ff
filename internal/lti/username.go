package lti

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// What the username of a new account is made from.
const (
	UsernameMatched    = "matched"     // the value that the user is matched by
	UsernameEmailLocal = "email_local" // what stands before the @ of the e-mail
)

// maxPattern bounds a username pattern, in bytes.
const maxPattern = 200

// UsernameRule is an institution's rule for usernames of accounts that launches
// make. The zero value is the rule of CheckUsername alone, for matched values.
type UsernameRule struct {
	// Pattern is a regular expression (RE2) that the whole username obeys.
	Pattern string `json:"pattern,omitempty"`
	From    string `json:"from,omitempty"`
	// Lower turns capital letters into small ones first.
	Lower bool `json:"lower,omitempty"`
}

// Check says what is wrong with the rule: a pattern that can't be read or is
// too long, or one that none of the names obeys that can be made up for people
// whose own value breaks the rule.
func (r UsernameRule) Check() error {
	if len(r.Pattern) > maxPattern {
		return fmt.Errorf("it is longer than %d bytes", maxPattern)
	}
	pattern, err := r.compile()
	if err != nil {
		return errors.New("it is no regular expression")
	}
	if _, ok := r.madeUp(pattern, "somebody", 1); !ok {
		return errors.New("no made-up name obeys it, which people need whose own name does not")
	}
	return nil
}

// Name is the n-th name, from 1 on, to try for an account of the person: the
// value itself where that is lawful, then the value with a number, or a name
// that is made up of nothing personal. matched is the value that the person is
// matched by; seed tells tool consumers' people apart. It reports false when
// there is none, for a rule that Check refuses.
func (r UsernameRule) Name(matched, email, seed string, n int) (string, bool) {
	pattern, err := r.compile()
	if err != nil {
		return "", false
	}
	base := matched
	if r.From == UsernameEmailLocal {
		base, _, _ = strings.Cut(email, "@")
	}
	if r.Lower {
		base = strings.ToLower(base)
	}
	lawful := func(name string) bool { return CheckUsername(name) == nil && pattern.MatchString(name) }
	if lawful(base) {
		name := numbered(base, n)
		if lawful(name) {
			return name, true
		}
	}
	return r.madeUp(pattern, seed, n)
}

// compile anchors the pattern at both ends.
func (r UsernameRule) compile() (*regexp.Regexp, error) {
	if r.Pattern == "" {
		return regexp.Compile("")
	}
	if _, err := regexp.Compile(r.Pattern); err != nil { // by itself, without the brackets below
		return nil, err
	}
	return regexp.Compile(`\A(?:` + r.Pattern + `)\z`)
}

// maxNumber is how many digits a number behind a name has at the most.
const maxNumber = 4

// numbered puts a number from 2 on behind a name, which makes room for it.
func numbered(base string, n int) string {
	if n < 2 {
		return base
	}
	return fmt.Sprintf("%s-%d", base[:min(len(base), MaxUsername-len("-")-maxNumber)], n)
}

// madeUp makes a name of a digest of the seed, in the first of several shapes
// that obeys the pattern.
func (r UsernameRule) madeUp(pattern *regexp.Regexp, seed string, n int) (string, bool) {
	sum := sha256.Sum256([]byte(seed))
	if text := hex.EncodeToString(sum[:6]); pattern.MatchString("user-" + text) {
		if name := numbered("user-"+text, n); pattern.MatchString(name) {
			return name, true
		}
	}
	sum = sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", seed, n))
	for _, letters := range []string{"0123456789abcdef", "abcdefghijklmnop", "ABCDEFGHIJKLMNOP", "0123456789"} {
		for _, prefix := range []string{"user-", "user.", "user_", "user", "u", "U", ""} {
			for _, length := range []int{12, 10, 9, 8, 7, 6, 5, 4} {
				name := prefix + spell(sum[:], letters, length)
				if CheckUsername(name) == nil && pattern.MatchString(name) {
					return name, true
				}
			}
		}
	}
	return "", false
}

// spell writes bytes as letters of an alphabet.
func spell(bytes []byte, alphabet string, length int) string {
	var b strings.Builder
	for _, c := range bytes[:length] {
		b.WriteByte(alphabet[int(c)%len(alphabet)])
	}
	return b.String()
}
