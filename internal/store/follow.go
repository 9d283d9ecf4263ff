package store

import "github.com/ltihub/ltihub/internal/lti"

// FollowEnrolment gives the memberships of a course that still have its former
// default dates the ones that it has now, and returns those that it changed.
// Whoever changes a course's dates calls it in the same transaction.
func FollowEnrolment(tx Tx, course lti.Course, former lti.Period) ([]lti.Membership, error) {
	if former.Same(course.Enrolment) {
		return nil, nil
	}
	var changed []lti.Membership
	err := Memberships.All(tx, Prefix(course.Domain, course.ID), func(m lti.Membership) error {
		if m.Period.Same(former) {
			m.Given = former // also of one that was stored before Given was kept
		}
		if m, ok := m.Follow(course.Enrolment); ok {
			changed = append(changed, m)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, m := range changed {
		if err := Memberships.Put(tx, m); err != nil {
			return nil, err
		}
	}
	return changed, nil
}
