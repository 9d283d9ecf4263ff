package delivery

import (
	"errors"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Enqueue queues what a changed result means for every upstream target of its
// user: the link's own score, and the sums of its folder and course. It is
// called in the transaction that stores the result.
func (c *Carrier) Enqueue(tx store.Tx, r lti.Result) error {
	course, err := store.Courses.Read(tx, r.Domain, r.Course)
	if err != nil {
		return err
	}
	_, folder, _ := course.Link(r.Link)
	scopes := []lti.Scope{{Kind: lti.ScopeLink, ID: r.Link}, {Kind: lti.ScopeCourse}}
	if folder != "" {
		scopes = append(scopes, lti.Scope{Kind: lti.ScopeFolder, ID: folder})
	}
	for _, scope := range scopes {
		err := store.Targets.All(tx, store.Prefix(r.Domain, r.Course, r.Username, scope.Kind, scope.ID), func(t lti.UpstreamTarget) error {
			return c.queue(tx, course, t, false)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// TargetStored numbers the target's address, and queues the result that exists
// already when its upstream target becomes known, or sends again what went to
// another cell or was refused there. It is called after the target was stored,
// in the same transaction.
func (c *Carrier) TargetStored(tx store.Tx, t lti.UpstreamTarget) error {
	held := t.Passback
	t, err := number(tx, t)
	if err != nil {
		return err
	}
	if t.Passback != held {
		if err := store.Targets.Put(tx, t); err != nil {
			return err
		}
	}
	course, err := store.Courses.Read(tx, t.Domain, t.Course)
	if err != nil {
		return err
	}
	value, err := current(tx, course, t)
	if err != nil {
		return err
	}
	if value.score == nil {
		if held, err := lastScore(tx, t); err != nil || t.Live == "" || held != nil {
			return err // a launch takes no grade away
		}
	}
	return c.queue(tx, course, t, false)
}

// lastScore is the score of the target's last delivery; nil for none.
func lastScore(tx store.Tx, t lti.UpstreamTarget) (*float64, error) {
	if t.Live == "" {
		return nil, nil
	}
	d, err := store.Deliveries.Get(tx, t.Live)
	if err != nil {
		return nil, fmt.Errorf("read the target's last delivery: %w", err)
	}
	return d.Score, nil
}

// queue makes the delivery of the target's current value. One that waits with
// the same value, or that went to the same cell with it, is enough, unless again
// asks for another; a waiting one is superseded.
//
// A scope without any gradable link, such as a link that was taken out of its
// course, has no value: what waits still goes, and nothing new.
func (c *Carrier) queue(tx store.Tx, course *lti.Course, t lti.UpstreamTarget, again bool) error {
	if !stands(course, t.Scope) {
		return nil
	}
	value, err := current(tx, course, t)
	if err != nil {
		return err
	}
	now := tx.Now()
	d := lti.Delivery{
		ID: c.NewID(), Target: store.Targets.Key(t), Domain: t.Domain, Course: t.Course,
		Username: t.Username, Scope: t.Scope, Consumer: t.Consumer, Host: t.Host(),
		Score: value.score, Total: value.total, Possible: value.possible,
		State: lti.Waiting, Created: now, Due: now, GiveUp: now.Add(c.GiveUp),
	}
	if t.Live != "" {
		old, err := store.Deliveries.Get(tx, t.Live)
		if err != nil {
			return fmt.Errorf("read the target's last delivery: %w", err)
		}
		if !again && enough(old, t) && sameValue(old, d) {
			return move(tx, old, d.Host)
		}
		d.Ours = inherited(old)
		if d.After, err = c.supersede(tx, old, now); err != nil {
			return err
		}
	}
	t.Live = d.ID
	if err := store.Targets.Put(tx, t); err != nil {
		return err
	}
	return store.Deliveries.PutNew(tx, d)
}

// supersede puts an older delivery to rest and returns the one that must be
// over before its successor may go.
func (c *Carrier) supersede(tx store.Tx, old lti.Delivery, now time.Time) (after string, err error) {
	switch old.State {
	case lti.Sending:
		return old.ID, nil // its end finds that it is no longer the newest
	case lti.Waiting, lti.Refused, lti.Dead:
		old.State, old.Finished = lti.Superseded, now
		return old.After, store.Deliveries.Put(tx, old)
	}
	return "", nil
}

// enough reports whether the delivery is, or will be, in the cell that the
// target names now. One of an older program does not say where it went.
func enough(d lti.Delivery, t lti.UpstreamTarget) bool {
	if d.State == lti.Waiting {
		return true
	}
	return (d.State == lti.Sending || d.State == lti.Delivered) && (d.Cell == "" || d.Cell == t.Cell())
}

// move takes a waiting delivery to the lane of its target's new host.
func move(tx store.Tx, d lti.Delivery, host string) error {
	if d.State != lti.Waiting || d.Host == host {
		return nil
	}
	d.Host = host
	return store.Deliveries.Put(tx, d)
}

func sameValue(a, b lti.Delivery) bool {
	if a.Score == nil || b.Score == nil {
		return a.Score == b.Score
	}
	return *a.Score == *b.Score && a.Total == b.Total && a.Possible == b.Possible
}

// value is what a target's scope is worth now.
type value struct {
	score           *float64
	total, possible float64
}

// current computes the target's value: for a link its score, for a folder or
// course the sum of points over the points possible. Without any score it is
// nil, which deletes the grade.
func current(tx store.Tx, course *lti.Course, t lti.UpstreamTarget) (value, error) {
	var v value
	scored := false
	for folder, link := range course.AllLinks() {
		if !inScope(t.Scope, folder, link) {
			continue
		}
		v.possible += link.Points
		r, err := store.Results.Get(tx, t.Domain, t.Course, link.ID, t.Username)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return v, err
		}
		if s := r.Counts(); s != nil {
			scored = true
			v.total += *s * link.Points
			if t.Scope.Kind == lti.ScopeLink {
				v.score = s
				return v, nil
			}
		}
	}
	if scored && v.possible > 0 {
		s := min(v.total/v.possible, 1)
		v.score = &s
	}
	return v, nil
}

// stands reports whether the scope has a gradable link.
func stands(course *lti.Course, s lti.Scope) bool {
	for folder, link := range course.AllLinks() {
		if inScope(s, folder, link) {
			return true
		}
	}
	return false
}

func inScope(s lti.Scope, folder string, link lti.ResourceLink) bool {
	if !link.Gradable() {
		return false
	}
	switch s.Kind {
	case lti.ScopeLink:
		return link.ID == s.ID
	case lti.ScopeFolder:
		return folder == s.ID
	}
	return s.Kind == lti.ScopeCourse
}
