package web

import (
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
)

// cause is the one table from causes to words: a sentence for an admin that
// can head a panel and stand in a list, so it ends without a full stop. A cause
// of a newer server, which has no row, is shown as it is spelled.
func (s *speech) cause(cause string) string {
	if text := s.requestFault(lti.Cause(cause)); text != "" {
		return text
	}
	if text := s.meaningFault(lti.Cause(cause)); text != "" {
		return text
	}
	if cause == "" {
		return s.say("No cause was recorded")
	}
	return strings.ToUpper(cause[:1]) + strings.ReplaceAll(cause[1:], "_", " ")
}

// requestFault is the half about the request: its form, signature and time.
func (s *speech) requestFault(cause lti.Cause) string {
	switch cause {
	case lti.CauseMalformed:
		return s.say("The request could not be read")
	case lti.CauseTooLarge:
		return s.say("The request was too large")
	case lti.CauseContentType:
		return s.say("The request was neither a form nor XML")
	case lti.CauseMessageType:
		return s.say("It was another kind of message than a launch")
	case lti.CauseVersion:
		return s.say("It named another version of LTI or OAuth")
	case lti.CauseMissing:
		return s.say("A required parameter was missing")
	case lti.CauseRepeated:
		return s.say("A parameter that may stand once was sent twice")
	case lti.CauseUnknownKey:
		return s.say("Nobody here has this consumer key")
	case lti.CauseMethod:
		return s.say("The signature method is not allowed for this key")
	case lti.CauseTimestamp:
		return s.say("The time in the request could not be read")
	case lti.CauseTimestampOld:
		return s.say("The sender's clock is behind, or the request waited too long")
	case lti.CauseTimestampFuture:
		return s.say("The sender's clock is ahead")
	case lti.CauseBodyHash:
		return s.say("The body is not the one that was signed")
	case lti.CauseSignature:
		return s.say("The signature does not hold")
	case lti.CauseNonceUsed:
		return s.say("This launch was used before")
	case lti.CauseNonceStale:
		return s.say("A launch used before could not be ruled out")
	}
	return ""
}

// meaningFault is the half about what the request asked for.
func (s *speech) meaningFault(cause lti.Cause) string {
	switch cause {
	case lti.CauseDisabled:
		return s.say("The LMS, the course, the tool or the account is closed")
	case lti.CauseNotEnabled:
		return s.say("It came outside the dates at which the LMS's launches are taken")
	case lti.CauseInstance:
		return s.say("It came from another LMS than the key is pinned to")
	case lti.CausePending:
		return s.say("The question that the launch waited for was answered before, or is too old")
	case lti.CauseNoUser:
		return s.say("The launch does not say who the user is")
	case lti.CauseNoAccount:
		return s.say("The person has no account, and none may be made")
	case lti.CauseNoCourse:
		return s.say("No course is connected to the LMS's")
	case lti.CauseUnknownCourse:
		return s.say("The course does not exist")
	case lti.CauseUnknownFolder:
		return s.say("The folder does not exist")
	case lti.CauseUnknownLink:
		return s.say("The link does not exist")
	case lti.CauseCourseConflict:
		return s.say("The launch URL names another course than the stored mapping")
	case lti.CauseNoRole:
		return s.say("No role of the person is let in")
	case lti.CauseNotOpen:
		return s.say("The person's membership has not begun or is over")
	}
	return s.toolFault(cause)
}

// toolFault is the part about tools and their services.
func (s *speech) toolFault(cause lti.Cause) string {
	switch cause {
	case lti.CauseServiceID:
		return s.say("The service id does not open")
	case lti.CauseServiceOff:
		return s.say("The tool may not use this service")
	case lti.CauseScore:
		return s.say("The score is not a number from 0 to 1")
	case lti.CauseNoTool:
		return s.say("The link's tool is not set up")
	case "ticket":
		return s.say("The way back from the tool was used before, or is too old")
	case lti.CauseUnavailable:
		return s.say("The store could not take it just then")
	case lti.CauseInternal:
		return s.say("Something failed on our side")
	}
	return ""
}
