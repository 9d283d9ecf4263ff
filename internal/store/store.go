package store

import (
	"context"
	"io"
	"time"
)

// Store is one engine, opened. All methods may be called concurrently.
type Store interface {
	// Update runs fn in a serialisable transaction. fn may run more than
	// once, so it changes nothing but the transaction and variables that it
	// sets anew each time. Nothing is visible unless fn returns nil and the
	// commit holds; then it is durable before Update returns. An error of fn
	// is returned as it is. Only the last run counts: in an earlier one PutNew
	// and UseNonce may have let pass what they refuse in the next.
	Update(ctx context.Context, fn func(tx Tx) error) error
	// View runs fn on a consistent snapshot.
	View(ctx context.Context, fn func(tx Tx) error) error
	// Sweep drops nonces that expired before now, whole groups at a time, and
	// from then on UseNonce calls those stale. It may be called at any time by
	// any number of nodes.
	Sweep(ctx context.Context) error
	// Backup writes a consistent copy of the whole store, while it is used.
	Backup(ctx context.Context, w io.Writer) error
	// Check reports whether the store takes writes and its records hold; for
	// readiness it must be quick, so it reads only what proves that.
	Check(ctx context.Context) error
	Close() error
}

// Tx is a transaction. It is used by one goroutine and not after its function
// has returned. Keys are what CheckKey lets through, and order bytewise; values
// are JSON documents, or empty.
type Tx interface {
	// Now is the engine's clock, the same for the whole transaction, in UTC.
	// Leases and expiry go by it, never by a node's own clock.
	Now() time.Time
	// Get returns a copy-free view of the value, good until the function
	// returns and never to be changed; ErrNotFound without one.
	Get(collection, key string) ([]byte, error)
	// Put sets the value, new or not.
	Put(collection, key string, value []byte) error
	// PutNew sets the value of a new key, or returns ErrExists. Of several
	// at once, on one node or on several, exactly one wins.
	PutNew(collection, key string, value []byte) error
	// Delete removes the key; one that is not there is no error.
	Delete(collection, key string) error
	// Scan returns up to limit items whose key begins with prefix and comes
	// after after ("" for the first), in key order. limit is 1 to MaxScan;
	// any other is an error.
	Scan(collection, prefix, after string, limit int) ([]Item, error)
	// ScanBack is Scan from the end: items whose key begins with prefix and
	// comes before before ("" for the last), in falling order.
	ScanBack(collection, prefix, before string, limit int) ([]Item, error)
	// UseNonce records a nonce until it expires. It returns ErrNonceUsed if
	// that was done before, and ErrNonceStale if its expiry has been swept
	// already, so that nobody can tell. Of two at once exactly one wins.
	UseNonce(n Nonce) error
	// RefuseNonces makes every nonce that expires up to until stale, for a
	// store that was restored and has forgotten what came after its backup.
	RefuseNonces(until time.Time) error
	// Prefetch says what will be read, so that an engine across a network
	// can answer in one round trip.
	Prefetch(keys ...Key) error
}

// MaxScan bounds a Scan.
const MaxScan = 1000

// Item is one record of a scan. Its value is good until the transaction ends.
type Item struct {
	Key   string
	Value []byte
}

// Key names a record.
type Key struct{ Collection, Key string }
