package lti

import "slices"

// Worth is what each gradable link of a course adds to the totals, by its id.
type Worth map[string]share

// share is the points of a link, in a folder.
type share struct {
	folder string
	points float64
}

// Worth lists the gradable links of the course with their shares.
func (c Course) Worth() Worth {
	shares := make(Worth)
	for folder, link := range c.AllLinks() {
		if link.Gradable() {
			shares[link.ID] = share{folder, link.Points}
		}
	}
	return shares
}

// Changed are the scopes whose total differs after: those of each link that
// came, went, moved to another folder or got other points.
func (w Worth) Changed(after Worth) []Scope {
	var scopes []Scope
	add := func(s Scope) {
		if !slices.Contains(scopes, s) {
			scopes = append(scopes, s)
		}
	}
	touch := func(link string, s share) {
		add(Scope{Kind: ScopeLink, ID: link})
		add(Scope{Kind: ScopeCourse})
		if s.folder != "" {
			add(Scope{Kind: ScopeFolder, ID: s.folder})
		}
	}
	for link, s := range w {
		if after[link] != s {
			touch(link, s)
		}
	}
	for link, s := range after {
		if w[link] != s {
			touch(link, s)
		}
	}
	return scopes
}
