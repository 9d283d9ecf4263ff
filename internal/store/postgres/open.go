package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/migrations"
)

// Options of Open. The zero value is what a server wants.
type Options struct {
	// MaxConns bounds the connections of this node; pool_max_conns of the DSN,
	// or 16, without one. Units of work beyond them wait.
	MaxConns int
	// AcquireTimeout is how long a unit of work waits for a connection before
	// it is refused as store.ErrUnavailable; 3 seconds without one.
	AcquireTimeout time.Duration
	// StatementTimeout is how long the database may take for an answer; 10
	// seconds without one. A commit that takes longer is store.ErrAmbiguous.
	StatementTimeout time.Duration
	// RetryFor is how long a unit of work runs again when others come between,
	// before it is refused as store.ErrUnavailable; 10 seconds without one.
	RetryFor time.Duration
}

func (o Options) withDefaults() Options {
	for d, usual := range map[*time.Duration]time.Duration{
		&o.AcquireTimeout:   3 * time.Second,
		&o.StatementTimeout: 10 * time.Second,
		&o.RetryFor:         10 * time.Second,
	} {
		if *d <= 0 {
			*d = usual
		}
	}
	return o
}

// Store is one node's access to the database. It implements store.Store.
type Store struct {
	pool   *pgxpool.Pool
	opts   Options
	places places
	hours  hours
	probe  *store.Probe
	tally  tally
	lane   chan struct{} // held by a unit that others came between

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// Open connects to the database that dsn names (a postgres:// URL, or
// keyword=value pairs) and brings its schema up to date. A dsn of several
// hosts finds the one that takes writes. It returns migrations.ErrNewer or
// migrations.ErrForeign for a database that it can't use, and leaves that as it
// is, and store.ErrUnavailable when the database can't be reached.
func Open(ctx context.Context, dsn string, opts Options) (*Store, error) {
	opts = opts.withDefaults()
	cfg, err := configure(dsn, opts)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{pool: pool, opts: opts, lane: make(chan struct{}, 1)}
	s.probe = store.NewProbe()
	if err := s.load(ctx, cfg.ConnConfig); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open store: %w", err)
	}
	return s, nil
}

// configure reads the DSN. Its error holds no password.
func configure(dsn string, opts Options) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the database's address: %w", err)
	}
	explicit := cfg.ConnConfig.RuntimeParams
	if opts.MaxConns > 0 {
		cfg.MaxConns = int32(opts.MaxConns)
	} else if !strings.Contains(dsn, "pool_max_conns") {
		cfg.MaxConns = 16
	}
	if cfg.ConnConfig.ConnectTimeout == 0 || cfg.ConnConfig.ConnectTimeout > opts.AcquireTimeout {
		cfg.ConnConfig.ConnectTimeout = opts.AcquireTimeout
	}
	if len(cfg.ConnConfig.Fallbacks) > 0 && cfg.ConnConfig.ValidateConnect == nil {
		cfg.ConnConfig.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	if explicit["application_name"] == "" {
		explicit["application_name"] = "ltihub"
	}
	cfg.PingTimeout = opts.AcquireTimeout
	cfg.HealthCheckPeriod = 10 * time.Second
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error { return prepareSession(ctx, conn, opts) }
	return cfg, nil
}

// prepareSession sets what our statements count on. Each is tried alone,
// because an engine that only resembles PostgreSQL lacks some.
func prepareSession(ctx context.Context, conn *pgx.Conn, opts Options) error {
	for _, set := range []string{
		// A scan of a small table would conflict with every write to it.
		"SET enable_seqscan = off",
		"SET plan_cache_mode = force_generic_plan",
		fmt.Sprintf("SET statement_timeout = %d", opts.StatementTimeout.Milliseconds()),
		fmt.Sprintf("SET lock_timeout = %d", opts.StatementTimeout.Milliseconds()/2),
		// A node that hangs must not keep its locks for ever.
		"SET idle_in_transaction_session_timeout = 60000",
	} {
		var refused *pgconn.PgError
		if _, err := conn.Exec(ctx, set); err != nil && !errors.As(err, &refused) {
			return err
		}
	}
	return nil
}

// load migrates and reads what the engine keeps in memory.
func (s *Store) load(ctx context.Context, cfg *pgx.ConnConfig) error {
	conn, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	conn.Release()
	direct := cfg.Copy()
	db := stdlib.OpenDB(*direct)
	defer db.Close() //nolint:errcheck // nothing more is asked of it
	if err := migrations.MigratePostgres(ctx, db, migrations.PostgresSteps()); err != nil {
		return err
	}
	if s.places, err = loadPlaces(ctx, s.pool); err != nil {
		return fmt.Errorf("read tables: %w", err)
	}
	return s.makeHoursAhead(ctx)
}

// acquire takes a connection out of the pool.
func (s *Store) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	wait, cancel := context.WithTimeout(ctx, s.opts.AcquireTimeout)
	defer cancel()
	conn, err := s.pool.Acquire(wait)
	if err == nil {
		return conn, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return nil, fmt.Errorf("%w: no connection to the database: %w", store.ErrUnavailable, err)
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

// Close waits for the work that has begun and lets the connections go.
// Everything afterwards returns store.ErrUnavailable.
func (s *Store) Close() error {
	s.mu.Lock()
	first := !s.closed
	s.closed = true
	s.mu.Unlock()
	s.running.Wait()
	if first {
		s.pool.Close()
	}
	return nil
}

var _ store.Store = (*Store)(nil)
