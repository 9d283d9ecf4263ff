package oauth1

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Diagnosis judges OAuth alone and says why in plain words. It holds the base
// string, hence personal data, but no secret.
type Diagnosis struct {
	Valid      bool   `json:"valid"`
	Cause      string `json:"cause"` // stable word, two joined by +; "" when valid
	Detail     string `json:"detail"`
	BaseString string `json:"base_string"`
	Given      string `json:"given"`
	Expected   string `json:"expected"`
	Hint       string `json:"hint"`
}

// Clues are what may be known beside the request. All may be zero.
type Clues struct {
	At     time.Time     // when the request arrived; zero: time is not judged
	Window time.Duration // how far oauth_timestamp may be from At; zero means DefaultWindow
	URLs   []string      // further hosts, host:ports or URLs the receiver is known by
}

// Explain judges req under secret and tokenSecret (empty in LTI). When the
// signature does not hold it looks for the mistake under which it would, alone
// or two together, and names it. It takes any bytes, and tens of milliseconds for a
// launch that cannot be explained.
func Explain(req Request, secret, tokenSecret string, clues Clues) Diagnosis {
	if !strings.HasPrefix(req.URL, "//") {
		return explain(req, secret, tokenSecret, clues)
	}
	rest := req.URL
	req.URL = "https:" + rest
	secure := explain(req, secret, tokenSecret, clues)
	if secure.Valid || secure.signed() {
		return secure
	}
	req.URL = "http:" + rest
	plain := explain(req, secret, tokenSecret, clues)
	if plain.Valid || plain.signed() || secure.Cause == "signature" || strings.Contains(secure.Cause, "scheme") {
		return plain
	}
	return secure
}

// signed reports whether the signature itself held.
func (d Diagnosis) signed() bool { return d.Expected != "" && d.Given == d.Expected }

func explain(req Request, secret, tokenSecret string, clues Clues) Diagnosis {
	m, err := parseForExplain(req)
	if err != nil {
		return explainRefusal(req, secret, tokenSecret, err)
	}
	d, start := m.diagnose(secret, tokenSecret)
	switch {
	case hasher(m.signatureMethod) == nil:
		d.blame("signature_method", "oauth_signature_method "+quote(m.signatureMethod)+" is not accepted", "Use HMAC-SHA1 or HMAC-SHA256.")
	case secret == "":
		d.blame("no_secret", "no secret was given to check with", "Give the secret of the consumer key; an empty one is never accepted.")
	case d.Given != d.Expected && !d.acceptOnce(m, start):
		d.explainSignature(req, m, start, clues)
	default:
		d.Valid = true
	}
	d.judgeBodyHash(m)
	d.judgeTime(m, clues)
	return d
}

// parseForExplain is Parse, but for a fragment: it never arrives over the wire,
// and in a recorded request it is a clue.
func parseForExplain(req Request) (*Message, error) {
	bare, fragment, _ := strings.Cut(req.URL, "#")
	req.URL = bare
	m, err := Parse(req)
	if err == nil {
		m.target.fragment = fragment
	}
	return m, err
}

// diagnose fills in what is known without a judgement.
func (m *Message) diagnose(secret, tokenSecret string) (Diagnosis, trial) {
	start := newTrial(m, secret, tokenSecret)
	d := Diagnosis{BaseString: start.base(), Given: m.signature}
	if hasher(m.signatureMethod) != nil {
		d.Expected = start.signature()
	}
	return d, start
}

// blame sets the cause; a later one only adds its detail.
func (d *Diagnosis) blame(cause, detail, hint string) {
	d.Valid = false
	if d.Cause != "" {
		d.Detail += "; also, " + detail
		return
	}
	d.Cause, d.Detail, d.Hint = cause, detail, hint
}

// acceptOnce sees whether the signature holds with a copied query counted once,
// which Verify accepts too.
func (d *Diagnosis) acceptOnce(m *Message, start trial) bool {
	if _, ok := m.queryOnce(); !ok {
		return false
	}
	start.query = nil
	signature := start.signature()
	if signature != m.signature {
		return false
	}
	d.BaseString, d.Expected, d.Detail = start.base(), signature, NoteCopiedQuery
	return true
}

func (d *Diagnosis) explainSignature(req Request, m *Message, start trial, clues Clues) {
	if unmangle(m.signature) == d.Expected {
		d.blame("signature_encoding", "the signature is right but was encoded once too often, or not enough, on its way",
			"In a form the signature stands unencoded; in the Authorization header it is percent-encoded once.")
		return
	}
	if repair, whole := repaired(req, start.secret, start.tokenSecret); whole != nil {
		d.blame(repair.cause, repair.detail, repair.hint)
		return
	}
	switch found := solve(m, start, clues); len(found) {
	case 1:
		d.blame(found[0].cause, found[0].detail, found[0].hint)
	case 2:
		d.blame(found[0].cause+"+"+found[1].cause, found[0].detail+"; and "+found[1].detail, found[0].hint+" "+found[1].hint)
	default:
		d.blame("signature", "the signature does not hold, and no known mistake explains it",
			"Most likely the secrets differ, or a parameter was changed after it was signed. Compare the base string with the sender's, byte for byte.")
	}
}

// unmangle undoes what happens to a signature in transit.
func unmangle(signature string) string {
	var r = reader{lenient: true}
	plain, err := r.decode(signature, false)
	if err != nil {
		return signature
	}
	plain = strings.NewReplacer(" ", "+", "-", "+", "_", "/").Replace(strings.TrimSpace(plain))
	return plain + strings.Repeat("=", (4-len(plain)%4)%4)
}

func (d *Diagnosis) judgeTime(m *Message, clues Clues) {
	if clues.At.IsZero() {
		d.Detail = strings.TrimPrefix(d.Detail+"; time was not checked", "; ")
		return
	}
	err := m.verifyTime(clues.Window, clues.At)
	age := m.age(clues.At)
	switch {
	case errors.Is(err, ErrTimestampOld):
		d.blame("timestamp_old", "oauth_timestamp is "+seconds(age)+" behind", "Set the sender's clock, or open the link anew.")
	case err != nil:
		d.blame("timestamp_future", "oauth_timestamp is "+seconds(-age)+" ahead", "Set the clocks of both sides by a time server.")
	}
}

func seconds(n int64) string { return strconv.FormatInt(n, 10) + " s" }

// quote shows at most 80 bytes of foreign text on one line.
func quote(s string) string {
	if len(s) > 80 {
		return fmt.Sprintf("%.80q...", s)
	}
	return strconv.Quote(s)
}
