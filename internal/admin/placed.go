package admin

import "github.com/ltihub/ltihub/internal/lti"

// placed is a resource link with the folder that it is in; the folder of those
// outside any is empty.
type placed struct {
	lti.ResourceLink
	folder lti.Folder
}

// gradable lists the links of a course for which results are kept.
func gradable(course *lti.Course) []placed {
	var links []placed
	for id, link := range course.AllLinks() {
		if link.Gradable() {
			folder, _ := course.Folder(id)
			links = append(links, placed{link, folder})
		}
	}
	return links
}

// find finds a link of a course.
func find(course *lti.Course, id string) (placed, bool) {
	link, in, ok := course.Link(id)
	folder, _ := course.Folder(in)
	return placed{link, folder}, ok
}

// scope is the link by itself.
func (l placed) scope() lti.Scope { return lti.Scope{Kind: lti.ScopeLink, ID: l.ID} }

// scopes lists what the link's score is part of: itself, the course, and its
// folder if it is in one.
func (l placed) scopes() []lti.Scope {
	scopes := []lti.Scope{l.scope(), {Kind: lti.ScopeCourse}}
	if l.folder.ID != "" {
		scopes = append(scopes, lti.Scope{Kind: lti.ScopeFolder, ID: l.folder.ID})
	}
	return scopes
}

// titleOf names a link.
func titleOf(link lti.ResourceLink) string { return nameOr(link.Title, link.ID) }

// nameOr is the name to show: the id of what has none.
func nameOr(name, id string) string {
	if name == "" {
		return id
	}
	return name
}
