package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestScopesSendTheirSums(t *testing.T) {
	t.Parallel()
	folder, course := lti.Scope{Kind: lti.ScopeFolder, ID: "week1"}, lti.Scope{Kind: lti.ScopeCourse}
	type scores map[string]float64
	tests := []struct {
		name            string
		scope           lti.Scope
		scores          scores
		score           string // of the newest delivery, "" for no delivery
		total, possible float64
	}{
		{"link", forLink("quiz1"), scores{"quiz1": 0.8}, "0.8", 8, 10},
		{"link beside others", forLink("quiz1"), scores{"quiz2": 1, "exam": 1}, "", 0, 0},
		{"link of zero", forLink("quiz1"), scores{"quiz1": 0}, "0", 0, 10},
		{"folder, one of two", folder, scores{"quiz1": 0.6}, "0.4", 6, 15},
		{"folder, both", folder, scores{"quiz1": 1, "quiz2": 1}, "1", 15, 15},
		{"folder without its links", folder, scores{"exam": 1}, "", 0, 0},
		{"course", course, scores{"quiz1": 1, "quiz2": 0.2, "exam": 0.5}, "0.6", 21, 35},
		{"course of zero", course, scores{"exam": 0}, "0", 0, 35},
		{"folder that is no more", lti.Scope{Kind: lti.ScopeFolder, ID: "gone"}, scores{"quiz1": 1}, "", 0, 0},
		{"link without points", forLink("reader"), scores{"quiz1": 1}, "", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, early := range []bool{true, false} { // whether the LMS asks before the scores come
				d := newDesk(t)
				if early {
					d.launch(target("ada", tt.scope, "campus"))
				}
				d.score("bo", "quiz1", 1) // another's
				for _, link := range []string{"quiz1", "quiz2", "exam"} {
					if score, ok := tt.scores[link]; ok {
						d.score("ada", link, score)
					}
				}
				if !early {
					d.launch(target("ada", tt.scope, "campus"))
				}
				all := d.all()
				if tt.score == "" {
					if len(all) != 0 {
						t.Errorf("early %v: deliveries %s, want none", early, d.states())
					}
					continue
				}
				if len(all) == 0 {
					t.Fatalf("early %v: no delivery", early)
				}
				got := all[len(all)-1]
				if scoreText(got.Score) != tt.score || got.Total != tt.total || got.Possible != tt.possible || got.State != lti.Waiting {
					t.Errorf("early %v: %s of %v/%v %s, want %s of %v/%v", early, scoreText(got.Score), got.Total, got.Possible, got.State, tt.score, tt.total, tt.possible)
				}
			}
		})
	}
}

func TestOverrideIsWhatCounts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.launch(target("ada", forLink("quiz1"), "campus"))
	low := 0.2
	r := lti.Result{Domain: "uni", Course: "phys101", Link: "quiz1", Username: "ada", Score: &low, Override: &lti.Override{Score: 0.9}}
	d.change(func(tx store.Tx) error { return errors.Join(store.Results.Put(tx, r), d.Enqueue(tx, r)) })
	if got := d.states(); got != "waiting 0.9\n" {
		t.Errorf("deliveries:\n%s", got)
	}
}

func TestNewerScoreTakesTheOldersPlace(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.launch(target("ada", forLink("quiz1"), "campus"))
	d.score("ada", "quiz1", 0.1)
	d.score("ada", "quiz1", 0.1) // the same again changes nothing
	d.score("ada", "quiz1", 0.2)
	j := d.next()
	d.score("ada", "quiz1", 0.3)
	d.score("ada", "quiz1", 0.4)
	if n := len(d.leased(10)); n != 0 {
		t.Errorf("%d deliveries overtake the one that is being sent", n)
	}
	d.finished(j, taken())
	d.finished(d.next(), taken())
	d.score("ada", "quiz1", 0.4) // delivered already
	d.score("ada", "quiz1", -1)
	if got, want := d.states(), "superseded 0.1\ndelivered 0.2\nsuperseded 0.3\ndelivered 0.4\nwaiting delete\n"; got != want {
		t.Errorf("deliveries:\n%swant:\n%s", got, want)
	}
}

func TestEachTargetHasItsOwnDelivery(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Workers = 20 // each may have half of them
	for _, consumer := range []string{"campus", "annex"} {
		for _, scope := range []lti.Scope{forLink("quiz1"), {Kind: lti.ScopeFolder, ID: "week1"}, {Kind: lti.ScopeCourse}} {
			d.launch(target("ada", scope, consumer))
		}
	}
	other := target("ada", forLink("quiz1"), "campus")
	other.Placement = "copy"
	d.launch(other)
	d.score("ada", "quiz1", 1)
	if jobs := d.leased(10); len(jobs) != 7 {
		t.Errorf("%d deliveries, want one for each of 7 targets", len(jobs))
	}
}

