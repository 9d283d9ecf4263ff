package oauth1

import (
	"bytes"
	"fmt"
	"mime"
	"strconv"
	"strings"
	"time"
)

// maxNonce bounds oauth_nonce, in bytes.
const maxNonce = 255

// Message is a parsed request that is NOT yet verified. Nothing it says may be
// acted on, save to choose the credential to verify it with.
type Message struct {
	method  string // of HTTP
	target  target
	params  Params // query, header, body, without oauth_signature
	queries int    // how many of params stand in the query
	headers int    // how many stand in the Authorization header, after those
	form    bool   // the body is among params
	body    []byte

	key, signatureMethod, signature, nonce string
	bodyHash                               string
	hasBodyHash                            bool
	timestamp                              time.Time
}

// Parse reads the parameters of req and checks its shape: everything that can
// be judged without a credential and a clock. The errors are ErrMalformed,
// ErrTooLarge, ErrContentType, ErrMissing, ErrRepeated, ErrMisplaced, ErrVersion
// and ErrTimestampSyntax.
func Parse(req Request) (*Message, error) {
	m, err := collect(req, false)
	if err == nil {
		err = m.interpret()
	}
	if err != nil {
		return nil, fmt.Errorf("parse request: %w", err)
	}
	return m, nil
}

// Key returns oauth_consumer_key, never empty.
func (m *Message) Key() string { return m.key }

// Method returns oauth_signature_method as sent.
func (m *Message) Method() string { return m.signatureMethod }

// Nonce returns oauth_nonce, 1 to 255 bytes.
func (m *Message) Nonce() string { return m.nonce }

// Timestamp returns oauth_timestamp.
func (m *Message) Timestamp() time.Time { return m.timestamp }

// Peek returns the first value of an unverified parameter: to choose the
// credential, and for nothing else.
func (m *Message) Peek(name string) string { return m.params.Value(name) }

// Unverified returns every pair but oauth_signature, for the record of a
// request that was refused, and for nothing else.
func (m *Message) Unverified() Params { return m.params }

// PeekBody returns the unverified body of a request whose body is not a form,
// else nil: to choose the credential, and for nothing else.
func (m *Message) PeekBody() []byte {
	if m.form {
		return nil
	}
	return m.body
}

// collect gathers the pairs of query, header and body (RFC 5849, 3.4.1.3.1).
// When lenient it keeps what can be kept and judges no more than it must.
func collect(req Request, lenient bool) (*Message, error) {
	t, err := parseTarget(req.URL)
	if err != nil {
		return nil, err
	}
	if t.fragment != "" && !lenient {
		return nil, fmt.Errorf("%w: URL holds a fragment", ErrMalformed)
	}
	if req.Method == "" || strings.Trim(req.Method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return nil, fmt.Errorf("%w: method", ErrMalformed)
	}
	m := &Message{method: req.Method, target: t, body: req.Body}
	r := reader{lenient: lenient, params: make(Params, 0, 16+bytes.Count(req.Body, []byte("&")))}
	r.text.Grow(len(t.query) + len(req.Body) + 256)
	if err := r.form("query", t.query); err != nil {
		return nil, err
	}
	m.queries = len(r.params)
	if err := r.authorization(req.Authorization); err != nil {
		return nil, err
	}
	m.headers = len(r.params) - m.queries
	if m.form, err = isForm(req, r.params[m.queries:]); err != nil {
		return nil, err
	}
	if m.form {
		if err := r.form("body", string(req.Body)); err != nil {
			return nil, err
		}
	}
	m.params = r.params
	return m, nil
}

