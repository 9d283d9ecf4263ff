package simulator

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"
)

// The signature methods both peers speak (RFC 5849, 3.4.2, and its SHA-256 twin).
const (
	HMACSHA1   = "HMAC-SHA1"
	HMACSHA256 = "HMAC-SHA256"
)

var errSignatureMethod = errors.New("signature method is neither HMAC-SHA1 nor HMAC-SHA256")

// pair is one decoded parameter; order and repeats are kept, as signing needs them.
type pair struct{ name, value string }

// signer signs one request: it holds the time and the nonce that request gets.
type signer struct {
	key, secret, method string
	nonce               string
	at                  time.Time
}

// signForm adds the oauth_ parameters and the signature to form, which is then to
// be posted to target as it is (RFC 5849, 3.5.2).
func (s signer) signForm(target string, form url.Values) error {
	for _, p := range s.protocol() {
		form.Set(p.name, p.value)
	}
	form.Set("oauth_callback", "about:blank")
	form.Del("oauth_signature")
	given, err := s.sign(target, pairsOf(form))
	if err != nil {
		return err
	}
	form.Set("oauth_signature", given)
	return nil
}

// signBody returns the Authorization header for a POST of body to target, with the
// body's hash among the signed parameters (OAuth Request Body Hash 1.0).
func (s signer) signBody(target string, body []byte) (string, error) {
	digest, err := bodyHash(s.method, body)
	if err != nil {
		return "", err
	}
	params := append(s.protocol(), pair{"oauth_body_hash", digest})
	given, err := s.sign(target, params)
	if err != nil {
		return "", err
	}
	parts := []string{`realm=""`}
	for _, p := range append(params, pair{"oauth_signature", given}) {
		parts = append(parts, fmt.Sprintf(`%s="%s"`, percentEncode(p.name), percentEncode(p.value)))
	}
	return "OAuth " + strings.Join(parts, ","), nil
}

func (s signer) protocol() []pair {
	return []pair{
		{"oauth_consumer_key", s.key},
		{"oauth_nonce", s.nonce},
		{"oauth_signature_method", s.method},
		{"oauth_timestamp", strconv.FormatInt(s.at.Unix(), 10)},
		{"oauth_version", "1.0"},
	}
}

func (s signer) sign(target string, params []pair) (string, error) {
	base, err := baseString("POST", target, params)
	if err != nil {
		return "", err
	}
	return signature(s.method, s.secret, base)
}

// baseString is the signature base string of RFC 5849, 3.4.1. params holds what the
// header and the body bring; what the query of target brings is added here.
func baseString(method, target string, params []pair) (string, error) {
	u, err := url.Parse(target)
	if err != nil {
		return "", fmt.Errorf("read signed URL: %w", err)
	}
	query, err := decodeForm(u.RawQuery)
	if err != nil {
		return "", fmt.Errorf("read query of signed URL: %w", err)
	}
	var lines []string
	for _, p := range append(query, params...) {
		if p.name != "oauth_signature" {
			lines = append(lines, percentEncode(p.name)+"\x00"+percentEncode(p.value))
		}
	}
	// The zero byte sorts below everything percentEncode leaves, so this one sort
	// is by name first and by value second.
	sort.Strings(lines)
	joined := strings.ReplaceAll(strings.Join(lines, "&"), "\x00", "=")
	return strings.ToUpper(method) + "&" + percentEncode(baseURI(u)) + "&" + percentEncode(joined), nil
}

// baseURI is RFC 5849, 3.4.1.2: lower-case scheme and host, no default port, the
// path as it goes over the wire, neither query nor fragment.
func baseURI(u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	return scheme + "://" + host + path
}

// signature signs base with secret and an empty token secret (RFC 5849, 3.4.2).
func signature(method, secret, base string) (string, error) {
	digest, err := digestOf(method)
	if err != nil {
		return "", err
	}
	mac := hmac.New(digest, []byte(percentEncode(secret)+"&"))
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

func bodyHash(method string, body []byte) (string, error) {
	digest, err := digestOf(method)
	if err != nil {
		return "", err
	}
	h := digest()
	h.Write(body)
	return base64.StdEncoding.EncodeToString(h.Sum(nil)), nil
}

func digestOf(method string) (func() hash.Hash, error) {
	switch method {
	case HMACSHA1:
		return sha1.New, nil
	case HMACSHA256:
		return sha256.New, nil
	}
	return nil, errSignatureMethod
}

// percentEncode is RFC 5849, 3.6: all but the unreserved bytes become %HH.
func percentEncode(s string) string {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(unreserved, s[i]) >= 0 {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

// decodeForm reads application/x-www-form-urlencoded text and keeps every pair.
func decodeForm(raw string) ([]pair, error) {
	var pairs []pair
	for piece := range strings.SplitSeq(raw, "&") {
		if piece == "" {
			continue
		}
		name, value, _ := strings.Cut(piece, "=")
		n, err := url.QueryUnescape(name)
		if err != nil {
			return nil, err
		}
		v, err := url.QueryUnescape(value)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, pair{n, v})
	}
	return pairs, nil
}

func pairsOf(form url.Values) []pair {
	var pairs []pair
	for name, values := range form {
		for _, value := range values {
			pairs = append(pairs, pair{name, value})
		}
	}
	return pairs
}
