package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAFailoverLosesNothingOfTwoNodes kills the primary of a pair under two
// nodes and promotes the standby. What was acknowledged before is there, and no
// launch is taken twice.
func TestAFailoverLosesNothingOfTwoNodes(t *testing.T) {
	t.Parallel()
	primary := cluster(t)
	dsn := primary.Database(t)
	standby, err := primary.Standby()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := standby.Remove(); err != nil {
			t.Errorf("remove the standby: %v", err)
		}
	})
	both := strings.Replace(dsn, primary.Host(), primary.Host()+","+standby.Host(), 1) + "&target_session_attrs=read-write"
	w := newWorld(t, nil, "LTIHUB_STORE="+both, nodesKey)
	if strings.Contains(w.hub.log.String(), "could lose acknowledged commits") {
		t.Error("the start warns of a pair whose commits wait for the standby")
	}
	second, other := w.follower()
	_, address := newFront(t, strings.TrimPrefix(w.url, "http://"), other)
	l, wards := w.press(address, http.StatusBadGateway, http.StatusServiceUnavailable)
	l.goesOn(30)
	if err := primary.Kill(); err != nil {
		t.Fatal(err)
	}
	since := time.Now()
	if err := standby.Promote(); err != nil {
		t.Fatal(err)
	}
	l.goesOn(1)
	t.Logf("launches and scores are taken again %v after the primary died", time.Since(since).Round(time.Millisecond))
	l.goesOn(30)
	close(l.stop)
	l.busy.Wait()
	t.Logf("%d launches and %d scores were taken, %d requests were repeated", l.launches.Load(), l.scores.Load(), l.more.Load())
	for _, s := range wards {
		w.graded(s.user, "rl-quiz-1", s.score)
	}
	v := newVisitor(t).stay()
	for _, shot := range l.taken {
		if got := v.post(shot.action, shot.form); got.status != http.StatusConflict {
			t.Errorf("a launch that was taken before is answered with %d, want 409", got.status)
		}
	}
	if code := second.terminate(); code != 0 {
		t.Errorf("the second node ended with %d, want 0", code)
	}
}
