package postgres

import (
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/ltihub/ltihub/internal/store"
)

// Scan returns up to limit items with prefix, after after, in key order.
func (t *tx) Scan(collection, prefix, after string, limit int) ([]store.Item, error) {
	p, err := t.scanned(collection, limit, prefix, after)
	if err != nil {
		return nil, err
	}
	from := p.prefix + prefix
	beyond := ""
	if after != "" {
		beyond = p.prefix + after
	}
	if end := following(from); end != "" {
		return t.scan(p, p.forward.closed, from, beyond, limit, end)
	}
	return t.scan(p, p.forward.open, from, beyond, limit)
}

// ScanBack returns up to limit items with prefix, before before, in falling
// key order.
func (t *tx) ScanBack(collection, prefix, before string, limit int) ([]store.Item, error) {
	p, err := t.scanned(collection, limit, prefix, before)
	if err != nil {
		return nil, err
	}
	from := p.prefix + prefix
	end := following(from)
	if before != "" && (end == "" || p.prefix+before < end) {
		end = p.prefix + before
	}
	if end == "" {
		return t.scan(p, p.back.open, from, limit)
	}
	return t.scan(p, p.back.closed, from, limit, end)
}

func (t *tx) scanned(collection string, limit int, bounds ...string) (place, error) {
	if t.ended {
		return place{}, errEnded()
	}
	if limit < 1 || limit > store.MaxScan {
		return place{}, fmt.Errorf("scan %s: limit %d is not 1 to %d", collection, limit, store.MaxScan)
	}
	for _, b := range bounds {
		if err := checkText(b); err != nil {
			return place{}, err
		}
	}
	return t.store.places.of(collection), nil
}

// scan sends what was written so far, so that the database sees it, and asks.
func (t *tx) scan(p place, sql string, args ...any) ([]store.Item, error) {
	var items []store.Item
	err := t.ask(append(t.flushing(), question{sql: sql, args: args, each: func(rows pgx.Rows) error {
		var key string
		var value *string
		if err := rows.Scan(&key, &value); err != nil {
			return err
		}
		items = append(items, store.Item{Key: key[len(p.prefix):], Value: fromColumn(value)})
		return nil
	}})...)
	if err != nil {
		return nil, err
	}
	return items, nil
}
