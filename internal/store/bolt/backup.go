package bolt

import (
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
	if _, err := btx.WriteTo(&watched{ctx: ctx.Err, w: w}); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	return nil
}

// watched stops a long copy when ctx ends.
type watched struct {
	ctx func() error
	w   io.Writer
}

func (c *watched) Write(p []byte) (int, error) {
	if err := c.ctx(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}

var _ store.Store = (*Store)(nil)