// isForm says whether the body holds parameters. XML under the form type is a
// body when the header carries its hash: edX sends that.
func isForm(req Request, header Params) (bool, error) {
	if req.ContentType == "" || len(req.Body) == 0 {
		return false, nil
	}
	media, _, err := mime.ParseMediaType(req.ContentType)
	if media == "" {
		return false, fmt.Errorf("%w: %w", ErrContentType, err)
	}
	if strings.HasPrefix(media, "multipart/") {
		return false, fmt.Errorf("%w: multipart", ErrContentType)
	}
	if media != "application/x-www-form-urlencoded" {
		return false, nil
	}
	xml := bytes.HasPrefix(bytes.TrimLeft(req.Body, " \t\r\n\ufeff"), []byte("<"))
	return !(xml && header.Count("oauth_body_hash") > 0), nil
}

// interpret lifts the protocol parameters out of the pairs and checks each.
func (m *Message) interpret() error {
	if err := m.checkPlaces(); err != nil {
		return err
	}
	if err := m.checkRepeats(); err != nil {
		return err
	}
	m.liftSignature()
	m.key = m.params.Value("oauth_consumer_key")
	m.signatureMethod = m.params.Value("oauth_signature_method")
	m.nonce = m.params.Value("oauth_nonce")
	m.bodyHash, m.hasBodyHash = m.params.Lookup("oauth_body_hash")
	return m.checkProtocol()
}

// checkPlaces wants every oauth_ parameter in one place (RFC 5849, 3.5), and
// that place not the query, which ends up in logs and histories.
func (m *Message) checkPlaces() error {
	var inHeader, inBody bool
	for i, p := range m.params {
		if !strings.HasPrefix(p.Name, "oauth_") {
			continue
		}
		switch {
		case i < m.queries:
			return fmt.Errorf("%w: %q stands in the query", ErrMisplaced, p.Name)
		case i < m.queries+m.headers:
			inHeader = true
		default:
			inBody = true
		}
		if inHeader && inBody {
			return fmt.Errorf("%w: %q stands in the body beside an Authorization header", ErrMisplaced, p.Name)
		}
	}
	return nil
}

func (m *Message) checkRepeats() error {
	seen := make([]string, 0, 16)
	for _, p := range m.params {
		if !strings.HasPrefix(p.Name, "oauth_") {
			continue
		}
		for _, name := range seen {
			if name == p.Name {
				return fmt.Errorf("%w: %q", ErrRepeated, p.Name)
			}
		}
		seen = append(seen, p.Name)
	}
	return nil
}

// liftSignature takes oauth_signature out of the pairs: all but it is signed.
func (m *Message) liftSignature() {
	for i := range m.params {
		if m.params[i].Name != "oauth_signature" {
			continue
		}
		m.signature = m.params[i].Value
		m.params = append(m.params[:i], m.params[i+1:]...)
		if i < m.queries+m.headers {
			m.headers--
		}
		return
	}
}

func (m *Message) checkProtocol() error {
	for _, field := range []struct{ name, value string }{
		{"oauth_consumer_key", m.key},
		{"oauth_signature_method", m.signatureMethod},
		{"oauth_signature", m.signature},
		{"oauth_timestamp", m.params.Value("oauth_timestamp")},
		{"oauth_nonce", m.nonce},
	} {
		if field.value == "" {
			return fmt.Errorf("%w: %s", ErrMissing, field.name)
		}
	}
	if len(m.nonce) > maxNonce {
		return fmt.Errorf("%w: oauth_nonce is longer than %d bytes", ErrMalformed, maxNonce)
	}
	if version, ok := m.params.Lookup("oauth_version"); ok && version != "1.0" {
		return ErrVersion
	}
	var err error
	m.timestamp, err = parseTimestamp(m.params.Value("oauth_timestamp"))
	return err
}

// parseTimestamp reads 1 to 11 decimal digits that do not begin with zero.
func parseTimestamp(s string) (time.Time, error) {
	if len(s) > 11 || s[0] < '1' || s[0] > '9' || strings.Trim(s, "0123456789") != "" {
		return time.Time{}, ErrTimestampSyntax
	}
	seconds, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, ErrTimestampSyntax
	}
	return time.Unix(seconds, 0).UTC(), nil
}
