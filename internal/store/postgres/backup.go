package postgres

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/ltihub/ltihub/internal/store"
)

// Backup writes every record of one snapshot in the format of store.Dump,
// without the nonces. store.CheckDump and store.LoadDump read it back, into
// either engine. Beside it the database's own means (pg_basebackup with an
// archive of its log) restore to any moment.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	begun := false
	err := s.work(ctx, func(view store.Tx) error {
		t, ok := view.(*tx)
		if !ok {
			return fmt.Errorf("a view of another engine: %T", view)
		}
		names, err := t.collections()
		if err != nil {
			return err
		}
		if begun { // what was written can't be taken back
			return fmt.Errorf("%w: the connection was lost", store.ErrUnavailable)
		}
		begun = true
		return store.Dump(ctx, view, names, w)
	}, false)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	return nil
}

// collections names all that hold a record. It also lets the transaction wait
// for whoever takes the copy, however slow.
func (t *tx) collections() ([]string, error) {
	names := slices.Sorted(maps.Keys(t.store.places.tables))
	err := t.ask(
		question{sql: "SET LOCAL idle_in_transaction_session_timeout = 0"},
		question{
			sql: "SELECT DISTINCT split_part(key, '/', 1) FROM other_records",
			each: func(rows pgx.Rows) error {
				var escaped string
				if err := rows.Scan(&escaped); err != nil {
					return err
				}
				names = append(names, store.Split(escaped)[0])
				return nil
			},
		})
	return names, err
}
