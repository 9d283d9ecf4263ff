package oauth1

import "errors"

// The refusals a caller tells apart with errors.Is. An error that wraps one
// names the field at fault; none holds a secret, a signature or a value.
var (
	ErrMalformed       = errors.New("malformed request")
	ErrTooLarge        = errors.New("request too large")
	ErrEncoding        = errors.New("content encoding not accepted")
	ErrContentType     = errors.New("content type not accepted")
	ErrMissing         = errors.New("missing parameter")
	ErrRepeated        = errors.New("repeated parameter")
	ErrMisplaced       = errors.New("oauth parameter in the wrong place")
	ErrVersion         = errors.New("oauth_version is not 1.0")
	ErrMethod          = errors.New("signature method not accepted")
	ErrTimestampSyntax = errors.New("oauth_timestamp is not in seconds since 1970")
	ErrTimestampOld    = errors.New("oauth_timestamp is too old")
	ErrTimestampFuture = errors.New("oauth_timestamp is in the future")
	ErrBodyHash        = errors.New("body hash does not hold")
	ErrSignature       = errors.New("signature does not hold")
	ErrUnknownKey      = errors.New("unknown consumer key")
	ErrTarget          = errors.New("cannot sign for this URL")
	ErrParam           = errors.New("cannot sign this parameter")
	ErrDisagree        = errors.New("second signer disagrees")
)
