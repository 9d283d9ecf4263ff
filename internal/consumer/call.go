package consumer

import (
	"context"
	"errors"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

// call is one service call of a tool on its way through the checks.
type call struct {
	*Consumer
	service string
	req     oauth1.Request
	now     time.Time
	id      string

	message   *oauth1.Message
	serviceID sourcedid.ID
	place
	verified oauth1.Verified
	// byStatus calls are refused by HTTP status, without a codemajor.
	byStatus bool
	// unexplained calls are not worth the doctor's time.
	unexplained bool
	// recorded is set once the refusal of the call is in the store.
	recorded bool
}

func (c *Consumer) newCall(service string, req oauth1.Request) *call {
	return &call{Consumer: c, service: service, req: req, now: c.Now().UTC(), id: c.NewID()}
}

// parse reads the shape of the request.
func (k *call) parse() error {
	var err error
	if k.message, err = oauth1.Parse(k.req); err != nil {
		return unauthenticated(sourcedid.CauseSignature, err)
	}
	return nil
}

// authenticate finds through the service id the one tool that may use it, and
// checks that this tool signed the call. An id that leads to no tool is
// refused only after the work that a good one would have cost.
func (k *call) authenticate(ctx context.Context, serviceID string) error {
	err := k.locate(ctx, serviceID)
	if err == nil {
		err = k.verify()
	} else {
		k.message.VerifyUnknown(k.now) //nolint:errcheck // for its duration only
	}
	return err
}

func (k *call) locate(ctx context.Context, serviceID string) error {
	var err error
	if k.serviceID, err = sourcedid.Parse(serviceID, k.service); err != nil {
		return badID(lti.CauseServiceID, refusal(err))
	}
	err = k.Store.View(ctx, func(tx store.Tx) (err error) {
		k.place, err = k.find(tx)
		return err
	})
	if err != nil {
		return err
	}
	if k.message.Key() != k.tool.Key {
		return unauthenticated(sourcedid.CauseKey, lti.Refuse(lti.CauseUnknownKey, "the key is not that of the tool %s", k.toolName()))
	}
	return nil
}

// refusal is the refusal that err holds; the package makes no other errors.
func refusal(err error) *sourcedid.Refusal {
	var r *sourcedid.Refusal
	if !errors.As(err, &r) {
		r = &sourcedid.Refusal{Cause: sourcedid.CauseContent, Err: err}
	}
	return r
}

// find goes from the service id to course, link and tool.
func (k *call) find(tx store.Tx) (place, error) {
	var p place
	var err error
	if p.course, err = store.Courses.Read(tx, k.serviceID.Domain, k.serviceID.Course); err != nil {
		if !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrKey) {
			return p, err
		}
		return p, badID(lti.CauseUnknownCourse, &sourcedid.Refusal{Cause: k.courseCause(tx), Err: err})
	}
	id, ok := k.digests.link(p.course, k.serviceID.Link)
	if !ok {
		return p, badID(lti.CauseUnknownLink, &sourcedid.Refusal{Cause: sourcedid.CauseLink})
	}
	p.link, p.folder, _ = p.course.Link(id)
	if err := p.findTool(tx); err != nil {
		if !errors.Is(err, store.ErrNotFound) {
			return p, err
		}
		number := sourcedid.CauseTool
		if p.link.Tool == "" {
			number = sourcedid.CauseNoTool
		}
		return p, badID(lti.CauseNoTool, &sourcedid.Refusal{Cause: number, Err: err})
	}
	return p, nil
}

// courseCause tells an unknown domain from an unknown course.
func (k *call) courseCause(tx store.Tx) sourcedid.Cause {
	if _, err := store.Domains.Read(tx, k.serviceID.Domain); err != nil {
		return sourcedid.CauseDomain
	}
	return sourcedid.CauseCourse
}

