package enrol

import "github.com/ltihub/ltihub/internal/lti"

// chooseByHand leaves the choice of a course to the person where a launch that
// states no course names a place that opens with a pass only: whose link it is,
// such a tool consumer does not say. Whoever may change the course needs none.
func (v *visit) chooseByHand() {
	if v.Consumer.CourseIdentity || !v.Membership.Role.NeedsPass() || !v.course.ProtectedPlace(v.Place) {
		return
	}
	v.step("the place is protected and this tool consumer states no course: the person chooses one")
	v.Place, v.Membership = lti.Place{}, lti.Membership{}
}
