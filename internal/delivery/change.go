package delivery

import (
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// CourseChanged queues anew what the scopes of a course are worth, in the
// transaction that changes their links or the points of those. A grade whose
// value stays is left alone, whatever became of it, and none is taken away: a
// scope that has no score any more keeps what the LMS has.
func (c *Carrier) CourseChanged(tx store.Tx, ref lti.CourseRef, scopes []lti.Scope) error {
	course, err := store.Courses.Read(tx, ref.Domain, ref.ID)
	if err != nil {
		return err
	}
	return store.Targets.All(tx, store.Prefix(ref.Domain, ref.ID), func(t lti.UpstreamTarget) error {
		if !slices.Contains(scopes, t.Scope) {
			return nil
		}
		return c.revalue(tx, course, t)
	})
}

// revalue queues the target's value if that has changed.
func (c *Carrier) revalue(tx store.Tx, course *lti.Course, t lti.UpstreamTarget) error {
	if err := prefetchResults(tx, course, t); err != nil {
		return err
	}
	value, err := current(tx, course, t)
	if err != nil || value.score == nil {
		return err
	}
	if t.Live != "" {
		old, err := store.Deliveries.Get(tx, t.Live)
		if err != nil {
			return err
		}
		if sameValue(old, lti.Delivery{Score: value.score, Total: value.total, Possible: value.possible}) {
			return nil
		}
	}
	return c.queue(tx, course, t, false)
}

func prefetchResults(tx store.Tx, course *lti.Course, t lti.UpstreamTarget) error {
	var keys []store.Key
	for folder, link := range course.AllLinks() {
		if inScope(t.Scope, folder, link) {
			keys = append(keys, store.Key{Collection: store.Results.Name(), Key: store.Join(t.Domain, t.Course, link.ID, t.Username)})
		}
	}
	return tx.Prefetch(keys...)
}
