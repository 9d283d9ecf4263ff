package web_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

// delivery is a delivery's page in a state, after these attempts.
func delivery(state lti.State, lastError string, log ...lti.Attempt) sample {
	row := web.DeliveryRow{Delivery: lti.Delivery{ID: sessionID, State: state, Score: score(.5), LastError: lastError, Attempts: len(log), Log: log}}
	return sample{"Delivery", string(state), 200, web.DeliveryPage{Frame: adminFrame("/admin/deliveries/1"), Delivery: row}}
}

func TestWording(t *testing.T) {
	t.Parallel()
	pages := newPages(t)
	failed := func(at time.Duration) lti.Attempt {
		return lti.Attempt{At: now.Add(-at), Status: 503, Error: "busy"}
	}
	consumers := func(all bool, last time.Time) sample {
		return sample{"Consumers", "last", 200, web.ConsumersPage{Frame: adminFrame("/admin/consumers"), All: all, Consumers: []web.ConsumerRow{{LastLaunch: last}}}}
	}
	tests := []struct {
		name string
		page sample
		want string
		not  string
	}{
		{"a waiting delivery that failed is no success", delivery(lti.Waiting, "the LMS answered 503", failed(time.Hour)), `panel cause warn"`, `panel cause ok`},
		{"a refused one is bad", delivery(lti.Refused, "no such user"), `panel cause bad"`, `panel cause ok`},
		{"a fresh one is neither", delivery(lti.Waiting, ""), `panel cause calm"`, `panel cause ok`},
		{"a delivered one is good", delivery(lti.Delivered, ""), `panel cause ok"`, `panel cause bad`},
		{"attempts within a minute have seconds", delivery(lti.Waiting, "x", failed(62*time.Second), failed(61*time.Second)), "10:18:59 UTC", "10:18 UTC"},
		{"attempts of several minutes have none", delivery(lti.Waiting, "x", failed(5*time.Minute), failed(time.Minute)), "10:19 UTC", "10:19:00 UTC"},
		{"no launch within the look-back", consumers(false, time.Time{}), "not lately", "never"},
		{"no launch at all", consumers(true, time.Time{}), "never", "not lately"},
		{"a launch within the look-back", consumers(false, minutes(5)), "5 min ago", "not lately"},
		{"a delivery has a number to read out", delivery(lti.Delivered, ""), "<code>" + lti.Reference(sessionID) + "</code>", "Delivery " + sessionID},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body := render(t, pages, tt.page)
			if !strings.Contains(body, tt.want) {
				t.Errorf("the page lacks %q", tt.want)
			}
			if strings.Contains(body, tt.not) {
				t.Errorf("the page holds %q", tt.not)
			}
		})
	}
}

func TestAttemptsStandNewestFirst(t *testing.T) {
	t.Parallel()
	body := render(t, newPages(t), delivery(lti.Delivered, "", lti.Attempt{At: minutes(9), Error: "The first"}, lti.Attempt{At: minutes(5), Error: "second"}, lti.Attempt{At: minutes(1)}))
	first, second, third := strings.Index(body, "first</td>"), strings.Index(body, "Second</td>"), strings.Index(body, "Taken</td>")
	if third < 0 || third > second || second > first {
		t.Errorf("the attempts stand at %d, %d and %d, want the newest first", first, second, third)
	}
}
