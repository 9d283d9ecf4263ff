package enrol

import (
	"errors"
	"slices"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// historyParams carry the ids of the contexts that this one was copied from,
// newest first and divided by commas: $Context.id.history where the LMS knows
// it, under either name that LMS admins give it.
func historyParams() []string {
	return []string{"custom_context_id_history", "custom_context_history"}
}

// maxAncestors bounds how many contexts of a history are looked up.
const maxAncestors = 20

// decideCopy looks whether the context is a copy of one that stands for a
// course here. A copied launch URL may still name that course (named); other
// courses than that are named on purpose. Whoever may make courses is asked, or
// has answered; all others wait until that was done. It reports whether the
// course, or the question, is settled.
func (v *visit) decideCopy(named lti.CourseRef) (bool, error) {
	rules := v.Consumer.Courses
	if !v.believesCourse() || len(rules.CreateFor) == 0 || v.contextID() == "" || v.matched(courseParam) != "" {
		return false, nil
	}
	byURL := named != lti.CourseRef{}
	if byURL && (rules.TailOverMapping || named.Domain != v.Consumer.Domain) {
		return false, nil
	}
	if m, err := v.mapping(v.contextID()); err != nil || m.ContextID != "" {
		return false, err
	}
	origin, err := v.ancestor()
	if err != nil || origin == nil || byURL && origin.Ref() != named {
		return false, err
	}
	if !lti.HasRole(v.Believed.Launch.Roles, rules.CreateFor) {
		r := lti.Refuse(lti.CauseNoCourse, "this %s is a copy of one that stands for %s, and nobody has said yet which course the copy stands for", rules.Match, origin.Ref())
		r.Hint = "A person with a role of courses.create_for must open the link first; they are asked."
		return false, r
	}
	offer, err := v.offer(origin, byURL)
	if err != nil {
		return false, err
	}
	if v.Choice == "" {
		v.step("the context is a copy of one that stands for %s: the person is asked which course it is to be", origin.Ref())
		v.Offer = &offer
		return true, nil
	}
	return true, v.settle(offer, origin)
}

// ancestor is the course of the newest context in the launch's history that
// has one, nil if none has.
func (v *visit) ancestor() (*lti.Course, error) {
	for _, id := range v.history() {
		m, err := v.mapping(id)
		if err != nil {
			return nil, err
		}
		if m.ContextID == "" || m.Course.Domain != v.Consumer.Domain {
			continue
		}
		course, err := store.Courses.Read(v.tx, m.Course.Domain, m.Course.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil || !course.Disabled {
			return course, err
		}
	}
	return nil, nil
}

// history lists the contexts that the launch names as its ancestors.
func (v *visit) history() []string {
	var ids []string
	for _, param := range historyParams() {
		for id := range strings.SplitSeq(v.matched(param), ",") {
			id = strings.TrimSpace(id)
			if id == "" || len(ids) == maxAncestors || id == v.contextID() || slices.Contains(ids, id) || lti.CheckID(id) != nil {
				continue
			}
			ids = append(ids, id)
		}
	}
	return ids
}

// offer says what the person may choose. Going on in the course of the original
// would show them what its people did there, so it takes the right to run that
// course, or a launch URL that leads there anyway.
func (v *visit) offer(origin *lti.Course, byURL bool) (lti.CourseOffer, error) {
	o := lti.CourseOffer{From: origin.Ref(), Same: byURL, Fresh: v.Tail.Folder == "" && v.Tail.Link == "" && v.Tail.Tiny == ""}
	if o.Same {
		return o, nil
	}
	held, err := store.Memberships.Read(v.tx, origin.Domain, origin.ID, v.User.Username)
	if errors.Is(err, store.ErrNotFound) {
		return o, nil
	}
	if err != nil {
		return o, err
	}
	o.Same = held.ActiveAt(v.now) && held.Role.CanManage()
	return o, nil
}

// settle gives the context the course that was chosen.
func (v *visit) settle(o lti.CourseOffer, origin *lti.Course) error {
	if !o.Takes(v.Choice) {
		return lti.Refuse(lti.CauseNoCourse, "%q is not among the courses that may be chosen for a copy of %s", v.Choice, origin.Ref())
	}
	if v.Choice == lti.ChooseSame {
		v.course = origin
		v.step("course %s, chosen for the copy as well", origin.Ref())
		return v.mapTo(lti.CourseRef{})
	}
	made, err := v.newCourse()
	if err != nil {
		return err
	}
	if v.Choice == lti.ChooseCopy {
		if made, err = v.CopyContent(*origin, made); err != nil {
			return err
		}
		v.step("its folders, links and tools are those of %s", origin.Ref())
	}
	if err := store.Courses.PutNew(v.tx, made); err != nil {
		return err
	}
	v.course, v.origin = &made, origin.Ref()
	return v.mapTo(origin.Ref())
}
