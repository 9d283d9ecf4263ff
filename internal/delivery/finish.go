package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// finish writes what became of an attempt. An attempt whose lease was taken
// over meanwhile is not believed; unless the LMS refused its score, which may
// be older than what another node has sent, the LMS may hold it now, so the
// current one is sent once more.
func (c *Carrier) finish(ctx context.Context, j job, r lti.SendResult) error {
	return c.Store.Update(ctx, func(tx store.Tx) error {
		d, err := store.Deliveries.Get(tx, j.delivery.ID)
		if err != nil {
			return err
		}
		t, err := store.Targets.GetKey(tx, d.Target)
		if errors.Is(err, store.ErrNotFound) { // taken away meanwhile, and the delivery put to rest
			return nil
		}
		if err != nil {
			return err
		}
		if err := c.note(tx, d, r); err != nil {
			return err
		}
		if d.Fence != j.delivery.Fence || d.State != lti.Sending {
			if r.Verdict == lti.RefusedBy || t.Live == d.ID {
				return nil
			}
			course, err := store.Courses.Read(tx, t.Domain, t.Course)
			if err != nil {
				return err
			}
			return c.queue(tx, course, t, true)
		}
		d = c.settle(tx, d, r, t.Live == d.ID)
		if err := store.Deliveries.Put(tx, d); err != nil || d.State != lti.Dead {
			return err
		}
		return c.expire(tx, d)
	})
}

// settle is the delivery after an attempt.
func (c *Carrier) settle(tx store.Tx, d lti.Delivery, r lti.SendResult, newest bool) lti.Delivery {
	now := tx.Now()
	d.Log = append(d.Log, lti.Attempt{At: now, Status: r.Status, Error: r.Reason})
	if len(d.Log) > lti.MaxAttemptLog {
		d.Log = d.Log[len(d.Log)-lti.MaxAttemptLog:]
	}
	d.LastError, d.Cause, d.Theirs, d.Finished, d.After = r.Reason, r.Cause, r.Theirs, now, ""
	d.Ours = inherited(d)
	switch {
	case r.Verdict == lti.Taken:
		d.State, d.DeliveredAt, d.LastError, d.Cause = lti.Delivered, now, "", ""
		d.Ours = scores(d.Score)
	case !newest:
		d.State = lti.Superseded
	case r.Verdict == lti.RefusedBy:
		d.State = lti.Refused
	case now.After(d.GiveUp):
		d.State = lti.Dead
	default:
		d.State, d.Due, d.Finished = lti.Waiting, now.Add(c.pause(d.Attempts, r.RetryAfter)), time.Time{}
	}
	return d
}
