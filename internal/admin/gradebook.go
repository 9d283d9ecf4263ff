package admin

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// gradebook shows all results of a course to those who grade. How far the
// results are on their way is read for the students on the page alone.
func (p *People) gradebook(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.GradebookPage{
		Section: r.URL.Query().Get("section"), Page: number(r, "page"), ColumnPage: number(r, "links"),
	}
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		book, err := p.openBook(tx, r, v, page.Section)
		if err != nil {
			return err
		}
		page.Frame, page.CSVPath = p.courseFrame(r, v, book.seat), web.GradebookPath(book.course.Ref())+".csv"
		page.Columns, page.Rows, page.Sections = book.columns(), book.rows, book.sections
		return book.markStates(tx, page.Page)
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Gradebook(w, http.StatusOK, page))
	return nil
}

// number is a page's number in the query; what is none is 0.
func number(r *http.Request, name string) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil {
		return 0
	}
	return n
}

// book is the gradebook of one course as one transaction read it.
type book struct {
	seat
	links    []placed
	rows     []web.GradeRow
	sections []string
}

// openBook reads students and results, if the visitor may see them.
func (p *People) openBook(tx store.Tx, r *http.Request, v visit, section string) (*book, error) {
	s, err := takeSeat(tx, v, courseRef(r))
	if err != nil {
		return nil, err
	}
	if !s.grades() {
		return nil, errForbidden
	}
	b := &book{seat: s, links: gradable(s.course)}
	if err := b.readStudents(tx, section); err != nil {
		return nil, err
	}
	return b, b.readScores(tx)
}

// readStudents makes a row of each student of the section, "" for all, in the
// order of their names, and lists the sections that there are.
func (b *book) readStudents(tx store.Tx, section string) error {
	b.sections = slices.Clone(b.course.Sections)
	err := store.Memberships.All(tx, store.Prefix(b.course.Domain, b.course.ID), func(m lti.Membership) error {
		if m.Role != lti.Student || m.Status != lti.MemberActive {
			return nil
		}
		if m.Section != "" {
			b.sections = append(b.sections, m.Section)
		}
		if section != "" && m.Section != section {
			return nil
		}
		user, err := userOf(tx, m.Domain, m.Username)
		if err != nil {
			return err
		}
		b.rows = append(b.rows, web.GradeRow{
			Username: m.Username, Name: user.Name(), Section: m.Section, Cells: make([]web.GradeCell, len(b.links)),
		})
		return nil
	})
	slices.Sort(b.sections)
	b.sections = slices.Compact(b.sections)
	slices.SortFunc(b.rows, func(x, y web.GradeRow) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Username, y.Username))
	})
	return err
}

// userOf reads an account; for one that is gone it makes one up of the name.
func userOf(tx store.Tx, domain, username string) (lti.User, error) {
	u, err := store.Users.Read(tx, domain, username)
	if errors.Is(err, store.ErrNotFound) {
		return lti.User{Domain: domain, Username: username}, nil
	}
	if err != nil {
		return lti.User{}, err
	}
	return *u, nil
}

func (b *book) readScores(tx store.Tx) error {
	rows := make(map[string]int, len(b.rows))
	for i, row := range b.rows {
		rows[row.Username] = i
	}
	for column, link := range b.links {
		err := store.Results.All(tx, store.Prefix(b.course.Domain, b.course.ID, link.ID), func(r lti.Result) error {
			if i, ok := rows[r.Username]; ok {
				b.rows[i].Cells[column] = web.GradeCell{Score: r.Counts(), Override: r.Override != nil}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *book) columns() []web.GradeColumn {
	list := make([]web.GradeColumn, 0, len(b.links))
	for _, l := range b.links {
		list = append(list, web.GradeColumn{Link: l.ID, Title: titleOf(l.ResourceLink), Folder: l.folder.Title, Points: l.Points})
	}
	return list
}

// markStates fills in how far the results of one page of students are.
func (b *book) markStates(tx store.Tx, page int) error {
	pages := max(1, (len(b.rows)+web.GradebookRows-1)/web.GradebookRows)
	first := (min(max(page, 1), pages) - 1) * web.GradebookRows
	shown := b.rows[first:min(first+web.GradebookRows, len(b.rows))]
	for i := range shown {
		worst, causes, err := b.states(tx, shown[i].Username)
		if err != nil {
			return err
		}
		for column, link := range b.links {
			shown[i].Cells[column].State, shown[i].Cells[column].Cause = worst[link.scope()], causes[link.scope()]
		}
		shown[i].Total = b.total(worst)
	}
	return nil
}

// total is the worst state of a student's totals.
func (b *book) total(worst map[lti.Scope]lti.State) web.GradeTotal {
	var total web.GradeTotal
	for _, scope := range widerScopes(b.course) {
		if severity(worst[scope]) <= severity(total.State) {
			continue
		}
		total = web.GradeTotal{State: worst[scope], Of: totalOf(b.course, scope)}
		if i := slices.IndexFunc(b.links, func(l placed) bool { return slices.Contains(l.scopes(), scope) }); i >= 0 {
			total.Link = b.links[i].ID
		}
	}
	return total
}

// states is the worst state of a student's newest deliveries in each scope, and
// its cause.
func (b *book) states(tx store.Tx, username string) (worst map[lti.Scope]lti.State, causes map[lti.Scope]lti.SendCause, err error) {
	worst, causes = map[lti.Scope]lti.State{}, map[lti.Scope]lti.SendCause{}
	err = store.Targets.All(tx, store.Prefix(b.course.Domain, b.course.ID, username), func(t lti.UpstreamTarget) error {
		if t.Live == "" {
			return nil
		}
		d, err := store.Deliveries.Get(tx, t.Live)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if severity(d.State) > severity(worst[d.Scope]) {
			worst[d.Scope], causes[d.Scope] = d.State, d.Cause
		}
		return err
	})
	return worst, causes, err
}

// severity orders states by how much they want a person's eye.
func severity(s lti.State) int {
	return 1 + slices.Index([]lti.State{lti.Superseded, lti.Delivered, lti.Sending, lti.Waiting, lti.Refused, lti.Dead}, s)
}
