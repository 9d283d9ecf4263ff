package web

import (
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// wholeCourse is Transfer.Of and GradeTotal.Of for the total of a course.
const wholeCourse = "course"

// total names the total of a folder, or of the course.
func (s *speech) total(of string) string {
	if of == wholeCourse {
		return s.say("course total")
	}
	return s.say("%s total", of)
}

// scope names what a delivery is of: a link by its title, a folder or the
// course as a total.
func (s *speech) scope(d DeliveryRow) string {
	switch d.Scope.Kind {
	case lti.ScopeFolder:
		return s.total(or(d.ScopeTitle, d.Scope.ID))
	case lti.ScopeCourse:
		return s.total(wholeCourse)
	}
	return or(d.ScopeTitle, d.Scope.ID)
}

// transferShort says in few words how far a result has come, or which total.
func (s *speech) transferShort(t Transfer, now time.Time) string {
	what := ""
	switch t.Of {
	case "":
		return s.progressOf(t, now)
	case wholeCourse:
		what = s.say("Course total")
	default:
		what = s.say("Total")
	}
	if t.Score != nil {
		what += " " + s.percent(t.Score)
	}
	return what + ": " + s.progressOf(t, now)
}

func (s *speech) progressOf(t Transfer, now time.Time) string {
	switch t.State {
	case lti.Delivered:
		return s.say("Reached %s %s", t.Consumer, s.ago(t.At, now))
	case lti.Waiting:
		return s.say("Waiting to go to %s", t.Consumer)
	case lti.Sending:
		return s.say("On its way to %s", t.Consumer)
	case lti.Superseded:
		return s.say("A newer score went to %s", t.Consumer)
	}
	return s.say("%s did not take it: %s", t.Consumer, s.sendCause(t.Cause).Text)
}

// transferLong says to whose result it is how far it has come, why no further,
// and what to do.
func (s *speech) transferLong(t Transfer, now time.Time) string {
	what := s.owned(t)
	switch t.State {
	case lti.Delivered:
		return s.say("%s reached %s on %s.", what, t.Consumer, s.date(t.At, now))
	case lti.Waiting:
		text := s.say("%s is waiting to go to %s.", what, t.Consumer)
		if t.Failed() {
			text += " " + s.sendCause(t.Cause).Text + "."
		}
		return text + " " + s.say("It goes by itself, even if %s is down for days.", t.Consumer)
	case lti.Sending:
		return s.say("%s is on its way to %s.", what, t.Consumer)
	case lti.Superseded:
		return s.say("A newer score went to %s instead.", t.Consumer)
	}
	why := s.sendCause(t.Cause)
	text := s.say("%s was not taken by %s.", what, t.Consumer) + " " + why.Text + ". "
	if !t.At.IsZero() {
		text += s.say("Tried last on %s.", s.date(t.At, now)) + " "
	}
	return text + s.say("The score is safe here.") + " " + why.Student
}

// owned names what is on its way, to whose it is; it begins a sentence.
func (s *speech) owned(t Transfer) string {
	switch {
	case t.Score == nil && t.Of == "":
		return s.say("The removal of your score")
	case t.Score == nil && t.Of == wholeCourse:
		return s.say("The removal of your course total")
	case t.Score == nil:
		return s.say("The removal of your %s total", t.Of)
	case t.Of == wholeCourse:
		return s.say("Your course total of %s", s.percent(t.Score))
	case t.Of != "":
		return s.say("Your %s total of %s", t.Of, s.percent(t.Score))
	}
	return s.say("Your score of %s", s.percent(t.Score))
}
