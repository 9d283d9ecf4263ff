package launch

// fault is a sentinel that knows the cause it stands for.
type fault struct{ text, cause string }

func (f *fault) Error() string { return f.text }

// Cause is the stable word for the fault.
func (f *fault) Cause() string { return f.cause }

// Why a parameter is refused.
var (
	ErrMessageType error = &fault{"not a basic-lti-launch-request", "message_type"}
	ErrVersion     error = &fault{"not LTI-1p0", "version"}
	ErrMissing     error = &fault{"missing", "missing"}
	ErrRepeated    error = &fault{"given more than once", "repeated"}
	ErrTooLong     error = &fault{"too long", "too_large"}
	ErrCharacter   error = &fault{"contains a character that is not allowed", "malformed"}
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
