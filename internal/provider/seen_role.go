package provider

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Bounds on the roles without a meaning that are kept: of one launch, of one
// tool consumer, and how long one counts as seen before it is noted again.
const (
	maxSeenOfLaunch   = 10
	maxSeenOfConsumer = 200
	seenNoted         = time.Minute
	maxSeenNotes      = 10_000
)

// seenNotes remembers which roles this process has noted lately, so that the
// usual launch neither reads nor writes for them.
type seenNotes struct {
	mutex sync.Mutex
	at    map[string]time.Time
}

// due reports whether the role with the key is to be noted at now, and takes
// it for noted.
func (n *seenNotes) due(key string, now time.Time) bool {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if last, ok := n.at[key]; ok && now.Before(last.Add(seenNoted)) {
		return false
	}
	if n.at == nil || len(n.at) >= maxSeenNotes {
		n.at = map[string]time.Time{}
	}
	n.at[key] = now
	return true
}

// noteRoles keeps the roles of a believed launch that have no meaning here, in
// a transaction of its own: one that fails costs only the note.
func (a *attempt) noteRoles(ctx context.Context) {
	c := a.holder.consumer
	if !a.believed || !c.UserIdentity || !c.CourseIdentity || len(a.launch.Roles) == 0 {
		return
	}
	best, unmapped := lti.MapRoles(a.launch.Roles, c.Roles)
	var due []string
	for _, r := range unmapped {
		if len(due) == maxSeenOfLaunch {
			break
		}
		inCourse := r.Kind == lti.RoleContext || r.Kind == lti.RoleOther
		if best.Known() && !inCourse {
			continue // some LMSs send them with every launch, and nobody misses them
		}
		if lti.CheckLTIRole(r.Raw) == nil && a.seen.due(store.Join(c.Domain, c.ID, r.Raw), a.now) {
			due = append(due, r.Raw)
		}
	}
	if len(due) == 0 {
		return
	}
	_ = a.Store.Update(context.WithoutCancel(ctx), func(tx store.Tx) error {
		for _, role := range due {
			if err := a.noteRole(tx, role); err != nil {
				return err
			}
		}
		return nil
	}) // noted at the next launch then
}

func (a *attempt) noteRole(tx store.Tx, role string) error {
	c := a.holder.consumer
	seen, err := store.SeenRoles.Get(tx, c.Domain, c.ID, role)
	if errors.Is(err, store.ErrNotFound) {
		known, _, err := store.SeenRoles.List(tx, store.Prefix(c.Domain, c.ID), "", maxSeenOfConsumer)
		if err != nil || len(known) == maxSeenOfConsumer {
			return err
		}
		seen = lti.SeenRole{Domain: c.Domain, Consumer: c.ID, Role: role, First: a.now.Truncate(time.Second)}
	} else if err != nil {
		return err
	}
	seen.Count, seen.Last, seen.Launch = seen.Count+1, a.now.Truncate(time.Second), a.id
	return store.SeenRoles.Put(tx, seen)
}
