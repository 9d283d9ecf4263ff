package migrations

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed postgres/*.sql
var postgresFiles embed.FS

const (
	// postgresVersions is the table in which goose keeps what was applied.
	postgresVersions = "ltihub_schema"
	// postgresLock is the advisory lock under which nodes take turns.
	postgresLock = 0x6c74696875620001
)

// PostgresSteps holds the steps that this binary knows, NNNN_word.sql each.
func PostgresSteps() fs.FS {
	steps, err := fs.Sub(postgresFiles, "postgres")
	if err != nil {
		panic(err) // the name is a constant
	}
	return steps
}

// MigratePostgres applies the steps that db lacks, each in one transaction
// with its number. Nodes that start together take turns. It returns ErrNewer
// or ErrForeign, and changes nothing, for a database that these steps do not
// lead up to.
func MigratePostgres(ctx context.Context, db *sql.DB, steps fs.FS) (err error) {
	unlock, err := lockPostgres(ctx, db)
	if err != nil {
		return fmt.Errorf("lock schema: %w", err)
	}
	defer func() { err = cmp.Or(err, unlock()) }()
	p, err := goose.NewProvider(goose.DialectPostgres, db, steps,
		goose.WithTableName(postgresVersions), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read schema steps: %w", err)
	}
	at, known, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema: %w", err)
	}
	if at > known {
		return fmt.Errorf("schema %d is newer than this binary knows (%d): %w", at, known, ErrNewer)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("apply schema step: %w", foreignTable(err))
	}
	return nil
}

// lockPostgres waits for an advisory lock that ends with its connection. An
// engine without such locks (CockroachDB) needs goose's table lock here.
func lockPostgres(ctx context.Context, db *sql.DB) (unlock func() error, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(postgresLock)); err != nil {
		_ = conn.Close() // the first error says more
		return nil, err
	}
	return func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(postgresLock))
		return cmp.Or(err, conn.Close())
	}, nil
}

// foreignTable recognises a table of ours that no step of ours has made.
func foreignTable(err error) error {
	const duplicateTable = "42P07"
	var state interface{ SQLState() string }
	if errors.As(err, &state) && state.SQLState() == duplicateTable {
		return fmt.Errorf("%w: %w", ErrForeign, err)
	}
	return err
}
