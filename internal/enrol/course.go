package enrol

import (
	"errors"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// findCourse takes the course from the first that names one: the launch
// parameter custom_coursedomain, the stored mapping of the context, or the
// tail of the launch URL. A course that is named but missing is an error and
// the search goes no further; so is a mapping and a tail that disagree. The
// first two count only where the tool consumer is believed about courses. A
// tool consumer reaches courses of its own domain only. A context that is a
// copy of a mapped one leaves a question open first: see decideCopy.
func (v *visit) findCourse() error {
	named, how, err := v.namedCourse()
	if err != nil {
		return err
	}
	if settled, err := v.decideCopy(named); err != nil || settled {
		return err
	}
	if named == (lti.CourseRef{}) {
		return v.createCourse()
	}
	if named.Domain != v.Consumer.Domain {
		// A username means another person in another domain.
		return lti.Refuse(lti.CauseUnknownCourse, "%s names a course of the domain %q, the tool consumer belongs to %q", how, named.Domain, v.Consumer.Domain)
	}
	v.course, err = store.Courses.Read(v.tx, named.Domain, named.ID)
	if errors.Is(err, store.ErrNotFound) {
		return lti.Refuse(lti.CauseUnknownCourse, "%s names the course %s, which does not exist", how, named)
	}
	if err != nil {
		return err
	}
	if v.course.Disabled {
		return lti.Refuse(lti.CauseDisabled, "the course %s is closed", named)
	}
	v.step("course %s by %s", named, how)
	if !v.Consumer.Courses.StoreMapping {
		return nil
	}
	return v.storeMapping()
}

// namedCourse finds what names the course, and how.
func (v *visit) namedCourse() (ref lti.CourseRef, how string, err error) {
	tail, err := v.tailCourse()
	if err != nil {
		return lti.CourseRef{}, "", err
	}
	if text := v.matched(courseParam); text != "" && v.believesCourse() {
		return v.parseCourse(text), courseParam, nil
	}
	m, err := v.mappedCourse()
	if err != nil {
		return lti.CourseRef{}, "", err
	}
	none, mapped := lti.CourseRef{}, m.Course
	how = "the stored mapping of " + v.Consumer.Courses.Match
	switch {
	case tail == none:
		return mapped, how, nil
	case mapped == none || mapped == tail:
		return tail, "the launch URL", nil
	case m.From == tail && !v.Consumer.Courses.TailOverMapping:
		v.origin = tail
		v.step("the launch URL was copied along from %s", tail)
		return mapped, how, nil
	case v.Consumer.Courses.TailOverMapping:
		v.step("%s names %s, but the launch URL wins", how, mapped)
		return tail, "the launch URL", nil
	}
	r := lti.Refuse(lti.CauseCourseConflict, "%s names %s, the launch URL names %s", how, mapped, tail)
	r.Hint = "Correct the launch URL in the LMS, remove the mapping, or set courses.tail_over_mapping for this tool consumer."
	return none, "", r
}

// courseParam is the launch parameter that names a course before all else.
const courseParam = "custom_coursedomain"

// parseCourse reads domain/course, domain_course or a course of the consumer's
// own domain.
func (v *visit) parseCourse(text string) lti.CourseRef {
	if domain, id, ok := strings.Cut(text, "/"); ok {
		return lti.CourseRef{Domain: domain, ID: id}
	}
	if id, ok := strings.CutPrefix(text, v.Consumer.Domain+"_"); ok {
		return lti.CourseRef{Domain: v.Consumer.Domain, ID: id}
	}
	return lti.CourseRef{Domain: v.Consumer.Domain, ID: text}
}

func (v *visit) contextID() string { return v.matched(v.Consumer.Courses.Match) }

// mappedCourse is the stored mapping of the launch's context, empty if there is
// none or the tool consumer is not believed about courses.
func (v *visit) mappedCourse() (lti.CourseMap, error) {
	id := v.contextID()
	if id == "" || !v.believesCourse() {
		return lti.CourseMap{}, nil
	}
	return v.mapping(id)
}

// mapping is the stored mapping of a context, empty if there is none.
func (v *visit) mapping(contextID string) (lti.CourseMap, error) {
	m, err := store.CourseMaps.Read(v.tx, v.Consumer.Domain, v.Consumer.ID, contextID)
	if errors.Is(err, store.ErrNotFound) {
		return lti.CourseMap{}, nil
	}
	if err != nil {
		return lti.CourseMap{}, err
	}
	return *m, nil
}

// tailCourse is the course that the launch URL names, also through a tiny
// code.
func (v *visit) tailCourse() (lti.CourseRef, error) {
	t := v.Tail
	if t.Domain == "" {
		return lti.CourseRef{}, nil
	}
	if t.Tiny == "" {
		return lti.CourseRef{Domain: t.Domain, ID: t.Course}, nil
	}
	c, err := store.Courses.FindRead(v.tx, "tiny", store.Join(t.Domain, t.Tiny))
	if errors.Is(err, store.ErrNotFound) {
		return lti.CourseRef{}, lti.Refuse(lti.CauseUnknownLink, "no link has the tiny code %q", t.Tiny)
	}
	if err != nil {
		return lti.CourseRef{}, err
	}
	return c.Ref(), nil
}

// storeMapping remembers which course the context is, unless that is known
// already.
func (v *visit) storeMapping() error {
	id := v.contextID()
	if id == "" || !v.believesCourse() {
		return nil
	}
	m, err := v.mapping(id)
	if err != nil || m.ContextID != "" {
		return err
	}
	return v.mapTo(lti.CourseRef{})
}

// mapTo stores the mapping of a context that has none. from is what launch URLs
// that were copied along still name, if that is another course.
func (v *visit) mapTo(from lti.CourseRef) error {
	v.step("the context is mapped to %s from now on", v.course.Ref())
	return store.CourseMaps.PutNew(v.tx, lti.CourseMap{
		Domain: v.Consumer.Domain, Consumer: v.Consumer.ID, ContextID: v.contextID(),
		Course: v.course.Ref(), From: from, Created: v.now,
	})
}
