package admin

import (
	"errors"
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// launchPath is where LMSs post their launches.
const launchPath = "/lti/launch"

// attended is a course that a person is in at the moment.
type attended struct {
	course *lti.Course
	member lti.Membership
}

// home lists one's own courses. A launch that named no course lets the person
// choose among them, and a stranger is greeted.
func (p *People) home(w http.ResponseWriter, r *http.Request, v visit) error {
	if v.Launch != nil && v.Launch.Offer != nil {
		v.goTo(w, r, web.CopyPath, "")
		return nil
	}
	frame := p.frame(r, v)
	if !v.known {
		frame.Title = "Welcome"
		p.wrote(r, p.Pages.Home(w, http.StatusOK, web.HomePage{Frame: frame, LaunchURL: p.PublicURL + launchPath}))
		return nil
	}
	var courses, later []attended
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		courses, later, err = attendedBy(tx, v)
		return err
	})
	if err != nil {
		return err
	}
	if v.Launch != nil && v.Launch.Course == "" {
		p.wrote(r, p.Pages.RoleChooser(w, http.StatusOK, web.RoleChooserPage{
			Frame: frame, Consumer: consumerName(v.Consumer), Choices: choices(courses), Later: choices(later),
		}))
		return nil
	}
	p.wrote(r, p.Pages.Home(w, http.StatusOK, web.HomePage{Frame: frame, Courses: cards(courses)}))
	return nil
}

// attendedBy lists the open courses in which the visitor has a role now, and
// those in which that is a matter of dates.
func attendedBy(tx store.Tx, v visit) (now, later []attended, err error) {
	prefix := store.Prefix(v.User.Domain, v.User.Username)
	for after := ""; ; {
		found, next, err := store.Memberships.ListBy(tx, "user", prefix, after, store.MaxScan)
		if err != nil {
			return nil, nil, err
		}
		for _, m := range found {
			course, err := store.Courses.Read(tx, m.Domain, m.Course)
			switch {
			case errors.Is(err, store.ErrNotFound):
			case err != nil:
				return nil, nil, err
			case course.Disabled || m.Status != lti.MemberActive || !m.Role.Known():
			case m.ActiveAt(v.now):
				now = append(now, attended{course, m})
			default:
				later = append(later, attended{course, m})
			}
		}
		if next == "" {
			return now, later, nil
		}
		after = next
	}
}

func cards(courses []attended) []web.CourseCard {
	list := make([]web.CourseCard, 0, len(courses))
	for _, a := range courses {
		links := 0
		for range a.course.AllLinks() {
			links++
		}
		list = append(list, web.CourseCard{
			Ref: a.course.Ref(), Title: a.course.Title, Label: a.course.Label, Role: a.member.Role, Links: links,
		})
	}
	return list
}

func choices(courses []attended) []web.RoleChoice {
	list := make([]web.RoleChoice, 0, len(courses))
	for _, a := range courses {
		list = append(list, web.RoleChoice{
			Course: a.course.Ref(), Title: a.course.Title, Label: a.course.Label, Role: a.member.Role, Section: a.member.Section, Period: a.member.Period,
		})
	}
	return list
}

// choose goes on to the course that was chosen, if the visitor is in it.
func (p *People) choose(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	course, _, _ := strings.Cut(sent.text("choice"), " ")
	domain, id, ok := strings.Cut(course, "/")
	if !ok {
		return errForm
	}
	ref := lti.CourseRef{Domain: domain, ID: id}
	err = p.Store.View(r.Context(), func(tx store.Tx) error {
		_, err := takeSeat(tx, v, ref)
		return err
	})
	if err != nil {
		return err
	}
	v.goTo(w, r, web.CoursePath(ref), "")
	return nil
}
