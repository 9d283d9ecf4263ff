package admin

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// seat is a visitor's place in a course and the rights that go with it, as the
// store says at this moment.
type seat struct {
	course *lti.Course
	// role is empty for an admin who is no member.
	role  lti.Role
	admin bool
}

// takeSeat finds out what the visitor may do in a course. A course that is not
// there, and one that the visitor is not in, are both store.ErrNotFound, so
// that nobody learns which courses there are. A closed course, and dates that
// have not begun or are over, are refusals.
func takeSeat(tx store.Tx, v visit, ref lti.CourseRef) (seat, error) {
	if !v.isAdmin() && v.User.Domain != ref.Domain {
		return seat{}, fmt.Errorf("course %s of another domain: %w", ref, store.ErrNotFound)
	}
	course, err := store.Courses.Read(tx, ref.Domain, ref.ID)
	if err != nil {
		return seat{}, err
	}
	s := seat{course: course, admin: v.isAdmin()}
	if v.User.Domain != ref.Domain {
		return s, nil
	}
	member, err := store.Memberships.Get(tx, ref.Domain, ref.ID, v.User.Username)
	switch {
	case errors.Is(err, store.ErrNotFound) && s.admin:
		return s, nil
	case err != nil:
		return seat{}, err
	case s.admin:
		s.role = member.Role
		return s, nil
	case member.Status != lti.MemberActive || !member.Role.Known():
		return seat{}, fmt.Errorf("no longer in course %s: %w", ref, store.ErrNotFound)
	case course.Disabled:
		return seat{}, lti.Refuse(lti.CauseDisabled, "the course %s is closed", ref)
	case !member.ActiveAt(v.now):
		return seat{}, lti.Refuse(lti.CauseNotOpen, "outside the dates of the membership in %s", ref)
	}
	s.role = member.Role
	return s, nil
}

// grades reports whether the visitor may see and change everyone's results.
func (s seat) grades() bool { return s.admin || s.role.CanGrade() }

// teaches reports whether the visitor sees the course as those who run it do.
func (s seat) teaches() bool { return s.grades() || s.role.CanEdit() }

// adds reports whether the visitor may add links to the course: who edits it,
// and every admin of its domain.
func (s seat) adds(v visit) bool {
	return s.role.CanEdit() || s.admin && v.User.Domain == s.course.Domain
}

func (s seat) seesRoster() bool { return s.admin || s.role.CanSeeRoster() }

// hasResults reports whether results of the visitor's own are kept.
func (s seat) hasResults() bool { return s.role == lti.Student }

// courseFrame begins a page about a course.
func (p *People) courseFrame(r *http.Request, v visit, s seat) web.Frame {
	f, menu := p.frame(r, v), v.menu(s.course)
	f.Bare, f.Inline = !menu.Header, menu.Inline
	f.Viewer.Role = s.role
	f.Course = web.CourseHead{
		Ref: s.course.Ref(), Title: nameOr(s.course.Title, s.course.ID), Label: s.course.Label,
		Gradebook: s.grades() && menu.Offers(lti.MenuGrades),
		Results:   s.hasResults() && menu.Offers(lti.MenuResults),
		Members:   s.seesRoster() && menu.Offers(lti.MenuRoster),
		Edit:      s.edits() && p.Editor != nil,
	}
	if s.course.Disabled && f.Notice.Text == "" {
		f.Notice = web.Notice{Kind: web.NoticeInfo, Text: "This course is closed; only admins see it."}
	}
	return f
}
