package web

import "github.com/ltihub/ltihub/internal/lti"

// sendCause is what it means that an LMS did not take a result: a sentence, and
// what to do about it for those who run the server or teach, and for students.
type sendCause struct {
	Text    string
	Do      string
	Student string
}

// sendCause puts a cause into words. Those of an unknown one are general.
func (s *speech) sendCause(c lti.SendCause) sendCause {
	if words := s.pathCause(c); words.Text != "" {
		return words
	}
	if words := s.placeCause(c); words.Text != "" {
		return words
	}
	return sendCause{
		s.say("The LMS did not take it, for a reason of its own"),
		s.say("Read its words, mend that in the LMS, then resend."),
		s.say("Your teacher sees this too and can send it again."),
	}
}

// pathCause is the half about the way to the LMS.
func (s *speech) pathCause(c lti.SendCause) sendCause {
	switch c {
	case lti.SendSilent:
		return sendCause{s.say("The LMS did not answer"), s.say("It is tried again by itself. Check that the LMS is up, if it lasts."), s.say("Nothing to do: it goes by itself when your LMS answers again.")}
	case lti.SendBusy:
		return sendCause{s.say("The LMS asked to wait"), s.say("It is tried again by itself."), s.say("Nothing to do: it goes by itself.")}
	case lti.SendForeign:
		return sendCause{s.say("Something else than an LMS's grade service answered"), s.say("Compare the address below with the LMS's; a proxy or a login page may stand in the way."), s.say("Your teacher sees this too.")}
	case lti.SendAddress:
		return sendCause{s.say("The address that the LMS gave cannot be called from here"), s.say("Mend the address in the LMS, or allow its range in egress.allow_cidrs."), s.say("Your teacher sees this too.")}
	case lti.SendSetup:
		return sendCause{s.say("This LMS is not fully set up here any more"), s.say("Set up the tool consumer and its secret again; the scores then go."), s.say("Your teacher sees this too.")}
	case lti.SendKey:
		return sendCause{s.say("The LMS no longer knows our key, or not with this secret"), s.say("Compare key, secret and signature method in the LMS with the tool consumer's here. New credentials send again by themselves what was refused."), s.say("Your teacher sees this too. It is not about you: the connection to the LMS needs mending.")}
	case lti.SendClock:
		return sendCause{s.say("The LMS finds the time of our messages wrong"), s.say("Set the clocks of this server and of the LMS, then resend."), s.say("Your teacher sees this too.")}
	case lti.SendUnsupported:
		return sendCause{s.say("The LMS does not know this kind of message"), s.say("Try the other passback format of the tool consumer. Open edX cannot delete grades: there the old one stays."), s.say("Your teacher sees this too.")}
	case lti.SendUnread:
		return sendCause{s.say("The LMS could not read our message"), s.say("Try the other passback format of the tool consumer, then resend."), s.say("Your teacher sees this too.")}
	}
	return sendCause{}
}

// placeCause is the half about the student, the activity and the grade.
func (s *speech) placeCause(c lti.SendCause) sendCause {
	switch c {
	case lti.SendChanged:
		return sendCause{s.say("The grade was changed in the LMS"), s.say("It was left alone. Send anyway, if the score from here is to replace it."), s.say("Your teacher has set another grade in the LMS. Ask there if that is not right.")}
	case lti.SendLeft:
		return sendCause{s.say("The student left the course at the LMS"), s.say("Nothing to do, unless the student is to come back: then resend."), s.say("Your LMS says that you are not in the course there any more. Ask your teacher if that is not right.")}
	case lti.SendGone:
		return sendCause{s.say("The activity was deleted at the LMS"), s.say("Place the activity in the LMS again; students open it once, and their scores go there."), s.say("Your LMS does not have this activity any more. Open it from your course again, if it is still there.")}
	case lti.SendCell:
		return sendCause{s.say("The LMS does not know the place of this grade any more"), s.say("Let the student open the activity from the LMS once: the score then goes to the new place by itself."), s.say("Open the activity from your course once; your score then goes by itself.")}
	case lti.SendClosed:
		return sendCause{s.say("The course or the activity is closed at the LMS"), s.say("Open it there for as long as grades are to come in, then resend."), s.say("Your LMS takes no more grades for this. Ask your teacher.")}
	case lti.SendRange:
		return sendCause{s.say("The LMS says the grade is out of range"), s.say("Set the LMS's activity to points or percent with a maximum above 0, then resend."), s.say("Your teacher sees this too.")}
	case lti.SendNoGrades:
		return sendCause{s.say("The activity takes no grades at the LMS"), s.say("Turn grading on for the activity in the LMS and give it points, then resend."), s.say("Your LMS does not grade this activity.")}
	case lti.SendLocked:
		return sendCause{s.say("The grade is locked at the LMS"), s.say("Unlock it there, then resend."), s.say("Your teacher has locked this grade in the LMS.")}
	}
	return sendCause{}
}

// failed reports whether a delivery that stands so has something to explain.
func failed(s lti.State, cause lti.SendCause) bool {
	return s == lti.Refused || s == lti.Dead || s == lti.Waiting && cause != ""
}