func TestNewSourcedIDGoesWithTheNextAttempt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	v := target("ada", forLink("quiz1"), "campus")
	d.launch(v)
	d.score("ada", "quiz1", 1)
	d.finished(d.next(), refusal())
	v.SourcedID = "second"
	d.launch(v) // the LMS has a new cell: what it refused may fit there
	j := d.next()
	if j.target.SourcedID != "second" {
		t.Errorf("sourcedid = %q, want the newest", j.target.SourcedID)
	}
	d.finished(j, taken())
	d.launch(v) // the same again is not sent again
	if got, want := d.states(), "superseded 1\ndelivered 1\n"; got != want {
		t.Errorf("deliveries:\n%swant:\n%s", got, want)
	}
	v.SourcedID = "third" // an empty cell
	d.launch(v)
	if got, want := d.states(), "superseded 1\ndelivered 1\nwaiting 1\n"; got != want {
		t.Errorf("deliveries:\n%swant:\n%s", got, want)
	}
}

// A paused node's attempt may reach the LMS after a newer score has, and its
// answer be lost.
func TestLateAttemptIsSentOver(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer lti.SendResult
		want   string
	}{
		{"taken", taken(), "superseded 0.1\ndelivered 0.9\nwaiting 0.9\n"},
		{"answer lost", lti.SendResult{Verdict: lti.Retry, Reason: "no answer"}, "superseded 0.1\ndelivered 0.9\nwaiting 0.9\n"},
		{"refused", refusal(), "superseded 0.1\ndelivered 0.9\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.launch(target("ada", forLink("quiz1"), "campus"))
			d.score("ada", "quiz1", 0.1)
			late := d.next()
			d.score("ada", "quiz1", 0.9)
			d.pass(d.Lease + time.Second)
			d.finished(d.next(), taken())
			d.finished(late, tt.answer)
			if got := d.states(); got != tt.want {
				t.Errorf("deliveries:\n%swant:\n%s", got, tt.want)
			}
		})
	}
}

func TestDeadNodesDeliveryIsTakenOver(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.launch(target("ada", forLink("quiz1"), "campus"))
	d.score("ada", "quiz1", 1)
	paused := d.next()
	d.pass(d.Lease - time.Second)
	if n := len(d.leased(10)); n != 0 {
		t.Errorf("%d deliveries are leased twice", n)
	}
	d.pass(2 * time.Second)
	second := d.next()
	if second.delivery.ID != paused.delivery.ID || second.delivery.Attempts != 2 {
		t.Errorf("leased %+v, want the same delivery again", second.delivery)
	}
	d.finished(paused, taken()) // the same score: neither believed nor repeated
	if got := d.states(); got != "sending 1\n" {
		t.Errorf("deliveries:\n%s", got)
	}
	d.finished(second, taken())
	if got := d.states(); got != "delivered 1\n" {
		t.Errorf("deliveries:\n%s", got)
	}
}

func TestFailingDeliveryWaitsLongerAndThenDies(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.launch(target("ada", forLink("quiz1"), "campus"))
	d.score("ada", "quiz1", 1)
	attempts := 0
	for before := time.Duration(0); ; {
		j := d.next()
		d.finished(j, failed())
		attempts++
		v := d.all()[0]
		if v.State == lti.Dead {
			break
		}
		pause := v.Due.Sub(d.time())
		if pause < before || pause > d.RetryMax || v.LastError == "" || v.Attempts != attempts {
			t.Fatalf("after attempt %d: pause %s, %+v", attempts, pause, v)
		}
		d.pass(pause - time.Millisecond)
		if n := len(d.leased(10)); n != 0 {
			t.Fatalf("attempt %d comes before its time", attempts+1)
		}
		d.pass(time.Millisecond)
		before = pause
	}
	if age := d.time().Sub(noon); age <= d.GiveUp || age > d.GiveUp+d.RetryMax {
		t.Errorf("given up after %s, want soon after %s", age, d.GiveUp)
	}
	v := d.all()[0]
	if len(v.Log) != lti.MaxAttemptLog || v.Attempts != attempts || v.Finished.IsZero() || v.LastError != failed().Reason {
		t.Errorf("dead: %d of %d attempts kept, %d counted, %q", len(v.Log), attempts, v.Attempts, v.LastError)
	}
}

