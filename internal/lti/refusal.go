package lti

import (
	"context"
	"errors"
	"fmt"
)

// Cause is a stable word for why something was not accepted. Pages, logs,
// metrics and the inspector use the same ones.
type Cause string

// The causes. One table in the HTTP door says what each answers.
const (
	CauseMalformed       Cause = "malformed"        // not a readable request
	CauseTooLarge        Cause = "too_large"        // over a size limit
	CauseContentType     Cause = "content_type"     // not a form, or not XML
	CauseMessageType     Cause = "message_type"     // another lti_message_type
	CauseVersion         Cause = "version"          // another lti_version or oauth_version
	CauseMissing         Cause = "missing"          // a required parameter
	CauseRepeated        Cause = "repeated"         // a parameter that may stand once
	CauseUnknownKey      Cause = "unknown_key"      // no such consumer key
	CauseMethod          Cause = "method"           // signature method not allowed for the key
	CauseTimestamp       Cause = "timestamp_syntax" // not seconds since 1970
	CauseTimestampOld    Cause = "timestamp_old"    // outside the window, past
	CauseTimestampFuture Cause = "timestamp_future" // outside the window, future
	CauseBodyHash        Cause = "body_hash"        // missing or wrong
	CauseSignature       Cause = "signature"        // does not hold
	CauseNonceUsed       Cause = "nonce_used"       // a replay
	CauseNonceStale      Cause = "nonce_stale"      // can't be told from a replay
	CauseDisabled        Cause = "disabled"         // consumer, course, tool or account closed
	CauseNotEnabled      Cause = "not_enabled"      // outside the tool consumer's dates
	CauseInstance        Cause = "instance"         // another LMS than the key is pinned to
	CausePending         Cause = "pending"          // of a launch that waited for an answer: unknown, used or too old
	CauseNoUser          Cause = "no_user"          // the launch does not say who
	CauseNoAccount       Cause = "no_account"       // none, and none may be made
	CauseNoCourse        Cause = "no_course"        // none named, or none may be made
	CauseUnknownCourse   Cause = "unknown_course"   // named but missing
	CauseUnknownFolder   Cause = "unknown_folder"
	CauseUnknownLink     Cause = "unknown_link"
	CauseCourseConflict  Cause = "course_conflict" // mapping and URL disagree
	CauseNoRole          Cause = "no_role"         // unmapped, or not self-enrolling
	CauseNotOpen         Cause = "not_open"        // the membership's dates
	CauseServiceID       Cause = "service_id"      // a sealed id that does not open
	CauseServiceOff      Cause = "service_off"     // not granted to the tool
	CauseScore           Cause = "score"           // not a score from 0 to 1
	CauseNoTool          Cause = "no_tool"         // the link's tool is missing
	CauseTicket          Cause = "ticket"          // of the way back from a tool: unknown, used or too old
	CauseUnavailable     Cause = "unavailable"     // the store can't take it now
	CauseInternal        Cause = "internal"
)

// Refusal is an error that says why something was not accepted. Detail and
// Hint are for admins: plain words, no secrets, no personal data beyond ids.
type Refusal struct {
	Cause  Cause
	Detail string
	Hint   string
	// Err is what lies under it, if anything.
	Err error
}

// Refuse makes a Refusal with a formatted detail.
func Refuse(cause Cause, format string, args ...any) *Refusal {
	return &Refusal{Cause: cause, Detail: fmt.Sprintf(format, args...)}
}

// Error gives the cause and the detail.
func (r *Refusal) Error() string { return string(r.Cause) + ": " + r.Detail }

// Unwrap gives the error under the refusal.
func (r *Refusal) Unwrap() error { return r.Err }

// Causer is an error that knows its cause.
type Causer interface {
	error
	Cause() string
}

// Reason turns any error into a refusal: the *Refusal that it wraps, or one
// with the cause that a Causer in its chain knows. A caller who went away, or
// time that ran out, is CauseUnavailable; what is not known is CauseInternal.
func Reason(err error) *Refusal {
	var r *Refusal
	if errors.As(err, &r) {
		return r
	}
	cause := CauseInternal
	var known Causer
	switch {
	case errors.As(err, &known):
		cause = Cause(known.Cause())
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		cause = CauseUnavailable
	}
	return &Refusal{Cause: cause, Detail: err.Error(), Err: err}
}
