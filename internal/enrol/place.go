package enrol

import (
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

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
		return v.findTiny()
	}
	return nil
}

// findTiny takes the link from its tiny code. In a copy the code, which only
// the original can have, means the link of the same id.
func (v *visit) findTiny() error {
	holder := v.course
	if v.origin != (lti.CourseRef{}) {
		var err error
		if holder, err = store.Courses.Read(v.tx, v.origin.Domain, v.origin.ID); err != nil {
			return err
		}
	}
	for _, l := range holder.AllLinks() {
		if l.Tiny != v.Tail.Tiny {
			continue
		}
		if _, _, ok := v.course.Link(l.ID); ok {
			v.Place.Link = l.ID
			return nil
		}
	}
	return lti.Refuse(lti.CauseUnknownLink, "the course %s has no link with the tiny code %q", v.course.Ref(), v.Tail.Tiny)
}
