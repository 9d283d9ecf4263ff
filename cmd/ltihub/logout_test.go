package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ltihub/ltihub/internal/provider"
)

// TestLogoutCallbackIsTriedAgain has an LMS that is away for the first tries.
func TestLogoutCallbackIsTriedAgain(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		away, calls  int
		lasts, pause time.Duration
	}{
		{"there", 0, 1, 0, time.Second},
		{"away once", 1, 2, time.Second, time.Second},
		{"away for long", 9, logoutTries, 3 * time.Second, time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				l := newLogouts(func(context.Context, provider.LogoutCall) error {
					if calls++; calls <= tt.away {
						return errors.New("away")
					}
					return nil
				}, slog.New(slog.DiscardHandler))
				l.pause = tt.pause
				start := time.Now()
				l.try(t.Context(), provider.LogoutCall{})
				if took := time.Since(start); calls != tt.calls || took != tt.lasts {
					t.Errorf("%d calls in %v, want %d in %v", calls, took, tt.calls, tt.lasts)
				}
			})
		})
	}
}

func TestFullQueueOfLogoutsHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	l := newLogouts(nil, slog.New(slog.DiscardHandler))
	for range maxLogouts + 1 {
		l.add(provider.LogoutCall{})
	}
	if len(l.queue) != maxLogouts {
		t.Errorf("%d calls wait, want %d", len(l.queue), maxLogouts)
	}
}
