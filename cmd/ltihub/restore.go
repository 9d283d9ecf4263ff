package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/ltihub/ltihub/internal/config"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

func (p *program) restore() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the place of the store",
		Long: `Verify a backup and put it in the place of the store, which no server may have
open; the store that was there is kept beside it as ltihub.db.before-restore.
A damaged or foreign file is refused and nothing is changed.

The master key is not part of a backup: the one that belongs to it must be in
the data directory or in LTIHUB_MASTER_KEY. For a while after a restore launches
and service calls are refused, because those that were used since the backup
can't be told from new ones: for twice the longest nonce_lifetime at the most,
which is ten minutes if nobody changed it.`,
		Example: "  ltihub restore /var/backups/ltihub-2026-11-20.db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.load(cmd.Flags())
			if err != nil {
				return err
			}
			if string(cfg.Store) != config.StoreBolt {
				return p.restoreDump(cmd.Context(), args[0], cfg)
			}
			return p.restoreFrom(cmd.Context(), args[0], cfg.Data)
		},
	}
	f := cmd.Flags()
	f.String("data", "", "`directory` of the store and the master key (default ./data)")
	f.String("store", "", "store engine: bolt, or a postgres:// `URL` (default bolt)")
	return cmd
}

func (p *program) restoreFrom(ctx context.Context, file, data string) error {
	path, at := filepath.Join(data, storeFile), now()
	if err := os.MkdirAll(data, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	window, err := longestWindow(ctx, file, data)
	if err != nil {
		return fmt.Errorf("restore %s: %w", file, err)
	}
	kept, err := keepAside(path)
	if err != nil {
		return fmt.Errorf("keep the store that is there: %w", err)
	}
	// What was signed just now may be dated a window ahead, and holds for
	// another one.
	if err := bolt.Restore(file, path, at, 2*window); err != nil {
		if kept != "" {
			err = errors.Join(err, os.Remove(kept))
		}
		return fmt.Errorf("restore %s: %w", file, err)
	}
	text := "restored " + file
	if kept != "" {
		text += "; the store that was there is " + kept
	}
	text += "\nlaunches and service calls that could be replays are refused until " + at.Add(2*window).Format("15:04:05 UTC, 2006-01-02")
	_, err = fmt.Fprintln(p.out, text)
	return err
}

// restoreDump loads the backup of a store on PostgreSQL into an empty database.
func (p *program) restoreDump(ctx context.Context, file string, cfg config.Config) (err error) {
	if err := verifyBackup(file); err != nil {
		return fmt.Errorf("restore %s: %w", file, err)
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	engine, err := openEngine(ctx, cfg, now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	if err := mustBeEmpty(ctx, engine); err != nil {
		return err
	}
	count, err := store.LoadDump(ctx, f, engine)
	if err != nil {
		return fmt.Errorf("restore %s: %w", file, err)
	}
	var until time.Time // that LoadDump has just set
	err = engine.View(ctx, func(tx store.Tx) error {
		window, err := store.NonceWindow(tx)
		until = tx.Now().Add(2 * window)
		return err
	})
	if err != nil {
		return fmt.Errorf("read until when replays are refused: %w", err)
	}
	_, err = fmt.Fprintf(p.out, "restored %s: %d records\nlaunches and service calls that could be replays are refused until %s\n",
		file, count.Total(), until.Format("15:04:05 UTC, 2006-01-02"))
	return err
}

// mustBeEmpty refuses a database that holds a store already: nothing is
// replaced there.
func mustBeEmpty(ctx context.Context, engine store.Store) error {
	return engine.View(ctx, func(tx store.Tx) error {
		for _, collection := range store.Everything() {
			found, err := tx.Scan(collection, "", "", 1)
			if err != nil {
				return err
			}
			if len(found) > 0 {
				return errors.New("restore: the database holds a store already; name an empty one")
			}
		}
		return nil
	})
}

// longestWindow is the longest time that a credential in the backup allows
// between oauth_timestamp and now. It reads a copy, which it verifies first,
// because opening a store brings its schema up to date.
func longestWindow(ctx context.Context, file, data string) (window time.Duration, err error) {
	dir, err := os.MkdirTemp(data, "restore-*")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, storeFile)
	if err := bolt.Restore(file, path, now(), 0); err != nil {
		return 0, err
	}
	engine, err := bolt.Open(path, bolt.Options{Now: now})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	err = engine.View(ctx, func(tx store.Tx) error {
		window, err = store.NonceWindow(tx)
		return err
	})
	return window, err
}

// keepAside gives the store that is there a second name, which stays when
// another file takes its first. It costs no copy.
func keepAside(path string) (kept string, err error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	kept = path + ".before-restore"
	if err := os.Remove(kept); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	return kept, os.Link(path, kept)
}
