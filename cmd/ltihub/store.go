package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/ltihub/ltihub/internal/config"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/internal/store/postgres"
	"github.com/ltihub/ltihub/internal/vault"
)

// Names of the files in the data directory.
const (
	storeFile  = "ltihub.db"
	masterFile = "master.key"
)

// keysetName names the one keyset of the vault.
const keysetName = "vault"

// openStore opens the engine that the configuration names, and refuses a store
// that a copy or a restore has left half full.
func openStore(ctx context.Context, cfg config.Config, now func() time.Time) (store.Store, error) {
	engine, err := openEngine(ctx, cfg, now)
	if err != nil {
		return nil, err
	}
	var half bool
	err = engine.View(ctx, func(tx store.Tx) (err error) {
		half, err = store.CopyUnfinished(tx)
		return err
	})
	if err == nil && half {
		err = errors.New("a copy or restore into it was cut off: run ltihub copy once more to finish it, or restore into an empty database")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the store: %w", err), engine.Close())
	}
	return engine, nil
}

// openEngine opens one of the two engines, and makes an embedded store that is
// not there.
func openEngine(ctx context.Context, cfg config.Config, now func() time.Time) (store.Store, error) {
	if string(cfg.Store) != config.StoreBolt {
		engine, err := postgres.Open(ctx, string(cfg.Store), postgres.Options{})
		if err != nil {
			return nil, fmt.Errorf("open the database: %w", err)
		}
		return engine, nil
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	engine, err := bolt.Open(filepath.Join(cfg.Data, storeFile), bolt.Options{Now: now})
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	return engine, nil
}

// openVault opens the store's keyset under the master key. A store without one
// gets a new keyset, and if no master key is given, a new master key in the
// data directory.
func openVault(ctx context.Context, cfg config.Config, s store.Store) (*vault.Vault, error) {
	var keyset lti.Keyset
	err := s.View(ctx, func(tx store.Tx) (err error) {
		keyset, err = store.Keysets.Get(tx, keysetName)
		return err
	})
	fresh := errors.Is(err, store.ErrNotFound)
	if err != nil && !fresh {
		return nil, fmt.Errorf("read the keyset: %w", err)
	}
	master, err := masterKey(cfg, fresh)
	if err != nil {
		return nil, err
	}
	if !fresh {
		v, err := vault.Open(master, keyset.Encrypted)
		if err != nil {
			return nil, fmt.Errorf("open the vault: %w: this is not the master key that the store's secrets were sealed under", err)
		}
		return v, nil
	}
	return createVault(ctx, master, s)
}

// createVault makes the keyset; of several nodes that start at once one wins,
// and all use its.
func createVault(ctx context.Context, master []byte, s store.Store) (*vault.Vault, error) {
	_, encrypted, err := vault.Create(master)
	if err != nil {
		return nil, fmt.Errorf("make the vault: %w", err)
	}
	keyset := lti.Keyset{Name: keysetName, Encrypted: encrypted}
	err = s.Update(ctx, func(tx store.Tx) error {
		held, err := store.Keysets.Get(tx, keysetName)
		if err == nil {
			keyset = held
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return store.Keysets.PutNew(tx, keyset)
	})
	if err != nil {
		return nil, fmt.Errorf("keep the keyset: %w", err)
	}
	return vault.Open(master, keyset.Encrypted)
}

// masterKey is the configured one, or that of the file in the data directory,
// which is made only while the store has no secrets yet.
func masterKey(cfg config.Config, mayMake bool) ([]byte, error) {
	if cfg.MasterKey != "" {
		return vault.ParseMasterKey(string(cfg.MasterKey))
	}
	path := filepath.Join(cfg.Data, masterFile)
	text, err := os.ReadFile(path)
	if err == nil {
		return vault.ParseMasterKey(string(text))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	if !mayMake {
		return nil, fmt.Errorf("the store's secrets are sealed under a master key that is not here: put it back as %s, or set LTIHUB_MASTER_KEY", path)
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	master := vault.NewMasterKey(rand.Reader)
	if err := writeNew(path, []byte(vault.FormatMasterKey(master)+"\n")); err != nil {
		return nil, fmt.Errorf("keep the new master key: %w", err)
	}
	return master, nil
}

// writeNew writes a file that only we may read, durably, and never over one
// that is there.
func writeNew(path string, data []byte) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path)) // where the file's name is kept
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }() // nothing was written through it
	return dir.Sync()
}

// warnOfLoss logs when the database could lose what it has acknowledged.
func warnOfLoss(ctx context.Context, engine store.Store, log *slog.Logger) {
	database, ok := engine.(*postgres.Store)
	if !ok {
		return
	}
	warning, err := database.Durability(ctx)
	if err != nil {
		log.Warn("ask the database how durable it is", "error", err)
	}
	if warning != "" {
		log.Warn("the database could lose acknowledged commits", "why", warning)
	}
}
