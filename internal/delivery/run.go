package delivery

import (
	"context"
	"sync"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// Run carries deliveries until ctx ends, then waits for the attempts under way
// and returns nil. Any number of nodes may run it on one store.
func (c *Carrier) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, c.Workers)
	timer, mend := time.NewTimer(0), time.NewTicker(mendEvery)
	defer timer.Stop()
	defer mend.Stop()
	c.tidy(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-c.wake:
		case <-timer.C:
		case <-mend.C:
			c.tidy(ctx)
		}
		jobs, err := c.lease(ctx, c.Workers-len(slots))
		if err != nil && ctx.Err() == nil {
			c.Log.Error("lease deliveries", "error", err)
		}
		for _, j := range jobs {
			slots <- struct{}{}
			c.begin(j)
			running.Go(func() {
				c.attempt(ctx, j)
				c.end(j)
				<-slots
				c.Wake()
			})
		}
		timer.Reset(c.pauseUntilOpen())
	}
}

func (c *Carrier) tidy(ctx context.Context) {
	if err := c.mend(ctx); err != nil && ctx.Err() == nil {
		c.Log.Error("mend the lanes of deliveries", "error", err)
	}
}

// attempt sends one delivery within its lease and writes what became of it.
// It goes on when ctx ends: the LMS may have the score already.
func (c *Carrier) attempt(ctx context.Context, j job) {
	ctx = context.WithoutCancel(ctx)
	sending, cancel := context.WithTimeout(ctx, c.Lease)
	defer cancel()
	r := c.Send(sending, j.delivery, j.target)
	log := c.Log.With("delivery", j.delivery.ID, "consumer", j.delivery.Consumer, "attempt", j.delivery.Attempts, "status", r.Status)
	if err := c.finish(ctx, j, r); err != nil {
		log.Error("write what became of a delivery", "error", err)
		return
	}
	if r.Verdict == lti.Taken {
		log.Info("result delivered")
		return
	}
	log.Warn("result not delivered", "verdict", r.Verdict, "reason", r.Reason)
}
