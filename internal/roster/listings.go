package roster

import (
	"context"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// listings are what the institution's directory says of members of a page, by
// their place in it.
type listings map[int]lti.Listing

func (l listings) fill(members []lti.RosterMember) {
	for i, listing := range l {
		if i < len(members) {
			members[i].Listing = listing
		}
	}
}

// listings asks the directory about those of a page who are new, before the
// transaction that takes them in: that waits for nobody. Whoever is known gets
// new names with the next launch.
func (j *job) listings(ctx context.Context, n int) (listings, error) {
	if j.Listing == nil || j.about.Consumer.Users.Info != lti.InfoDirectory {
		return nil, nil
	}
	var page lti.RosterPage
	var fresh []int
	err := j.Store.View(ctx, func(tx store.Tx) (err error) {
		if page, err = j.page(tx, n); err != nil {
			return err
		}
		fresh = nil
		for i, m := range page.Members {
			sighting, err := j.Sighting(tx, j.about, m)
			if err != nil {
				return err
			}
			if sighting.Username == "" && !sighting.Nameless && !m.Gone {
				fresh = append(fresh, i)
			}
		}
		return nil
	})
	ctx, cancel := context.WithTimeout(ctx, j.Lease/2) // longer looks like a lost worker
	defer cancel()
	found := listings{}
	for _, i := range fresh {
		found[i] = j.Listing(ctx, j.about.Consumer, page.Members[i])
	}
	return found, err
}
