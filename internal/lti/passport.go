package lti

import (
	"errors"
	"fmt"
	"strings"
)

// Passport is a tool's credential as edX writes it, in one line.
type Passport struct{ ID, Key, Secret string }

// ParsePassport reads id:key:secret. The first two colons divide, so that the
// secret may hold others; blanks around the text are cut. The id must be one
// that CheckName takes, the key one of CheckKey, the secret not empty. No error
// repeats the text: it holds the secret.
func ParsePassport(text string) (Passport, error) {
	parts := strings.SplitN(strings.TrimSpace(text), ":", 3)
	if len(parts) != 3 {
		return Passport{}, errors.New(`it is not "id:key:secret"`)
	}
	p := Passport{ID: parts[0], Key: parts[1], Secret: parts[2]}
	if err := CheckName(p.ID); err != nil {
		return Passport{}, fmt.Errorf(`the id in "id:key:secret" can't be used: %w`, err)
	}
	if err := CheckKey(p.Key); err != nil {
		return Passport{}, fmt.Errorf(`the key in "id:key:secret" can't be used: %w`, err)
	}
	if p.Secret == "" {
		return Passport{}, errors.New(`the secret in "id:key:secret" is empty`)
	}
	return p, nil
}
