package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/ltihub/ltihub/internal/config"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

// refuseAfterRestore is how long launches are refused after a restore: nonces
// used since the backup are unknown, so nothing signed before the restore may
// be believed. It is twice the usual window, which a nonce outlives at most.
const refuseAfterRestore = 10 * time.Minute

func (p *program) restore() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the place of the store",
		Long: `Verify a backup and put it in the place of the store, which no server may have
open; the store that was there is kept beside it as ltihub.db.before-restore.
A damaged or foreign file is refused and nothing is changed.

The master key is not part of a backup: the one that belongs to it must be in
the data directory or in LTIHUB_MASTER_KEY. For ten minutes after a restore
launches and service calls are refused, because those that were used since the
backup can't be told from new ones.`,
		Example: "  ltihub restore /var/backups/ltihub-2026-11-20.db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.load(cmd.Flags())
			if err != nil {
				return err
			}
			if string(cfg.Store) != config.StoreBolt {
				return errors.New("restore: only the embedded store is restored from a file")
			}
			return p.restoreFrom(args[0], cfg.Data)
		},
	}
	f := cmd.Flags()
	f.String("data", "", "`directory` of the store and the master key (default ./data)")
	f.String("store", "", "store engine; only bolt can be restored")
	return cmd
}

func (p *program) restoreFrom(file, data string) error {
	path := filepath.Join(data, storeFile)
	if err := os.MkdirAll(data, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	kept, err := keepAside(path)
	if err != nil {
		return fmt.Errorf("keep the store that is there: %w", err)
	}
	if err := bolt.Restore(file, path, now(), refuseAfterRestore); err != nil {
		if kept != "" {
			err = errors.Join(err, os.Remove(kept))
		}
		return fmt.Errorf("restore %s: %w", file, err)
	}
	text := "restored " + file
	if kept != "" {
		text += "; the store that was there is " + kept
	}
	_, err = fmt.Fprintln(p.out, text)
	return err
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
