package oauth1

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// judgeBodyHash adds what is wrong with oauth_body_hash.
func (d *Diagnosis) judgeBodyHash(m *Message) {
	if m.verifyBodyHash() == nil {
		return
	}
	const standard = "oauth_body_hash is the base64 text of the hash of the bytes of the body: SHA-1 for HMAC-SHA1, SHA-256 for HMAC-SHA256."
	switch {
	case m.form:
		d.blame("body_hash_on_form", "a form body carries oauth_body_hash", "The sender must leave oauth_body_hash out: the parameters of a form are signed already. For XML or JSON it must set that content type.")
	case !m.hasBodyHash:
		d.blame("body_hash_missing", "the body is no form and has no oauth_body_hash, so that anybody could change it", "The sender must add oauth_body_hash to the Authorization header and sign it.")
	default:
		cause, detail := m.bodyHashFault()
		d.blame(cause, detail, standard)
	}
}

// bodyHashFault names how the given hash differs from the right one.
func (m *Message) bodyHashFault() (cause, detail string) {
	switch given := m.bodyHash; {
	case given == "":
		return "body_hash", "oauth_body_hash is empty"
	case isHexHash(given, m.body):
		return "body_hash_hex", "oauth_body_hash was made from the hash in hexadecimal"
	case unmangle(given) == bodyHash(HMACSHA1, m.body) || unmangle(given) == bodyHash(HMACSHA256, m.body):
		if unmangle(given) == given {
			return "body_hash_method", "oauth_body_hash was made with another hash than goes with " + quote(m.signatureMethod)
		}
		return "body_hash_encoding", "oauth_body_hash lost or gained an encoding on its way"
	case hashOf(given, nil):
		return "body_hash_empty", "oauth_body_hash is that of an empty body"
	case m.hashOfOtherLines(given):
		return "body_line_breaks", "oauth_body_hash is that of the body with other line breaks, or with one more or less at its end"
	}
	return "body_hash", "oauth_body_hash does not belong to this body: the body was changed after it was signed, or other bytes were hashed"
}

func hashOf(given string, body []byte) bool {
	return given == bodyHash(HMACSHA1, body) || given == bodyHash(HMACSHA256, body)
}

func isHexHash(given string, body []byte) bool {
	short, long := sha1.Sum(body), sha256.Sum256(body)
	for _, sum := range [][]byte{short[:], long[:]} {
		text := hex.EncodeToString(sum)
		if strings.EqualFold(given, text) || given == base64.StdEncoding.EncodeToString([]byte(text)) {
			return true
		}
	}
	return false
}

func (m *Message) hashOfOtherLines(given string) bool {
	lf := bytes.ReplaceAll(m.body, []byte("\r\n"), []byte("\n"))
	crlf := bytes.ReplaceAll(lf, []byte("\n"), []byte("\r\n"))
	for _, body := range [][]byte{lf, crlf} {
		if hashOf(given, body) || hashOf(given, bytes.TrimSpace(body)) ||
			hashOf(given, append(bytes.Clone(body), "\n"...)) || hashOf(given, append(bytes.Clone(body), "\r\n"...)) {
			return true
		}
	}
	return false
}
