package roster

import (
	"context"
	"sync"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Run works off jobs until ctx ends, then waits for those under way to lay down
// what they have, and returns nil. Any number of nodes may run it on one store.
func (p *Puller) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, p.Workers)
	clock := winder{Puller: p}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-p.wake:
		case <-timer.C:
		}
		if err := clock.wind(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("look at the schedules of rosters", "error", err)
		}
		jobs, err := p.lease(ctx, p.Workers-len(slots))
		if err != nil && ctx.Err() == nil {
			p.Log.Error("lease roster jobs", "error", err)
		}
		for _, j := range jobs {
			slots <- struct{}{}
			running.Go(func() {
				j.run(ctx)
				<-slots
				p.Wake()
			})
		}
		timer.Reset(p.Poll)
	}
}

// lookAhead is how many due sources are looked at for ones to work on.
const lookAhead = 50

// lease takes up to n jobs that are due: asked for, scheduled, or left by a
// worker that gave no sign of life.
func (p *Puller) lease(ctx context.Context, n int) ([]*job, error) {
	due, err := p.anyDue(ctx)
	if err != nil || !due || n < 1 {
		return nil, err
	}
	var jobs []*job
	err = p.Store.Update(ctx, func(tx store.Tx) error {
		jobs = nil
		found, _, err := store.RosterSources.ListBy(tx, "next", "", "", lookAhead)
		if err != nil {
			return err
		}
		for _, s := range found {
			if len(jobs) == n || s.Next().After(tx.Now()) {
				break
			}
			j, err := p.take(tx, s)
			if err != nil {
				return err
			}
			if j != nil {
				jobs = append(jobs, j)
			}
		}
		return nil
	})
	if err != nil { // they are not leased, whatever the unit had in hand
		return nil, err
	}
	return jobs, nil
}

// anyDue looks before it writes: idle sources cost no commit.
func (p *Puller) anyDue(ctx context.Context) (bool, error) {
	due := false
	err := p.Store.View(ctx, func(tx store.Tx) error {
		found, _, err := store.RosterSources.ListBy(tx, "next", "", "", 1)
		due = len(found) > 0 && !found[0].Next().After(tx.Now())
		return err
	})
	return due, err
}

// take leases a source's job. A preview that nobody confirmed in time leaves
// only something to be thrown away.
func (p *Puller) take(tx store.Tx, s lti.RosterSource) (*job, error) {
	now := tx.Now()
	if s.Pending != nil && !now.Before(s.Pending.Expires) && s.Running != lti.RosterConfirm {
		s.Pending = nil
	}
	switch {
	case s.Running != "": // left by another worker
	case s.Due.IsZero() || s.Due.After(now):
		return &job{Puller: p, source: s}, store.RosterSources.Put(tx, s)
	case s.Job == "" && p.rests(tx, s):
		s.Due = time.Time{} // until wind finds it open again
		return nil, store.RosterSources.Put(tx, s)
	default:
		s.Wide = s.Job == "" || s.Ask.By != ""
		s.Running, s.RunAsk, s.Job, s.Ask, s.Due = s.Job, s.Ask, "", lti.RosterAsk{}, time.Time{}
		if s.Running == "" {
			s.Running = lti.RosterSync // by the schedule
		}
		s.Run, s.Phase, s.Pages, s.Cursor, s.Fetched, s.Applied, s.Doing = "", lti.RosterFetching, 0, 0, 0, 0, lti.RosterCounts{}
	}
	s.Lease = now.Add(p.Lease)
	s.Fence++
	if err := store.RosterSources.Put(tx, s); err != nil {
		return nil, err
	}
	return &job{Puller: p, source: s}, nil
}
