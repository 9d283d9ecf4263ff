package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Sweep makes what has expired stale, drops the tables of hours that hold
// nothing else, and makes those of the hours to come. While one node sweeps,
// the others leave it at that.
func (s *Store) Sweep(ctx context.Context) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.running.Done()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.sweep(ctx); err != nil && !errors.Is(err, errBusy) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("sweep nonces: %w", s.troubled(err))
	}
	return nil
}

func (s *Store) sweep(ctx context.Context) error {
	now, err := s.raiseWatermark(ctx)
	if err != nil {
		return err
	}
	if err := s.makeHoursAhead(ctx); err != nil {
		return err
	}
	hours, err := s.pastHours(ctx, hourOf(now))
	if err != nil {
		return err
	}
	for _, hour := range hours {
		if err := s.dropHour(ctx, hour); err != nil {
			return err
		}
	}
	return nil
}

// raiseWatermark brings the watermark up to the database's clock. A clock that
// was set back does not lower it.
func (s *Store) raiseWatermark(ctx context.Context) (now time.Time, err error) {
	err = s.alone(ctx, "FOR UPDATE SKIP LOCKED", func(tx pgx.Tx, _ int64) error {
		if err := tx.QueryRow(ctx, "SELECT now()").Scan(&now); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE nonce_watermark SET valid_after = greatest(valid_after, $1) WHERE id = 1", now.UnixMilli()-1)
		return err
	})
	return now, err
}

// pastHours lists the hours before the last one that have a table.
func (s *Store) pastHours(ctx context.Context, this int64) ([]int64, error) {
	ctx, cancel := context.WithTimeout(ctx, s.opts.StatementTimeout)
	defer cancel()
	rows, err := s.pool.Query(ctx,
		"SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND table_name LIKE 'nonces\\_%'")
	if err != nil {
		return nil, err
	}
	var hours []int64
	var name string
	_, err = pgx.ForEachRow(rows, []any{&name}, func() error {
		hour, err := strconv.ParseInt(strings.TrimPrefix(name, hourPrefix), 10, 64)
		if err == nil && hour < this-1 { // another table is none of ours
			hours = append(hours, hour)
		}
		return nil
	})
	slices.Sort(hours)
	return hours, err
}

// dropHour drops a table that holds only what is stale. When units of work use
// it all the time it is left for the next sweep.
func (s *Store) dropHour(ctx context.Context, hour int64) error {
	table := hourTable(hour)
	err := s.alone(ctx, "FOR UPDATE SKIP LOCKED", func(tx pgx.Tx, validAfter int64) error {
		if _, err := tx.Exec(ctx, "SET LOCAL lock_timeout = 500"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE"); err != nil {
			return err
		}
		live := false
		err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM "+table+" WHERE expires > $1)", validAfter).Scan(&live)
		if err != nil || live {
			return err
		}
		_, err = tx.Exec(ctx, "DROP TABLE "+table)
		return err
	})
	var fault *pgconn.PgError
	if errors.As(err, &fault) && (fault.Code == stateLockTimeout || fault.Code == stateNoTable) {
		return nil
	}
	if err == nil {
		s.hours.forget([]int64{hour})
	}
	return err
}
