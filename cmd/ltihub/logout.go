package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/ltihub/ltihub/internal/provider"
)

// Bounds of the queue of logout callbacks: how many may wait, how many are
// registered at once, and how often one is tried.
const (
	maxLogouts    = 1000
	logoutWorkers = 2
	logoutTries   = 3
)

// logouts registers logout callbacks with LMSs beside the launches that want
// them, so that no browser waits for it. What is lost at a stop or to a full
// queue costs a convenience: the session still ends by its age.
type logouts struct {
	register func(context.Context, provider.LogoutCall) error
	log      *slog.Logger
	// pause is before the second try; it doubles before the third.
	pause time.Duration
	queue chan provider.LogoutCall
}

func newLogouts(register func(context.Context, provider.LogoutCall) error, log *slog.Logger) *logouts {
	return &logouts{register: register, log: log, pause: 2 * time.Second, queue: make(chan provider.LogoutCall, maxLogouts)}
}

// add queues a call and returns at once.
func (l *logouts) add(call provider.LogoutCall) {
	select {
	case l.queue <- call:
	default:
		l.log.Warn("a logout callback is not registered: too many wait", "consumer", call.Consumer)
	}
}

// run registers what is queued until ctx ends.
func (l *logouts) run(ctx context.Context) error {
	var workers sync.WaitGroup
	for range logoutWorkers {
		workers.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case call := <-l.queue:
					l.try(ctx, call)
				}
			}
		})
	}
	workers.Wait()
	return nil
}

func (l *logouts) try(ctx context.Context, call provider.LogoutCall) {
	pause := l.pause
	for n := 1; ; n++ {
		err := l.register(ctx, call)
		if err == nil || ctx.Err() != nil {
			return
		}
		if n == logoutTries {
			l.log.Warn("a logout callback is not registered", "consumer", call.Consumer, "error", err)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
			pause *= 2
		}
	}
}