// verify checks signature method, time, body hash and signature under the
// tool's live secrets.
func (k *call) verify() error {
	secrets, err := k.secrets(k.place, k.now)
	if err != nil {
		return err
	}
	methods := []string{k.tool.SignatureMethod}
	if k.tool.SignatureMethod == "" {
		methods = nil
	}
	k.verified, err = k.message.Verify(oauth1.Credential{
		Secrets: secrets, Methods: methods, Window: k.tool.NonceLifetime, NotBefore: k.tool.NotBefore,
	}, k.now)
	if err == nil {
		return nil
	}
	number := sourcedid.CauseSignature
	if errors.Is(err, oauth1.ErrTimestampOld) || errors.Is(err, oauth1.ErrTimestampFuture) {
		number = sourcedid.CauseNonce
	}
	f := unauthenticated(number, err)
	if f.reason.Cause == lti.CauseSignature && !k.unexplained {
		k.explain(f.reason)
	}
	return f
}

// burn records the call's nonce, in the transaction of what the call does. If
// course or tool were changed since the signature was verified, it is verified
// anew. What the credential's owner is refused after this is refused for good:
// the nonce is used.
func (k *call) burn(tx store.Tx) error {
	now, err := k.find(tx)
	if err != nil {
		return err
	}
	if !now.same(k.place) {
		k.place = now
		if k.message.Key() != k.tool.Key {
			return unauthenticated(sourcedid.CauseKey, lti.Refuse(lti.CauseUnknownKey, "the key is not that of the tool %s", k.toolName()))
		}
		if err := k.verify(); err != nil {
			return err
		}
	}
	window := k.tool.NonceLifetime
	if window <= 0 {
		window = oauth1.DefaultWindow
	}
	err = tx.UseNonce(store.NewNonce(store.NonceService, k.verified.Key, k.verified.Nonce, k.verified.Timestamp, window))
	switch {
	case errors.Is(err, store.ErrNonceUsed):
		return unauthenticated(sourcedid.CauseNonce, err)
	case errors.Is(err, store.ErrNonceStale):
		return forgotten(err)
	case err != nil:
		return err
	}
	return store.NoteSecretUse(tx, k.vaultContext(), k.live(k.now)[k.verified.Secret])
}

// open checks that the tool may use the service, and the seal of the service id:
// in this order, because a service that is switched off leaves no secret.
func (k *call) open(tx store.Tx) error {
	switch {
	case !k.enabled(k.service):
		return k.off("the service is not enabled for this tool", lti.CauseServiceOff)
	case k.tool.Disabled:
		return k.off("the tool is closed", lti.CauseDisabled)
	case k.course.Disabled:
		return k.off("the course is closed", lti.CauseDisabled)
	}
	_, secrets, err := k.ring(tx, k.place, k.service)
	if err != nil {
		return err
	}
	if err := sourcedid.Open(secrets, k.serviceID, tx.Now()); err != nil {
		return badID(lti.CauseServiceID, refusal(err))
	}
	return nil
}

func (k *call) off(text string, cause lti.Cause) *fault {
	f := refuse(cause, outcome.Unauthorised, "%s", text)
	f.number = sourcedid.CauseDisabled
	f.public = sourcedid.PublicText
	return f
}

// settle does what the call asks in one transaction with its nonce. What is
// refused there after the nonce was burned is recorded by the same
// transaction, so do returns a fault only before it has written anything.
func (k *call) settle(ctx context.Context, do func(tx store.Tx) error) error {
	var refused *fault
	err := k.Store.Update(ctx, func(tx store.Tx) error {
		refused = nil
		if err := k.burn(tx); err != nil {
			return err
		}
		err := k.open(tx)
		if err == nil {
			err = do(tx)
		}
		if errors.As(err, &refused) {
			return store.Launches.PutNew(tx, k.record(refused))
		}
		return err
	})
	if err != nil {
		return err
	}
	if refused != nil {
		k.recorded = true
		return refused
	}
	return nil
}

// refuse records why the call is refused, unless that is done, and makes the
// answer with the body that write gives it.
func (k *call) refuse(ctx context.Context, err error, write func(f *fault) []byte) Answer {
	f := broken(err)
	if !k.recorded {
		k.recorded = k.keep(ctx, f)
	}
	a := Answer{
		Status: k.statusOf(f), ContentType: xmlType, Body: write(f),
		Cause: f.reason.Cause, Detail: f.detail(),
	}
	if k.recorded {
		a.Reference = lti.Reference(k.id)
	}
	return a
}
