package sourcedid

import (
	"errors"
	"fmt"
)

// What callers of Parse and Open tell apart. A Refusal wraps the one that its
// cause belongs to.
var (
	// ErrMalformed: the id is missing, or has not the shape of its service
	// (causes 1 to 4 and 8).
	ErrMalformed = errors.New("malformed service id")
	// ErrSeal: the signature in the id does not hold (causes 18 and 19).
	ErrSeal = errors.New("seal of service id does not hold")
	// ErrUnknownSecret: no secret is left that could have sealed the id
	// (cause 20).
	ErrUnknownSecret = errors.New("no usable service secret")
)

// PublicText is all that a caller of a service learns of a refused id. The
// cause goes to the log and the inspector.
const PublicText = "service id not accepted"

// Cause numbers why a service call was refused, with the numbers that LON-CAPA
// gives. Roster and setting ids share the numbers where grades have their own.
type Cause int

// The causes.
const (
	CauseGradeMissing    Cause = 1  // the grade's id is missing
	CauseGradeMalformed  Cause = 2  // it does not split into its parts
	CauseRosterMissing   Cause = 3  // the roster's or setting's id is missing
	CauseRosterMalformed Cause = 4  // it does not split into its parts
	CauseDomain          Cause = 5  // the course's domain is unknown
	CauseDomainElsewhere Cause = 6  // the domain is not served here
	CauseCourse          Cause = 7  // the course is unknown or out of reach
	CauseCourseShape     Cause = 8  // the course part is not domain/course
	CauseLink            Cause = 9  // no link of the course has this digest
	CauseUser            Cause = 10 // no user of the course has this digest
	CauseKey             Cause = 11 // the consumer key is not the tool's
	CauseTool            Cause = 12 // the link's tool is not configured
	CauseNoTool          Cause = 13 // the link names no tool
	CauseNotPlaced       Cause = 14 // the resource is no placement of a tool
	CauseSignature       Cause = 15 // the OAuth signature does not hold
	CauseNonce           Cause = 16 // the nonce or timestamp was refused
	CauseContent         Cause = 17 // the call's data are missing or unusable
	CauseGradeSeal       Cause = 18 // the seal of the grade's id does not hold
	CauseRosterSeal      Cause = 19 // the roster's or setting's does not hold
	CauseNoSecret        Cause = 20 // no usable service secret
	CauseDisabled        Cause = 21 // the tool may not use this service
)

// String is the cause in words, for the log and the inspector.
func (c Cause) String() string {
	texts := [...]string{
		CauseGradeMissing:    "grade id missing",
		CauseGradeMalformed:  "grade id malformed",
		CauseRosterMissing:   "roster id missing",
		CauseRosterMalformed: "roster id malformed",
		CauseDomain:          "domain unknown",
		CauseDomainElsewhere: "domain not served here",
		CauseCourse:          "course unknown",
		CauseCourseShape:     "course part is not domain/course",
		CauseLink:            "resource link unknown",
		CauseUser:            "user unknown",
		CauseKey:             "key is not the tool's",
		CauseTool:            "tool not configured",
		CauseNoTool:          "resource link without a tool",
		CauseNotPlaced:       "not a resource link of a tool",
		CauseSignature:       "OAuth signature wrong",
		CauseNonce:           "nonce or timestamp refused",
		CauseContent:         "data missing or unusable",
		CauseGradeSeal:       "seal of grade id wrong",
		CauseRosterSeal:      "seal of roster id wrong",
		CauseNoSecret:        "no usable service secret",
		CauseDisabled:        "service not enabled",
	}
	if c < 1 || int(c) >= len(texts) {
		return fmt.Sprintf("cause %d", int(c))
	}
	return texts[c]
}

// Refusal is a refused service call with its cause. It never holds a secret.
type Refusal struct {
	Cause Cause
	Err   error // what lies beneath, or nil
}

// Error is for the log: number and words. The caller of the service gets
// PublicText.
func (r *Refusal) Error() string {
	text := fmt.Sprintf("%s (cause %d)", r.Cause, int(r.Cause))
	if r.Err != nil && r.sentinel() == nil {
		text += ": " + r.Err.Error()
	}
	return text
}

// Unwrap gives the sentinel of the cause and the error beneath.
func (r *Refusal) Unwrap() []error {
	var wrapped []error
	if s := r.sentinel(); s != nil {
		wrapped = append(wrapped, s)
	}
	if r.Err != nil {
		wrapped = append(wrapped, r.Err)
	}
	return wrapped
}

func (r *Refusal) sentinel() error {
	switch r.Cause {
	case CauseGradeMissing, CauseGradeMalformed, CauseRosterMissing, CauseRosterMalformed, CauseCourseShape:
		return ErrMalformed
	case CauseGradeSeal, CauseRosterSeal:
		return ErrSeal
	case CauseNoSecret:
		return ErrUnknownSecret
	}
	return nil
}
