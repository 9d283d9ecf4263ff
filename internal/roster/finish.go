package roster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// finish writes a success down.
func (j *job) finish(ctx context.Context) error {
	return j.hold(ctx, func(tx store.Tx, s *lti.RosterSource) error {
		s.Succeeded, s.Last, s.Error, s.Failures = tx.Now(), s.Doing, "", 0
		s.Note, s.Pending = j.note(), nil
		s.Others = slices.DeleteFunc(slices.Clone(s.Others), func(p lti.RosterPlace) bool { return j.gone[p.Placement] })
		by := s.RunAsk.By
		if by == "" {
			by = "roster"
		}
		if err := j.rest(tx, s); err != nil || s.Last.Changed() == 0 {
			return err
		}
		return store.Audit.PutNew(tx, lti.AuditEntry{
			ID: j.NewID(), At: tx.Now(), By: by, Action: "apply a roster", Object: "course " + s.Ref().String(),
			Detail: fmt.Sprintf("from %s: %d new, %d back, %d changed, %d left", s.Consumer, s.Last.New, s.Last.Back, s.Last.Role+s.Last.Section+s.Last.Dates, s.Last.Left),
		})
	})
}

// note says what a person should know of a success.
func (j *job) note() string {
	var notes []string
	if j.nameless > 0 && !j.about.Consumer.Roster.Keep {
		notes = append(notes, fmt.Sprintf("Nobody was dropped: %d rows of the roster do not say whom they are about (no %s).", j.nameless, j.about.Consumer.Users.Match))
	}
	if n := len(j.silent); n > 0 {
		notes = append(notes, fmt.Sprintf("The rosters of %d other links could not be had: where their grades go is known only for those who opened them.", n))
	}
	return strings.Join(notes, " ")
}

// rest ends a job and sets when the source is due again.
func (j *job) rest(tx store.Tx, s *lti.RosterSource) error {
	s.Tried, s.Running, s.RunAsk, s.Lease, s.Phase, s.Run = tx.Now(), "", lti.RosterAsk{}, time.Time{}, "", ""
	s.Pages, s.Cursor, s.Fetched, s.Applied, s.Doing = 0, 0, 0, 0, lti.RosterCounts{}
	if s.Job != "" {
		return nil // asked for meanwhile, and due
	}
	s.Due = time.Time{}
	c, err := pullable(tx, *s)
	if errors.Is(err, ErrOff) {
		return nil
	}
	if err == nil && c.Roster.Every > 0 {
		s.Due = tx.Now().Add(c.Roster.Every)
	}
	return err
}

// fail writes down why nothing came. What may pass is tried again, what nobody
// watches by the schedule alone.
func (j *job) fail(ctx context.Context, log *slog.Logger, cause error) {
	told := &lti.RosterError{Reason: "something broke here; the log has it", Again: true}
	if !errors.As(cause, &told) {
		log.Error("roster job broke", "error", cause)
	}
	log.Warn("no roster taken", "reason", told.Reason)
	err := j.hold(ctx, func(tx store.Tx, s *lti.RosterSource) error {
		job, ask := s.Running, s.RunAsk
		s.Error = told.Reason
		s.Failures++
		if err := j.rest(tx, s); err != nil {
			return err
		}
		if told.Again && job == lti.RosterSync && s.Job == "" && s.Failures < j.MaxFailures {
			s.Job, s.Ask, s.Due = job, ask, tx.Now().Add(j.pause(s.Failures))
		}
		return nil
	})
	if err != nil && !errors.Is(err, errLost) {
		log.Error("write what became of a roster job", "error", err)
	}
}

// dropPages throws the source's kept pages away, but those of one run.
func (p *Puller) dropPages(ctx context.Context, s lti.RosterSource, keep string) error {
	prefix := store.Prefix(s.Domain, s.Course, s.Consumer)
	for after, more := "", true; more; {
		err := p.Store.Update(ctx, func(tx store.Tx) error {
			pages, next, err := store.RosterPages.List(tx, prefix, after, sweepSlice)
			if err != nil {
				return err
			}
			for _, page := range pages {
				if page.Run == keep {
					continue
				}
				if err := store.RosterPages.Delete(tx, page.Domain, page.Course, page.Consumer, page.Run, fmt.Sprintf("%06d", page.N)); err != nil {
					return err
				}
			}
			more = next != ""
			if more {
				after = next
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sweepSlice is how many pages one transaction throws away.
const sweepSlice = 20

// Counts says how many sources have work waiting or under way, failed at the
// last attempt, or wait for a person.
type Counts struct{ Busy, Failed, Held int }

// Count counts the sources.
func (p *Puller) Count(ctx context.Context) (Counts, error) {
	var n Counts
	err := p.Store.View(ctx, func(tx store.Tx) error {
		n = Counts{}
		return store.RosterSources.All(tx, "", func(s lti.RosterSource) error {
			if s.Busy() {
				n.Busy++
			}
			if s.Error != "" {
				n.Failed++
			}
			if s.Pending != nil && s.Pending.Held {
				n.Held++
			}
			return nil
		})
	})
	return n, err
}
