package roster

import (
	"context"
	"errors"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// others fetches the rosters of the other links of the LMS that instructors have
// opened, where a person or the schedule asked: they say where the grades of
// those links go, also for who never opened one. Nobody joins or leaves by them,
// so one that breaks off costs only what it would have said.
func (j *job) others(ctx context.Context) error {
	j.silent, j.gone = map[string]bool{}, map[string]bool{}
	if !j.source.Wide {
		return nil
	}
	for _, place := range j.source.Others {
		err := j.other(ctx, place)
		var told *lti.RosterError
		switch {
		case errors.Is(err, errLost), ctx.Err() != nil:
			return errors.Join(err, ctx.Err())
		case errors.As(err, &told):
			j.silent[place.Placement] = true
			j.gone[place.Placement] = !told.Again
		case err != nil:
			return err
		}
	}
	return nil
}

// other keeps what the roster of one place says, slice by slice.
func (j *job) other(ctx context.Context, place lti.RosterPlace) error {
	var slice []lti.RosterMember
	flush := func() error {
		if len(slice) == 0 {
			return nil
		}
		err := j.hold(ctx, func(tx store.Tx, s *lti.RosterSource) error {
			run, err := about(tx, *s)
			if err != nil {
				return err
			}
			run.Source = s.At(place)
			for _, m := range slice {
				if err := j.Target(tx, run, m); err != nil {
					return err
				}
			}
			return nil
		})
		slice = nil
		return err
	}
	restart := func() error { slice = nil; return nil }
	taken := 0
	err := j.Fetch(ctx, j.source.At(place), restart, func(m lti.RosterMember) error {
		if taken++; taken > j.MaxMembers {
			return &lti.RosterError{Reason: "the roster of a link has too many members"}
		}
		if slice = append(slice, m); len(slice) < j.Slice {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}
