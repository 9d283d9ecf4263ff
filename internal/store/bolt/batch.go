package bolt

import (
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/ltihub/ltihub/internal/store"
)

// batch is one transaction of bbolt that units share.
type batch struct {
	tx      *bbolt.Tx
	buckets map[string]*bbolt.Bucket
	nonces  *nonces // as the last commit left them
	change  nonceChange
	wrote   bool
	spoilt  error // a damaged page was met while writing
}

func (s *Store) beginBatch() (b *batch, err error) {
	if s.broken != nil {
		return nil, s.broken
	}
	defer func() {
		if r := recover(); r != nil {
			s.stuck = true
			s.breakDown(fmt.Errorf("%w: begin: %v", store.ErrCorrupt, r))
			err = s.broken
		}
	}()
	tx, err := s.db.Begin(true)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return &batch{
		tx:      tx,
		buckets: make(map[string]*bbolt.Bucket),
		nonces:  &s.nonces,
		change:  nonceChange{watermark: s.nonces.watermark.Load(), used: make(map[tag]int64)},
	}, nil
}

// finish commits b, or drops it if nothing was written.
func (s *Store) finish(b *batch, units int) (err error) {
	if !b.wrote && !b.change.any(&s.nonces) {
		s.rollback(b)
		return nil
	}
	id, err := s.commit(b)
	if err == nil {
		s.nonces.apply(b.change)
		s.tally.commit(units, s.now())
		return nil
	}
	return s.judge(b, id, err)
}

func (s *Store) commit(b *batch) (id int, err error) {
	defer func() {
		if r := recover(); r != nil {
			s.breakDown(fmt.Errorf("%w: commit: %v", store.ErrCorrupt, r))
			err = s.broken
			s.rollback(b)
		}
	}()
	id = b.tx.ID()
	if err := b.writeNonces(); err != nil {
		_ = b.tx.Rollback() // nothing of it is on disk
		return id, err
	}
	return id, b.tx.Commit()
}

// judge says what a failed commit means. bbolt has rolled it back, unless it
// failed only in making the last page durable: then the commit is visible, and
// nobody knows whether it would survive a power cut.
func (s *Store) judge(b *batch, id int, cause error) error {
	if s.broken != nil {
		return s.broken
	}
	landed := false
	err := s.db.View(func(tx *bbolt.Tx) error {
		landed = tx.ID() >= id
		return nil
	})
	if err == nil && !landed {
		return fmt.Errorf("%w: commit: %w", store.ErrUnavailable, cause)
	}
	s.nonces.apply(b.change)
	s.breakDown(fmt.Errorf("%w: an earlier commit was cut off, start again: %w", store.ErrUnavailable, cause))
	return fmt.Errorf("%w: commit: %w", store.ErrAmbiguous, cause)
}

// breakDown makes every later Update fail with err: bbolt's memory no longer
// matches the file.
func (s *Store) breakDown(err error) {
	if s.broken == nil {
		s.broken = err
	}
}

func (s *Store) rollback(b *batch) {
	defer func() {
		if r := recover(); r != nil {
			s.stuck = true
			s.breakDown(fmt.Errorf("%w: roll back: %v", store.ErrCorrupt, r))
		}
	}()
	_ = b.tx.Rollback() // fails only if the transaction has ended already
}
