package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ltihub/ltihub/internal/store"
)

// table is a table of records with the statements on it.
type table struct {
	name                   string // quoted
	read                   string
	insert, upsert, remove string
	forward, back          bounded
}

// bounded is a scan without and with a bound beyond the prefix.
type bounded struct{ open, closed string }

// place is where a collection lies: in a table, and there below a prefix.
type place struct {
	*table
	prefix string
}

const otherRecords = "other_records"

// A document that jsonb can't hold is kept as text in raw.
const columns = "key, coalesce(raw, doc::text)"

func newTable(name string) *table {
	quoted := pgx.Identifier{name}.Sanitize()
	insert := "INSERT INTO " + quoted + " (key, doc, raw) SELECT k, d::jsonb, r FROM unnest($1::text[], $2::text[], $3::text[]) AS given (k, d, r)"
	scan := "SELECT " + columns + " FROM " + quoted + " WHERE key >= $1"
	forward := bounded{
		open:   " AND key > $2 ORDER BY key LIMIT $3",
		closed: " AND key > $2 AND key < $4 ORDER BY key LIMIT $3",
	}
	back := bounded{
		open:   " ORDER BY key DESC LIMIT $2",
		closed: " AND key < $3 ORDER BY key DESC LIMIT $2",
	}
	return &table{
		name:    quoted,
		read:    "SELECT " + columns + " FROM " + quoted + " WHERE key = ANY($1::text[])",
		insert:  insert,
		upsert:  insert + " ON CONFLICT (key) DO UPDATE SET doc = excluded.doc, raw = excluded.raw",
		remove:  "DELETE FROM " + quoted + " WHERE key = ANY($1::text[])",
		forward: bounded{open: scan + forward.open, closed: scan + forward.closed},
		back:    bounded{open: scan + back.open, closed: scan + back.closed},
	}
}

// places finds the table of a collection.
type places struct {
	tables map[string]*table
	other  *table
}

// loadPlaces reads which collections have a table of their own.
func loadPlaces(ctx context.Context, pool *pgxpool.Pool) (places, error) {
	p := places{tables: make(map[string]*table), other: newTable(otherRecords)}
	rows, err := pool.Query(ctx, "SELECT collection, table_name FROM collection_tables")
	if err != nil {
		return p, err
	}
	var collection, name string
	_, err = pgx.ForEachRow(rows, []any{&collection, &name}, func() error {
		p.tables[collection] = newTable(name)
		return nil
	})
	return p, err
}

func (p places) of(collection string) place {
	if t, ok := p.tables[collection]; ok {
		return place{table: t}
	}
	return place{table: p.other, prefix: store.Prefix(collection)}
}

// following is the least key above all that begin with prefix, "" for none. It
// goes by runes, because a key is text; their order is that of the bytes.
func following(prefix string) string {
	const surrogates, above = 0xd800, 0xe000
	runes := []rune(prefix)
	for i := len(runes) - 1; i >= 0; i-- {
		if runes[i] < 0x10ffff {
			if runes[i]++; runes[i] == surrogates {
				runes[i] = above
			}
			return string(runes[:i+1])
		}
	}
	return ""
}

// Documents as the columns doc and raw hold them. jsonb knows no U+0000, so a
// document with one is kept in raw, and doc has U+FFFD there, for reports.
func toColumns(value []byte) (doc, raw *string) {
	if len(value) == 0 {
		return nil, nil
	}
	text := string(value)
	if !strings.Contains(text, `\u0000`) {
		return &text, nil
	}
	shown := strings.ReplaceAll(text, `\u0000`, `\ufffd`)
	return &shown, &text
}

func fromColumn(column *string) []byte {
	if column == nil {
		return nil
	}
	return []byte(*column)
}

// checkText refuses what can't be part of a key, and so not of a bound either.
func checkText(text string) error {
	if text == "" || len(text) > store.MaxKey {
		return nil
	}
	if err := store.CheckKey(text); err != nil {
		return fmt.Errorf("bound of a scan: %w", err)
	}
	return nil
}
