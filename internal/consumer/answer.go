package consumer

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

// Answer is what a tool is told. Cause and Detail are for the log: both are
// empty unless the call was refused.
type Answer struct {
	Status      int
	ContentType string
	Body        []byte

	Cause  lti.Cause
	Detail string
	// Reference leads to the record of the refusal; "" if there is none.
	Reference string
}

// xmlType is the content type of every answer but the JSON roster.
const xmlType = "application/xml"

// fault is why a call is refused: the reason is for the record, what is public
// is all that the caller learns.
type fault struct {
	status int
	number sourcedid.Cause // 0 where no number fits
	reason *lti.Refusal
	// code is the codemajor, minor the codeminor that goes with it.
	code   outcome.CodeMajor
	minor  string
	public string
}

// What callers are told when the reason is not theirs to know.
const (
	publicAuth        = "the request could not be authenticated"
	publicUnavailable = "the service is not available now; try again later"
)

// Error gives the reason, for the log.
func (f *fault) Error() string { return f.reason.Error() }

// Unwrap gives the reason.
func (f *fault) Unwrap() error { return f.reason }

// unauthenticated is a call whose sender could not be made sure of.
func unauthenticated(number sourcedid.Cause, err error) *fault {
	f := &fault{
		status: http.StatusUnauthorized, number: number, reason: lti.Reason(err),
		code: outcome.Failure, minor: outcome.Unauthorised, public: publicAuth,
	}
	switch f.reason.Cause {
	case lti.CauseTooLarge:
		f.status, f.minor, f.public = http.StatusRequestEntityTooLarge, outcome.InvalidData, "the request is too large"
	case lti.CauseContentType:
		f.status, f.minor, f.public = http.StatusUnsupportedMediaType, outcome.InvalidData, "the content type is not accepted"
	}
	return f
}

// badID is a call whose service id is not accepted, for whatever reason.
func badID(cause lti.Cause, err *sourcedid.Refusal) *fault {
	return &fault{
		status: http.StatusOK, number: err.Cause,
		reason: &lti.Refusal{Cause: cause, Detail: err.Cause.String(), Err: err},
		code:   outcome.Failure, minor: outcome.UnknownObject, public: sourcedid.PublicText,
	}
}

// refuse is a call of an authenticated tool that asks for what can't be done.
// The caller is told what the record says.
func refuse(cause lti.Cause, minor, format string, args ...any) *fault {
	text := fmt.Sprintf(format, args...)
	return &fault{
		status: http.StatusOK, number: sourcedid.CauseContent, reason: &lti.Refusal{Cause: cause, Detail: text},
		code: outcome.Failure, minor: minor, public: text,
	}
}

// unsupported is an operation that is none of the service.
func unsupported(what string) *fault {
	f := refuse(lti.CauseMessageType, outcome.NotSupported, "the operation %.60q is not supported", what)
	f.code = outcome.Unsupported
	return f
}

// broken turns any error into a fault. What is not the caller's doing is told
// in general words; a store that can't say whether it kept a result has not
// said that it did.
func broken(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	f = &fault{
		status: http.StatusInternalServerError, reason: lti.Reason(err),
		code: outcome.Failure, minor: outcome.ServerError, public: publicUnavailable,
	}
	if f.reason.Cause == lti.CauseUnavailable {
		f.status = http.StatusServiceUnavailable
	}
	return f
}

// forgotten is a call whose nonce can't be told from a used one, as the store
// was restored a short time ago. The tool is asked to come again, with a new
// nonce: were it refused, it would drop the grade.
func forgotten(err error) *fault {
	return &fault{
		status: http.StatusServiceUnavailable, number: sourcedid.CauseNonce, reason: lti.Reason(err),
		code: outcome.Failure, minor: outcome.ServerError, public: publicUnavailable,
	}
}

// detail is the reason with its number, for record and log.
func (f *fault) detail() string {
	if f.number == 0 {
		return f.reason.Detail
	}
	return fmt.Sprintf("%s (cause %d)", f.reason.Detail, int(f.number))
}

// keep writes the record of a refused call, if the store takes it. A record
// that can't be written costs only the reference number.
func (k *call) keep(ctx context.Context, f *fault) bool {
	if f.status == http.StatusServiceUnavailable {
		return false
	}
	ctx = context.WithoutCancel(ctx) // the tool may be gone; the reason is kept all the same
	err := k.Store.Update(ctx, func(tx store.Tx) error { return store.Launches.PutNew(tx, k.record(f)) })
	return err == nil
}

// explain asks the doctor why the signature does not hold, and notes what one
// of the tool's live secrets tells. What comes while the doctor is busy goes
// without.
func (k *call) explain(reason *lti.Refusal) {
	if !k.doctor.TryLock() {
		return
	}
	defer k.doctor.Unlock()
	secrets, err := k.secrets(k.place, k.now)
	if err != nil {
		return
	}
	for _, secret := range secrets {
		if d := oauth1.Explain(k.req, secret, "", oauth1.Clues{}); d.Hint != "" {
			reason.Detail, reason.Hint = d.Detail, d.Hint
			return
		}
	}
}

// record is the refused call as the inspector shows it.
func (k *call) record(f *fault) lti.LaunchRecord {
	r := lti.LaunchRecord{
		ID: k.id, At: k.now, Direction: lti.Called,
		Domain: k.serviceID.Domain, Course: k.serviceID.Course,
		Refused: true, Status: k.statusOf(f), Cause: string(f.reason.Cause),
		Detail: f.detail(), Hint: f.reason.Hint, Steps: k.verified.Notes,
	}
	if k.course != nil {
		r.Folder, r.Link = k.folder, k.link.ID
	}
	if k.tool != nil {
		r.Tool = k.tool.ID
	}
	if k.message != nil {
		r.Key = clip(k.message.Key())
		r.Params = keptParams(k.message.Unverified())
	}
	return r
}
