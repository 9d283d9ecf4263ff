package enrol

import (
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// followDates gives a membership that this LMS brought the course's default
// dates, if they have changed and nobody set its own by hand.
func (v *visit) followDates(held lti.Membership) (lti.Membership, error) {
	if held.Source != v.Consumer.ID || !v.believesCourse() {
		return held, nil
	}
	m, changed := held.Follow(v.course.Enrolment)
	if !changed {
		return held, nil
	}
	v.step("the membership has the course's new dates")
	return m, store.Memberships.Put(v.tx, m)
}
