package web

import (
	"net/http"
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
)

// MenuPage is what LMSs show around a course, as a form. It posts menu ("lms"
// or "own"), header, inline and items to MenuPath.
type MenuPage struct {
	Frame
	// Own says that the course has a menu of its own: Menu, which is otherwise
	// what the form begins with.
	Own  bool
	Menu lti.Menu
	// Consumers are the LMSs of the course's domain.
	Consumers []lti.ToolConsumer
	Fault     string
}

// MenuPath is the form for what LMSs show around a course.
func MenuPath(c lti.CourseRef) string { return CoursePath(c) + "/edit/menu" }

// Menu writes the form.
func (p *Pages) Menu(w http.ResponseWriter, status int, page MenuPage) error {
	page.Title = or(page.Title, "Menu and header")
	return p.render(w, status, "menu", page)
}

// Has reports whether the menu in the form has the item.
func (p MenuPage) Has(item string) bool { return slices.Contains(p.Menu.Items, item) }

// menuText writes an LMS's menu in words.
func (s *speech) menuText(m lti.Menu) string {
	text := s.say("no header")
	switch {
	case m.Header:
		text = s.say("header")
	case m.Inline:
		text = s.say("menu inside the page")
	}
	for _, item := range []struct{ name, text string }{
		{lti.MenuGrades, s.say("gradebook and results")}, {lti.MenuResults, s.say("own results")}, {lti.MenuRoster, s.say("people")},
	} {
		if slices.Contains(m.Items, item.name) {
			text += ", " + item.text
		}
	}
	return text
}
