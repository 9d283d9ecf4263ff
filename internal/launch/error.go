package launch

import "errors"

// Why a parameter is refused.
var (
	ErrMessageType = errors.New("not a basic-lti-launch-request")
	ErrVersion     = errors.New("not LTI-1p0")
	ErrMissing     = errors.New("missing")
	ErrRepeated    = errors.New("given more than once")
	ErrTooLong     = errors.New("too long")
	ErrCharacter   = errors.New("contains a character that is not allowed")
)

// FieldError says which parameter is refused. Its Reason is or wraps one of the
// sentinels above. The text never holds the parameter's value, which may be
// personal, except for message type and version.
type FieldError struct {
	Field  string
	Reason error
}

// Error names the parameter and the reason.
func (e *FieldError) Error() string { return e.Field + ": " + e.Reason.Error() }

// Unwrap gives the reason.
func (e *FieldError) Unwrap() error { return e.Reason }
