package course

import (
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
)

// share is what a gradable link adds to the totals: its points, in a folder.
type share struct {
	folder string
	points float64
}

// worth lists the gradable links of a course with their shares.
func worth(c *lti.Course) map[string]share {
	shares := make(map[string]share)
	for folder, link := range c.AllLinks() {
		if link.Gradable() {
			shares[link.ID] = share{folder, link.Points}
		}
	}
	return shares
}

// changedScopes are the scopes whose total differs: those of each link that
// came, went, moved to another folder or got other points.
func changedScopes(before, after map[string]share) []lti.Scope {
	var scopes []lti.Scope
	add := func(s lti.Scope) {
		if !slices.Contains(scopes, s) {
			scopes = append(scopes, s)
		}
	}
	touch := func(link string, s share) {
		add(lti.Scope{Kind: lti.ScopeLink, ID: link})
		add(lti.Scope{Kind: lti.ScopeCourse})
		if s.folder != "" {
			add(lti.Scope{Kind: lti.ScopeFolder, ID: s.folder})
		}
	}
	for link, s := range before {
		if after[link] != s {
			touch(link, s)
		}
	}
	for link, s := range after {
		if before[link] != s {
			touch(link, s)
		}
	}
	return scopes
}
