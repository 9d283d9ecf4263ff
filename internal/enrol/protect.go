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

// leaveChoice lets the person choose among their courses, where a launch that
// states no role names one in which they hold none that is open now.
func (v *visit) leaveChoice() {
	v.step("the person has no role in %s that is open now, and this tool consumer states none: they choose a course", v.course.Ref())
	v.Place, v.Membership = lti.Place{}, lti.Membership{}
}
