package oauth1

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"hash"
)

// The signature methods this package knows. RSA-SHA1 and PLAINTEXT are refused
// always: the first needs keys that LTI does not hand out, the second proves
// nothing about the request.
const (
	HMACSHA1   = "HMAC-SHA1"
	HMACSHA256 = "HMAC-SHA256"
)

// hasher returns the hash of a signature method, nil for one that is unknown.
func hasher(method string) func() hash.Hash {
	switch method {
	case HMACSHA1:
		return sha1.New
	case HMACSHA256:
		return sha256.New
	}
	return nil
}

// macKey returns the HMAC key of RFC 5849, 3.4.2.
func macKey(secret, tokenSecret string) []byte {
	key := appendEncoded(make([]byte, 0, 2*len(secret)+2*len(tokenSecret)+1), secret)
	return appendEncoded(append(key, '&'), tokenSecret)
}

// appendMAC appends the base64 text of the HMAC of base.
func appendMAC(dst []byte, method string, key, base []byte) []byte {
	h := hmac.New(hasher(method), key)
	h.Write(base)
	var sum [sha256.Size]byte
	return base64.StdEncoding.AppendEncode(dst, h.Sum(sum[:0]))
}

// bodyHash returns the base64 text of the hash of body under a signature method.
func bodyHash(method string, body []byte) string {
	if method == HMACSHA256 {
		sum := sha256.Sum256(body)
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	sum := sha1.Sum(body)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// sameText compares in constant time. It compares encoded text, not what it
// decodes to: the spare bits of base64 would give one signature several forms.
func sameText(want []byte, given string) bool {
	return subtle.ConstantTimeCompare(want, []byte(given)) == 1
}
