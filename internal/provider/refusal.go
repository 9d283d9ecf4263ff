package provider

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/store"
)

// refuse writes the record of the refusal and makes the error that the caller
// gets. A record that can't be written costs only the reference number.
func (a *attempt) refuse(ctx context.Context, err error) *Refused {
	reason := lti.Reason(err)
	if d := a.diagnose(); d.Hint != "" && reason.Cause == lti.CauseSignature {
		reason.Detail, reason.Hint = d.Detail, d.Hint
	}
	if reason.Hint == "" {
		reason.Hint = hint(reason.Cause)
	}
	refused := &Refused{Err: reason}
	if a.believed {
		refused.ReturnURL = a.returnURL()
		a.tellRoles(refused)
		if reason.Cause == lti.CauseNotEnabled {
			refused.Enabled = a.holder.consumer.Enabled
		}
	}
	record := a.record(a.holder)
	record.Refused, record.Cause = true, string(reason.Cause)
	record.Detail, record.Hint = clip(reason.Detail), clip(reason.Hint)
	if a.Status != nil {
		record.Status = a.Status(reason.Cause)
	}
	ctx = context.WithoutCancel(ctx) // the person may be gone; the reason is kept all the same
	err = a.Store.Update(ctx, func(tx store.Tx) error {
		if a.believed && reason.Cause == lti.CauseNoRole && a.TakeBack != nil {
			if err := a.TakeBack(tx, lti.Believed{Consumer: a.holder.consumer, Launch: a.launch, Tail: a.tail}); err != nil {
				return err
			}
		}
		return store.Launches.PutNew(tx, record)
	})
	if err == nil {
		refused.Reference = lti.Reference(record.ID)
	}
	a.noteRoles(ctx)
	return refused
}

// maxRoles bounds the roles that a refusal repeats.
const maxRoles = 20

// tellRoles repeats what the LMS said of the person's roles.
func (a *attempt) tellRoles(refused *Refused) {
	refused.Consumer = cmp.Or(a.holder.consumer.Name, a.holder.consumer.ID)
	for _, role := range a.launch.Roles[:min(len(a.launch.Roles), maxRoles)] {
		refused.Roles = append(refused.Roles, clip(role.Raw))
	}
	meant, _ := lti.MapRoles(a.launch.Roles, a.holder.consumer.Roles)
	refused.Unmapped = a.holder.consumer.CourseIdentity && !meant.Known()
}

// diagnose asks the doctor why the signature does not hold. That takes tens of
// milliseconds, so it is asked about every sender who is not believed, also
// under a key that nobody has: the time taken tells no one which keys exist.
// And it sees one launch at a time, for bad ones cost the sender nothing; what
// comes meanwhile goes without.
func (a *attempt) diagnose() oauth1.Diagnosis {
	if a.secret == "" || a.believed || !a.doctor.TryLock() {
		return oauth1.Diagnosis{}
	}
	defer a.doctor.Unlock()
	return oauth1.Explain(a.req, a.secret, "", oauth1.Clues{At: a.now, Window: a.window()})
}

func (a *attempt) window() time.Duration {
	if a.holder.consumer == nil {
		return oauth1.DefaultWindow
	}
	return a.holder.consumer.NonceLifetime
}

// hint says what to do about a cause that says no more by itself.
func hint(cause lti.Cause) string {
	switch cause {
	case lti.CauseNonceUsed:
		return "A reload, the back button or a second click sends the same launch again. Opening the link again from the course makes a new one. If it happens at the first click, the LMS repeats its nonces."
	case lti.CauseNonceStale:
		return "The store was restored from a backup a short time ago. Launches that were used since then can't be told from new ones, so none is taken for a while; it passes by itself."
	case lti.CauseTimestampOld:
		return "The LMS's clock is behind ours, or the launch page stood open for long before it was sent. Set the clock there, or widen nonce_lifetime for this tool consumer."
	case lti.CauseTimestampFuture:
		return "The LMS's clock is ahead of ours: set it there, and check ours."
	case lti.CauseUnknownKey:
		return "Compare the key in the LMS with those of the tool consumers here, also for blanks at its ends."
	case lti.CauseMethod:
		return "Choose another signature method in the LMS, or add this one to signature_methods of the tool consumer."
	}
	return ""
}

// maxKept bounds the parameters that a record keeps, and each value of one.
const (
	maxKept      = 200
	maxKeptValue = 1024
)

// record begins the launch record with what is known so far.
func (a *attempt) record(h holder) lti.LaunchRecord {
	r := lti.LaunchRecord{
		ID: a.id, At: a.now, Direction: lti.Inbound, Took: a.Now().UTC().Sub(a.now),
		Domain: a.tail.Domain, Course: a.tail.Course, Folder: a.tail.Folder, Link: a.tail.Link,
	}
	if h.consumer != nil {
		r.Domain, r.Consumer, r.Key = h.consumer.Domain, h.consumer.ID, h.consumer.Key
		r.CourseKey = h.course != nil
	}
	if h.course != nil && r.Course == "" {
		r.Course = h.course.ID
	}
	r.Steps = slices.Clone(a.steps)
	sent := a.sent
	if a.message != nil {
		r.Key, sent = clip(a.message.Key()), a.message.Unverified()
	}
	r.Params = make([][2]string, 0, min(len(sent), maxKept))
	for _, pair := range sent {
		if len(r.Params) == maxKept {
			break
		}
		if pair.Name != "oauth_signature" {
			r.Params = append(r.Params, [2]string{clip(pair.Name), clip(pair.Value)})
		}
	}
	return r
}

func clip(s string) string {
	if len(s) <= maxKeptValue {
		return s
	}
	cut := maxKeptValue
	for cut > 0 && s[cut]&0xc0 == 0x80 { // not inside a character
		cut--
	}
	return s[:cut] + "…"
}
