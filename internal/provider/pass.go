package provider

import "github.com/ltihub/ltihub/internal/lti"

// pass is what a launch brings that states no user: it opens the launch's
// place, if that is a link or folder, for whoever is signed in otherwise. It
// signs nobody in. A launch that leads to no course brings none.
func (a *attempt) pass(accepted *Accepted) *lti.Pass {
	accepted.PassToken, accepted.PassTicket = accepted.Token, accepted.Ticket
	accepted.Token, accepted.Ticket, accepted.Logout = "", "", nil
	if accepted.Place.Course.ID == "" {
		accepted.PassToken, accepted.PassTicket = "", ""
		return nil
	}
	if accepted.Place.Folder == "" && accepted.Place.Link == "" {
		a.step("it names no folder or link, so its pass opens nothing that is protected")
	} else {
		a.step("it brings a pass for its place, for whoever is signed in")
	}
	return &lti.Pass{
		Token: digest(accepted.PassToken), Ticket: digest(accepted.PassTicket),
		Expires: a.now.Add(lti.PassLifetime), Origins: a.framers(),
	}
}

// ownCourse refuses a place outside the course whose key the launch has.
func (a *attempt) ownCourse(place lti.Place) error {
	if a.holder.course == nil || place.Course == a.holder.course.Ref() {
		return nil
	}
	return lti.Refuse(lti.CauseUnknownCourse, "the key is one of the course %s, the launch URL names %s", a.holder.course.Ref(), place.Course)
}

// keyTail is where a launch leads: with a course's key and a launch URL that
// names nothing, to that course.
func (a *attempt) keyTail() lti.Tail {
	if a.holder.course == nil || a.tail != (lti.Tail{}) {
		return a.tail
	}
	return lti.Tail{Domain: a.holder.course.Domain, Course: a.holder.course.ID}
}
