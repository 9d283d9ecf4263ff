package web

import (
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
)

// causeText is the one table from causes to words: a sentence for an admin that
// can head a panel and stand in a list, so it ends without a full stop. A cause
// of a newer server, which has no row, is shown as it is spelled.
func causeText(cause string) string {
	if text := requestFault(lti.Cause(cause)); text != "" {
		return text
	}
	if text := meaningFault(lti.Cause(cause)); text != "" {
		return text
	}
	if cause == "" {
		return "No cause was recorded"
	}
	return strings.ToUpper(cause[:1]) + strings.ReplaceAll(cause[1:], "_", " ")
}

// CauseText is a cause in words, "" for none.
func CauseText(cause string) string {
	if cause == "" {
		return ""
	}
	return causeText(cause)
}

// requestFault is the half about the request: its form, signature and time.
func requestFault(cause lti.Cause) string {
	switch cause {
	case lti.CauseMalformed:
		return "The request could not be read"
	case lti.CauseTooLarge:
		return "The request was too large"
	case lti.CauseContentType:
		return "The request was neither a form nor XML"
	case lti.CauseMessageType:
		return "It was another kind of message than a launch"
	case lti.CauseVersion:
		return "It named another version of LTI or OAuth"
	case lti.CauseMissing:
		return "A required parameter was missing"
	case lti.CauseRepeated:
		return "A parameter that may stand once was sent twice"
	case lti.CauseUnknownKey:
		return "Nobody here has this consumer key"
	case lti.CauseMethod:
		return "The signature method is not allowed for this key"
	case lti.CauseTimestamp:
		return "The time in the request could not be read"
	case lti.CauseTimestampOld:
		return "The sender's clock is behind, or the request waited too long"
	case lti.CauseTimestampFuture:
		return "The sender's clock is ahead"
	case lti.CauseBodyHash:
		return "The body is not the one that was signed"
	case lti.CauseSignature:
		return "The signature does not hold"
	case lti.CauseNonceUsed:
		return "This launch was used before"
	case lti.CauseNonceStale:
		return "A launch used before could not be ruled out"
	}
	return ""
}

// meaningFault is the half about what the request asked for.
func meaningFault(cause lti.Cause) string {
	switch cause {
	case lti.CauseDisabled:
		return "The LMS, the course, the tool or the account is closed"
	case lti.CauseNotEnabled:
		return "It came outside the dates at which the LMS's launches are taken"
	case lti.CauseInstance:
		return "It came from another LMS than the key is pinned to"
	case lti.CausePending:
		return "The question that the launch waited for was answered before, or is too old"
	case lti.CauseNoUser:
		return "The launch does not say who the user is"
	case lti.CauseNoAccount:
		return "The person has no account, and none may be made"
	case lti.CauseNoCourse:
		return "No course is connected to the LMS's"
	case lti.CauseUnknownCourse:
		return "The course does not exist"
	case lti.CauseUnknownFolder:
		return "The folder does not exist"
	case lti.CauseUnknownLink:
		return "The link does not exist"
	case lti.CauseCourseConflict:
		return "The launch URL names another course than the stored mapping"
	case lti.CauseNoRole:
		return "No role of the person is let in"
	case lti.CauseNotOpen:
		return "The person's membership has not begun or is over"
	case lti.CauseServiceID:
		return "The service id does not open"
	case lti.CauseServiceOff:
		return "The tool may not use this service"
	case lti.CauseScore:
		return "The score is not a number from 0 to 1"
	case lti.CauseNoTool:
		return "The link's tool is not set up"
	case "ticket":
		return "The way back from the tool was used before, or is too old"
	case lti.CauseUnavailable:
		return "The store could not take it just then"
	case lti.CauseInternal:
		return "Something failed on our side"
	}
	return ""
}
