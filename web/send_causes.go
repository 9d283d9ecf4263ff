package web

import "github.com/ltihub/ltihub/internal/lti"

// sendCause is what it means that an LMS did not take a result: a sentence, and
// what to do about it for those who run the server or teach, and for students.
type sendCause struct {
	Text    string
	Do      string
	Student string
}

// newSendCause puts a cause into words. Those of an unknown one are general.
func newSendCause(c lti.SendCause) sendCause {
	if words := pathCause(c); words.Text != "" {
		return words
	}
	if words := placeCause(c); words.Text != "" {
		return words
	}
	return sendCause{
		"The LMS did not take it, for a reason of its own",
		"Read its words, mend that in the LMS, then resend.",
		"Your teacher sees this too and can send it again.",
	}
}

// pathCause is the half about the way to the LMS.
func pathCause(c lti.SendCause) sendCause {
	switch c {
	case lti.SendSilent:
		return sendCause{"The LMS did not answer", "It is tried again by itself. Check that the LMS is up, if it lasts.", "Nothing to do: it goes by itself when your LMS answers again."}
	case lti.SendBusy:
		return sendCause{"The LMS asked to wait", "It is tried again by itself.", "Nothing to do: it goes by itself."}
	case lti.SendForeign:
		return sendCause{"Something else than an LMS's grade service answered", "Compare the address below with the LMS's; a proxy or a login page may stand in the way.", "Your teacher sees this too."}
	case lti.SendAddress:
		return sendCause{"The address that the LMS gave cannot be called from here", "Mend the address in the LMS, or allow its range in egress.allow_cidrs.", "Your teacher sees this too."}
	case lti.SendSetup:
		return sendCause{"This LMS is not fully set up here any more", "Set up the tool consumer and its secret again; the scores then go.", "Your teacher sees this too."}
	case lti.SendKey:
		return sendCause{"The LMS no longer knows our key, or not with this secret", "Compare key, secret and signature method in the LMS with the tool consumer's here. New credentials send again by themselves what was refused.", "Your teacher sees this too. It is not about you: the connection to the LMS needs mending."}
	case lti.SendClock:
		return sendCause{"The LMS finds the time of our messages wrong", "Set the clocks of this server and of the LMS, then resend.", "Your teacher sees this too."}
	case lti.SendUnsupported:
		return sendCause{"The LMS does not know this kind of message", "Try the other passback format of the tool consumer. Open edX cannot delete grades: there the old one stays.", "Your teacher sees this too."}
	case lti.SendUnread:
		return sendCause{"The LMS could not read our message", "Try the other passback format of the tool consumer, then resend.", "Your teacher sees this too."}
	}
	return sendCause{}
}

// placeCause is the half about the student, the activity and the grade.
func placeCause(c lti.SendCause) sendCause {
	switch c {
	case lti.SendChanged:
		return sendCause{"The grade was changed in the LMS", "It was left alone. Send anyway, if the score from here is to replace it.", "Your teacher has set another grade in the LMS. Ask there if that is not right."}
	case lti.SendLeft:
		return sendCause{"The student left the course at the LMS", "Nothing to do, unless the student is to come back: then resend.", "Your LMS says that you are not in the course there any more. Ask your teacher if that is not right."}
	case lti.SendGone:
		return sendCause{"The activity was deleted at the LMS", "Place the activity in the LMS again; students open it once, and their scores go there.", "Your LMS does not have this activity any more. Open it from your course again, if it is still there."}
	case lti.SendCell:
		return sendCause{"The LMS does not know the place of this grade any more", "Let the student open the activity from the LMS once: the score then goes to the new place by itself.", "Open the activity from your course once; your score then goes by itself."}
	case lti.SendClosed:
		return sendCause{"The course or the activity is closed at the LMS", "Open it there for as long as grades are to come in, then resend.", "Your LMS takes no more grades for this. Ask your teacher."}
	case lti.SendRange:
		return sendCause{"The LMS says the grade is out of range", "Set the LMS's activity to points or percent with a maximum above 0, then resend.", "Your teacher sees this too."}
	case lti.SendNoGrades:
		return sendCause{"The activity takes no grades at the LMS", "Turn grading on for the activity in the LMS and give it points, then resend.", "Your LMS does not grade this activity."}
	case lti.SendLocked:
		return sendCause{"The grade is locked at the LMS", "Unlock it there, then resend.", "Your teacher has locked this grade in the LMS."}
	}
	return sendCause{}
}

// failed reports whether a delivery that stands so has something to explain.
func failed(s lti.State, cause lti.SendCause) bool {
	return s == lti.Refused || s == lti.Dead || s == lti.Waiting && cause != ""
}
