package admin

import (
	"net/http"
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// menu is what the visitor's LMS shows around a course. Local sign-ins have
// all there is.
func (v visit) menu(course *lti.Course) lti.Menu {
	if v.Consumer == nil {
		return lti.Menu{Header: true, Items: lti.MenuItems()}
	}
	return v.Consumer.Menu.With(course.Menu)
}

// maxMenus bounds the LMSs whose menus a course's form tells.
const maxMenus = 50

// askMenu shows what LMSs show around the course, to those who may change it.
func (p *People) askMenu(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := p.readMenu(r, v)
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Menu(w, http.StatusOK, page))
	return nil
}

func (p *People) readMenu(r *http.Request, v visit) (web.MenuPage, error) {
	var page web.MenuPage
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		s, err := takeSeat(tx, v, courseRef(r))
		if err != nil {
			return err
		}
		if !s.admin && !s.role.CanEdit() || p.SetMenu == nil {
			return errForbidden
		}
		change := s.course.Menu
		page = web.MenuPage{Frame: p.courseFrame(r, v, s), Own: change != (lti.MenuChange{})}
		page.Menu = lti.Menu{Header: true, Items: []string{lti.MenuGrades, lti.MenuRoster}}.With(change)
		page.Consumers, _, err = store.ToolConsumers.List(tx, store.Prefix(s.course.Domain), "", maxMenus)
		return err
	})
	return page, err
}

// setMenu changes what LMSs show around the course.
func (p *People) setMenu(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := p.readMenu(r, v)
	if err != nil {
		return err
	}
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	var change lti.MenuChange
	switch sent.text("menu") {
	case "lms":
	case "own":
		header, inline, items := sent.text("header") != "", sent.text("inline") != "", []string{}
		for _, item := range lti.MenuItems() {
			if slices.Contains(sent.fields["items"], item) {
				items = append(items, item)
			}
		}
		change = lti.MenuChange{Header: &header, Inline: &inline, Items: &items}
	default:
		page.Fault = "Choose one of these."
		p.wrote(r, p.Pages.Menu(w, http.StatusUnprocessableEntity, page))
		return nil
	}
	if err := p.SetMenu(r.Context(), courseRef(r), change, v.name()); err != nil {
		return err
	}
	v.goTo(w, r, web.MenuPath(courseRef(r)), doneMenu)
	return nil
}
