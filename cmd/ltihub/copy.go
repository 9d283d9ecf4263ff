package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ltihub/ltihub/internal/config"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/internal/store/postgres"
)

func (p *program) copy() *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:   "copy --from STORE --to STORE",
		Short: "Copy a whole store into another engine",
		Long: `Copy every record of one store into another and count them. STORE is bolt: and
the path of a store's file, or a postgres:// URL. No server may use either while
the copy runs.

A copy that was cut off goes on where it stopped when it is run again; until then
no server starts on the target. Copying once more changes nothing. A target that
holds another store is refused. Nonces are not copied: the target refuses what
could be a replay until twice the longest nonce lifetime has passed.

The secrets stay sealed, so the target needs the same master key.`,
		Example: `  ltihub copy --from bolt:/var/lib/ltihub/ltihub.db --to postgres://ltihub@db.example/ltihub
  ltihub copy --from postgres://ltihub@db.example/ltihub --to bolt:./data/ltihub.db`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.copyStore(cmd.Context(), from, to)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "the `store` to copy")
	cmd.Flags().StringVar(&to, "to", "", "the `store` to copy into")
	_ = errors.Join(cmd.MarkFlagRequired("from"), cmd.MarkFlagRequired("to")) // the flags were defined above
	return cmd
}

func (p *program) copyStore(ctx context.Context, from, to string) (err error) {
	if from == to {
		return errors.New("copy: both stores are the same")
	}
	source, err := openNamed(ctx, from, false)
	if err != nil {
		return fmt.Errorf("open --from: %w", err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := openNamed(ctx, to, true)
	if err != nil {
		return fmt.Errorf("open --to: %w", err)
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	shown := &progressLine{out: p.err, every: time.Second}
	count, err := store.Copy(ctx, source, target, shown.show)
	shown.end()
	if err != nil {
		return err
	}
	for _, name := range store.Everything() {
		if n := count[name]; n > 0 && !strings.Contains(name, ".") {
			_, _ = fmt.Fprintf(p.out, "%-16s %d\n", name, n) // nobody to tell
		}
	}
	_, err = fmt.Fprintf(p.out, "copied and counted %d records, indexes included\n", count.Total())
	return err
}

// openNamed opens bolt:PATH or a postgres:// URL. An embedded store is made
// only if mayMake.
func openNamed(ctx context.Context, name string, mayMake bool) (store.Store, error) {
	path, ok := strings.CutPrefix(name, config.StoreBolt+":")
	if !ok {
		if !strings.HasPrefix(name, "postgres://") && !strings.HasPrefix(name, "postgresql://") {
			return nil, errors.New("a store is bolt: and a path, or a postgres:// URL")
		}
		return postgres.Open(ctx, name, postgres.Options{})
	}
	if !mayMake {
		if _, err := os.Stat(path); err != nil {
			return nil, err
		}
	}
	return bolt.Open(path, bolt.Options{Now: now})
}

// progressLine shows on one line how far a copy is.
type progressLine struct {
	out   io.Writer
	every time.Duration
	last  time.Time
	shown bool
}

func (l *progressLine) show(p store.Progress) {
	at := now()
	if at.Sub(l.last) < l.every {
		return
	}
	l.last, l.shown = at, true
	_, _ = fmt.Fprintf(l.out, "\r%-24s %10d records", p.Collection, p.Records) // nobody to tell
}

func (l *progressLine) end() {
	if l.shown {
		_, _ = fmt.Fprintln(l.out) // nobody to tell
	}
}
