package oauth1

// fault is a sentinel that knows the stable word for itself.
type fault struct{ text, cause string }

func (f *fault) Error() string { return f.text }

// Cause is the stable word for the fault.
func (f *fault) Cause() string { return f.cause }

// The refusals a caller tells apart with errors.Is. An error that wraps one
// names the field at fault; none holds a secret, a signature or a value.
var (
	ErrMalformed       error = &fault{"malformed request", "malformed"}
	ErrTooLarge        error = &fault{"request too large", "too_large"}
	ErrEncoding        error = &fault{"content encoding not accepted", "content_type"}
	ErrContentType     error = &fault{"content type not accepted", "content_type"}
	ErrMissing         error = &fault{"missing parameter", "missing"}
	ErrRepeated        error = &fault{"repeated parameter", "repeated"}
	ErrMisplaced       error = &fault{"oauth parameter in the wrong place", "malformed"}
	ErrVersion         error = &fault{"oauth_version is not 1.0", "version"}
	ErrMethod          error = &fault{"signature method not accepted", "method"}
	ErrTimestampSyntax error = &fault{"oauth_timestamp is not in seconds since 1970", "malformed"}
	ErrTimestampOld    error = &fault{"oauth_timestamp is too old", "timestamp_old"}
	ErrTimestampFuture error = &fault{"oauth_timestamp is in the future", "timestamp_future"}
	ErrBodyHash        error = &fault{"body hash does not hold", "body_hash"}
	ErrSignature       error = &fault{"signature does not hold", "signature"}
	ErrUnknownKey      error = &fault{"unknown consumer key", "unknown_key"}
	ErrTarget          error = &fault{"cannot sign for this URL", "internal"}
	ErrParam           error = &fault{"cannot sign this parameter", "internal"}
	ErrDisagree        error = &fault{"second signer disagrees", "internal"}
)
