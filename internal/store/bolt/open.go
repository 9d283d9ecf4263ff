package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/migrations"
)

// Options of Open. The zero value is what a server wants.
type Options struct {
	// Now is the engine's clock; time.Now without one.
	Now func() time.Time
	// LockTimeout is how long to wait for another process to let go of the
	// file; 1 second without one.
	LockTimeout time.Duration
	// MapSize is the address space to set aside, in bytes, so that the file
	// can grow that far without waiting for readers; 1 GiB without one, and
	// at least twice the file.
	MapSize int
	// CheckUpTo is the file length, in bytes, up to which Open reads every
	// page and record first and refuses a file with damage; 256 MiB without
	// one, negative for never. A longer file opens unread, and damage shows
	// when it is met.
	CheckUpTo int64
}

// Store is a store on one bbolt file. It implements store.Store.
type Store struct {
	db    *bbolt.DB
	file  *os.File // what db has open
	path  string
	now   func() time.Time
	queue queue
	probe *store.Probe
	tally tally

	nonces nonces // belongs to the goroutine that leads
	broken error  // likewise; set when only a restart can help
	stuck  bool   // likewise; bbolt's lock is held for good, so it can't be closed

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// Open opens the store at path, or makes it if no file is there, and brings
// its schema up to date. It returns ErrInUse, ErrForeign, store.ErrCorrupt or
// migrations.ErrNewer for a file that it can't use, and leaves that as it is.
func Open(path string, opts Options) (*Store, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, fmt.Errorf("create store %s: %w", path, err)
		}
	}
	db, file, err := openFile(path, opts, false, inspect)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	s := &Store{db: db, file: file, path: path, now: opts.Now}
	s.probe = store.NewProbe()
	if err := s.load(opts.CheckUpTo); err != nil {
		_ = db.Close() // the first error says more
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	return s, nil
}

// Path is where the file lies, as it was given to Open.
func (s *Store) Path() string { return s.path }

// create makes an empty store elsewhere and links it to path, so that a crash
// leaves a whole file there or none.
func create(path string) error {
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) //nolint:errcheck // a stray file of 16 KiB
	if err := temp.Close(); err != nil {
		return err
	}
	db, err := bbolt.Open(temp.Name(), 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	// Link, unlike Rename, leaves a store that another process just made.
	if err := os.Link(temp.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		if err := os.Rename(temp.Name(), path); err != nil {
			return err
		}
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // nothing was written through it
	return d.Sync()
}

// openFile checks, locks and maps the file.
func openFile(path string, opts Options, readOnly bool, check func(*os.File) error) (db *bbolt.DB, file *os.File, err error) {
	if opts.LockTimeout <= 0 {
		opts.LockTimeout = time.Second
	}
	defer func() {
		if err != nil && file != nil {
			_ = abandon(file) // bbolt has closed it already unless it panicked
		}
	}()
	defer caught(&err)
	defer faultsPanic()()
	db, err = bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:         opts.LockTimeout,
		InitialMmapSize: mapSize(path, opts.MapSize),
		FreelistType:    bbolt.FreelistMapType,
		NoStatistics:    true,
		ReadOnly:        readOnly,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			f, err := os.OpenFile(name, flag&^os.O_CREATE, mode)
			if err != nil {
				return nil, err
			}
			file = f
			return f, check(f)
		},
	})
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, nil, ErrInUse
	}
	return db, file, err
}

func mapSize(path string, size int) int {
	if size <= 0 {
		size = 1 << 30
	}
	if info, err := os.Stat(path); err == nil {
		size = max(size, int(2*info.Size()))
	}
	return size
}

// load migrates and reads what the engine keeps in memory. The file is locked
// by now, so nobody changes it under the check.
func (s *Store) load(checkUpTo int64) (err error) {
	defer caught(&err)
	defer faultsPanic()()
	if err := s.checkFile(checkUpTo); err != nil {
		return err
	}
	if err := migrations.MigrateBolt(s.db, migrations.BoltSteps()); err != nil {
		return foreign(err)
	}
	return s.loadNonces()
}

func (s *Store) checkFile(upTo int64) error {
	if upTo == 0 {
		upTo = 256 << 20
	}
	info, err := os.Stat(s.path)
	if err != nil || info.Size() > upTo {
		return err
	}
	if err := surveyFile(s.path); err != nil {
		return err
	}
	return s.db.View(func(tx *bbolt.Tx) error { return verifyRecords(tx, false) })
}

// foreign gives a store of another program our own sentinel.
func foreign(err error) error {
	if errors.Is(err, migrations.ErrForeign) {
		return fmt.Errorf("%w: %w", ErrForeign, err)
	}
	return err
}

// enter counts a caller in, so that Close can wait for it.
func (s *Store) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("%w: closed", store.ErrUnavailable)
	}
	s.running.Add(1)
	return nil
}

// Close waits for the work that has begun and closes the file. Everything
// afterwards returns store.ErrUnavailable.
func (s *Store) Close() error {
	s.mu.Lock()
	first := !s.closed
	s.closed = true
	s.mu.Unlock()
	s.running.Wait()
	if !first {
		return nil
	}
	if s.stuck { // at least give up the lock on the file
		return fmt.Errorf("close store: %w", errors.Join(s.broken, abandon(s.file)))
	}
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}
