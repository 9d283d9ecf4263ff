package roster

import (
	"errors"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// about reads for whom and what a job is, as it is configured now. What is taken
// in is limited by whoever asked; a launch or the schedule by the one whose
// launch named the source, if that person still may ask. A job that may not go
// on is a *lti.RosterError.
func about(tx store.Tx, s lti.RosterSource) (lti.RosterRun, error) {
	consumer, err := pullable(tx, s)
	if errors.Is(err, ErrOff) {
		return lti.RosterRun{}, &lti.RosterError{Reason: "rosters of this LMS are switched off"}
	}
	if err != nil {
		return lti.RosterRun{}, err
	}
	course, err := store.Courses.Read(tx, s.Domain, s.Course)
	if errors.Is(err, store.ErrNotFound) || err == nil && course.Disabled {
		return lti.RosterRun{}, &lti.RosterError{Reason: "the course is closed"}
	}
	if err != nil {
		return lti.RosterRun{}, err
	}
	role, err := asker(tx, s)
	if err != nil {
		return lti.RosterRun{}, err
	}
	if !role.CanManage() {
		return lti.RosterRun{}, &lti.RosterError{Reason: "nobody who may change members stands behind it: it is fetched again when an instructor opens the course from the LMS"}
	}
	return lti.RosterRun{Consumer: consumer, Course: course, Source: s, Asker: role}, nil
}

// asker is the role that limits what a job may assign, "" for none.
func asker(tx store.Tx, s lti.RosterSource) (lti.Role, error) {
	if s.RunAsk.By != "" {
		return s.RunAsk.Role, nil
	}
	m, err := store.Memberships.Get(tx, s.Domain, s.Course, s.By)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !m.ActiveAt(tx.Now()):
		return "", nil
	}
	return m.Role, err
}
