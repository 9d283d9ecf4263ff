package delivery

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// crowd queues n deliveries to a tool consumer.
func (d *desk) crowd(consumer string, n int) {
	d.Helper()
	for i := range n {
		user := fmt.Sprint(consumer, i)
		v := target(user, forLink("quiz1"), consumer)
		v.URL = "https://" + consumer + ".example/outcomes"
		d.launch(v)
		d.score(user, "quiz1", 1)
	}
}

// byConsumer is how many of the jobs go to each tool consumer.
func byConsumer(jobs []job) map[string]int {
	n := make(map[string]int)
	for _, j := range jobs {
		n[j.delivery.Consumer]++
	}
	return n
}

func silence() lti.SendResult {
	return lti.SendResult{Verdict: lti.Retry, Reason: "no answer in time", Silent: true, Cause: lti.SendSilent}
}

func TestALoneLMSMayUseAllWorkersAndOthersShareThem(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.crowd("campus", 300) // far more than are read at once
	if got := byConsumer(d.leased(4)); got["campus"] != 4 {
		t.Errorf("alone: %v, want all 4", got)
	}
	d.crowd("annex", 300)
	if got := byConsumer(d.leased(4)); got["campus"] != 2 || got["annex"] != 2 {
		t.Errorf("with another: %v, want 2 each", got)
	}
	d.crowd("third", 1)
	if got := byConsumer(d.leased(3)); got["campus"] != 1 || got["annex"] != 1 || got["third"] != 1 {
		t.Errorf("with a third: %v, want 1 each", got)
	}
}

func TestTheOneWithTheFewestAttemptsUnderWayIsServedFirst(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.crowd("campus", 10)
	for _, j := range d.leased(3) {
		d.begin(j)
	}
	d.crowd("zoo", 10)
	if got := byConsumer(d.leased(1)); got["zoo"] != 1 {
		t.Errorf("the free worker goes to %v, want zoo", got)
	}
	if got := byConsumer(d.leased(4)); got["campus"] != 0 || got["zoo"] != 2 {
		t.Errorf("campus has its share already, but gets %v", got)
	}
}

func TestAHostThatDoesNotAnswerIsLeftAloneButForOneAtATime(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.crowd("campus", 20)
	for i := range breakAfter {
		jobs := d.leased(1)
		if len(jobs) != 1 {
			t.Fatalf("attempt %d: %d jobs, want 1", i, len(jobs))
		}
		d.finished(jobs[0], silence())
	}
	if jobs := d.leased(4); len(jobs) != 0 {
		t.Fatalf("%d go to a host that does not answer", len(jobs))
	}
	before := time.Duration(0)
	for range 8 {
		k := d.circuit("campus")
		wait := k.Until.Sub(d.time())
		if wait < before || wait > maxBreak {
			t.Errorf("pause %d is %s after %s", k.Pauses, wait, before)
		}
		before = wait
		d.pass(wait)
		jobs := d.leased(4)
		if len(jobs) != 1 {
			t.Fatalf("%d go to see whether it answers, want 1", len(jobs))
		}
		if more := d.leased(4); len(more) != 0 {
			t.Fatalf("%d more go before that is known", len(more))
		}
		d.finished(jobs[0], silence())
	}
	d.pass(maxBreak)
	d.finished(d.leased(4)[0], refusal()) // a refusal is an answer too
	if jobs := d.leased(4); len(jobs) != 4 {
		t.Errorf("%d go after it has answered, want 4", len(jobs))
	}
}

func (d *desk) circuit(consumer string) (k lti.Circuit) {
	d.Helper()
	d.look(func(tx store.Tx) (err error) {
		k, err = store.Circuits.Get(tx, "uni", consumer, consumer+".example")
		return err
	})
	return k
}

func TestAProbeWhoseNodeDiesIsFollowedByAnother(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.crowd("campus", 9)
	for range breakAfter {
		d.finished(d.leased(1)[0], silence())
	}
	d.pass(maxBreak)
	if jobs := d.leased(4); len(jobs) != 1 {
		t.Fatalf("%d probes, want 1", len(jobs))
	}
	d.pass(d.Lease + time.Second)
	if jobs := d.leased(4); len(jobs) != 1 {
		t.Errorf("%d probes after the lease is over, want 1", len(jobs))
	}
}

func TestAPersonsResendTriesAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.crowd("campus", 9)
	for range breakAfter {
		d.finished(d.leased(1)[0], silence())
	}
	id := d.all()[8].ID
	if err := d.Retry(t.Context(), id, "root:uni"); err != nil {
		t.Fatal(err)
	}
	if jobs := d.leased(4); len(jobs) != 1 {
		t.Errorf("%d go after a person has asked, want 1", len(jobs))
	}
}

func TestRetryAfterHoldsForTheWholeToolConsumer(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.crowd("campus", 9)
			d.crowd("annex", 1)
			for _, j := range d.leased(2) {
				if j.delivery.Consumer == "campus" {
					d.finished(j, lti.SendResult{Verdict: lti.Retry, Status: status, RetryAfter: time.Minute, Reason: "busy"})
				}
			}
			if got := byConsumer(d.leased(4)); len(got) != 0 {
				t.Errorf("%v go meanwhile", got)
			}
			d.pass(59 * time.Second)
			if got := byConsumer(d.leased(4)); got["campus"] != 0 {
				t.Errorf("%v go a second too early", got)
			}
			d.pass(time.Second)
			if got := byConsumer(d.leased(4)); got["campus"] != 3 { // the annex's lease is over, and it takes one
				t.Errorf("%v go after the time that it asked for", got)
			}
		})
	}
}

func TestWhatWaitsTooLongBehindAHostThatNeverAnswersIsGivenUp(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.crowd("campus", 50)
	for range breakAfter {
		d.finished(d.leased(1)[0], silence())
	}
	d.pass(d.GiveUp + time.Second)
	d.finished(d.leased(4)[0], silence())
	for _, v := range d.all() {
		if v.State != lti.Dead || v.LastError == "" {
			t.Fatalf("%s with %q, want all dead with the reason", v.State, v.LastError)
		}
	}
}

func TestADeliveryOfAnOlderProgramFindsItsLane(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.fill(3)
	d.change(func(tx store.Tx) error {
		found, err := tx.Scan("deliveries.lane", "", "", 10)
		if err != nil {
			return err
		}
		for _, it := range found {
			if err := tx.Delete("deliveries.lane", it.Key); err != nil {
				return err
			}
		}
		return nil
	})
	if jobs := d.leased(4); len(jobs) != 0 {
		t.Fatalf("%d leased without a lane", len(jobs))
	}
	if err := d.mend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if jobs := d.leased(4); len(jobs) != 3 {
		t.Errorf("%d leased after they were put into their lane, want 3", len(jobs))
	}
}

// In a bubble of its own, where time passes when all wait.
func TestRateIsNeverExceededOnTwoNodes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{tester: t}
		clock := func() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
		d.sitAt(openStore(t, clock))
		d.change(func(tx store.Tx) error {
			return store.ToolConsumers.PutNew(tx, lti.ToolConsumer{Domain: "uni", ID: "campus", Key: "k", Passback: lti.PassbackRules{Rate: 10}})
		})
		d.crowd("campus", 50)
		var sent []time.Time
		lms := newFakeLMS(50)
		lms.enter = func(lti.Delivery) lti.SendResult {
			lms.mu.Lock()
			sent = append(sent, clock())
			lms.mu.Unlock()
			return taken()
		}
		first, second := New(*d.Carrier), New(*d.Carrier)
		first.Send, second.Send = lms.send, lms.send
		stop := running(t, first, second)
		<-lms.all
		stop()
		for i := 10; i < len(sent); i++ {
			if within := sent[i].Sub(sent[i-10]); within < time.Second {
				t.Errorf("11 deliveries within %s", within)
			}
		}
		if took := sent[len(sent)-1].Sub(sent[0]); took > 6*time.Second {
			t.Errorf("50 deliveries at 10 a second took %s", took)
		}
	})
}

func TestResendPicksCountsAndDoesNotRepeat(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Workers = 1000
	d.crowd("campus", 250)
	d.crowd("annex", 3)
	for _, j := range d.leased(1000) {
		r := refusal()
		if r.Cause = lti.SendKey; j.delivery.Consumer == "annex" {
			r.Cause = lti.SendLeft
		}
		d.finished(j, r)
	}
	if b, err := d.Resend(t.Context(), "root:uni", lti.DeliveryFilter{Cause: lti.SendGone}); err != nil || b.Total != 0 {
		t.Errorf("Resend() of what is not there = %+v, %v", b, err)
	}
	b, err := d.Resend(t.Context(), "root:uni", lti.DeliveryFilter{Domain: "uni", Consumer: "campus", State: lti.Refused})
	if err != nil || b.Total != 250 || !b.Done {
		t.Fatalf("Resend() = %+v, %v, want 250 done", b, err)
	}
	waiting := 0
	for _, v := range d.all() {
		if v.State == lti.Waiting {
			waiting++
			if v.Consumer != "campus" || v.Batch != b.ID {
				t.Errorf("%s of batch %q waits", v.Consumer, v.Batch)
			}
		}
	}
	if waiting != 250 {
		t.Errorf("%d wait, want 250", waiting)
	}
	d.look(func(tx store.Tx) error {
		kept, err := store.Batches.Get(tx, b.ID)
		if kept != b {
			t.Errorf("the batch is kept as %+v, want %+v", kept, b)
		}
		return err
	})
}

