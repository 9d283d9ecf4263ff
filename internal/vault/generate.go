package vault

import (
	"encoding/base32"
	"io"
)

// alphabet has 32 characters, so that each carries five random bits. It keeps
// to lower-case letters and digits: some peers mistreat '-', '_', '.' and '~'
// in keys and secrets, though RFC 3986 leaves them unreserved as well.
const alphabet = "abcdefghijklmnopqrstuvwxyz234567"

const (
	secretBytes = 32 // 256 bits, 52 characters
	keyBytes    = 15 // 120 bits, 24 characters
)

// NewSecret makes a shared secret of 256 random bits: 52 lower-case letters
// and digits. It panics if rand fails; crypto/rand.Reader never does.
func NewSecret(rand io.Reader) string {
	return encode(draw(rand, secretBytes))
}

// NewKey makes a consumer key: 24 lower-case letters and digits, of 120 random
// bits, so that nobody meets or guesses another's. It panics as NewSecret does.
func NewKey(rand io.Reader) string {
	return encode(draw(rand, keyBytes))
}

func encode(b []byte) string {
	return base32.NewEncoding(alphabet).WithPadding(base32.NoPadding).EncodeToString(b)
}
