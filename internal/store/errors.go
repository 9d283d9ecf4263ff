package store

// fault is a sentinel that knows the cause it stands for.
type fault struct{ text, cause string }

func (f *fault) Error() string { return f.text }

// Cause is the stable word for the fault.
func (f *fault) Cause() string { return f.cause }

// What callers tell apart. Engines wrap these; compare with errors.Is.
var (
	// ErrNotFound: no record has the key.
	ErrNotFound error = &fault{"not found", "internal"}
	// ErrExists: PutNew found the key taken.
	ErrExists error = &fault{"exists already", "internal"}
	// ErrNonceUsed: the nonce was recorded before and may still be replayed.
	ErrNonceUsed error = &fault{"nonce used already", "nonce_used"}
	// ErrNonceStale: the nonce is so old that its record may be gone, so
	// whether it was used can't be told. It must be refused like a used one.
	ErrNonceStale error = &fault{"nonce too old to check", "nonce_stale"}
	// ErrCorrupt: a record's checksum does not hold. It is never served.
	ErrCorrupt error = &fault{"record damaged", "internal"}
	// ErrUnavailable: the store can't take the work now (disk full, database
	// away, shutting down). Nothing was changed; trying again may help.
	ErrUnavailable error = &fault{"store unavailable", "unavailable"}
	// ErrAmbiguous: the commit was sent and its answer was lost, so the work
	// may or may not have been done. A nonce must then be refused; a write
	// that replaces by key may be repeated.
	ErrAmbiguous error = &fault{"commit outcome unknown", "unavailable"}
	// ErrReadOnly: a View tried to write.
	ErrReadOnly error = &fault{"read-only transaction", "internal"}
	// ErrKey: no record can have this key: CheckKey says why.
	ErrKey error = &fault{"unusable key", "malformed"}
)
