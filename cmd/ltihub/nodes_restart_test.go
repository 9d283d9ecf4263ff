package main

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// ward is one student under load, with the score that was acknowledged last.
type ward struct {
	pupil
	score float64
}

// load is traffic through the proxy that goes on until stop is closed.
type load struct {
	w                      *world
	client                 *http.Client
	launches, scores, more atomic.Int64
	stop                   chan struct{}
	busy                   sync.WaitGroup

	// again lists the statuses on which a sender repeats its request.
	again []int

	mu    sync.Mutex
	taken []launchShot // launches that were answered with 303
}

// press starts the load of all students through the proxy at the address. They
// repeat, for as long as patience lasts, what is answered with again.
func (w *world) press(address string, again ...int) (*load, []*ward) {
	w.t.Helper()
	var wards []*ward
	for _, p := range w.enrolPupils() {
		wards = append(wards, &ward{pupil: p})
	}
	l := &load{w: w, again: again, stop: make(chan struct{}), client: &http.Client{
		Transport: redirected{address}, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	w.tool.Client = &http.Client{Transport: redirected{address}, Timeout: patience}
	for _, each := range wards {
		l.busy.Go(func() { l.study(each) })
	}
	return l, wards
}

func (l *load) study(s *ward) {
	for n := 1; ; n++ {
		select {
		case <-l.stop:
			return
		default:
		}
		if err := l.launch(s); err != nil {
			l.w.t.Errorf("launch %d of %s: %v", n, s.login, err)
			return
		}
		if err := l.post(s, float64(n%101)/100); err != nil {
			l.w.t.Errorf("score %d of %s: %v", n, s.login, err)
			return
		}
	}
}

// launch wants one launch accepted once: 303, or 409 for the same bytes again
// after the answer was lost.
func (l *load) launch(s *ward) error {
	action, form, err := l.w.lms.LaunchForm(s.user, "rl-quiz-1")
	if err != nil {
		return err
	}
	for ctx, try := soon(l.w.t), 0; ; try++ {
		answer, err := l.client.Do(formPost(action, form).WithContext(ctx))
		if err != nil {
			return err
		}
		_ = answer.Body.Close() // the status alone counts
		switch {
		case answer.StatusCode == http.StatusSeeOther:
			l.mu.Lock()
			l.taken = append(l.taken, launchShot{action, form})
			l.mu.Unlock()
			l.launches.Add(1)
			return nil
		case answer.StatusCode == http.StatusConflict && try > 0:
			l.launches.Add(1)
			return nil
		case !slices.Contains(l.again, answer.StatusCode):
			return fmt.Errorf("answered with %d", answer.StatusCode)
		}
		l.more.Add(1)
	}
}

// post wants a score taken; a tool signs it anew for each try.
func (l *load) post(s *ward, score float64) error {
	for ctx := soon(l.w.t); ; {
		a, err := l.w.tool.PostScore(ctx, s.in, strconv.FormatFloat(score, 'f', -1, 64))
		if err != nil {
			return err
		}
		if a.Success() {
			s.score = score
			l.scores.Add(1)
			return nil
		}
		if !slices.Contains(l.again, a.Status) {
			return fmt.Errorf("answered with %d %s", a.Status, a.Description)
		}
		l.more.Add(1)
	}
}

// goesOn waits until the load has had n more launches and n more scores taken.
func (l *load) goesOn(n int64) {
	l.w.t.Helper()
	launches, scores := l.launches.Load()+n, l.scores.Load()+n
	until(l.w.t, "the load goes on", func() bool {
		return l.w.t.Failed() || l.launches.Load() >= launches && l.scores.Load() >= scores
	})
}

// TestRollingRestartFailsNoRequest restarts two nodes, one after the other and
// twice, while students launch and tools post through a proxy.
func TestRollingRestartFailsNoRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, "LTIHUB_STORE="+database(t), nodesKey)
	second, other := w.follower()
	proxy, address := newFront(t, strings.TrimPrefix(w.url, "http://"), other)
	l, wards := w.press(address, http.StatusBadGateway)
	l.goesOn(20)
	for range 2 {
		if code := w.hub.terminate(); code != 0 {
			t.Errorf("the first node ended with %d, want 0", code)
		}
		l.goesOn(20) // on the second alone
		w.start()
		l.goesOn(20)
		if code := second.terminate(); code != 0 {
			t.Errorf("the second node ended with %d, want 0", code)
		}
		l.goesOn(20)
		second = w.followerAt(other)
		l.goesOn(20)
	}
	close(l.stop)
	l.busy.Wait()
	t.Logf("%d launches and %d scores were taken; %d requests went on to the other node, %d were repeated by their senders",
		l.launches.Load(), l.scores.Load(), proxy.passed.Load(), l.more.Load())
	for _, s := range wards {
		w.graded(s.user, "rl-quiz-1", s.score)
	}
}
