package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Probe is how an engine proves that it takes writes, by a tiny one, and that
// it reads back.
type Probe struct {
	turn chan struct{} // held while one is under way
	at   time.Time
	err  error
}

const (
	probeEvery      = time.Second
	probeCollection = "engine_probe"
	probeKey        = "written"
)

// NewProbe prepares a probe that has not tried yet.
func NewProbe() *Probe { return &Probe{turn: make(chan struct{}, 1)} }

// Check calls try at most once a second; in between it gives the last answer.
func (p *Probe) Check(ctx context.Context, now func() time.Time, try func(context.Context) error) error {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if age := now().Sub(p.at); !p.at.IsZero() && age >= 0 && age < probeEvery {
		return p.err
	}
	err := try(ctx)
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return err // the caller's impatience says nothing about the store
	}
	p.at, p.err = now(), err
	return err
}

// WriteAndRead is what a Probe tries.
func WriteAndRead(ctx context.Context, s Store) error {
	err := s.Update(ctx, func(t Tx) error {
		return t.Put(probeCollection, probeKey, []byte(`"`+t.Now().Format(time.RFC3339)+`"`))
	})
	if err != nil {
		return fmt.Errorf("check store: write: %w", err)
	}
	err = s.View(ctx, func(t Tx) error {
		_, err := t.Get(probeCollection, probeKey)
		return err
	})
	if err != nil {
		return fmt.Errorf("check store: read: %w", err)
	}
	return nil
}
