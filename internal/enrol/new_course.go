package enrol

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// createCourse makes a course for a context that is seen for the first time,
// if the launching user's role may do that.
func (v *visit) createCourse() error {
	rules := v.Consumer.Courses
	if v.contextID() == "" {
		return lti.Refuse(lti.CauseNoCourse, "the launch has no %s and its URL names no course", rules.Match)
	}
	if !lti.HasRole(v.Believed.Launch.Roles, rules.CreateFor) {
		r := lti.Refuse(lti.CauseNoCourse, "no course stands for this %s, and none of the launch's roles may make one", rules.Match)
		r.Hint = "A person with a role of courses.create_for must open the link first, or the launch URL must name a course."
		return r
	}
	course, err := v.newCourse()
	if err != nil {
		return err
	}
	if err := store.Courses.PutNew(v.tx, course); err != nil {
		return err
	}
	v.course = &course
	return v.storeMapping() // whatever the configuration says, or nothing leads back to the course
}

// newCourse is an empty course for the launch's context, owned by whoever
// launched, not stored yet.
func (v *visit) newCourse() (lti.Course, error) {
	l := v.Believed.Launch
	kind, err := v.courseType()
	if err != nil {
		return lti.Course{}, err
	}
	id, err := v.freeCourseID()
	if err != nil {
		return lti.Course{}, err
	}
	key, err := v.random(32)
	if err != nil {
		return lti.Course{}, err
	}
	course := lti.Course{
		Domain: v.Consumer.Domain, ID: id, Title: firstOf(l.ContextTitle, l.ContextLabel, id), Label: l.ContextLabel,
		Type: kind, Owner: v.User.Username, DigestKey: key, Source: v.Consumer.ID, Created: v.now,
	}
	v.step("course %s made, owned by %s", course.Ref(), course.Owner)
	return course, nil
}

// typeParam is the launch parameter that names the type of a course to be made.
const typeParam = "custom_course_type"

// courseType is the type of a course that this launch makes: the one that it
// names, if the tool consumer may make such courses, else the first that it may.
func (v *visit) courseType() (string, error) {
	types, named := v.Consumer.Courses.Types, v.matched(typeParam)
	switch {
	case named == "" && len(types) == 0:
		return "", nil
	case named == "":
		return types[0], nil
	case slices.Contains(types, named):
		return named, nil
	}
	r := lti.Refuse(lti.CauseNoCourse, "%s asks for a course of the type %q, which this tool consumer may not make", typeParam, named)
	r.Hint = "List the type under courses.types of this tool consumer, or correct the custom parameter in the LMS."
	return "", r
}

// freeCourseID is the context's label as an id where that is free, else with a
// digest of the context behind it.
func (v *visit) freeCourseID() (string, error) {
	sum := sha256.Sum256([]byte(v.Consumer.ID + "\x00" + v.contextID()))
	digest := hex.EncodeToString(sum[:6])
	base := cleanID(v.Believed.Launch.ContextLabel)
	for _, id := range []string{base, base + "-" + digest, "course-" + digest} {
		if base == "" && !strings.HasPrefix(id, "course-") {
			continue
		}
		_, err := store.Courses.Get(v.tx, v.Consumer.Domain, id)
		if errors.Is(err, store.ErrNotFound) {
			return id, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", lti.Refuse(lti.CauseNoCourse, "no free id for a new course like %q", base)
}

// maxCourseID bounds the part of a course id that comes from a label.
const maxCourseID = 64

// cleanID keeps small letters, digits and dashes of a label.
func cleanID(label string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(label) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= maxCourseID {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}

func firstOf(values ...string) string {
	for _, s := range values {
		if s != "" {
			return s
		}
	}
	return ""
}
