package bolt

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// Restore puts backupFile in the place of the store at path, or makes that. It
// copies and verifies before it replaces anything, and returns what Verify
// would, or ErrInUse while path is open elsewhere. Nonces used since the backup
// are unknown to it, so every nonce that expires up to now+refuse is stale in
// the restored store; refuse is the longest that a nonce lives.
func Restore(backupFile, path string, now time.Time, refuse time.Duration) error {
	release, err := hold(path)
	if err != nil {
		return fmt.Errorf("restore %s: %w", path, err)
	}
	defer release()
	temp, err := copyBeside(backupFile, path)
	if err != nil {
		return fmt.Errorf("restore %s: copy %s: %w", path, backupFile, err)
	}
	defer os.Remove(temp) //nolint:errcheck // it is gone after the rename
	if err := verify(temp); err != nil {
		return fmt.Errorf("restore %s: verify %s: %w", path, backupFile, err)
	}
	if err := refuseNonces(temp, now.Add(refuse)); err != nil {
		return fmt.Errorf("restore %s: %w", path, err)
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("restore %s: %w", path, err)
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return fmt.Errorf("restore %s: %w", path, err)
	}
	return nil
}

// hold locks the file at path, whatever is in it, so that nobody opens it
// while it is replaced.
func hold(path string) (release func(), err error) {
	if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
		return func() {}, nil
	}
	unseen := func(*os.File) error { return nil }
	db, _, err := openFile(path, Options{}, false, unseen)
	if errors.Is(err, ErrInUse) || errors.Is(err, os.ErrPermission) {
		return nil, err
	}
	if err != nil { // locked and then found damaged: nobody uses it
		return func() {}, nil
	}
	return func() { _ = db.Close() }, nil // the file is replaced by then
}

// copyBeside copies from to a new file in the folder of path, durably.
func copyBeside(from, path string) (name string, err error) {
	in, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".restore-*")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(out, in)
	err = errors.Join(err, out.Sync(), out.Close())
	if err != nil {
		_ = os.Remove(out.Name()) // the first error says more
		return "", err
	}
	return out.Name(), nil
}

func refuseNonces(path string, until time.Time) error {
	db, _, err := openFile(path, Options{}, false, inspect)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		watermark, err := readWatermark(tx)
		if err != nil {
			return err
		}
		return writeWatermark(tx, max(watermark, until.UnixMilli()))
	})
	return errors.Join(err, db.Close())
}
