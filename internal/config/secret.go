package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is an option that is never printed: fmt with any verb, log/slog and
// encoders write Hidden for it, or nothing when it is empty. string(s) is the
// secret itself.
type Secret string

// Hidden stands for a secret wherever one is printed.
const Hidden = "•••"

// String is Hidden, or empty for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return Hidden
}

// Format writes String whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, s.String()) // fmt has no way to take the error
}

// LogValue is String for log/slog.
func (s Secret) LogValue() slog.Value {
	return slog.StringValue(s.String())
}

// MarshalText is String for JSON, YAML and the like.
func (s Secret) MarshalText() ([]byte, error) {
	return []byte(s.String()), nil
}
