package oauth1

// refusal is a sentinel that knows the stable word for itself.
type refusal struct{ text, cause string }

func (f *refusal) Error() string { return f.text }

// Cause is the stable word for the refusal.
func (f *refusal) Cause() string { return f.cause }

// The refusals a caller tells apart with errors.Is. An error that wraps one
// names the field at fault; none holds a secret, a signature or a value.
var (
	ErrMalformed       error = &refusal{"malformed request", "malformed"}
	ErrTooLarge        error = &refusal{"request too large", "too_large"}
	ErrEncoding        error = &refusal{"content encoding not accepted", "content_type"}
	ErrContentType     error = &refusal{"content type not accepted", "content_type"}
	ErrMissing         error = &refusal{"missing parameter", "missing"}
	ErrRepeated        error = &refusal{"repeated parameter", "repeated"}
	ErrMisplaced       error = &refusal{"oauth parameter in the wrong place", "malformed"}
	ErrVersion         error = &refusal{"oauth_version is not 1.0", "version"}
	ErrMethod          error = &refusal{"signature method not accepted", "method"}
	ErrTimestampSyntax error = &refusal{"oauth_timestamp is not in seconds since 1970", "malformed"}
	ErrTimestampOld    error = &refusal{"oauth_timestamp is too old", "timestamp_old"}
	ErrTimestampFuture error = &refusal{"oauth_timestamp is in the future", "timestamp_future"}
	ErrBodyHash        error = &refusal{"body hash does not hold", "body_hash"}
	ErrSignature       error = &refusal{"signature does not hold", "signature"}
	ErrUnknownKey      error = &refusal{"unknown consumer key", "unknown_key"}
	ErrTarget          error = &refusal{"cannot sign for this URL", "internal"}
	ErrParam           error = &refusal{"cannot sign this parameter", "internal"}
	ErrDisagree        error = &refusal{"second signer disagrees", "internal"}
)
