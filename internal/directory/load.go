package directory

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// ErrStale: the load that was to be put in force is not the one that waits.
var ErrStale = errors.New("another file was read meanwhile, or this one is in force already")

// slice is how many rows one transaction writes or drops.
const slice = 500

// Stage reads a file whole and keeps its rows aside, with the counts of what
// they would change. Its error is Faults for a file with any fault, and
// store.ErrNotFound for an unknown domain; nothing is changed then. The
// directory in force stays so until Commit.
func (d *Directory) Stage(ctx context.Context, domain string, r io.ReadSeeker, by string) (lti.DirectoryLoad, error) {
	load := lti.DirectoryLoad{ID: d.NewID(), By: by}
	known := func(tx store.Tx) error {
		_, err := store.Domains.Get(tx, domain)
		return err
	}
	if err := d.Store.View(ctx, known); err != nil {
		return load, err
	}
	if err := readFile(r, func(lti.DirectoryPerson) error { return ctx.Err() }); err != nil {
		return load, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return load, fmt.Errorf("read the directory file again: %w", err)
	}
	s := &staging{Directory: d, domain: domain, load: &load}
	if err := s.run(ctx, r); err != nil {
		return load, err
	}
	err := d.Store.Update(ctx, func(tx store.Tx) error {
		dir, err := current(tx, domain)
		if err != nil {
			return err
		}
		load.At, load.Removed = tx.Now(), max(dir.Rows-s.kept, 0)
		dir.Staged = &load
		return store.Directories.Put(tx, dir)
	})
	return load, err
}

// current is the directory of a domain; a new one is empty.
func current(tx store.Tx, domain string) (lti.Directory, error) {
	dir, err := store.Directories.Get(tx, domain)
	if errors.Is(err, store.ErrNotFound) {
		return lti.Directory{Domain: domain}, nil
	}
	return dir, err
}

// staging writes the rows of a load in slices.
type staging struct {
	*Directory
	domain string
	load   *lti.DirectoryLoad
	rows   []lti.DirectoryPerson
	// kept is how many rows of the directory in force the file has too.
	kept int
}

func (s *staging) run(ctx context.Context, r io.Reader) error {
	err := readFile(r, func(p lti.DirectoryPerson) error {
		p.Domain, p.Load = s.domain, s.load.ID
		if s.rows = append(s.rows, p); len(s.rows) == slice {
			return s.flush(ctx)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.flush(ctx)
}

func (s *staging) flush(ctx context.Context) error {
	var added, changed, kept int
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		added, changed, kept = 0, 0, 0
		dir, err := current(tx, s.domain)
		if err != nil {
			return err
		}
		if err := prefetch(tx, dir.Load, s.rows); err != nil {
			return err
		}
		for _, p := range s.rows {
			old, err := store.DirectoryPeople.Get(tx, s.domain, dir.Load, p.Username)
			old.Load = p.Load
			switch {
			case errors.Is(err, store.ErrNotFound):
				added++
			case err != nil:
				return err
			case old != p:
				changed++
				kept++
			default:
				kept++
			}
			if err := store.DirectoryPeople.Put(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
	s.load.Rows += len(s.rows)
	s.load.Added += added
	s.load.Changed += changed
	s.kept += kept
	s.rows = s.rows[:0]
	return err
}

func prefetch(tx store.Tx, load string, rows []lti.DirectoryPerson) error {
	keys := make([]store.Key, 0, 2*len(rows))
	for _, p := range rows {
		keys = append(keys, store.Key{Collection: store.DirectoryPeople.Name(), Key: store.DirectoryPeople.Key(p)})
		p.Load = load
		keys = append(keys, store.Key{Collection: store.DirectoryPeople.Name(), Key: store.DirectoryPeople.Key(p)})
	}
	return tx.Prefetch(keys...)
}

// Commit puts the load that waits in force, in one step, and drops the rows of
// older ones. A load that does not wait is ErrStale.
func (d *Directory) Commit(ctx context.Context, domain, load, by string) (lti.Directory, error) {
	var dir lti.Directory
	err := d.Store.Update(ctx, func(tx store.Tx) (err error) {
		if dir, err = current(tx, domain); err != nil {
			return err
		}
		if dir.Staged == nil || dir.Staged.ID != load {
			return ErrStale
		}
		dir.Load, dir.Rows, dir.By, dir.At, dir.Staged = load, dir.Staged.Rows, by, tx.Now(), nil
		if err := store.Directories.Put(tx, dir); err != nil {
			return err
		}
		return store.Audit.PutNew(tx, lti.AuditEntry{
			ID: d.NewID(), At: tx.Now(), By: by, Action: "replace directory", Object: domain, Detail: fmt.Sprintf("%d people", dir.Rows),
		})
	})
	if err != nil {
		return dir, err
	}
	return dir, d.Clean(ctx, domain)
}

// Clean drops the rows of a domain that belong to no load which is in force or
// waits, in slices. A newer load than both is being read just now and stays.
func (d *Directory) Clean(ctx context.Context, domain string) error {
	for n := slice; n == slice; {
		err := d.Store.Update(ctx, func(tx store.Tx) error {
			dir, err := current(tx, domain)
			if err != nil {
				return err
			}
			n, err = dropOld(tx, dir)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// dropOld drops up to a slice of rows that lie before the load in force: ids of
// loads grow with time.
func dropOld(tx store.Tx, dir lti.Directory) (int, error) {
	rows, _, err := store.DirectoryPeople.List(tx, store.Prefix(dir.Domain), "", slice)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, p := range rows {
		if p.Load >= dir.Load {
			break
		}
		if err := store.DirectoryPeople.Delete(tx, p.Domain, p.Load, p.Username); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
