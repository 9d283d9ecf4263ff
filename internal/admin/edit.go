package admin

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// editing are the routes of those who edit a course, below its path.
func (p *People) editing(r chi.Router) {
	r.Get("/edit", p.editor(p.editOrder))
	r.Post("/edit/move", p.editor(p.movePart))
	r.Post("/edit/folders", p.editor(p.addFolder))
	r.Get("/edit/folders/{folder}", p.editor(p.editFolder))
	r.Post("/edit/folders/{folder}", p.editor(p.saveFolder))
	r.Post("/edit/folders/{folder}/delete", p.editor(p.deleteFolder))
	r.Get("/edit/new-link", p.editor(p.newLink))
	r.Post("/edit/links", p.editor(p.addLink))
	r.Get("/edit/links/{link}", p.editor(p.editLink))
	r.Post("/edit/links/{link}", p.editor(p.saveLink))
	r.Post("/edit/links/{link}/copy", p.editor(p.copyLink))
	r.Post("/edit/links/{link}/delete", p.editor(p.deleteLink))
	r.Get("/edit/settings", p.editor(p.editSettings))
	r.Post("/edit/settings", p.editor(p.saveSettings))
	r.Post("/edit/keys", p.editor(p.addKey))
	r.Post("/edit/keys/change", p.editor(p.changeKey))
	r.Post("/edit/keys/remove", p.editor(p.removeKey))
	r.Post("/edit/copy", p.editor(p.copyCourse))
	r.Get("/edit/new-tool", p.editor(p.newCourseTool))
	r.Post("/edit/read-tool", p.editor(p.readCourseTool))
	r.Post("/edit/tools", p.editor(p.addCourseTool))
	r.Get("/edit/tools/{tool}", p.editor(p.editCourseTool))
	r.Post("/edit/tools/{tool}", p.editor(p.saveCourseTool))
	r.Post("/edit/tools/{tool}/secret", p.editor(p.newToolSecret))
	r.Post("/edit/tools/{tool}/delete", p.editor(p.deleteCourseTool))
}

// edits reports whether the visitor may change the course, as far as pages know;
// the editor looks again.
func (s seat) edits() bool { return s.admin || s.role.CanEdit() }

// asStudent reports whether somebody who edits the course asks to see it as
// students do.
func asStudent(r *http.Request, s seat) bool {
	return s.edits() && r.URL.Query().Get("as") == web.AsStudent
}

// asStudent is the place that a student has in the course.
func (s seat) asStudent() seat { return seat{course: s.course, role: lti.Student} }

// desk is a request by somebody who edits a course, with the course as it was
// read for that.
type desk struct {
	visit
	seat
	frame web.Frame
	// tools are those of the domain; nil until readTools.
	tools []lti.Tool
	sent  form
}

// editor serves a page for those who edit the course that the path names.
func (p *People) editor(serve func(http.ResponseWriter, *http.Request, desk) error) http.HandlerFunc {
	return p.known(func(w http.ResponseWriter, r *http.Request, v visit) error {
		d := desk{visit: v}
		err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
			if d.seat, err = takeSeat(tx, v, courseRef(r)); err != nil {
				return err
			}
			d.tools, _, err = store.Tools.List(tx, store.Prefix(d.course.Domain), "", store.MaxScan)
			return err
		})
		if err != nil {
			return err
		}
		if !d.edits() || p.Editor == nil {
			return errForbidden
		}
		if r.Method == http.MethodPost {
			if d.sent, err = readForm(r); err != nil {
				return err
			}
		}
		d.frame = p.courseFrame(r, v, d.seat)
		return serve(w, r, d)
	})
}

// edit says what the request changes; its version is what the form carried.
func (d desk) edit() course.Edit {
	return course.Edit{
		Course: d.course.Ref(), Version: d.sent.text("version"),
		By: course.Author{Domain: d.User.Domain, Username: d.User.Username, Admin: d.isAdmin()},
	}
}

