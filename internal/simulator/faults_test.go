package simulator

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestServiceFaultsShowThemselves(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault     ServiceFault
		status    int
		codeMajor string
		stored    bool
	}{
		{FaultNone, 200, "success", true},
		{FaultDown, 503, "", false},
		{FaultHTML, 500, "", false},
		{FaultBusy, 429, "", false},
		{FaultUnauthorised, 401, "", false},
		{FaultFailure, 200, "failure", false},
		{FaultUnprocessable, 422, "failure", false},
		{FaultUnsupported, 200, "unsupported", false},
		{FaultProcessing, 200, "processing", false},
		{FaultContentType, 200, "success", true},
	}
	l := newLoop(t)
	launch := l.launch(t, ada, quiz)
	for _, tt := range tests {
		for _, form := range []bool{false, true} {
			l.lms.SetFault(FaultNone)
			must(t, "success")(l.tool.DeleteScore(t.Context(), launch))
			l.lms.SetFault(tt.fault)
			a, err := l.tool.CallResult(t.Context(), ResultCall{Launch: launch, Kind: "replaceResult", Score: "0.5", Form: form})
			if err != nil || a.Status != tt.status || a.CodeMajor != tt.codeMajor {
				t.Errorf("%q (form %v): %d %q, %v", tt.fault, form, a.Status, a.CodeMajor, err)
			}
			if _, stored := l.lms.Grade(ada, quiz); stored != tt.stored {
				t.Errorf("%q (form %v): stored = %v", tt.fault, form, stored)
			}
			calls := l.lms.Calls()
			if last := calls[len(calls)-1]; !last.Answered || last.Status != tt.status || last.Accepted != tt.stored || last.Value != "0.5" {
				t.Errorf("%q (form %v): ledger says %+v", tt.fault, form, last)
			}
		}
	}
}

func TestCutAnswerLeavesTheGradeStored(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, ada, quiz)
	l.lms.SetFault(FaultCut)
	if a, err := l.tool.PostScore(t.Context(), launch, "0.5"); err == nil {
		t.Errorf("answer = %+v, want none", a)
	}
	if score, ok := l.lms.Grade(ada, quiz); !ok || score != 0.5 {
		t.Errorf("Grade = %v, %v", score, ok)
	}
	if last := l.lms.Calls()[0]; !last.Accepted || last.Answered || last.Status != 0 {
		t.Errorf("ledger says %+v", last)
	}
}

func TestHangLastsUntilTheFaultIsLifted(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, ada, quiz)
	l.lms.SetFault(FaultHang)
	gone := make(chan error, 1)
	go func() {
		_, err := l.tool.PostScore(t.Context(), launch, "0.5")
		gone <- err
	}()
	if err := l.lms.Until(t.Context(), func() bool { return len(l.lms.Calls()) == 1 }); err != nil {
		t.Fatal(err)
	}
	l.lms.SetFaults(Faults{})
	if err := <-gone; err == nil {
		t.Error("a call that hung was answered")
	}
	must(t, "success")(l.tool.PostScore(t.Context(), launch, "0.5"))
}

func TestFaultHealsAfterItsTimes(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, ada, quiz)
	l.lms.SetFaults(Faults{Service: FaultDown, Times: 2})
	must(t, "")(l.tool.PostScore(t.Context(), launch, "0.1"))
	must(t, "")(l.tool.PostScore(t.Context(), launch, "0.2"))
	must(t, "success")(l.tool.PostScore(t.Context(), launch, "0.3"))
}

func TestFaultyLaunchesAreRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults Faults
		why    string
	}{
		"tampered":     {Faults{Tamper: true}, "signature"},
		"wrong secret": {Faults{WrongSecret: true}, "signature"},
		"clock behind": {Faults{ClockSkew: -6 * time.Minute}, "timestamp"},
		"clock ahead":  {Faults{ClockSkew: 6 * time.Minute}, "timestamp"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLoop(t)
			l.lms.SetFaults(tt.faults)
			action, form, err := l.lms.LaunchForm(ada, quiz)
			if err != nil {
				t.Fatal(err)
			}
			status, page := l.post(t, action, form)
			if status != http.StatusUnauthorized || !strings.Contains(page, tt.why) {
				t.Errorf("answer %d: %s", status, page)
			}
			if n := len(l.tool.Launches()); n != 0 || len(l.tool.Refusals()) != 1 {
				t.Errorf("%d launches, refusals %v", n, l.tool.Refusals())
			}
		})
	}
}

func TestReplayedLaunchIsRefused(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	if _, _, ok := l.lms.ReplayForm(); ok {
		t.Error("there is something to replay before the first launch")
	}
	l.launch(t, ada, quiz)
	action, form, ok := l.lms.ReplayForm()
	if !ok {
		t.Fatal("nothing to replay")
	}
	if status, page := l.post(t, action, form); status != http.StatusUnauthorized || !strings.Contains(page, "nonce") {
		t.Errorf("answer %d: %s", status, page)
	}
}
