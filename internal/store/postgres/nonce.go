package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ltihub/ltihub/internal/store"
)

// How nonces are kept. Those whose timestamp lies in one hour share a table, so
// that a tag is unique in it whatever lifetime it was used with, and an hour is
// dropped whole. A table is made by the first node that needs it or, usually,
// ahead. Whoever makes or drops one holds the lock on the row of the watermark.
//
// A unit that read the watermark before a sweep must not record a nonce that
// the sweep dropped. Its INSERT meets the table as it is now: gone, or made anew
// with a CHECK that keeps out what the watermark had passed by then. In both
// cases the unit runs again, and reads the watermark that is true.

type nonceTag = [16]byte

// nonceUse is a nonce that the unit has used.
type nonceUse struct {
	hour, expires int64
	sent          bool
}

// missingHour: no table for these nonces is known to this node.
type missingHour struct{ hour int64 }

func (m *missingHour) Error() string {
	return fmt.Sprintf("no table for the nonces of hour %d", m.hour)
}

// hours are the tables of nonces that this node has seen.
type hours struct {
	mu   sync.RWMutex
	seen map[int64]bool
}

func (h *hours) known(hour int64) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.seen[hour]
}

func (h *hours) keep(hour int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seen == nil {
		h.seen = make(map[int64]bool)
	}
	h.seen[hour] = true
}

func (h *hours) forget(gone []int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, hour := range gone {
		delete(h.seen, hour)
	}
}

const hourSpan = 3600

// hourOf counts hours since 1970, rounded down.
func hourOf(at time.Time) int64 {
	seconds := at.Unix()
	hour := seconds / hourSpan
	if seconds%hourSpan < 0 {
		hour--
	}
	return hour
}

const hourPrefix = "nonces_"

func hourTable(hour int64) string {
	return pgx.Identifier{fmt.Sprintf("%s%d", hourPrefix, hour)}.Sanitize()
}

// UseNonce records n, or returns store.ErrNonceUsed or store.ErrNonceStale.
func (t *tx) UseNonce(n store.Nonce) error {
	if err := t.nonceable(); err != nil {
		return err
	}
	expires := n.Expires.UnixMilli()
	if expires <= t.validAfter {
		return store.ErrNonceStale
	}
	if t.nonces[n.Tag] != nil {
		return store.ErrNonceUsed
	}
	hour := hourOf(n.At)
	if !t.store.hours.known(hour) {
		return t.fail(&missingHour{hour})
	}
	t.hours = append(t.hours, hour)
	if t.careful {
		used, err := t.nonceRecorded(hour, n.Tag)
		if err != nil {
			return err
		}
		if used {
			return store.ErrNonceUsed
		}
	} else {
		t.assumptions++
	}
	if t.nonces == nil {
		t.nonces = make(map[nonceTag]*nonceUse, 1)
	}
	t.nonces[n.Tag] = &nonceUse{hour: hour, expires: expires}
	return nil
}

// nonceable begins the transaction, so that the watermark is known.
func (t *tx) nonceable() error {
	switch {
	case t.ended:
		return errEnded()
	case !t.write:
		return store.ErrReadOnly
	case t.fault != nil:
		return t.fault
	case !t.begun:
		return t.ask()
	}
	return nil
}

func (t *tx) nonceRecorded(hour int64, tag nonceTag) (used bool, err error) {
	err = t.ask(question{
		sql:  "SELECT tag FROM " + hourTable(hour) + " WHERE tag = $1",
		args: []any{tag[:]},
		each: func(pgx.Rows) error { used = true; return nil },
	})
	return used, err
}

// RefuseNonces makes every nonce stale that expires up to until.
func (t *tx) RefuseNonces(until time.Time) error {
	if err := t.nonceable(); err != nil {
		return err
	}
	if ms := until.UnixMilli(); ms > t.validAfter {
		t.validAfter = ms
		t.refuse = &ms
	}
	return nil
}

func (t *tx) flushingNonces() []question {
	var questions []question
	if t.refuse != nil {
		questions = append(questions, question{
			sql:  "UPDATE nonce_watermark SET valid_after = greatest(valid_after, $1) WHERE id = 1",
			args: []any{*t.refuse},
		})
		t.refuse = nil
	}
	tags, expires := make(map[int64][][]byte), make(map[int64][]int64)
	for tag, use := range t.nonces {
		if !use.sent {
			use.sent = true
			tags[use.hour] = append(tags[use.hour], tag[:])
			expires[use.hour] = append(expires[use.hour], use.expires)
		}
	}
	for _, hour := range slices.Sorted(maps.Keys(tags)) {
		questions = append(questions, question{
			sql:  "INSERT INTO " + hourTable(hour) + " (tag, expires) SELECT * FROM unnest($1::bytea[], $2::bigint[])",
			args: []any{tags[hour], expires[hour]},
		})
	}
	return questions
}

// makeHoursAhead makes the tables for nonces of this hour and the next.
func (s *Store) makeHoursAhead(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, s.opts.StatementTimeout)
	defer cancel()
	var now time.Time
	if err := s.pool.QueryRow(limited, "SELECT now()").Scan(&now); err != nil {
		return s.troubled(err)
	}
	return s.makeHours(ctx, []int64{hourOf(now), hourOf(now) + 1})
}

// makeHours makes the tables of nonces that are missing.
func (s *Store) makeHours(ctx context.Context, hours []int64) error {
	err := s.alone(ctx, "FOR UPDATE", func(tx pgx.Tx, validAfter int64) error {
		for _, hour := range hours {
			// Of a table that was dropped nothing may come back.
			_, err := tx.Exec(ctx, fmt.Sprintf(
				"CREATE TABLE IF NOT EXISTS %s (tag bytea PRIMARY KEY, expires bigint NOT NULL CHECK (expires > %d))",
				hourTable(hour), validAfter))
			if err != nil {
				return fmt.Errorf("make table of nonces: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return s.troubled(err)
	}
	for _, hour := range hours {
		s.hours.keep(hour)
	}
	return nil
}

// alone runs fn in a transaction that holds the row of the watermark. With lock
// "FOR UPDATE SKIP LOCKED" it returns errBusy when another has it.
func (s *Store) alone(ctx context.Context, lock string, fn func(tx pgx.Tx, validAfter int64) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.opts.StatementTimeout)
	defer cancel()
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var validAfter int64
		err := tx.QueryRow(ctx, "SELECT valid_after FROM nonce_watermark WHERE id = 1 "+lock).Scan(&validAfter)
		if errors.Is(err, pgx.ErrNoRows) {
			return errBusy
		}
		if err != nil {
			return err
		}
		return fn(tx, validAfter)
	})
}

var errBusy = errors.New("another node is at it")

// troubled sorts an error of a statement outside a unit of work: what is not
// the database's own word means that it is away.
func (s *Store) troubled(err error) error {
	var fault *pgconn.PgError
	return unavailable(err, !errors.As(err, &fault))
}
