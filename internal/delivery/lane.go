package delivery

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// lane is the queue of one host of one tool consumer. Lanes are served in turn,
// so that a long one, or one whose LMS hangs, does not hold up the others.
type lane struct{ domain, consumer, host string }

func laneOf(d lti.Delivery) lane { return lane{d.Domain, d.Consumer, d.Host} }

func (l lane) key() string { return store.Join(l.domain, l.consumer, l.host) }

// peer is the tool consumer, to which shares and pace belong.
func (l lane) peer() string { return store.Join(l.domain, l.consumer) }

// busyLane is a lane with work that may be done now.
type busyLane struct {
	lane
	// trial says that the lane's circuit is open, or has failures, so that it
	// gets no more than its share; one alone goes when it is open.
	trial, open bool
}

// survey lists the lanes in which a delivery is due and may go, in the order of
// their keys, and how long it is until another one opens, 0 for none. It reads
// one entry of each lane, however many deliveries wait there.
func survey(tx store.Tx) (lanes []busyLane, soon time.Duration, err error) {
	for after := ""; ; {
		found, _, err := store.Deliveries.ListBy(tx, "lane", "", after, 1)
		if err != nil || len(found) == 0 {
			return lanes, soon, err
		}
		l := laneOf(found[0])
		after = l.key() + "0" // the sign after "/": behind all of this lane
		if found[0].Due.After(tx.Now()) {
			continue
		}
		b, opens, err := look(tx, l)
		if err != nil {
			return nil, 0, err
		}
		if wait := opens.Sub(tx.Now()); wait <= 0 {
			lanes = append(lanes, b)
		} else if soon == 0 || wait < soon {
			soon = wait
		}
	}
}

// look reads whether a lane may send, and from when on.
func look(tx store.Tx, l lane) (b busyLane, opens time.Time, err error) {
	b.lane = l
	k, err := store.Circuits.Get(tx, l.domain, l.consumer, l.host)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return b, opens, err
	}
	b.trial, b.open = err == nil, k.Open()
	p, err := store.Paces.Get(tx, l.domain, l.consumer)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return b, opens, err
	}
	if opens = p.OpenAt(); k.Until.After(opens) {
		opens = k.Until
	}
	return b, opens, nil
}

// inTurn begins the lanes after the one that was served last.
func inTurn(lanes []busyLane, last string) []busyLane {
	i, found := slices.BinarySearchFunc(lanes, last, func(b busyLane, key string) int { return cmp.Compare(b.key(), key) })
	if found {
		i++
	}
	return slices.Concat(lanes[i:], lanes[:i])
}
