package enrol

import (
	"errors"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// drop ends a membership and keeps what it was.
func drop(tx store.Tx, held lti.Membership, why string) error {
	if err := keepPast(tx, held, why); err != nil {
		return err
	}
	held.Status = lti.MemberDropped
	return store.Memberships.Put(tx, held)
}

func (v *visit) keepPast(held lti.Membership, why string) error { return keepPast(v.tx, held, why) }

// keepPast remembers the role and section that an active membership gave until
// now. What was not active was remembered when it ended.
func keepPast(tx store.Tx, held lti.Membership, why string) error {
	if held.Status != lti.MemberActive {
		return nil
	}
	ended := tx.Now()
	if held.Ended(ended) {
		ended = held.End
	}
	return store.PastMemberships.Put(tx, lti.PastMembership{
		Domain: held.Domain, Course: held.Course, Username: held.Username, Role: held.Role, Section: held.Section,
		Source: held.Source, Ended: ended, Why: why,
	})
}

// TakeBack ends what this LMS's earlier word gave over other people or the
// course, when a launch of its says that the person has a role in the course
// which means nothing here. It is for the launch that was refused for that, in
// the transaction that records it. A launch without course roles takes nothing
// back, nor does it from what is locked or what another source brought. Who has
// no such rights, as a student, stays: the launch is refused all the same, and
// a role that was unmapped by mistake must not empty a course and turn the
// scores away that tools send meanwhile. Such members leave by a roster or by
// hand.
func (e *Enroller) TakeBack(tx store.Tx, b lti.Believed) error {
	v := &visit{Enroller: e, Believed: b, tx: tx, now: tx.Now()}
	if !v.believesCourse() || !saysCourseRole(b.Launch.Roles) {
		return nil
	}
	held, err := v.heldMembership()
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil || held.Locked || held.Source != b.Consumer.ID || held.Status != lti.MemberActive {
		return err
	}
	if !held.Role.CanEdit() && !held.Role.CanSeeRoster() {
		return nil
	}
	if mapped, _ := lti.MapRoles(b.Launch.Roles, v.grantable()); mapped.Known() {
		return nil
	}
	return drop(tx, held, "a launch of "+b.Consumer.ID+" says roles that mean nothing here")
}

// heldMembership finds the membership that the launch is about, and writes
// nothing. Whatever is missing is store.ErrNotFound.
func (v *visit) heldMembership() (lti.Membership, error) {
	binding, err := store.Bindings.Read(v.tx, v.Consumer.Domain, v.Consumer.ID, v.matched(v.Consumer.Users.Match))
	if err != nil {
		return lti.Membership{}, err
	}
	v.User.Username = binding.Username
	named, _, err := v.namedCourse()
	var refusal *lti.Refusal
	if errors.As(err, &refusal) || err == nil && named.Domain != v.Consumer.Domain {
		return lti.Membership{}, store.ErrNotFound
	}
	if err != nil {
		return lti.Membership{}, err
	}
	if v.course, err = store.Courses.Read(v.tx, named.Domain, named.ID); err != nil {
		return lti.Membership{}, err
	}
	return store.Memberships.Get(v.tx, named.Domain, named.ID, binding.Username)
}

// saysCourseRole reports whether one of the roles is about the course.
func saysCourseRole(roles []lti.LTIRole) bool {
	for _, r := range roles {
		if r.Kind == lti.RoleContext {
			return true
		}
	}
	return false
}
