package roster

import (
	"context"
	"log/slog"
	"maps"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// survey finds whom the roster lists, so that those who left can be told. Its
// memory grows by a username for each member, the rest of a roster stays on the
// disk. A job that is taken up again learns here whom it has taken in before.
func (j *job) survey(ctx context.Context) error {
	j.listed, j.done, j.nameless = map[string]bool{}, map[string]bool{}, 0
	usable := 0
	for n := range j.source.Pages {
		var seen []string
		var nameless, members int
		err := j.Store.View(ctx, func(tx store.Tx) error {
			seen, nameless = nil, 0
			page, err := j.page(tx, n)
			if err != nil {
				return err
			}
			members = len(page.Members)
			for _, m := range page.Members {
				sighting, err := j.Sighting(tx, j.about, m)
				switch {
				case err != nil:
					return err
				case sighting.Nameless:
					nameless++
				case sighting.Username != "":
					seen = append(seen, sighting.Username)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		j.nameless += nameless
		usable += members - nameless
		for _, username := range seen {
			j.listed[username] = true
			if n < j.source.Cursor {
				j.done[username] = true
			}
		}
	}
	if usable == 0 {
		return &lti.RosterError{Reason: "no member of the LMS's roster has " + j.about.Consumer.Users.Match + ", by which its people are known here, so nothing was changed"}
	}
	return nil
}

// drops reports whether members who are not listed are to be dropped. When some
// rows do not say whom they are about, nobody can be told to be missing.
func (j *job) drops() bool { return !j.about.Consumer.Roster.Keep && j.nameless == 0 }

// missing walks this LMS's active members that are not listed, until fn says
// stop, and counts its active members.
func (j *job) missing(ctx context.Context, fn func(lti.Membership) (stop bool)) (active int, err error) {
	prefix := store.Prefix(j.source.Domain, j.source.Course)
	for after := ""; ; {
		var members []lti.Membership
		var now time.Time
		err := j.Store.View(ctx, func(tx store.Tx) (err error) {
			now = tx.Now()
			members, after, err = store.Memberships.List(tx, prefix, after, store.MaxScan)
			return err
		})
		if err != nil {
			return active, err
		}
		for _, m := range members {
			if m.Source == j.source.Consumer && m.Status == lti.MemberActive {
				active++
			}
			if !j.listed[m.Username] && j.about.MayDrop(m, now) && fn(m) {
				return active, nil
			}
		}
		if after == "" {
			return active, nil
		}
	}
}

// held reports whether more would leave than may without a person's word.
func (j *job) held(ctx context.Context) (bool, error) {
	if !j.drops() {
		return false, nil
	}
	leaving := 0
	active, err := j.missing(ctx, func(lti.Membership) bool {
		leaving++
		return false
	})
	return j.about.Consumer.Roster.Holds(leaving, active), err
}

// apply takes the members in, slice by slice, and drops those who left.
func (j *job) apply(ctx context.Context) error {
	if j.source.Phase == lti.RosterPlanning {
		err := j.hold(ctx, func(_ store.Tx, s *lti.RosterSource) error {
			s.Phase, s.Doing = lti.RosterApplying, lti.RosterCounts{Nameless: j.nameless}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for j.source.Cursor < j.source.Pages {
		if err := j.applyPage(ctx); err != nil {
			return err
		}
	}
	return j.drop(ctx)
}

// applyPage takes the members of the page at the cursor in, in one transaction.
// The configuration may have changed since the one before.
func (j *job) applyPage(ctx context.Context) error {
	listings, err := j.listings(ctx, j.source.Cursor)
	if err != nil {
		return err
	}
	var seen map[string]bool
	err = j.hold(ctx, func(tx store.Tx, s *lti.RosterSource) (err error) {
		seen = map[string]bool{}
		if j.about, err = about(tx, *s); err != nil {
			return err
		}
		page, err := j.page(tx, s.Cursor)
		if err != nil {
			return err
		}
		listings.fill(page.Members)
		err = j.members(tx, page, seen, func(c lti.RosterChange) { s.Doing.Add(c) })
		s.Doing.Members += len(page.Members)
		s.Applied += len(page.Members)
		s.Cursor++
		return err
	})
	if err != nil {
		return err
	}
	maps.Copy(j.done, seen)
	maps.Copy(j.listed, seen)
	return nil
}

// members takes the members of a page in and notes in seen whom they are.
func (j *job) members(tx store.Tx, page lti.RosterPage, seen map[string]bool, tell func(lti.RosterChange)) error {
	for _, m := range page.Members {
		sighting, err := j.Sighting(tx, j.about, m)
		if err != nil {
			return err
		}
		again := sighting.Username != "" && (j.done[sighting.Username] || seen[sighting.Username])
		c, err := j.Member(tx, j.about, m, again)
		if err != nil {
			return err
		}
		if c.Username != "" && !m.Gone && c.Role.Known() {
			seen[c.Username] = true
		}
		tell(c)
	}
	return nil
}

// drop drops those who are not listed any more.
func (j *job) drop(ctx context.Context) error {
	if !j.drops() {
		return nil
	}
	if err := j.followMerges(ctx); err != nil {
		return err
	}
	for {
		var leavers []string
		_, err := j.missing(ctx, func(m lti.Membership) bool {
			leavers = append(leavers, m.Username)
			return len(leavers) == j.Slice
		})
		if err != nil || len(leavers) == 0 {
			return err
		}
		err = j.hold(ctx, func(tx store.Tx, s *lti.RosterSource) (err error) {
			if j.about, err = about(tx, *s); err != nil {
				return err
			}
			s.Phase = lti.RosterLeaving
			for _, username := range leavers {
				c, err := j.Leaver(tx, j.about, username)
				if err != nil {
					return err
				}
				s.Doing.Add(c)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, username := range leavers { // whatever became of them, once is enough
			j.listed[username] = true
		}
	}
}

// sweep throws away kept pages that nothing waits for. What fails stays for the
// next time.
func (j *job) sweep(ctx context.Context, log *slog.Logger) {
	keep := ""
	if j.source.Pending != nil {
		keep = j.source.Pending.Run
	}
	if err := j.dropPages(ctx, j.source, keep); err != nil {
		log.Error("throw fetched rosters away", "error", err)
	}
}
