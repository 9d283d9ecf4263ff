package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/simulator"
)

func TestReadFirstLeavesAloneWhatWasChangedInTheLMS(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		held     float64 // in the LMS; negative: nothing
		delivery lti.Delivery
		ours     []float64
		anyway   bool
		fault    simulator.ServiceFault
		want     lti.Verdict
		kinds    string
		holds    float64
	}{
		{name: "nothing there", held: -1, delivery: points(8, 10), want: lti.Taken, kinds: "read set", holds: 0.8},
		{name: "nothing to delete", held: -1, delivery: deletion(), want: lti.Taken, kinds: "read", holds: -1},
		{name: "ours", held: 0.5, delivery: points(8, 10), ours: []float64{0.5}, want: lti.Taken, kinds: "read set", holds: 0.8},
		{name: "one of ours", held: 0.5, delivery: points(8, 10), ours: []float64{0.5, 0.6}, want: lti.Taken, kinds: "read set", holds: 0.8},
		{name: "ours as the LMS rounds it", held: 0.33, delivery: points(8, 10), ours: []float64{1.0 / 3}, want: lti.Taken, kinds: "read set", holds: 0.8},
		{name: "there already", held: 0.8, delivery: points(8, 10), want: lti.Taken, kinds: "read", holds: 0.8},
		{name: "changed", held: 0.9, delivery: points(8, 10), ours: []float64{0.5}, want: lti.RefusedBy, kinds: "read", holds: 0.9},
		{name: "changed, and ours is deleted", held: 0.9, delivery: deletion(), ours: []float64{0.5}, want: lti.RefusedBy, kinds: "read", holds: 0.9},
		{name: "set there before us", held: 0.9, delivery: points(8, 10), want: lti.RefusedBy, kinds: "read", holds: 0.9},
		{name: "changed, but a person insists", held: 0.9, delivery: points(8, 10), anyway: true, want: lti.Taken, kinds: "set", holds: 0.8},
		{name: "not told", held: 0.9, delivery: points(8, 10), fault: simulator.FaultNoRead, want: lti.Taken, kinds: "read set", holds: 0.8},
		{name: "down", held: 0.9, delivery: points(8, 10), fault: simulator.FaultDown, want: lti.Retry, kinds: "read", holds: 0.9},
		{name: "refuses all", held: 0.9, delivery: points(8, 10), fault: simulator.FaultFailure, want: lti.RefusedBy, kinds: "read set", holds: 0.9},
	}
	for _, format := range formats() {
		for _, tt := range tests {
			t.Run(format+" "+tt.name, func(t *testing.T) {
				t.Parallel()
				s := newSender(t)
				s.configure(func(c *lti.ToolConsumer) { c.Passback.Format, c.Passback.ReadFirst = format, true })
				if tt.held >= 0 && !s.lms.SetGrade(student, quiz, tt.held) {
					t.Fatal("the LMS has no such cell")
				}
				s.lms.SetFault(tt.fault)
				d := tt.delivery
				d.Ours, d.Anyway = tt.ours, tt.anyway
				r := s.SendResult(t.Context(), d, s.target)
				if r.Verdict != tt.want || (r.Theirs != nil) != (r.Cause == lti.SendChanged) {
					t.Errorf("SendResult() = %+v, want %s", r, tt.want)
				}
				if score, ok := s.lms.Grade(student, quiz); ok != (tt.holds >= 0) || ok && score != tt.holds {
					t.Errorf("the LMS holds %v, %v, want %v", score, ok, tt.holds)
				}
				if got := kinds(s.lms.Calls()); got != tt.kinds {
					t.Errorf("calls: %s, want %s", got, tt.kinds)
				}
			})
		}
	}
}

func kinds(calls []simulator.Call) string {
	var all []string
	for _, c := range calls {
		kind := "set"
		if c.Kind == "readResult" || c.Kind == "basic-lis-readresult" {
			kind = "read"
		}
		all = append(all, kind)
	}
	return strings.Join(all, " ")
}

func TestReadFirstWritesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"not implemented": http.StatusNotImplemented, "no such address": http.StatusNotFound} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			s := answeredBy(t, func(w http.ResponseWriter, r *http.Request) {
				if calls++; calls == 1 {
					w.WriteHeader(status)
					return
				}
				_, _ = strings.NewReader(strings.NewReplacer("%s", "success").Replace(poxTemplate)).WriteTo(w)
			})
			s.configure(func(c *lti.ToolConsumer) { c.Passback.ReadFirst = true })
			if r := s.SendResult(t.Context(), points(8, 10), s.target); r.Verdict != lti.Taken || calls != 2 {
				t.Errorf("SendResult() = %+v after %d calls", r, calls)
			}
		})
	}
}
