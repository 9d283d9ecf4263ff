package admin

import (
	"errors"
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// newCourseTool shows the form of a new tool of the course.
func (p *People) newCourseTool(w http.ResponseWriter, r *http.Request, d desk) error {
	return p.showCourseTool(w, r, d, http.StatusOK, web.EditToolPage{Fields: web.ToolFields(course.NewToolForm())})
}

// showCourseTool shows the form of the tool that the page's ID names, or of a
// new one. No secret that was typed is sent back.
func (p *People) showCourseTool(w http.ResponseWriter, r *http.Request, d desk, status int, page web.EditToolPage) error {
	page.Frame, page.Fetches, page.OutcomeURL = d.frame, p.Fetch != nil, p.PublicURL+passbackPath
	page.Fields.Secret, page.Fields.Passport = "", ""
	if page.ID != "" {
		tool, ok := d.course.CourseTool(page.ID)
		if !ok {
			return store.ErrNotFound
		}
		page.Name, page.Version = nameOr(tool.Name, tool.ID), course.ToolVersion(tool)
		if tool.Previous.Sealed != "" && tool.Previous.Until.After(d.now) {
			page.PreviousUntil = tool.Previous.Until
		}
		for _, link := range d.course.AllLinks() {
			if link.Tool == tool.ID {
				page.Links++
			}
		}
	}
	p.wrote(r, p.Pages.EditTool(w, status, page))
	return nil
}

// toolFields reads the form of a tool.
func toolFields(sent form) web.ToolFields {
	return web.ToolFields{
		ID: sent.text("id"), Name: sent.text("name"), URL: sent.text("url"),
		Key: sent.text("key"), Secret: sent.text("secret"), Passport: sent.text("passport"), Method: sent.text("method"),
		Send: sent.fields["send"], Custom: sent.text("custom"), Target: sent.text("target"), Width: sent.text("width"), Height: sent.text("height"),
		Passback: sent.text("passback") == "yes", Roster: sent.text("roster") == "yes", Setting: sent.text("setting") == "yes",
		Disabled: sent.text("disabled") == "yes",
	}
}

// readCourseTool fills the form of a new tool from a link file. Nothing is saved.
func (p *People) readCourseTool(w http.ResponseWriter, r *http.Request, d desk) error {
	file := web.ImportToolPage{URL: strings.TrimSpace(d.sent.text("url")), Text: d.sent.text("xml")}
	page := web.EditToolPage{Fields: web.ToolFields(course.NewToolForm()), FileURL: file.URL}
	if strings.TrimSpace(file.Text) == "" && file.URL != "" {
		file.Text, page.FileFault = p.fetchCartridge(r, file.URL)
	}
	if page.FileFault == "" {
		page.FileFault = fillImport(&file)
	}
	if page.FileFault != "" {
		page.FileText = file.Text
		return p.showCourseTool(w, r, d, http.StatusUnprocessableEntity, page)
	}
	page.Fields = fieldsOfFile(file.Tool)
	page.File, page.FileRead, page.Warnings = file.Text, true, file.Warnings
	return p.showCourseTool(w, r, d, http.StatusOK, page)
}

// fieldsOfFile are the fields of a new tool with what a link file says.
func fieldsOfFile(read lti.Tool) web.ToolFields {
	tool := lti.NewTool("", "", "")
	tool.Name, tool.URL, tool.Send, tool.Custom = read.Name, read.URL, read.Send, read.Custom
	tool.Width, tool.Height = read.Width, read.Height
	if read.Target != "" {
		tool.Target = read.Target
	}
	return web.ToolFields(course.ToolFormOf(tool))
}

// addCourseTool adds a tool to the course, and shows its key and secret this once.
func (p *People) addCourseTool(w http.ResponseWriter, r *http.Request, d desk) error {
	page := web.EditToolPage{Fields: toolFields(d.sent), File: d.sent.text("file")}
	var file web.ImportToolPage
	if page.File != "" {
		file.Text = page.File
		if page.FileFault = fillImport(&file); page.FileFault != "" {
			page.File = ""
			return p.showCourseTool(w, r, d, http.StatusUnprocessableEntity, page)
		}
	}
	made, err := p.putCourseTool(r, d, course.ToolForm(page.Fields), file.Tool)
	if page.Faults, _, err = editFault(err); err != nil {
		return err
	}
	if page.Faults != nil {
		return p.showCourseTool(w, r, d, http.StatusUnprocessableEntity, page)
	}
	return p.showCredential(w, r, d, made)
}

// putCourseTool adds the tool of a form, and of what a link file says beside it.
func (p *People) putCourseTool(r *http.Request, d desk, form course.ToolForm, read lti.Tool) (course.Credential, error) {
	tool, secret, err := form.New(d.course.Ref(), read)
	if err != nil {
		return course.Credential{}, err
	}
	made := course.Credential{Owner: tool.ID}
	if d.isAdmin() { // also in a domain that is not the admin's own
		made.Key, made.Secret, err = p.Consumer.AddTool(r.Context(), tool, secret, d.name())
	} else {
		made.Key, made.Secret, err = p.Consumer.AddCourseTool(r.Context(), tool, secret, consumer.Editor{Username: d.User.Username, SignedIn: d.Launch == nil})
	}
	var refusal *lti.Refusal
	switch {
	case errors.Is(err, store.ErrExists):
		return made, course.Faults{"id": "it is that of another tool of this course or of the institution: choose another"}
	case errors.As(err, &refusal) && refusal.Cause == lti.CauseMalformed:
		return made, course.Faults{"tool": refusal.Detail}
	case errors.As(err, &refusal):
		return made, errForbidden
	}
	return made, err
}

// showCredential shows a tool with a key and secret that were just made.
func (p *People) showCredential(w http.ResponseWriter, r *http.Request, d desk, made course.Credential) error {
	if err := p.again(r, &d); err != nil {
		return err
	}
	tool, _ := d.course.CourseTool(made.Owner)
	return p.showCourseTool(w, r, d, http.StatusOK, web.EditToolPage{
		ID: made.Owner, Fields: web.ToolFields(course.ToolFormOf(tool)), NewKey: made.Key, NewSecret: made.Secret,
	})
}

// editCourseTool shows the form of a tool of the course.
func (p *People) editCourseTool(w http.ResponseWriter, r *http.Request, d desk) error {
	tool, _ := d.course.CourseTool(param(r, "tool")) // one that is not there is told apart when shown
	return p.showCourseTool(w, r, d, http.StatusOK, web.EditToolPage{ID: param(r, "tool"), Fields: web.ToolFields(course.ToolFormOf(tool))})
}

// saveCourseTool changes a tool of the course.
func (p *People) saveCourseTool(w http.ResponseWriter, r *http.Request, d desk) error {
	fields, id := toolFields(d.sent), param(r, "tool")
	faults, stale, err := editFault(p.Editor.EditTool(r.Context(), d.edit(), id, course.ToolForm(fields)))
	if err != nil {
		return err
	}
	if faults == nil && !stale {
		d.goTo(w, r, web.EditSettingsPath(d.course.Ref()), doneSaved)
		return nil
	}
	if err := p.again(r, &d); err != nil {
		return err
	}
	return p.showCourseTool(w, r, d, statusOf(stale), web.EditToolPage{ID: id, Fields: fields, Faults: faults, Stale: stale})
}

// newToolSecret gives a tool of the course another secret, and shows it this
// once.
func (p *People) newToolSecret(w http.ResponseWriter, r *http.Request, d desk) error {
	made, err := p.Editor.NewToolSecret(r.Context(), d.edit(), param(r, "tool"), d.sent.text("secret"))
	faults, _, err := editFault(err)
	if err != nil {
		return err
	}
	if faults == nil {
		return p.showCredential(w, r, d, made)
	}
	tool, _ := d.course.CourseTool(param(r, "tool"))
	return p.showCourseTool(w, r, d, http.StatusUnprocessableEntity, web.EditToolPage{
		ID: param(r, "tool"), Fields: web.ToolFields(course.ToolFormOf(tool)), SecretFault: faults["secret"],
	})
}

// deleteCourseTool takes a tool of the course away, unless links open it.
func (p *People) deleteCourseTool(w http.ResponseWriter, r *http.Request, d desk) error {
	err := p.Editor.DeleteTool(r.Context(), d.edit(), param(r, "tool"))
	used := errors.Is(err, course.ErrUsed)
	if used { // the page says by how many links
		err = nil
	}
	_, stale, err := editFault(err)
	if err != nil {
		return err
	}
	if !used && !stale {
		d.goTo(w, r, web.EditSettingsPath(d.course.Ref()), doneRemoved)
		return nil
	}
	if err := p.again(r, &d); err != nil {
		return err
	}
	tool, _ := d.course.CourseTool(param(r, "tool"))
	return p.showCourseTool(w, r, d, http.StatusConflict, web.EditToolPage{
		ID: param(r, "tool"), Fields: web.ToolFields(course.ToolFormOf(tool)), Stale: stale,
	})
}
