package admin

import (
	"errors"
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// course shows a course's folders and links: to students with their own
// results, to those who teach with what everybody has.
func (p *People) course(w http.ResponseWriter, r *http.Request, v visit) error {
	told, err := p.told(r, v)
	if err != nil {
		return err
	}
	opened, err := p.opened(r, v)
	if err != nil {
		return err
	}
	var page web.CoursePage
	err = p.Store.View(r.Context(), func(tx store.Tx) error {
		s, err := takeSeat(tx, v, courseRef(r))
		if err != nil {
			return err
		}
		page = web.CoursePage{Frame: p.courseFrame(r, v, s), Told: told}
		adds := s.adds(v)
		if asStudent(r, s) {
			page.Preview, s, adds = true, s.asStudent(), false
		}
		page.Teaches = s.teaches()
		if err := p.fillCourse(linkShelf{tx: tx, seat: s, public: p.PublicURL, opened: opened}, v, &page); err != nil || !adds {
			return err
		}
		page.AddFrom, err = toolsToAddFrom(tx, s.course)
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Course(w, http.StatusOK, page))
	return nil
}

func (p *People) fillCourse(shelf linkShelf, v visit, page *web.CoursePage) error {
	s := shelf.seat
	if err := shelf.prepare(v); err != nil {
		return err
	}
	page.Trouble, page.Totals = shelf.trouble, shelf.totals(lti.Scope{Kind: lti.ScopeCourse})
	for _, f := range s.course.Folders {
		links, err := shelf.links(f, f.Links)
		if err != nil {
			return err
		}
		scope := lti.Scope{Kind: lti.ScopeFolder, ID: f.ID}
		page.Folders = append(page.Folders, web.CourseFolder{
			ID: f.ID, Title: f.Title, Links: links, Totals: shelf.totals(scope), Trouble: shelf.stuck[scope],
			Locked: s.shut(f, shelf.opened), Protected: f.Protected,
		})
	}
	links, err := shelf.links(lti.Folder{}, s.course.Links)
	page.Links = links
	return err
}

// linkShelf fills the links of a course page.
type linkShelf struct {
	tx     store.Tx
	seat   seat
	public string
	// opened are the places that the visitor has a pass for.
	opened []lti.Place

	// own is what students see of their results; nil for all others, to whom
	// the rest is shown.
	own      *pupil
	students int
	scored   map[string]int
	stuck    map[lti.Scope]int
	trouble  int
}

// prepare reads what the visitor is shown beside the links.
func (l *linkShelf) prepare(v visit) (err error) {
	switch {
	case l.seat.teaches():
		return l.count()
	case l.seat.hasResults():
		l.own, err = readPupil(l.tx, l.seat.course, v.User.Username)
	}
	return err
}

// totals is how far the visitor's total of a folder or the course has come.
func (l *linkShelf) totals(scope lti.Scope) []web.Transfer {
	if l.own == nil {
		return nil
	}
	return l.own.totals[scope]
}

// count counts what those who teach are shown.
func (l *linkShelf) count() error {
	course := l.seat.course
	students := map[string]bool{}
	err := store.Memberships.All(l.tx, store.Prefix(course.Domain, course.ID), func(m lti.Membership) error {
		if m.Role == lti.Student && m.Status == lti.MemberActive {
			students[m.Username] = true
		}
		return nil
	})
	if err != nil || !l.seat.grades() {
		return err
	}
	l.students, l.scored = len(students), map[string]int{}
	err = store.Results.All(l.tx, store.Prefix(course.Domain, course.ID), func(r lti.Result) error {
		if students[r.Username] && r.Counts() != nil {
			l.scored[r.Link]++
		}
		return nil
	})
	if err != nil {
		return err
	}
	l.stuck, l.trouble, err = stuckIn(l.tx, course.Ref())
	return err
}

// maxStuck bounds how many deliveries that want a person are looked through for
// those of one course.
const maxStuck = 10 * store.MaxScan

// stuckIn counts the refused and dead deliveries of a course by their scope.
func stuckIn(tx store.Tx, course lti.CourseRef) (byScope map[lti.Scope]int, all int, err error) {
	byScope = map[lti.Scope]int{}
	for _, state := range []lti.State{lti.Refused, lti.Dead} {
		seen := 0
		for after := ""; seen < maxStuck; {
			found, next, err := store.Deliveries.ListBy(tx, "queue", store.Prefix(string(state)), after, store.MaxScan)
			if err != nil {
				return nil, 0, err
			}
			for _, d := range found {
				if d.Domain == course.Domain && d.Course == course.ID {
					byScope[d.Scope]++
					all++
				}
			}
			seen += len(found)
			if after = next; after == "" {
				break
			}
		}
	}
	return byScope, all, nil
}

func (l *linkShelf) links(folder lti.Folder, links []lti.ResourceLink) ([]web.CourseLink, error) {
	list := make([]web.CourseLink, 0, len(links))
	for _, link := range links {
		shown, err := l.link(placed{link, folder})
		if err != nil {
			return nil, err
		}
		list = append(list, shown)
	}
	return list, nil
}

func (l *linkShelf) link(link placed) (web.CourseLink, error) {
	shown := web.CourseLink{
		ID: link.ID, Title: link.Title, Description: link.Description, Points: max(link.Points, 0), Due: link.Due,
		Scored: l.scored[link.ID], Students: l.students, Trouble: l.stuck[link.scope()],
		Locked: l.seat.locked(link.ID, l.opened), Protected: link.Protected,
	}
	tool, err := toolOf(l.tx, l.seat.course, link.Tool)
	switch {
	case errors.Is(err, store.ErrNotFound):
		shown.Closed = "its tool is not set up"
	case err != nil:
		return shown, err
	case tool.Disabled:
		shown.Closed = "closed"
	}
	shown.ToolName = tool.Name
	if l.seat.teaches() {
		shown.LaunchURL = l.public + launchURLPath(l.seat.course.Ref(), link.ID)
		shown.CartridgeURL = l.public + cartridgePath + strings.TrimPrefix(web.LinkPath(l.seat.course.Ref(), link.ID), "/courses")
		return shown, nil
	}
	if l.own == nil || !link.Gradable() {
		return shown, nil
	}
	shown.Own, err = l.own.result(link)
	return shown, err
}

// toolOf finds the tool that a link names: the course's own, else the domain's.
func toolOf(tx store.Tx, course *lti.Course, id string) (lti.Tool, error) {
	if t, ok := course.CourseTool(id); ok {
		return t, nil
	}
	t, err := store.Tools.Read(tx, course.Domain, id)
	if err != nil {
		return lti.Tool{}, err
	}
	return *t, nil
}

// launchURLPath is the path at which an LMS launches a link.
func launchURLPath(course lti.CourseRef, link string) string {
	return launchPath + strings.TrimPrefix(web.LinkPath(course, link), "/courses")
}