func TestRetryMeansWhatAPersonWants(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func(d *desk)
		err  error
		want string
		due  int
	}{
		{"waiting", func(d *desk) { d.finished(d.next(), failed()) }, nil, "waiting 1\n", 1},
		{"sending", func(d *desk) { d.next() }, ErrBusy, "sending 1\n", 0},
		{"refused", func(d *desk) { d.finished(d.next(), refusal()) }, nil, "waiting 1\n", 1},
		{"dead", func(d *desk) { d.pass(d.GiveUp + time.Second); d.finished(d.next(), failed()) }, nil, "waiting 1\n", 1},
		{"delivered", func(d *desk) { d.finished(d.next(), taken()) }, nil, "delivered 1\nwaiting 1\n", 1},
		{"superseded", func(d *desk) { d.score("ada", "quiz1", 0.5) }, ErrSuperseded, "superseded 1\nwaiting 0.5\n", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.launch(target("ada", forLink("quiz1"), "campus"))
			d.score("ada", "quiz1", 1)
			tt.make(d)
			first := d.all()[0].ID
			if err := d.Retry(t.Context(), first, "root:uni"); !errors.Is(err, tt.err) {
				t.Errorf("Retry() = %v, want %v", err, tt.err)
			}
			if got := d.states(); got != tt.want {
				t.Errorf("deliveries:\n%swant:\n%s", got, tt.want)
			}
			if noted := d.audited("resend delivery"); noted != (tt.err == nil) {
				t.Errorf("an audit entry was made: %v", noted)
			}
			jobs := d.leased(10)
			if len(jobs) != tt.due {
				t.Fatalf("%d are due, want %d", len(jobs), tt.due)
			}
			if len(jobs) == 1 && !jobs[0].delivery.GiveUp.Equal(d.time().Add(d.GiveUp)) {
				t.Error("the time to give up did not begin anew")
			}
		})
	}
	d := newDesk(t)
	if err := d.Retry(t.Context(), "nothing", "root:uni"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Retry() of nothing = %v, want ErrNotFound", err)
	}
}

// audited reports whether root did that, once, by the audit log.
func (d *desk) audited(action string) bool {
	found := 0
	d.look(func(tx store.Tx) error {
		return store.Audit.All(tx, "", func(e lti.AuditEntry) error {
			if e.Action == action && e.By == "root:uni" && strings.HasPrefix(e.Object, "delivery ") {
				found++
			}
			return nil
		})
	})
	return found == 1
}

func TestRetryAllAndNewCredentialsPickTheirOwn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for i, consumer := range []string{"campus", "campus", "annex"} {
		user := fmt.Sprint("user", i)
		d.launch(target(user, forLink("quiz1"), consumer))
		d.score(user, "quiz1", 1)
	}
	for _, j := range d.leased(10) {
		d.finished(j, refusal())
	}
	d.change(func(tx store.Tx) error { return d.CredentialsChanged(tx, "uni", "annex") })
	if got := strings.Count(d.states(), "waiting"); got != 1 {
		t.Errorf("%d wait after new credentials for one, want 1:\n%s", got, d.states())
	}
	n, err := d.RetryAll(context.Background(), func(v lti.Delivery) bool { return v.Username == "user0" })
	if n != 1 || err != nil {
		t.Errorf("RetryAll() = %d, %v, want 1", n, err)
	}
	if n, err = d.RetryAll(context.Background(), func(lti.Delivery) bool { return true }); n != 1 || err != nil {
		t.Errorf("RetryAll() = %d, %v, want the last", n, err)
	}
	if got := strings.Count(d.states(), "waiting"); got != 3 {
		t.Errorf("%d wait, want 3:\n%s", got, d.states())
	}
}

func TestCredentialsDoNotWakeTheDead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.launch(target("ada", forLink("quiz1"), "campus"))
	d.score("ada", "quiz1", 1)
	d.pass(d.GiveUp + time.Second)
	d.finished(d.next(), failed())
	d.change(func(tx store.Tx) error { return d.CredentialsChanged(tx, "uni", "campus") })
	if got := d.states(); got != "dead 1\n" {
		t.Errorf("deliveries:\n%s", got)
	}
}

func TestLeaseTakesNoMoreThanAsked(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for i := range 7 {
		user := fmt.Sprint("user", i)
		d.launch(target(user, forLink("quiz1"), "campus"))
		d.score(user, "quiz1", 1)
	}
	for _, n := range []int{0, -1, 3, 3, 3} {
		want := map[int]int{0: 0, -1: 0, 3: 3}[n]
		if got := len(d.leased(n)); got != want && got != 1 {
			t.Errorf("lease(%d) took %d", n, got)
		}
	}
	if got := strings.Count(d.states(), "sending"); got != 7 {
		t.Errorf("%d are being sent, want 7", got)
	}
}
