package roster

import (
	"context"
	"errors"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// windPause is how long a changed schedule may go unseen.
const windPause = time.Minute

// winder brings the sources that rest in line with the schedule that is
// configured now: one that is new, was changed or taken away, or whose tool
// consumer was closed or opened, counts without another launch.
type winder struct {
	*Puller
	next time.Time
}

// wind looks at every source that rests, once in windPause.
func (w *winder) wind(ctx context.Context) error {
	var changed []lti.RosterSource
	var now time.Time
	err := w.Store.View(ctx, func(tx store.Tx) error {
		if changed, now = nil, tx.Now(); now.Before(w.next) {
			return nil
		}
		return store.RosterSources.All(tx, "", func(s lti.RosterSource) error {
			due, err := scheduled(tx, s)
			if err == nil && !due.Equal(s.Due) {
				changed = append(changed, s)
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	if !now.Before(w.next) {
		w.next = now.Add(windPause)
	}
	for _, s := range changed {
		if err := w.set(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// set writes when a source is due, unless it is at work by now.
func (w *winder) set(ctx context.Context, found lti.RosterSource) error {
	return w.Store.Update(ctx, func(tx store.Tx) error {
		s, err := store.RosterSources.Get(tx, found.Domain, found.Course, found.Consumer)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		due, err := scheduled(tx, s)
		if err != nil || due.Equal(s.Due) {
			return err
		}
		s.Due = due
		return store.RosterSources.Put(tx, s)
	})
}

// scheduled is when a source that rests is due; that of one that is asked for
// or at work stays. A source that is due already stays so.
func scheduled(tx store.Tx, s lti.RosterSource) (time.Time, error) {
	if s.Busy() {
		return s.Due, nil
	}
	c, err := pullable(tx, s)
	switch {
	case errors.Is(err, ErrOff), err == nil && c.Roster.Every == 0:
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, err
	}
	due := s.Tried.Add(c.Roster.Every)
	if due.Before(tx.Now()) {
		due = tx.Now()
	}
	if !s.Due.IsZero() && s.Due.Before(due) {
		due = s.Due
	}
	return due, nil
}

// rests reports whether the schedule of a source has nothing to do just now.
func (p *Puller) rests(tx store.Tx, s lti.RosterSource) bool {
	c, err := pullable(tx, s)
	return errors.Is(err, ErrOff) || err == nil && c.Roster.Every == 0
}
