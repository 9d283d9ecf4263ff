package roster

import (
	"context"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// followMerges counts as listed whom an admin has merged listed people into
// since the roster was looked at: they hold the membership now.
func (j *job) followMerges(ctx context.Context) error {
	into := map[string]string{}
	err := j.Store.View(ctx, func(tx store.Tx) error {
		clear(into)
		return store.Memberships.All(tx, store.Prefix(j.source.Domain, j.source.Course), func(m lti.Membership) error {
			if m.Into != "" {
				into[m.Username] = m.Into
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	for from := range into {
		if !j.listed[from] {
			continue
		}
		for next, hops := into[from], 0; next != "" && hops < len(into); next, hops = into[next], hops+1 {
			j.listed[next] = true
		}
	}
	return nil
}
