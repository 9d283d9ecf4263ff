package simulator

import (
	"crypto/hmac"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Why a signed request is refused; the texts are shown to whoever drives the demo.
var (
	errMalformed = errors.New("request is malformed")
	errKey       = errors.New("consumer key is unknown")
	errTimestamp = errors.New("timestamp is outside the window")
	errSignature = errors.New("signature does not match")
	errBodyHash  = errors.New("body hash does not match")
	errNonce     = errors.New("nonce was used before")
)

// verifier judges signed requests that reach a handler under publicURL.
type verifier struct {
	publicURL, key, secret string
	window                 time.Duration
	now                    time.Time
	nonces                 *nonceBook
}

// signedRequest is what a request says: all its parameters, and the oauth_ ones of
// them by name. fromHeader tells that the oauth_ ones came in the header.
type signedRequest struct {
	params     []pair
	oauth      map[string]string
	fromHeader bool
	form       bool
}

// check returns the parameters of a request that is signed by the holder of the
// secret, in time and for the first time; otherwise one of the errors above.
func (v verifier) check(r *http.Request, body []byte) (url.Values, error) {
	req, err := readSigned(r, body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	if req.oauth["oauth_consumer_key"] != v.key {
		return nil, errKey
	}
	if err := v.checkTime(req.oauth); err != nil {
		return nil, err
	}
	if err := v.checkSignature(r, req, body); err != nil {
		return nil, err
	}
	// Only a request whose signature held may use up a nonce (RFC 5849, 3.3).
	once := req.oauth["oauth_timestamp"] + " " + req.oauth["oauth_nonce"]
	if !v.nonces.use(once, v.now, v.window) {
		return nil, errNonce
	}
	values := url.Values{}
	for _, p := range req.params {
		if !strings.HasPrefix(p.name, "oauth_") {
			values.Add(p.name, p.value)
		}
	}
	return values, nil
}

func (v verifier) checkTime(oauth map[string]string) error {
	if oauth["oauth_nonce"] == "" {
		return fmt.Errorf("%w: no nonce", errMalformed)
	}
	if version, ok := oauth["oauth_version"]; ok && version != "1.0" {
		return fmt.Errorf("%w: oauth_version %q", errMalformed, version)
	}
	seconds, err := strconv.ParseUint(oauth["oauth_timestamp"], 10, 36)
	if err != nil {
		return fmt.Errorf("%w: unreadable timestamp", errMalformed)
	}
	off := v.now.Sub(time.Unix(int64(seconds), 0))
	if off.Abs() > v.window {
		return fmt.Errorf("%w: %s from the receiver's clock", errTimestamp, off.Truncate(time.Second))
	}
	return nil
}

func (v verifier) checkSignature(r *http.Request, req signedRequest, body []byte) error {
	method := req.oauth["oauth_signature_method"]
	target := strings.TrimSuffix(v.publicURL, "/") + r.URL.EscapedPath()
	base, err := baseString(r.Method, target, req.params)
	if err != nil {
		return fmt.Errorf("%w: %w", errMalformed, err)
	}
	want, err := signature(method, v.secret, base)
	if err != nil {
		return fmt.Errorf("%w: %w", errSignature, err)
	}
	if !hmac.Equal([]byte(want), []byte(req.oauth["oauth_signature"])) {
		return errSignature
	}
	given, hashed := req.oauth["oauth_body_hash"]
	if req.form {
		if hashed {
			return fmt.Errorf("%w: a form body must not carry oauth_body_hash", errMalformed)
		}
		return nil
	}
	hash, err := bodyHash(method, body)
	if err != nil || !hmac.Equal([]byte(hash), []byte(given)) {
		return errBodyHash
	}
	return nil
}

// readSigned collects the parameters of RFC 5849, 3.4.1.3.1 and refuses an oauth_
// parameter that occurs twice.
func readSigned(r *http.Request, body []byte) (signedRequest, error) {
	req := signedRequest{oauth: map[string]string{}}
	query, err := decodeForm(r.URL.RawQuery)
	if err != nil {
		return req, err
	}
	header, err := readAuthorization(r.Header.Get("Authorization"))
	if err != nil {
		return req, err
	}
	req.fromHeader = len(header) > 0
	req.params = append(query, header...)
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && media == "application/x-www-form-urlencoded" {
		form, err := decodeForm(string(body))
		if err != nil {
			return req, err
		}
		req.form, req.params = true, append(req.params, form...)
	}
	for _, p := range req.params {
		if !strings.HasPrefix(p.name, "oauth_") {
			continue
		}
		if _, twice := req.oauth[p.name]; twice {
			return req, fmt.Errorf("%s occurs twice", p.name)
		}
		req.oauth[p.name] = p.value
	}
	return req, nil
}

// readAuthorization reads the header form of RFC 5849, 3.5.1, without realm. A
// header of another scheme, or none, yields nothing.
func readAuthorization(header string) ([]pair, error) {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(header), " ")
	if !strings.EqualFold(scheme, "OAuth") {
		return nil, nil
	}
	var pairs []pair
	for part := range strings.SplitSeq(rest, ",") {
		name, quoted, found := strings.Cut(strings.TrimSpace(part), "=")
		if !found || len(quoted) < 2 || quoted[0] != '"' || quoted[len(quoted)-1] != '"' {
			return nil, errors.New("authorization header is not a list of name=\"value\"")
		}
		n, err := url.PathUnescape(name)
		if err != nil {
			return nil, err
		}
		value, err := url.PathUnescape(quoted[1 : len(quoted)-1])
		if err != nil {
			return nil, err
		}
		if n != "realm" {
			pairs = append(pairs, pair{n, value})
		}
	}
	return pairs, nil
}

// nonceBook remembers the nonces of at least the last two windows in two
// generations, the older of which is dropped whole.
type nonceBook struct {
	mu            sync.Mutex
	newer, older  map[string]bool
	generationEnd time.Time
}

// use tells whether nonce is seen for the first time, and records it.
func (b *nonceBook) use(nonce string, now time.Time, window time.Duration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !now.Before(b.generationEnd) || b.newer == nil {
		b.older, b.newer = b.newer, map[string]bool{}
		// A nonce may be shown again while its timestamp is in the window, which
		// is two windows wide.
		b.generationEnd = now.Add(2 * window)
	}
	if b.newer[nonce] || b.older[nonce] {
		return false
	}
	b.newer[nonce] = true
	return true
}
