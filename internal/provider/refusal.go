package provider

import (
	"cmp"
	"context"

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
	if reason.Cause == lti.CauseNonceStale && reason.Hint == "" {
		reason.Hint = "The store was restored from a backup a short time ago. Launches that were used since then can't be told from new ones, so none is taken for a while; it passes by itself."
	}
	refused := &Refused{Err: reason}
	if a.believed {
		refused.ReturnURL = a.returnURL()
		a.tellRoles(refused)
	}
	record := a.record(a.consumer)
	record.Refused, record.Cause = true, string(reason.Cause)
	record.Detail, record.Hint = clip(reason.Detail), clip(reason.Hint)
	if a.Status != nil {
		record.Status = a.Status(reason.Cause)
	}
	ctx = context.WithoutCancel(ctx) // the person may be gone; the reason is kept all the same
	if err := a.Store.Update(ctx, func(tx store.Tx) error { return store.Launches.PutNew(tx, record) }); err == nil {
		refused.Reference = lti.Reference(record.ID)
	}
	return refused
}

// maxRoles bounds the roles that a refusal repeats.
const maxRoles = 20

// tellRoles repeats what the LMS said of the person's roles.
func (a *attempt) tellRoles(refused *Refused) {
	refused.Consumer = cmp.Or(a.consumer.Name, a.consumer.ID)
	for _, role := range a.launch.Roles[:min(len(a.launch.Roles), maxRoles)] {
		refused.Roles = append(refused.Roles, clip(role.Raw))
	}
	meant, _ := lti.MapRoles(a.launch.Roles, a.consumer.Roles)
	refused.Unmapped = a.consumer.CourseIdentity && !meant.Known()
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
	return oauth1.Explain(a.req, a.secret, "", oauth1.Clues{})
}

// maxKept bounds the parameters that a record keeps, and each value of one.
const (
	maxKept      = 200
	maxKeptValue = 1024
)

// record begins the launch record with what is known so far.
func (a *attempt) record(c *lti.ToolConsumer) lti.LaunchRecord {
	r := lti.LaunchRecord{
		ID: a.id, At: a.now, Direction: lti.Inbound,
		Domain: a.tail.Domain, Course: a.tail.Course, Folder: a.tail.Folder, Link: a.tail.Link,
	}
	if c != nil {
		r.Domain, r.Consumer = c.Domain, c.ID
	}
	if a.message == nil {
		return r
	}
	r.Key = clip(a.message.Key())
	for _, pair := range a.message.Unverified() {
		if len(r.Params) == maxKept {
			break
		}
		if pair.Name != "oauth_signature" {
			r.Params = append(r.Params, [2]string{clip(pair.Name), clip(pair.Value)})
		}
	}
	r.Steps = append(r.Steps, a.verified.Notes...)
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
