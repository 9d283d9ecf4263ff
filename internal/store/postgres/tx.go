package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ltihub/ltihub/internal/store"
)

// How a unit of work goes about it, to need few round trips:
//
// The transaction begins with the first question, in the same round trip. What
// was read is kept, so it is asked for once. Writes are kept until the function
// has returned and then sent together with the commit; a Scan sends them
// earlier, so that it sees them.
//
// PutNew and UseNonce take a key that was not read to be free, and go on. If
// the INSERT then finds it taken, or the function returns an error that may
// come of it, the unit runs again with care: it looks first. So a key is
// promised to one unit by the unique index alone, and the usual case, in which
// it is free, costs no question, and no conflict between neighbours on a page.
type tx struct {
	ctx   context.Context // of the unit, whose functions have none of their own
	store *Store
	conn  *pgxpool.Conn
	write bool

	begun, ended bool
	committing   bool // a commit is on its way
	wrote        bool // statements that write were sent
	careful      bool
	ahead        []spot // to read with the beginning
	now          time.Time
	validAfter   int64 // the watermark of nonces

	rows        map[spot]*row
	reads       []spot
	dirty       int // rows with a change to send
	assumptions int // keys and nonces taken to be free
	nonces      map[nonceTag]*nonceUse
	hours       []int64 // whose tables of nonces were or will be asked
	refuse      *int64
	fault       error // that ended the transaction
}

// spot is a key in a table.
type spot struct {
	table *table
	key   string
}

// row is what the unit knows of a spot.
type row struct {
	value  []byte
	there  bool
	change change
}

// change is what is to be sent for a row.
type change int

const (
	unchanged change = iota
	put              // whether it was there or not
	putNew           // it was looked for, and not there
	putFree          // it is taken not to be there
	remove
)

// errAssumed: what was taken to be free must be looked at.
var errAssumed = errors.New("taken to be free")

func newTx(ctx context.Context, s *Store, write bool, m *memory) *tx {
	return &tx{ctx: ctx, store: s, write: write, careful: m.careful, ahead: m.reads, rows: make(map[spot]*row)}
}

// Now is the instant at which the transaction began, by the database's clock,
// in UTC, to the millisecond. When the database is away it is the zero time,
// and the unit comes to nothing.
func (t *tx) Now() time.Time {
	if !t.begun && !t.ended {
		_ = t.ask() // kept as the fault
	}
	return t.now
}

// Prefetch reads the keys in one round trip.
func (t *tx) Prefetch(keys ...store.Key) error {
	if t.ended {
		return errEnded()
	}
	spots := make([]spot, 0, len(keys))
	for _, k := range keys {
		at, err := t.spot(k.Collection, k.Key)
		if err != nil {
			return err
		}
		spots = append(spots, at)
	}
	return t.read(spots)
}

// Get returns the value of key, or store.ErrNotFound.
func (t *tx) Get(collection, key string) ([]byte, error) {
	at, err := t.spot(collection, key)
	if err != nil {
		return nil, err
	}
	r, err := t.row(at)
	if err != nil {
		return nil, err
	}
	if !r.there {
		return nil, store.ErrNotFound
	}
	return r.value, nil
}

// Put sets the value of key.
func (t *tx) Put(collection, key string, value []byte) error {
	at, err := t.writable(collection, key)
	if err != nil {
		return err
	}
	as := put
	if r := t.rows[at]; r != nil && (r.change == putNew || r.change == putFree) {
		as = r.change
	}
	t.set(at, value, as)
	return nil
}

// PutNew sets the value of a new key, or returns store.ErrExists.
func (t *tx) PutNew(collection, key string, value []byte) error {
	at, err := t.writable(collection, key)
	if err != nil {
		return err
	}
	r := t.rows[at]
	if r == nil && !t.careful {
		t.assumptions++
		t.set(at, value, putFree)
		return nil
	}
	if r, err = t.row(at); err != nil {
		return err
	}
	switch {
	case r.there:
		return store.ErrExists
	case r.change == remove:
		t.set(at, value, put)
	default:
		t.set(at, value, putNew)
	}
	return nil
}

// Delete removes key; one that is not there is no error.
func (t *tx) Delete(collection, key string) error {
	at, err := t.writable(collection, key)
	if err != nil {
		return err
	}
	r := t.rows[at]
	switch {
	case r == nil:
		r = &row{}
		t.rows[at] = r
	case r.change == putFree:
		return t.unassume(at)
	case r.change == unchanged && !r.there:
		return nil
	case r.change == putNew:
		t.dirty--
		*r = row{}
		return nil
	}
	if r.change == unchanged {
		t.dirty++
	}
	*r = row{change: remove}
	return nil
}

// unassume looks whether a key was free, now that nothing will be put there.
func (t *tx) unassume(at spot) error {
	delete(t.rows, at)
	t.dirty--
	t.assumptions--
	r, err := t.row(at)
	if err == nil && r.there {
		err = t.fail(errAssumed)
	}
	return err
}

func (t *tx) set(at spot, value []byte, as change) {
	r := t.rows[at]
	if r == nil {
		r = &row{}
		t.rows[at] = r
	}
	if r.change == unchanged {
		t.dirty++
	}
	*r = row{value: append([]byte(nil), value...), there: true, change: as}
}

// row returns what the unit knows of a spot, and reads it if that is nothing.
func (t *tx) row(at spot) (*row, error) {
	if r := t.rows[at]; r != nil {
		return r, nil
	}
	if err := t.read([]spot{at}); err != nil {
		return nil, err
	}
	return t.rows[at], nil
}

// spot finds where a key lies.
func (t *tx) spot(collection, key string) (spot, error) {
	if t.ended {
		return spot{}, errEnded()
	}
	if err := store.CheckKey(key); err != nil {
		return spot{}, err
	}
	p := t.store.places.of(collection)
	return spot{table: p.table, key: p.prefix + key}, nil
}

func (t *tx) writable(collection, key string) (spot, error) {
	if !t.ended && !t.write {
		return spot{}, store.ErrReadOnly
	}
	at, err := t.spot(collection, key)
	if err == nil {
		err = t.fault
	}
	return at, err
}

// fail ends the transaction with its first fault.
func (t *tx) fail(err error) error {
	if t.fault == nil {
		t.fault = err
	}
	return t.fault
}
