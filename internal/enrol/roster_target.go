package enrol

import (
	"errors"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// keepTarget keeps where the LMS wants the member's grade, if it says so.
func (v *listed) keepTarget(m lti.Membership) error {
	s := v.run.Source
	if v.member.ResultSourcedID == "" || s.OutcomeURL == "" && s.FormURL == "" || !m.ActiveAt(v.now) {
		return nil
	}
	v.change.Target = true
	return v.StoreTarget(v.tx, lti.UpstreamTarget{
		Domain: m.Domain, Course: m.Course, Username: m.Username, Scope: s.Scope, Consumer: s.Consumer,
		Placement: s.Placement, URL: s.OutcomeURL, FormURL: s.FormURL, SourcedID: v.member.ResultSourcedID,
		UserID: v.member.UserID,
	})
}

// RosterTarget keeps where the LMS wants the grade of a member, and changes
// nothing else: it is for the roster of a link beside the one that the members
// are taken from. Whoever is no member here is passed over.
func (e *Enroller) RosterTarget(tx store.Tx, run lti.RosterRun, m lti.RosterMember) error {
	v := newListed(e, tx, run, m)
	value := v.value()
	if value == "" || m.Gone {
		return nil
	}
	username, err := v.bound(value)
	if err != nil || username == "" {
		return err
	}
	held, err := store.Memberships.Get(tx, run.Course.Domain, run.Course.ID, username)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return v.keepTarget(held)
}
