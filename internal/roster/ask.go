package roster

import (
	"context"
	"errors"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Source names one source.
type Source struct {
	Course   lti.CourseRef
	Consumer string
}

// Ask asks for the roster to be fetched and applied. A job that waits or runs
// already is enough. It returns ErrOff, ErrNoSource, or an error that wraps
// store.ErrNotFound for an unknown course.
func (p *Puller) Ask(ctx context.Context, from Source, ask lti.RosterAsk) error {
	return p.request(ctx, from, ask, lti.RosterSync)
}

// Preview asks for the roster to be fetched and for what it would change, which
// stands in the source as Pending afterwards. It returns what Ask does.
func (p *Puller) Preview(ctx context.Context, from Source, ask lti.RosterAsk) error {
	return p.request(ctx, from, ask, lti.RosterPreview)
}

func (p *Puller) request(ctx context.Context, from Source, ask lti.RosterAsk, job string) error {
	err := p.Store.Update(ctx, func(tx store.Tx) error {
		s, err := p.source(tx, from)
		waits := s.Job == job && !s.Due.After(tx.Now()) // a later try is brought forward
		if err != nil || waits || s.Running == job {
			return err
		}
		s.Job, s.Ask, s.Due, s.Failures = job, ask, tx.Now(), 0
		if job == lti.RosterPreview {
			s.Pending = nil
		}
		return p.begin(tx, s, ask.By, "ask for a roster: "+job)
	})
	if err == nil {
		p.Wake()
	}
	return err
}

// Confirm asks for what the preview of the run would change to be applied,
// however many would leave. It returns ErrNoPreview when it is gone or another,
// ErrBusy while something else is under way, or what Ask does.
func (p *Puller) Confirm(ctx context.Context, from Source, run string, ask lti.RosterAsk) error {
	err := p.Store.Update(ctx, func(tx store.Tx) error {
		s, err := p.source(tx, from)
		switch {
		case err != nil:
			return err
		case s.Pending == nil || s.Pending.Run != run || !tx.Now().Before(s.Pending.Expires):
			return ErrNoPreview
		case s.Job == lti.RosterConfirm || s.Running == lti.RosterConfirm:
			return nil
		case s.Busy():
			return ErrBusy
		}
		s.Job, s.Ask, s.Due, s.Failures = lti.RosterConfirm, ask, tx.Now(), 0
		return p.begin(tx, s, ask.By, "confirm a roster's changes")
	})
	if err == nil {
		p.Wake()
	}
	return err
}

// begin writes a source for which a person asked, with an audit entry.
func (p *Puller) begin(tx store.Tx, s lti.RosterSource, by, action string) error {
	if err := store.RosterSources.Put(tx, s); err != nil {
		return err
	}
	return store.Audit.PutNew(tx, lti.AuditEntry{
		ID: p.NewID(), At: tx.Now(), By: by, Action: action, Object: "course " + s.Ref().String(), Detail: "from " + s.Consumer,
	})
}

// source reads a source that may be asked.
func (p *Puller) source(tx store.Tx, from Source) (lti.RosterSource, error) {
	if _, err := store.Courses.Read(tx, from.Course.Domain, from.Course.ID); err != nil {
		return lti.RosterSource{}, err
	}
	s, err := store.RosterSources.Get(tx, from.Course.Domain, from.Course.ID, from.Consumer)
	if errors.Is(err, store.ErrNotFound) {
		return s, ErrNoSource
	}
	if err != nil {
		return s, err
	}
	_, err = pullable(tx, s)
	return s, err
}

// pullable reads the tool consumer of a source, or returns ErrOff while that is
// closed or not believed enough.
func pullable(tx store.Tx, s lti.RosterSource) (*lti.ToolConsumer, error) {
	c, err := store.ToolConsumers.Read(tx, s.Domain, s.Consumer)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !c.Pulls(s.Instance, tx.Now()):
		return nil, ErrOff
	}
	return c, err
}

// Sources lists the sources of a course, by tool consumer.
func Sources(tx store.Tx, course lti.CourseRef) ([]lti.RosterSource, error) {
	var sources []lti.RosterSource
	err := store.RosterSources.All(tx, store.Prefix(course.Domain, course.ID), func(s lti.RosterSource) error {
		sources = append(sources, s)
		return nil
	})
	return sources, err
}
