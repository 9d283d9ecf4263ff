package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ltihub/ltihub/internal/config"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

// desk does an operator's work on a store: one that is open here, or that of a
// running server through its API.
type desk interface {
	Apply(ctx context.Context, data []byte) (report string, err error)
	Export(ctx context.Context, withSecrets bool) ([]byte, error)
	Backup(ctx context.Context, w io.Writer) error
	NewToken(ctx context.Context, name, role string) (text string, err error)
	ReplaceDirectory(ctx context.Context, domain string, data []byte, dry bool) (directoryReport, error)
	Close() error
}

// deskFlags are the options by which a command finds the store.
func deskFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("data", "", "`directory` of the store and the master key (default ./data)")
	f.String("store", "", "store engine: bolt, or a postgres:// `URL` (default bolt)")
	f.String("public-url", "", "`URL` of the running server, if there is one (default http:// and the address it listens on)")
}

const deskHelp = `
The store is opened in the data directory. While a server has it open, the
command asks that server through its API, with the admin token that it was
started with or one that "ltihub token create" made, in LTIHUB_API_TOKEN.`

// openDesk opens the store, or turns to the server that has it open. A store
// that is not there yet is made only if mayMake.
func (p *program) openDesk(ctx context.Context, flags *pflag.FlagSet, mayMake bool) (desk, error) {
	cfg, err := p.load(flags)
	if err != nil {
		return nil, err
	}
	if string(cfg.Store) == config.StoreBolt && !mayMake {
		path := filepath.Join(cfg.Data, storeFile)
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("find the store: %w", err)
		}
	}
	engine, err := openStore(ctx, cfg, now)
	if errors.Is(err, bolt.ErrInUse) {
		if cfg.APIToken == "" {
			return nil, fmt.Errorf("%w: a running server has it; set LTIHUB_API_TOKEN to an admin token to ask that server, or stop it", err)
		}
		return &remoteDesk{base: cfg.PublicURL, token: string(cfg.APIToken)}, nil
	}
	if err != nil {
		return nil, err
	}
	v, err := openVault(ctx, cfg, engine)
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	h, err := wire(cfg, engine, v, "http://localhost", slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return &localDesk{h}, nil
}

// localDesk works on a store that is open here.
type localDesk struct{ *hub }

const operator = "command line"

func (d *localDesk) Apply(ctx context.Context, data []byte) (string, error) {
	report, err := d.applyManifest(ctx, data, operator)
	if err != nil {
		return "", err
	}
	return report.Text(), nil
}

func (d *localDesk) Export(ctx context.Context, withSecrets bool) ([]byte, error) {
	return d.exporter.Export(ctx, withSecrets)
}

func (d *localDesk) Backup(ctx context.Context, w io.Writer) error { return d.store.Backup(ctx, w) }

func (d *localDesk) NewToken(ctx context.Context, name, role string) (string, error) {
	return d.newToken(ctx, name, role, operator)
}

func (d *localDesk) Close() error { return d.store.Close() }