// editFault sorts out the error of an edit: what the person can mend, and what
// is to be answered as an error.
func editFault(err error) (faults map[string]string, stale bool, rest error) {
	var wrong course.Faults
	switch {
	case err == nil:
		return nil, false, nil
	case errors.As(err, &wrong):
		return wrong, false, nil
	case errors.Is(err, course.ErrStale):
		return nil, true, nil
	case errors.Is(err, course.ErrForbidden):
		return nil, false, errForbidden
	}
	return nil, false, err
}

// statusOf is the status of a form that is shown again.
func statusOf(stale bool) int {
	if stale {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// again reads the course once more, for a form that is shown with what became of
// it meanwhile.
func (p *People) again(r *http.Request, d *desk) error {
	return p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		d.seat, err = takeSeat(tx, d.visit, courseRef(r))
		return err
	})
}

// editOrder shows the order of folders and links.
func (p *People) editOrder(w http.ResponseWriter, r *http.Request, d desk) error {
	return p.showOrder(w, r, d, http.StatusOK, web.EditCoursePage{})
}

func (p *People) showOrder(w http.ResponseWriter, r *http.Request, d desk, status int, page web.EditCoursePage) error {
	page.Frame, page.Version = d.frame, course.OrderVersion(d.course)
	for _, f := range d.course.Folders {
		page.Folders = append(page.Folders, web.EditFolderRow{ID: f.ID, Title: f.Title, Protected: f.Protected, Links: d.rows(f.Links)})
	}
	page.Links = d.rows(d.course.Links)
	if d.role.CanEdit() && d.User.Domain == d.course.Domain {
		page.AddFrom = d.openTools()
	}
	p.wrote(r, p.Pages.EditCourse(w, status, page))
	return nil
}

func (d desk) rows(links []lti.ResourceLink) []web.EditLinkRow {
	rows := make([]web.EditLinkRow, 0, len(links))
	for _, l := range links {
		row := web.EditLinkRow{ID: l.ID, Title: l.Title, Points: max(l.Points, 0), Protected: l.Protected, Missing: true}
		for _, t := range d.allTools() {
			if t.ID == l.Tool && row.Missing {
				row.ToolName, row.Missing = nameOr(t.Name, t.ID), false
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// allTools are those of the course, then those of the domain that none of them
// hides.
func (d desk) allTools() []lti.Tool {
	all := append([]lti.Tool{}, d.course.Tools...)
	for _, t := range d.tools {
		if _, hidden := d.course.CourseTool(t.ID); !hidden {
			all = append(all, t)
		}
	}
	return all
}

// openTools are those that a page offers to add from.
func (d desk) openTools() []web.AddTool {
	var open []web.AddTool
	for _, t := range d.allTools() {
		if !t.Disabled && len(open) < maxAddFrom {
			open = append(open, web.AddTool{ID: t.ID, Name: nameOr(t.Name, t.ID)})
		}
	}
	return open
}

// movePart moves a folder or link up or down.
func (p *People) movePart(w http.ResponseWriter, r *http.Request, d desk) error {
	move, up := p.Editor.MoveLink, d.sent.text("to") == "up"
	if d.sent.text("kind") == "folder" {
		move = p.Editor.MoveFolder
	}
	_, stale, err := editFault(move(r.Context(), d.edit(), d.sent.text("id"), up))
	if err != nil {
		return err
	}
	if stale {
		if err := p.again(r, &d); err != nil {
			return err
		}
		return p.showOrder(w, r, d, http.StatusConflict, web.EditCoursePage{Stale: true})
	}
	d.goTo(w, r, web.EditPath(d.course.Ref()), doneMoved)
	return nil
}

// addFolder adds a folder.
func (p *People) addFolder(w http.ResponseWriter, r *http.Request, d desk) error {
	title := d.sent.text("title")
	_, err := p.Editor.AddFolder(r.Context(), d.edit(), course.FolderForm{Title: title})
	faults, _, err := editFault(err)
	if err != nil {
		return err
	}
	if faults != nil {
		return p.showOrder(w, r, d, http.StatusUnprocessableEntity, web.EditCoursePage{FolderTitle: title, FolderFault: faults["title"]})
	}
	d.goTo(w, r, web.EditPath(d.course.Ref()), doneAdded)
	return nil
}
