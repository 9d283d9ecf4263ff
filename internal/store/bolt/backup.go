package bolt

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/ltihub/ltihub/internal/store"
)

// Backup writes a consistent copy of the file to w while the store is used.
// What Verify accepts of it, Restore can put back.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.running.Done()
	defer faultsPanic()()
	btx, err := s.beginView()
	if err != nil {
		return err
	}
	defer btx.Rollback() //nolint:errcheck // the end of every read transaction
	out := &watched{ended: ctx.Err, w: w}
	if _, err := btx.WriteTo(out); err != nil {
		return fmt.Errorf("back up: %w", cmp.Or(out.err, err))
	}
	return nil
}

// watched stops a long copy when its context ends, and keeps the first error,
// of which bbolt passes on only the text.
type watched struct {
	ended func() error
	w     io.Writer
	err   error
}

func (c *watched) Write(p []byte) (n int, err error) {
	if c.err = c.ended(); c.err != nil {
		return 0, c.err
	}
	n, c.err = c.w.Write(p)
	return n, c.err
}

var _ store.Store = (*Store)(nil)
