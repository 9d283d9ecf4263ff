package delivery

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
)

// town is two nodes with few workers, a healthy LMS and others that misbehave as
// chance has it.
type town struct {
	*desk
	t       *rapid.T
	nodes   []*Carrier
	flights [][]job
	moods   map[string]string
	held    map[string]*float64
	// passed is how many attempts went elsewhere while a delivery to the
	// healthy LMS was due.
	passed int
}

const healthy = "healthy"

// maxPassed is how many attempts others may get before it: each lane one on
// each node.
const maxPassed = 2 * 3

func (w *town) Score(t *rapid.T) {
	consumer := rapid.SampledFrom([]string{healthy, "hangs", "breaks", "busy"}).Draw(t, "consumer")
	user := fmt.Sprint(consumer, rapid.IntRange(0, 2).Draw(t, "user"))
	w.score(user, "quiz1", rapid.SampledFrom([]float64{-1, 0, 0.5, 1}).Draw(t, "score"))
}

func (w *town) Lease(t *rapid.T) {
	node := rapid.IntRange(0, 1).Draw(t, "node")
	c := w.nodes[node]
	due := w.due()
	jobs, err := c.lease(t.Context(), c.Workers-len(w.flights[node]))
	if err != nil {
		t.Fatalf("lease() = %v", err)
	}
	for _, j := range jobs {
		c.begin(j)
	}
	w.flights[node] = append(w.flights[node], jobs...)
	switch n := byConsumer(jobs); {
	case n[healthy] > 0 || !due:
		w.passed = 0
	default:
		if w.passed += len(jobs); w.passed > maxPassed {
			t.Fatalf("%d attempts went elsewhere while the healthy LMS had its turn", w.passed)
		}
	}
}

// due reports whether a delivery to the healthy LMS waits for a worker alone,
// and none has one.
func (w *town) due() bool {
	for _, jobs := range w.flights {
		if byConsumer(jobs)[healthy] > 0 {
			return false
		}
	}
	return slices.ContainsFunc(w.all(), func(d lti.Delivery) bool {
		return d.Consumer == healthy && d.State == lti.Waiting && !d.Due.After(w.time())
	})
}

// Answer ends one attempt as its LMS is.
func (w *town) Answer(t *rapid.T) {
	node := rapid.IntRange(0, 1).Draw(t, "node")
	if len(w.flights[node]) == 0 {
		t.Skip("none is under way")
	}
	w.answer(node, rapid.IntRange(0, len(w.flights[node])-1).Draw(t, "flight"))
}

func (w *town) answer(node, i int) {
	j := w.flights[node][i]
	w.flights[node] = slices.Delete(w.flights[node], i, i+1)
	c, result := w.nodes[node], taken()
	switch w.moods[j.delivery.Consumer] {
	case "hangs":
		w.pass(10 * time.Second)
		result = silence()
	case "breaks":
		result = failed()
		result.Silent = true
	case "busy":
		result = lti.SendResult{Verdict: lti.Retry, Status: 429, RetryAfter: time.Minute, Reason: "busy"}
	case "refuses":
		result = refusal()
	default:
		w.held[j.delivery.Target] = j.delivery.Score
	}
	if err := c.finish(w.t.Context(), j, result); err != nil {
		w.t.Fatalf("finish() = %v", err)
	}
	c.end(j)
}

func (w *town) Change(t *rapid.T) {
	consumer := rapid.SampledFrom([]string{"hangs", "breaks", "busy"}).Draw(t, "consumer")
	w.moods[consumer] = rapid.SampledFrom([]string{"hangs", "breaks", "busy", "refuses", healthy}).Draw(t, "mood")
}

func (w *town) Wait(t *rapid.T) {
	w.pass(rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour}).Draw(t, "time"))
}

// rest lets everything come to its end, whatever the LMSs are like by then.
func (w *town) rest() {
	for range 400 {
		open := false
		for node, c := range w.nodes {
			jobs, err := c.lease(w.t.Context(), c.Workers-len(w.flights[node]))
			if err != nil {
				w.t.Fatalf("lease() = %v", err)
			}
			for _, j := range jobs {
				c.begin(j)
			}
			w.flights[node] = append(w.flights[node], jobs...)
			for len(w.flights[node]) > 0 {
				w.answer(node, 0)
			}
		}
		for _, d := range w.all() {
			open = open || d.State.Live()
		}
		if !open {
			return
		}
		w.pass(24 * time.Hour)
	}
	w.t.Fatalf("not all has come to an end:\n%s", w.states())
}

func TestEveryDeliveryEndsAndNoLMSHoldsUpAnother(t *testing.T) {
	t.Parallel()
	engine := openStore(t, time.Now)
	rapid.Check(t, func(t *rapid.T) {
		tx, giveBack := borrow(t, engine)
		defer giveBack()
		d := &desk{tester: t, now: noon}
		d.sitAt(&unit{Store: engine, tx: tx, now: d.time})
		w := &town{
			desk: d, t: t, nodes: []*Carrier{New(*d.Carrier), New(*d.Carrier)}, flights: make([][]job, 2),
			moods: map[string]string{"hangs": "hangs", "breaks": "breaks", "busy": "busy"}, held: make(map[string]*float64),
		}
		for _, consumer := range []string{"hangs", "breaks", "busy"} {
			d.crowd(consumer, 3)
		}
		d.crowd(healthy, 3)
		w.t.Repeat(map[string]func(*rapid.T){
			"score": w.Score, "lease": w.Lease, "lease again": w.Lease, "answer": w.Answer, "answer again": w.Answer, "change": w.Change, "wait": w.Wait,
		})
		w.rest()
		w.checkEnd()
	})
}

func (w *town) checkEnd() {
	newest := make(map[string]lti.Delivery)
	for _, d := range w.all() {
		newest[d.Target] = d // ids lie in the order of time
	}
	for key, d := range newest {
		if d.Consumer == healthy && d.State != lti.Delivered {
			w.t.Fatalf("the newest to the healthy LMS is %s", d.State)
		}
		if d.State == lti.Superseded {
			w.t.Fatal("the newest is superseded")
		}
		if d.State == lti.Delivered && scoreText(w.held[key]) != scoreText(d.Score) {
			w.t.Fatalf("the LMS holds %s, the newest is %s", scoreText(w.held[key]), scoreText(d.Score))
		}
	}
}
