package delivery

import (
	"errors"
	"net/http"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

const (
	// breakAfter is how many attempts in a row without an answer open the
	// circuit of a host.
	breakAfter = 5
	// maxBreak bounds how long a host that does not answer is left alone.
	maxBreak = 10 * time.Minute
	// maxAsked bounds how long an LMS may ask all its deliveries to wait.
	maxAsked = 24 * time.Hour
	// expireAtOnce is how many deliveries beyond their time one failed probe
	// gives up with itself.
	expireAtOnce = 200
)

// note keeps what an attempt says about its LMS, for all nodes: a host that
// does not answer is left alone for longer and longer, with one delivery at a
// time to see; any answer ends that. And it keeps how long the LMS wants to be
// left alone.
func (c *Carrier) note(tx store.Tx, d lti.Delivery, r lti.SendResult) error {
	if err := rest(tx, d, r); err != nil {
		return err
	}
	k, err := store.Circuits.Get(tx, d.Domain, d.Consumer, d.Host)
	known := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	switch {
	case !r.Silent && r.Status == 0 && r.Verdict == lti.Retry: // it never left this node
		return nil
	case !r.Silent && known:
		return store.Circuits.Delete(tx, d.Domain, d.Consumer, d.Host)
	case !r.Silent:
		return nil
	}
	k.Domain, k.Consumer, k.Host, k.Reason = d.Domain, d.Consumer, d.Host, r.Reason
	k.Failures++
	if !k.Open() && k.Failures >= breakAfter || k.Open() && k.Probe == d.ID {
		k.Pauses++
		k.Until, k.Probe = tx.Now().Add(min(c.pause(k.Pauses, 0), maxBreak)), ""
	}
	return store.Circuits.Put(tx, k)
}

// rest keeps Retry-After (RFC 9110, 10.2.3) of an LMS that is too busy, for all
// that goes there.
func rest(tx store.Tx, d lti.Delivery, r lti.SendResult) error {
	if r.Verdict != lti.Retry || r.RetryAfter <= 0 || r.Status != http.StatusTooManyRequests && r.Status != http.StatusServiceUnavailable {
		return nil
	}
	p, err := store.Paces.Get(tx, d.Domain, d.Consumer)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	until := tx.Now().Add(min(r.RetryAfter, maxAsked))
	if !until.After(p.Until) {
		return nil
	}
	p.Domain, p.Consumer, p.Until = d.Domain, d.Consumer, until
	return store.Paces.Put(tx, p)
}

// probe lets nothing else go to a host whose circuit is open while one delivery
// is on its way there. If its node dies, the next goes when its lease is over.
func (c *Carrier) probe(tx store.Tx, l lane, delivery string) error {
	k, err := store.Circuits.Get(tx, l.domain, l.consumer, l.host)
	if err != nil {
		return err
	}
	k.Probe, k.Until = delivery, tx.Now().Add(c.Lease)
	return store.Circuits.Put(tx, k)
}

// letThrough makes a lane try at once, because a person wants it.
func (c *Carrier) letThrough(tx store.Tx, l lane) error {
	k, err := store.Circuits.Get(tx, l.domain, l.consumer, l.host)
	if err == nil && k.Open() && k.Probe == "" && k.Until.After(tx.Now()) {
		k.Until = tx.Now()
		err = store.Circuits.Put(tx, k)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	p, err := store.Paces.Get(tx, l.domain, l.consumer)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.Until.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	p.Until = time.Time{}
	return store.Paces.Put(tx, p)
}

// expire gives up what has waited for too long behind an open circuit, and so
// was never tried at all.
func (c *Carrier) expire(tx store.Tx, probe lti.Delivery) error {
	l := laneOf(probe)
	found, _, err := store.Deliveries.ListBy(tx, "lane", store.Prefix(l.domain, l.consumer, l.host), "", expireAtOnce)
	if err != nil {
		return err
	}
	for _, d := range found {
		if d.State != lti.Waiting || d.ID == probe.ID || !tx.Now().After(d.GiveUp) {
			continue
		}
		d.State, d.Finished, d.After = lti.Dead, tx.Now(), ""
		d.LastError, d.Cause = probe.LastError, probe.Cause
		if err := store.Deliveries.Put(tx, d); err != nil {
			return err
		}
	}
	return nil
}
