package consumer

import (
	"context"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Refused is somebody at a browser who is not let on, to a tool or from one. It
// wraps the reason.
type Refused struct {
	// Reference leads to the record of the refusal; "" if it could not be
	// written.
	Reference string
	Err       error
}

// Error gives the reason, for the log.
func (r *Refused) Error() string { return "refused: " + r.Err.Error() }

// Unwrap gives the reason, a *lti.Refusal unless something broke.
func (r *Refused) Unwrap() error { return r.Err }

// MayLaunch looks whether Launch would be let, without a trace: nothing is
// recorded or handed out. Its errors are the reasons of Launch.
func (c *Consumer) MayLaunch(ctx context.Context, req LaunchRequest) error {
	var s scene
	err := c.Store.View(ctx, func(tx store.Tx) error { return s.read(tx, req) })
	if err != nil {
		return lti.Reason(err)
	}
	return nil
}

// RefuseLaunch records a launch that the caller refuses for a reason of its own,
// and returns it as a *Refused.
func (c *Consumer) RefuseLaunch(ctx context.Context, req LaunchRequest, reason error) error {
	return c.newOutbound(req).refuse(ctx, reason)
}

// refuse records why the launch is not made. A record that can't be written
// costs only the reference number; none is tried while the store is away.
func (l *outbound) refuse(ctx context.Context, err error) error {
	refused := &Refused{Err: lti.Reason(err)}
	record := l.refusal(lti.Reason(err))
	if record.Cause == string(lti.CauseUnavailable) {
		return refused
	}
	ctx = context.WithoutCancel(ctx) // the browser may be gone; the reason is kept all the same
	err = l.Store.Update(ctx, func(tx store.Tx) error { return store.Launches.PutNew(tx, record) })
	if err == nil {
		refused.Reference = lti.Reference(l.id)
	}
	return refused
}

// refusal is the launch that is not made, as the inspector shows it, with as
// much as was read until then.
func (l *outbound) refusal(reason *lti.Refusal) lti.LaunchRecord {
	r := lti.LaunchRecord{
		ID: l.id, At: l.now, Direction: lti.Outbound,
		Domain: clip(l.req.Course.Domain), Course: clip(l.req.Course.ID), Link: clip(l.req.Link),
		Folder: l.folder, Tool: l.link.Tool, Username: clip(l.req.Username), Role: l.member.Role,
		Refused: true, Cause: string(reason.Cause), Detail: reason.Detail, Hint: reason.Hint, Steps: l.steps,
	}
	if l.tool != nil {
		r.Key = l.tool.Key
	}
	if l.Status != nil {
		r.Status = l.Status(reason.Cause)
	}
	return r
}
