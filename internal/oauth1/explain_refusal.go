package oauth1

import (
	"bytes"
	"errors"
	"strings"
)

// explainRefusal explains a request that Parse refuses, with as much of the
// base string as can be had.
func explainRefusal(req Request, secret, tokenSecret string, refusal error) Diagnosis {
	var d Diagnosis
	if m, err := collect(req, true); err == nil {
		_ = m.interpret() // what it could lift is enough
		if m.signature == "" {
			m.liftSignature()
		}
		m.signatureMethod = m.params.Value("oauth_signature_method")
		d, _ = m.diagnose(secret, tokenSecret)
	}
	if repair, ok := repaired(req, secret, tokenSecret); ok {
		d.blame(repair.cause, repair.detail, repair.hint)
		return d
	}
	cause, hint := refusalCause(refusal)
	d.blame(cause, strings.TrimPrefix(refusal.Error(), "parse request: "), hint)
	return d
}

// refusalCause maps the errors of Parse.
func refusalCause(err error) (cause, hint string) {
	for _, row := range []struct {
		err         error
		cause, hint string
	}{
		{ErrMissing, "missing_parameter", "The sender must send it, and sign it. If the request carries it in an Authorization header, see whether a web server cuts that header off."},
		{ErrRepeated, "repeated_parameter", "The sender must send each oauth_ parameter once."},
		{ErrMisplaced, "misplaced_parameter", "The oauth_ parameters stand together: all in the form body, or all in the Authorization header."},
		{ErrVersion, "version", "The sender must send oauth_version=1.0, or leave it out."},
		{ErrTimestampSyntax, "timestamp_syntax", "The sender must send whole seconds since 1970, not milliseconds."},
		{ErrContentType, "content_type", "Send a launch as application/x-www-form-urlencoded and a service message as application/xml or JSON."},
		{ErrTooLarge, "too_large", "Send less."},
	} {
		if errors.Is(err, row.err) {
			return row.cause, row.hint
		}
	}
	return "malformed", "The sender must encode every name and value as a browser does, in UTF-8."
}

// repaired looks for damage to the body under which the request was signed.
func repaired(req Request, secret, tokenSecret string) (hypothesis, bool) {
	if secret == "" {
		return hypothesis{}, false
	}
	if plain := bytes.ReplaceAll(req.Body, []byte("&amp;"), []byte("&")); len(plain) < len(req.Body) {
		whole := req
		whole.Body = plain
		if m, err := parseForExplain(whole); err == nil && m.holds(secret, tokenSecret) {
			return hypothesis{
				cause:  "html_amp",
				detail: "the pairs of the body are joined with &amp;, which is HTML for &",
				hint:   "The sender must join the pairs of a form body with a plain &.",
			}, true
		}
	}
	if m, err := collect(req, true); err == nil && m.interpret() == nil && m.holds(secret, tokenSecret) {
		return hypothesis{
			cause:  "latin1",
			detail: "the sender sent and signed text that is not UTF-8, probably Latin-1",
			hint:   "The sender must use UTF-8 in the page (accept-charset) and in the signature.",
		}, true
	}
	if m, err := collect(req, true); err == nil && m.interpret() == nil && hasher(m.signatureMethod) != nil {
		t := newTrial(m, secret, tokenSecret)
		if t.everyValue(fromLatin1) && t.signature() == m.signature {
			return hypothesis{
				cause:  "latin1",
				detail: "the sender signed its text as UTF-8 and sent it as Latin-1",
				hint:   "The page with the form must be UTF-8, or the form must have accept-charset=\"UTF-8\".",
			}, true
		}
	}
	return hypothesis{}, false
}

// holds reports whether the signature is right.
func (m *Message) holds(secret, tokenSecret string) bool {
	return hasher(m.signatureMethod) != nil && newTrial(m, secret, tokenSecret).signature() == m.signature
}