func TestPassbackURLsKeepTheirNumbers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	v := target("ada", forLink("quiz1"), "campus")
	number := func(v lti.UpstreamTarget) (n int) {
		d.launch(v)
		d.look(func(tx store.Tx) error {
			held, err := store.Targets.GetKey(tx, store.Targets.Key(v))
			n = held.Passback
			return err
		})
		return n
	}
	other := target("bob", forLink("exam"), "campus")
	elsewhere := target("ada", forLink("quiz1"), "annex")
	for i, step := range []struct {
		of   *lti.UpstreamTarget
		url  string
		want int
	}{
		{&v, "https://lms.example/1", 1}, {&v, "https://lms.example/1", 1}, {&v, "https://lms.example/2", 2},
		{&other, "https://lms.example/1", 1}, {&other, "https://lms.example/3", 3}, {&v, "https://lms.example/1", 1},
		{&elsewhere, "https://annex.example/", 1}, {&v, "", 0},
	} {
		if step.of.URL = step.url; number(*step.of) != step.want {
			t.Errorf("step %d: %q has the number %d, want %d", i, step.url, number(*step.of), step.want)
		}
	}
	d.look(func(tx store.Tx) error {
		n, err := PassbackURLs(tx, v)
		if n != 3 {
			t.Errorf("there are %d addresses, want 3", n)
		}
		return err
	})
}

func TestWhatMayBeInTheLMSFromUsIsRemembered(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.launch(target("ada", forLink("quiz1"), "campus"))
	send := func(score float64, r lti.SendResult, want string) {
		t.Helper()
		d.score("ada", "quiz1", score)
		j := d.next()
		if got := fmt.Sprint(j.delivery.Ours); got != want {
			t.Errorf("before %v goes the LMS may hold %s, want %s", score, got, want)
		}
		d.finished(j, r)
		d.pass(time.Hour)
	}
	send(0.1, taken(), "[]")
	send(0.2, silence(), "[0.1]") // it may have arrived
	send(0.3, refusal(), "[0.1 0.2]")
	theirs := 0.9
	changed := refusal()
	changed.Theirs, changed.Cause = &theirs, lti.SendChanged
	send(0.4, changed, "[0.1 0.2 0.3]")
	all := d.all()
	if last := all[len(all)-1]; last.State != lti.Refused || last.Theirs == nil || *last.Theirs != 0.9 {
		t.Errorf("the delivery is %+v, want it refused with the LMS's score", last)
	}
	if err := d.RetryAnyway(t.Context(), all[len(all)-1].ID, "root:uni"); err != nil {
		t.Fatal(err)
	}
	j := d.next()
	if !j.delivery.Anyway {
		t.Error("it does not go anyway")
	}
	d.finished(j, taken())
	send(0.5, taken(), "[0.4]")
	if all = d.all(); all[len(all)-1].Anyway {
		t.Error("a later score goes anyway too")
	}
}

// The successor may be due before its predecessor's lease is over.
func TestALateAttemptIsSentOverThoughItsSuccessorWasDueFirst(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.launch(target("ada", forLink("quiz1"), "campus"))
	d.score("ada", "quiz1", 1)
	late := d.next()
	d.score("ada", "quiz1", -1)
	d.pass(d.Lease + time.Second)
	jobs := d.leased(1)
	if len(jobs) != 1 || jobs[0].delivery.ID == late.delivery.ID {
		t.Fatalf("leased %d, want the successor", len(jobs))
	}
	d.finished(jobs[0], taken())
	d.finished(late, taken())
	if got, want := d.states(), "superseded 1\ndelivered delete\nwaiting delete\n"; got != want {
		t.Errorf("deliveries:\n%swant:\n%s", got, want)
	}
}
