package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

func (p *program) backup() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the whole store into a file",
		Long: `Write a consistent copy of the whole store to FILE, also while a server uses it,
and verify it. FILE appears only when it is whole; one that is there already is
replaced. The copy holds the sealed secrets but not the master key.` + deskHelp,
		Example: "  ltihub backup /var/backups/ltihub-$(date +%F).db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			d, err := p.openDesk(cmd.Context(), cmd.Flags(), false)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, d.Close()) }()
			size, err := backupTo(cmd.Context(), d, args[0])
			if err != nil {
				return fmt.Errorf("back up to %s: %w", args[0], err)
			}
			_, err = fmt.Fprintf(p.out, "%s: %d bytes, verified\n", args[0], size)
			return err
		},
	}
	deskFlags(cmd)
	return cmd
}

// backupTo writes beside the file, verifies, and only then takes its name.
func backupTo(ctx context.Context, d desk, file string) (size int64, err error) {
	tmp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	if err := errors.Join(d.Backup(ctx, tmp), tmp.Sync()); err != nil {
		return 0, errors.Join(err, tmp.Close())
	}
	info, err := tmp.Stat()
	if err := errors.Join(err, tmp.Close()); err != nil {
		return 0, err
	}
	if err := verifyBackup(tmp.Name()); err != nil {
		return 0, fmt.Errorf("verify the copy: %w", err)
	}
	return info.Size(), os.Rename(tmp.Name(), file)
}

// verifyBackup reads a backup whole: the file of an embedded store, or the JSON
// lines of one on PostgreSQL.
func verifyBackup(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	in := bufio.NewReader(f)
	if first, err := in.Peek(1); err != nil || first[0] != '{' {
		return bolt.Verify(file)
	}
	_, err = store.CheckDump(in)
	return err
}
