package enrol

import "github.com/ltihub/ltihub/internal/lti"

// findPlace takes folder and link from the tail of the launch URL. One that
// is named but missing is an error.
func (v *visit) findPlace() error {
	v.Place = lti.Place{Course: v.course.Ref()}
	t := v.Tail
	switch {
	case t.Folder != "":
		if _, ok := v.course.Folder(t.Folder); !ok {
			return lti.Refuse(lti.CauseUnknownFolder, "the course %s has no folder %q", v.course.Ref(), t.Folder)
		}
		v.Place.Folder = t.Folder
	case t.Link != "":
		if _, _, ok := v.course.Link(t.Link); !ok {
			return lti.Refuse(lti.CauseUnknownLink, "the course %s has no link %q", v.course.Ref(), t.Link)
		}
		v.Place.Link = t.Link
	case t.Tiny != "":
		for _, l := range v.course.AllLinks() {
			if l.Tiny == t.Tiny {
				v.Place.Link = l.ID
				return nil
			}
		}
		return lti.Refuse(lti.CauseUnknownLink, "the course %s has no link with the tiny code %q", v.course.Ref(), t.Tiny)
	}
	return nil
}
