package provider

import (
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/outcome"
)

// phrase is a piece of what LMSs say, in small letters, and what it means.
type phrase struct {
	text  string
	cause lti.SendCause
}

// phrases are what the LMSs are known to say, the more telling ones first. A
// signature that does not hold is told in many words, so it stands before what
// else the sentence may name.
func phrases() []phrase {
	return []phrase{
		{"timestamp", lti.SendClock},         // "Invalid timestamp", "timestamp_refused"
		{"expired", lti.SendClock},           // "Timestamp expired"
		{"signature", lti.SendKey},           // Moodle "Message signature not valid", Canvas "Invalid signature"
		{"oauth", lti.SendKey},               // Open edX "OAuth verification error", Sakai "oauth_error"
		{"consumer key", lti.SendKey},        // Blackboard, D2L
		{"consumer_key", lti.SendKey},        // "consumer_key_unknown"
		{"unauthorized", lti.SendKey},        // most
		{"unauthorised", lti.SendKey},        //
		{"outcome.no.validate", lti.SendKey}, // Sakai
		{"no longer in course", lti.SendLeft},
		{"not available for student", lti.SendLeft}, // Canvas: concluded or removed
		{"not enrolled", lti.SendLeft},
		{"not a member", lti.SendLeft},
		{"user not found", lti.SendLeft}, // Open edX
		{"user does not exist", lti.SendLeft},
		{"student not found", lti.SendLeft},
		{"concluded", lti.SendClosed},
		{"course is invalid", lti.SendClosed}, // Canvas
		{"course is not available", lti.SendClosed},
		{"past due", lti.SendClosed},
		{"past its due", lti.SendClosed}, // Open edX: the deadline
		{"locked", lti.SendLocked},
		{"override", lti.SendLocked},
		{"not between", lti.SendRange}, // Moodle, Canvas
		{"permitted range", lti.SendRange},
		{"out of range", lti.SendRange},
		{"bad_score", lti.SendRange},
		{"no points possible", lti.SendNoGrades}, // Canvas
		{"no_points_possible", lti.SendNoGrades},
		{"does not accept grades", lti.SendNoGrades}, // Moodle
		{"not graded", lti.SendNoGrades},
		{"not gradable", lti.SendNoGrades},
		{"no longer associated with this tool", lti.SendGone}, // Canvas
		{"assignment is invalid", lti.SendGone},
		{"placement", lti.SendGone}, // Sakai
		{"no such tool", lti.SendGone},
		{"deleted", lti.SendGone},
		{"course module", lti.SendGone}, // Moodle
		{"grade item", lti.SendGone},    // D2L
		{"sourcedid", lti.SendCell},     // Moodle "SourcedId hash not valid", Sakai "outcomes.sourcedid", Canvas "Invalid sourcedid"
		{"sourced id", lti.SendCell},
		{"sourced_id", lti.SendCell},
		{"lis_result", lti.SendCell},
		{"xml", lti.SendUnread}, // Moodle "Invalid XML content", Open edX
		{"pox.invalid", lti.SendUnread},
		{"parse", lti.SendUnread},
		{"unsupported", lti.SendUnsupported},
		{"not supported", lti.SendUnsupported},
		{"not implemented", lti.SendUnsupported},
	}
}

// causeOf is what a refusal means: first by the LMS's own words, then by the
// major code, then by the HTTP status.
func causeOf(status int, code outcome.CodeMajor, description string) lti.SendCause {
	said := strings.ToLower(description)
	for _, p := range phrases() {
		if strings.Contains(said, p.text) {
			return p.cause
		}
	}
	switch {
	case code == outcome.NotSupported:
		return lti.SendUnsupported
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return lti.SendKey
	case status == http.StatusNotFound, status == http.StatusGone:
		return lti.SendGone
	case status == http.StatusMethodNotAllowed, status == http.StatusUnsupportedMediaType, status == http.StatusNotImplemented:
		return lti.SendUnsupported
	case status == http.StatusBadRequest:
		return lti.SendUnread
	}
	return lti.SendOther
}
