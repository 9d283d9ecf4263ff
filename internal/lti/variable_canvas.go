package lti

import "strconv"

// addCanvas adds the variables of Canvas for which we have a value of the same
// meaning, so that link files made for it work here. Those about its own API,
// accounts and shards stay unknown.
func (s VariableSource) addCanvas(v Variables) {
	v["Canvas.user.id"] = s.Launch.UserID
	v["Canvas.course.id"] = s.Launch.ContextID
	v["Canvas.course.name"] = s.Launch.ContextTitle
	v["Canvas.course.sisSourceId"] = s.Launch.CourseSourcedID
	v["Canvas.course.sectionIds"] = s.Member.Section
	v["Canvas.course.startAt"] = timestamp(s.Course.Enrolment.Start)
	v["Canvas.course.endAt"] = timestamp(s.Course.Enrolment.End)
	v["Canvas.environment.test"] = "false"
	v["com.instructure.contextLabel"] = s.Launch.ContextLabel
	v["Canvas.enrollment.enrollmentState"] = "active"
	if s.Member.Status != "" && s.Member.Status != MemberActive {
		v["Canvas.enrollment.enrollmentState"] = "inactive"
	}
	if s.Tool.Sends(SendUsername) {
		v["Canvas.user.loginId"] = s.User.Username
		v["Canvas.user.sisSourceId"] = s.User.Username
	}
	if s.Tool.Sends(SendEmail) {
		v["vnd.Canvas.Person.email.sis"] = s.User.Email
	}
	if s.Tool.Sends(SendRoles) {
		v["Canvas.membership.roles"] = LTIRoles(s.Member.Role)
	}
	if s.Link.Gradable() {
		v["Canvas.assignment.id"] = s.Launch.ResourceLinkID
		v["Canvas.assignment.title"] = s.Launch.ResourceLinkTitle
		v["Canvas.assignment.pointsPossible"] = strconv.FormatFloat(s.Link.Points, 'f', -1, 64)
		v["Canvas.assignment.dueAt.iso8601"] = timestamp(s.Link.Due)
		v["Canvas.assignment.lockAt.iso8601"] = timestamp(s.Link.Due)
	}
}

// addResult adds what is known of the person's own result.
func (s VariableSource) addResult(v Variables) {
	if s.Result == nil || s.Launch.Outcome.SourcedID == "" {
		return
	}
	v["Result.resultScore"], v["Result.status"] = "", "Initialized"
	if score := s.Result.Counts(); score != nil {
		v["Result.resultScore"], v["Result.status"] = FormatScore(*score), "Completed"
	}
	v["Result.createdTimestamp"] = timestamp(s.Result.SubmittedAt)
}
