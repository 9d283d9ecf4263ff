package oauth1

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Signer signs requests with one key and secret.
type Signer struct {
	Key, Secret string
	Method      string           // HMAC-SHA1 when empty
	Now         func() time.Time // the clock, required
	Nonce       func() string    // unique for each request; random when nil
}

// SignForm returns the fields of a form to POST to target: params, with line
// breaks as browsers send them (CRLF), then the oauth_ parameters with an
// unencoded signature. The query of target is signed too and stays in the URL.
// What cannot be signed soundly is ErrTarget or ErrParam.
func (s Signer) SignForm(target string, params Params) (Params, error) {
	fields, err := s.signForm(target, params)
	if err != nil {
		return nil, fmt.Errorf("sign form: %w", err)
	}
	return fields, nil
}

// SignBody returns the Authorization header of a request whose body is no form:
// the oauth_ parameters with the hash of body (OAuth Request Body Hash, 5.1). A
// GET is signed with the hash of the empty body. The query of target is signed.
func (s Signer) SignBody(method, target string, body []byte) (string, error) {
	header, err := s.signBody(method, target, body)
	if err != nil {
		return "", fmt.Errorf("sign body: %w", err)
	}
	return header, nil
}

func (s Signer) signForm(target string, params Params) (Params, error) {
	fields := make(Params, 0, len(params)+8)
	for _, p := range params {
		p = Param{formLines(p.Name), formLines(p.Value)}
		if err := checkField(p); err != nil {
			return nil, err
		}
		fields = append(fields, p)
	}
	protocol, err := s.protocol()
	if err != nil {
		return nil, err
	}
	fields = append(fields, Param{"oauth_callback", "about:blank"})
	fields = append(fields, protocol...)
	signed, err := s.sign(draft{method: "POST", target: target, form: fields})
	if err != nil {
		return nil, err
	}
	return append(fields, signed), nil
}

func (s Signer) signBody(method, target string, body []byte) (string, error) {
	protocol, err := s.protocol()
	if err != nil {
		return "", err
	}
	header := append(protocol, Param{"oauth_body_hash", bodyHash(s.method(), body)})
	signed, err := s.sign(draft{method: method, target: target, header: header, body: body})
	if err != nil {
		return "", err
	}
	return authorization(append(header, signed)), nil
}

func (s Signer) method() string {
	if s.Method == "" {
		return HMACSHA1
	}
	return s.Method
}

// protocol returns the parameters of RFC 5849, 3.1, save the signature.
func (s Signer) protocol() (Params, error) {
	if s.Key == "" || s.Secret == "" || s.Now == nil {
		return nil, errors.New("signer wants a key, a secret and a clock")
	}
	if hasher(s.method()) == nil {
		return nil, ErrMethod
	}
	nonce := rand.Text
	if s.Nonce != nil {
		nonce = s.Nonce
	}
	return Params{
		{"oauth_version", "1.0"},
		{"oauth_consumer_key", s.Key},
		{"oauth_signature_method", s.method()},
		{"oauth_timestamp", strconv.FormatInt(s.Now().Unix(), 10)},
		{"oauth_nonce", nonce()},
	}, nil
}

// draft is a request about to be signed. Its parameters stand in the form or in
// the header, never in both.
type draft struct {
	method, target string
	form, header   Params
	body           []byte
}

// sign returns the oauth_signature of d, once the second signer agrees.
func (s Signer) sign(d draft) (Param, error) {
	t, err := signTarget(d.target, d.header == nil)
	if err != nil {
		return Param{}, err
	}
	r := reader{}
	if err := r.form("query", t.query); err != nil {
		return Param{}, fmt.Errorf("%w: %w", ErrTarget, err)
	}
	query := r.params
	for _, p := range query {
		if strings.HasPrefix(p.Name, "oauth_") {
			return Param{}, fmt.Errorf("%w: %q stands in its query", ErrTarget, p.Name)
		}
	}
	all := append(append(query[:len(query):len(query)], d.form...), d.header...)
	base := appendBase(nil, d.method, t.baseURI(), all)
	signature := Param{"oauth_signature", string(appendMAC(nil, s.method(), macKey(s.Secret, ""), base))}
	return signature, s.confirm(d, t, query, signature)
}

// formLines turns every line break into CRLF, as a browser does before it
// sends a form.
func formLines(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return strings.ReplaceAll(s, "\n", "\r\n")
}

// checkField refuses what a browser would not send as it was signed.
func checkField(p Param) error {
	switch {
	case p.Name == "" || p.Name == "_charset_":
		return fmt.Errorf("%w: a browser does not send a field named %q as it is", ErrParam, p.Name)
	case strings.HasPrefix(p.Name, "oauth_"):
		return fmt.Errorf("%w: %q is the signer's", ErrParam, p.Name)
	case !utf8.ValidString(p.Name) || !utf8.ValidString(p.Value):
		return fmt.Errorf("%w: %q is not UTF-8", ErrParam, p.Name)
	case strings.ContainsRune(p.Name, 0) || strings.ContainsRune(p.Value, 0):
		return fmt.Errorf("%w: %q holds a NUL", ErrParam, p.Name)
	}
	return nil
}

// authorization writes the header of RFC 5849, 3.5.1.
func authorization(params Params) string {
	header := []byte(`OAuth realm=""`)
	for _, p := range params {
		header = append(header, ',')
		header = appendEncoded(header, p.Name)
		header = append(header, `="`...)
		header = appendEncoded(header, p.Value)
		header = append(header, '"')
	}
	return string(header)
}
