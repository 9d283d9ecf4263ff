package lti

import (
	"errors"
	"strconv"
	"strings"
)

// ErrReference means that a text is not a reference number.
var ErrReference = errors.New("not a reference number")

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Reference is the number that a person reads out when a launch was refused:
// twelve characters, made of the first 60 bits of the record's UUID version 7
// without its version digit, so that it leads back to the record. An id that
// is no UUID gives "".
func Reference(id string) string {
	digits := strings.ReplaceAll(id, "-", "")
	if len(digits) != 32 {
		return ""
	}
	bits, err := strconv.ParseUint(digits[:12]+digits[13:16], 16, 64)
	if err != nil {
		return ""
	}
	var text [14]byte
	for i := 13; i >= 0; i-- {
		if i == 4 || i == 9 {
			text[i] = '-'
			continue
		}
		text[i] = crockford[bits&31]
		bits >>= 5
	}
	return string(text[:])
}

// ParseReference gives the prefix that the ids of a reference's records share,
// usually one. It takes small letters, missing dashes and the letters that are
// easily mistaken (O for 0, I and L for 1), or returns ErrReference.
func ParseReference(ref string) (prefix string, err error) {
	text := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(ref))
	if len(text) != 12 {
		return "", ErrReference
	}
	var bits uint64
	for i := range len(text) {
		v := strings.IndexByte(crockford, text[i])
		if v < 0 {
			return "", ErrReference
		}
		bits = bits<<5 | uint64(v)
	}
	digits := strconv.FormatUint(bits, 16)
	digits = strings.Repeat("0", 15-len(digits)) + digits
	return digits[:8] + "-" + digits[8:12] + "-7" + digits[12:], nil
}
