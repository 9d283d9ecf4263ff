package vault

import (
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// MasterKeySize is the length of a master key in bytes.
const MasterKeySize = 32

// NewMasterKey draws a master key from rand, which is crypto/rand.Reader
// outside tests. It panics if rand fails; crypto/rand.Reader never does.
func NewMasterKey(rand io.Reader) []byte {
	return draw(rand, MasterKeySize)
}

// ParseMasterKey reads a master key from the standard base64 of its 32 bytes,
// with padding; white space around it is passed over. Its errors never repeat
// the text. They wrap ErrMasterKey.
func ParseMasterKey(base64std string) ([]byte, error) {
	master, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSpace(base64std))
	if err != nil {
		return nil, fmt.Errorf("%w: not standard base64", ErrMasterKey)
	}
	if err := checkMaster(master); err != nil {
		return nil, err
	}
	return master, nil
}

// FormatMasterKey writes a master key as ParseMasterKey reads it.
func FormatMasterKey(master []byte) string {
	return base64.StdEncoding.EncodeToString(master)
}

func checkMaster(master []byte) error {
	if len(master) != MasterKeySize {
		return fmt.Errorf("%w: %d bytes, need %d", ErrMasterKey, len(master), MasterKeySize)
	}
	return nil
}

func draw(rand io.Reader, n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(rand, b); err != nil {
		panic("vault: no randomness: " + err.Error())
	}
	return b
}
