package delivery

import (
	"errors"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// round hands out free workers to lanes, in one transaction.
type round struct {
	*Carrier
	tx    store.Tx
	left  int
	lanes []*stretch
	// busy counts the attempts under way on this node, with those of this
	// round, by tool consumer.
	busy  map[string]int
	paces map[string]*pacer
	jobs  []job
}

// stretch is a lane as far as a round has read it.
type stretch struct {
	busyLane
	found []lti.Delivery
	after string
	read  int
	done  bool
}

// lookAhead is how many deliveries of a lane are read at once, maxLook how many
// a round looks at for one that may go: those whose predecessor is under way
// stand in front of it.
const (
	lookAhead = 50
	maxLook   = 1000
)

// run gives each worker to the tool consumer that has the fewest, in turn,
// until no worker or no work is left.
func (r *round) run() error {
	for r.left > 0 {
		s := r.neediest()
		if s == nil {
			return nil
		}
		j, err := r.next(s)
		if err != nil {
			return err
		}
		if j == nil {
			s.done = true
			continue
		}
		r.jobs = append(r.jobs, *j)
		r.left--
		r.busy[s.peer()]++
		r.turn = s.key()
	}
	return nil
}

// neediest is the lane that gets the next worker, nil for none. While others
// want workers too, and while its LMS has failed to answer, a tool consumer gets
// no more than its share.
func (r *round) neediest() *stretch {
	peers := make(map[string]bool)
	for _, s := range r.lanes {
		if !s.done {
			peers[s.peer()] = true
		}
	}
	var best *stretch
	for _, s := range r.lanes {
		within := r.busy[s.peer()] < r.share() || len(peers) == 1 && !s.trial
		if !s.done && within && (best == nil || r.busy[s.peer()] < r.busy[best.peer()]) {
			best = s
		}
	}
	return best
}

// share is how many workers of a node one tool consumer may have while others
// wait: half of them.
func (c *Carrier) share() int { return max(1, (c.Workers+1)/2) }

// next leases the next delivery of a lane, nil for none.
func (r *round) next(s *stretch) (*job, error) {
	pace, err := r.pace(s.lane)
	if err != nil || !pace.open(r.tx.Now()) {
		return nil, err
	}
	for {
		d, err := r.peek(s)
		if err != nil || d == nil {
			return nil, err
		}
		j, err := r.take(r.tx, *d)
		if err != nil {
			return nil, err
		}
		if j == nil {
			continue
		}
		if s.open { // one goes to see whether the host answers
			s.done = true
			if err := r.probe(r.tx, s.lane, d.ID); err != nil {
				return nil, err
			}
		}
		return j, pace.spend(r.tx)
	}
}

// peek is the next due delivery of a lane, nil for none.
func (r *round) peek(s *stretch) (*lti.Delivery, error) {
	for {
		if len(s.found) == 0 {
			if s.read > 0 && s.after == "" || s.read >= maxLook {
				return nil, nil
			}
			found, next, err := store.Deliveries.ListBy(r.tx, "lane", store.Prefix(s.domain, s.consumer, s.host), s.after, lookAhead)
			if err != nil || len(found) == 0 {
				return nil, err
			}
			s.found, s.after, s.read = found, next, s.read+len(found)
		}
		d := s.found[0]
		s.found = s.found[1:]
		if d.State.Live() && !d.Due.After(r.tx.Now()) {
			return &d, nil
		}
	}
}

// pacer keeps one tool consumer to its rate and to what it asked for.
type pacer struct {
	lti.Pace
	interval time.Duration // between two deliveries; 0: no rate
}

func (r *round) pace(l lane) (*pacer, error) {
	if p := r.paces[l.peer()]; p != nil {
		return p, nil
	}
	p := &pacer{Pace: lti.Pace{Domain: l.domain, Consumer: l.consumer}}
	held, err := store.Paces.Get(r.tx, l.domain, l.consumer)
	if err == nil {
		p.Pace = held
	} else if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	consumer, err := store.ToolConsumers.Read(r.tx, l.domain, l.consumer)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if err == nil && consumer.Passback.Rate > 0 {
		p.interval = time.Second / time.Duration(consumer.Passback.Rate)
	}
	r.paces[l.peer()] = p
	return p, nil
}

func (p *pacer) open(now time.Time) bool { return !p.OpenAt().After(now) }

// spend takes the place of one delivery. Places that nobody took are gone: the
// LMS never gets more at once than its rate says.
func (p *pacer) spend(tx store.Tx) error {
	if p.interval == 0 {
		return nil
	}
	p.Next = tx.Now().Add(p.interval)
	return store.Paces.Put(tx, p.Pace)
}
