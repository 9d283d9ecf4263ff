package roster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// errLost: another worker has taken the job over, or what it was about is gone.
var errLost = errors.New("the lease of this job is lost")

// job is one leased job.
type job struct {
	*Puller
	// source is the record as this worker last wrote it.
	source lti.RosterSource
	about  lti.RosterRun
	// listed are the accounts that the roster lists, done those of them that
	// were taken in already; nameless counts members that can't be told.
	listed   map[string]bool
	done     map[string]bool
	nameless int
	// silent are placements whose own roster could not be had; gone are those
	// of them where the LMS said no.
	silent, gone map[string]bool
}

// run does the job and writes what became of it. A job that the end of ctx
// stops is laid down for the next worker.
func (j *job) run(ctx context.Context) {
	log := j.Log.With("course", j.source.Ref().String(), "consumer", j.source.Consumer, "job", j.source.Running)
	after := context.WithoutCancel(ctx)
	if j.source.Running == "" {
		j.sweep(after, log)
		return
	}
	err := j.work(ctx)
	switch {
	case err == nil:
		n := j.source.Last
		if j.source.Pending != nil {
			n = j.source.Pending.Counts
		}
		log.Info("roster taken", "members", n.Members, "changed", n.Changed(), "left", n.Left, "unknown", n.Unknown, "skipped", n.Skipped, "held", j.source.Pending != nil && j.source.Pending.Held)
		j.sweep(after, log)
	case errors.Is(err, errLost):
		log.Warn("roster left to another worker")
	case ctx.Err() != nil:
		j.layDown(after, log)
	default:
		j.fail(after, log, err)
		j.sweep(after, log)
	}
}

func (j *job) work(ctx context.Context) error {
	if err := j.prepare(ctx); err != nil {
		return err
	}
	if j.source.Phase == lti.RosterFetching || j.source.Run == "" {
		if err := j.fetch(ctx); err != nil {
			return err
		}
	}
	if err := j.survey(ctx); err != nil {
		return err
	}
	if j.source.Running == lti.RosterPreview {
		return j.preview(ctx, false)
	}
	if j.source.Running == lti.RosterSync && j.source.Phase == lti.RosterPlanning {
		held, err := j.held(ctx)
		if err != nil {
			return err
		}
		if held {
			return j.preview(ctx, true)
		}
	}
	if err := j.apply(ctx); err != nil {
		return err
	}
	if err := j.others(ctx); err != nil {
		return err
	}
	return j.finish(ctx)
}

// hold changes the source in a transaction under the job's lease, which it
// renews. It returns errLost when another worker has the job.
func (j *job) hold(ctx context.Context, fn func(tx store.Tx, s *lti.RosterSource) error) error {
	var written lti.RosterSource
	err := j.Store.Update(ctx, func(tx store.Tx) error {
		s, err := store.RosterSources.Get(tx, j.source.Domain, j.source.Course, j.source.Consumer)
		if errors.Is(err, store.ErrNotFound) || err == nil && (s.Fence != j.source.Fence || s.Running == "") {
			return errLost
		}
		if err != nil {
			return err
		}
		s.Lease = tx.Now().Add(j.Lease)
		if err := fn(tx, &s); err != nil {
			return err
		}
		written = s
		return store.RosterSources.Put(tx, s)
	})
	if err == nil {
		j.source = written
	}
	return err
}

// prepare reads for whom and what the job is.
func (j *job) prepare(ctx context.Context) error {
	return j.hold(ctx, func(tx store.Tx, s *lti.RosterSource) (err error) {
		if s.Running == lti.RosterConfirm && s.Run == "" {
			if s.Pending == nil {
				return &lti.RosterError{Reason: "the preview is gone: make a new one"}
			}
			s.Run, s.Pages, s.Phase, s.Fetched = s.Pending.Run, s.Pending.Pages, lti.RosterPlanning, s.Pending.Counts.Members
		}
		j.about, err = about(tx, *s)
		return err
	})
}

// fetch gets the whole roster and keeps it in pages. Before it is whole,
// nothing else is touched.
func (j *job) fetch(ctx context.Context) error {
	f := fetching{job: j}
	if err := j.Fetch(ctx, j.source, func() error { return f.restart(ctx) }, func(m lti.RosterMember) error { return f.take(ctx, m) }); err != nil {
		return err
	}
	if err := f.flush(ctx); err != nil {
		return err
	}
	if f.total == 0 {
		return &lti.RosterError{Reason: "the LMS sent an empty roster, so nothing was changed", Again: true}
	}
	return j.hold(ctx, func(_ store.Tx, s *lti.RosterSource) error {
		s.Phase = lti.RosterPlanning
		return nil
	})
}

// fetching is a roster on its way into pages.
type fetching struct {
	*job
	page  []lti.RosterMember
	total int
}

func (f *fetching) restart(ctx context.Context) error {
	run := f.NewID()
	f.page, f.total = nil, 0
	return f.hold(ctx, func(_ store.Tx, s *lti.RosterSource) error {
		s.Run, s.Pages, s.Fetched, s.Cursor, s.Phase = run, 0, 0, 0, lti.RosterFetching
		return nil
	})
}

func (f *fetching) take(ctx context.Context, m lti.RosterMember) error {
	if f.total == f.MaxMembers {
		return &lti.RosterError{Reason: fmt.Sprintf("the LMS's roster has more than %d members", f.MaxMembers)}
	}
	f.total++
	f.page = append(f.page, m)
	if len(f.page) < f.Slice {
		return nil
	}
	return f.flush(ctx)
}

// flush keeps the page that is full.
func (f *fetching) flush(ctx context.Context) error {
	if len(f.page) == 0 {
		return nil
	}
	err := f.hold(ctx, func(tx store.Tx, s *lti.RosterSource) error {
		page := lti.RosterPage{Domain: s.Domain, Course: s.Course, Consumer: s.Consumer, Run: s.Run, N: s.Pages, Members: f.page}
		s.Pages++
		s.Fetched = f.total
		return store.RosterPages.Put(tx, page)
	})
	f.page = f.page[:0]
	return err
}

// page reads a kept page.
func (j *job) page(tx store.Tx, n int) (lti.RosterPage, error) {
	s := j.source
	page, err := store.RosterPages.Get(tx, s.Domain, s.Course, s.Consumer, s.Run, fmt.Sprintf("%06d", n))
	if errors.Is(err, store.ErrNotFound) {
		return page, &lti.RosterError{Reason: "the fetched roster is gone: fetch it again"}
	}
	return page, err
}

// layDown lets the next worker go on at once.
func (j *job) layDown(ctx context.Context, log *slog.Logger) {
	err := j.hold(ctx, func(tx store.Tx, s *lti.RosterSource) error {
		s.Lease = tx.Now()
		return nil
	})
	if err != nil && !errors.Is(err, errLost) {
		log.Error("lay a roster job down", "error", err)
	}
}
