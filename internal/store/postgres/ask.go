package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ltihub/ltihub/internal/store"
)

// question is a statement of a round trip, and what takes its rows; nil for
// one that has none.
type question struct {
	sql  string
	args []any
	each func(rows pgx.Rows) error
}

const (
	beginUpdate = "BEGIN ISOLATION LEVEL SERIALIZABLE"
	beginView   = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	beginning   = "SELECT now(), valid_after FROM nonce_watermark WHERE id = 1"
)

// ask puts questions in one round trip, and begins the transaction with the
// first ones. An error is the unit's fault.
func (t *tx) ask(questions ...question) error {
	if t.fault != nil {
		return t.fault
	}
	if err := t.ctx.Err(); err != nil {
		return t.fail(err)
	}
	if !t.begun {
		if err := t.begin(); err != nil {
			return err
		}
		questions = append(t.opening(), questions...)
	}
	ctx, cancel := t.limit()
	defer cancel()
	batch := &pgx.Batch{}
	for _, q := range questions {
		batch.Queue(q.sql, q.args...)
	}
	t.store.tally.trips.Add(1)
	results := t.conn.SendBatch(ctx, batch)
	for _, q := range questions {
		if err := answer(results, q); err != nil {
			_ = results.Close() // repeats the error
			return t.fail(err)
		}
	}
	if err := results.Close(); err != nil {
		return t.fail(err)
	}
	return nil
}

// limit bounds one round trip. A caller who leaves must not cost a connection,
// so what is sent is seen through; but a caller's deadline holds, except for a
// commit, whose outcome is worth the wait.
func (t *tx) limit() (context.Context, context.CancelFunc) {
	at := time.Now().Add(t.store.opts.StatementTimeout + time.Second)
	if d, ok := t.ctx.Deadline(); ok && d.Before(at) && !t.committing {
		at = d
	}
	return context.WithDeadline(context.WithoutCancel(t.ctx), at)
}

func answer(results pgx.BatchResults, q question) error {
	if q.each == nil {
		_, err := results.Exec()
		return err
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := q.each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (t *tx) begin() error {
	conn, err := t.store.acquire(t.ctx)
	if err != nil {
		return t.fail(err)
	}
	t.conn, t.begun = conn, true
	return nil
}

// opening begins the transaction, and reads what an earlier attempt read.
func (t *tx) opening() []question {
	begin := beginView
	if t.write {
		begin = beginUpdate
	}
	clock := question{sql: beginning, each: func(rows pgx.Rows) error {
		var now time.Time
		if err := rows.Scan(&now, &t.validAfter); err != nil {
			return err
		}
		t.now = now.UTC().Truncate(time.Millisecond)
		return nil
	}}
	return append([]question{{sql: begin}, clock}, t.reading(t.unknown(t.ahead))...)
}

// read asks for the spots that the unit does not know.
func (t *tx) read(spots []spot) error {
	if t.fault != nil {
		return t.fault
	}
	if spots = t.unknown(spots); len(spots) == 0 {
		return nil
	}
	return t.ask(t.reading(spots)...)
}

func (t *tx) unknown(spots []spot) []spot {
	var unknown []spot
	for _, at := range spots {
		if t.rows[at] == nil {
			unknown = append(unknown, at)
		}
	}
	return unknown
}

// reading makes one question for each table; what is not found is not there.
func (t *tx) reading(spots []spot) []question {
	keys := make(map[*table][]string)
	for _, at := range spots {
		keys[at.table] = append(keys[at.table], at.key)
	}
	t.reads = append(t.reads, spots...)
	questions := make([]question, 0, len(keys))
	for _, tab := range inOrder(keys) {
		questions = append(questions, question{sql: tab.read, args: []any{keys[tab]}, each: func(rows pgx.Rows) error {
			var key string
			var value *string
			if err := rows.Scan(&key, &value); err != nil {
				return err
			}
			t.rows[spot{tab, key}] = &row{value: fromColumn(value), there: true}
			return nil
		}})
	}
	// Known before the answer is: when it does not come, the unit has ended.
	for _, at := range spots {
		t.rows[at] = &row{}
	}
	return questions
}

// finish commits, with what is left to send if keep is set.
func (t *tx) finish(keep bool) {
	var questions []question
	if keep {
		questions = t.flushing()
	}
	if !t.begun && len(questions) == 0 {
		return
	}
	if err := t.ctx.Err(); err != nil {
		_ = t.fail(err) // nothing was sent that stays
		return
	}
	if !keep && t.wrote {
		return // end rolls back
	}
	t.committing = true
	if t.ask(append(questions, question{sql: "COMMIT"})...) == nil && t.wrote {
		t.store.tally.commits.Add(1)
	}
}

// gone is whether the connection is closed.
func (t *tx) gone() bool { return t.conn != nil && t.conn.Conn().IsClosed() }

// end gives the connection back. A transaction that is still open is rolled
// back first; if that can't be done the pool drops the connection.
func (t *tx) end() {
	t.ended = true
	if t.conn == nil {
		return
	}
	var fault *pgconn.PgError
	if errors.As(t.fault, &fault) && fault.Code == stateReadOnly {
		t.store.pool.Reset() // all of them lead to what is a standby now
	}
	if !t.gone() && t.conn.Conn().PgConn().TxStatus() != 'I' {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), t.store.opts.AcquireTimeout)
		defer cancel()
		_, _ = t.conn.Exec(ctx, "ROLLBACK") // Release looks at what came of it
	}
	t.conn.Release()
	t.conn = nil
}

func errEnded() error { return fmt.Errorf("%w: the transaction has ended", store.ErrUnavailable) }
