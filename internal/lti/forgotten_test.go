package lti

import (
	"testing"
	"time"
)

func TestWiderWindowTakesNothingForgotten(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	tests := []struct {
		name          string
		notBefore     time.Time
		before, after time.Duration
		want          time.Time
	}{
		{"wider", time.Time{}, 5 * time.Minute, time.Hour, ago(5 * time.Minute)},
		{"as before", time.Time{}, time.Hour, time.Hour, time.Time{}},
		{"narrower", ago(time.Minute), time.Hour, 5 * time.Minute, ago(time.Minute)},
		{"wider twice", ago(6 * time.Minute), time.Hour, 2 * time.Hour, ago(6 * time.Minute)}, // else an hour's replays hold
		{"wider after long", ago(9 * time.Hour), time.Hour, 2 * time.Hour, ago(time.Hour)},
	}
	for _, tt := range tests {
		if got := KeepForgotten(tt.notBefore, now, tt.before, tt.after); !got.Equal(tt.want) {
			t.Errorf("%s: KeepForgotten() = %s, want %s", tt.name, got, tt.want)
		}
	}
}
