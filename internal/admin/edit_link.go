package admin

import (
	"errors"
	"net/http"

	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// newLink shows the form of a new link.
func (p *People) newLink(w http.ResponseWriter, r *http.Request, d desk) error {
	page := web.EditLinkPage{Fields: web.LinkFields{Policy: lti.PolicyLatest}}
	if folder, ok := d.course.Folder(r.URL.Query().Get("folder")); ok {
		page.Fields.Folder = folder.ID
	}
	if tools := d.allTools(); len(tools) == 1 {
		page.Fields.Tool = tools[0].ID
	}
	return p.showLink(w, r, d, http.StatusOK, page)
}

// addLink adds a link.
func (p *People) addLink(w http.ResponseWriter, r *http.Request, d desk) error {
	fields := linkFields(d.sent)
	_, err := p.Editor.AddLink(r.Context(), d.edit(), course.LinkForm(fields))
	faults, _, err := editFault(err)
	if err != nil {
		return err
	}
	if faults != nil {
		return p.showLink(w, r, d, http.StatusUnprocessableEntity, web.EditLinkPage{Fields: fields, Faults: faults})
	}
	d.goTo(w, r, web.EditPath(d.course.Ref()), doneAdded)
	return nil
}

func linkFields(sent form) web.LinkFields {
	return web.LinkFields{
		Title: sent.text("title"), Description: sent.text("description"), Tool: sent.text("tool"), Folder: sent.text("folder"),
		Points: sent.text("points"), Custom: sent.text("custom"), Policy: sent.text("policy"), Due: sent.text("due"), URL: sent.text("url"),
		Target: sent.text("target"), Width: sent.text("width"), Height: sent.text("height"), Tiny: sent.text("tiny"),
		Protected: sent.text("protected") == "yes",
	}
}

// showLink shows the form of the link that the page's ID names, or of a new one.
func (p *People) showLink(w http.ResponseWriter, r *http.Request, d desk, status int, page web.EditLinkPage) error {
	page.Frame, page.Folders = d.frame, d.course.Folders
	for _, t := range d.allTools() {
		page.Tools = append(page.Tools, web.AddTool{ID: t.ID, Name: nameOr(t.Name, t.ID)})
	}
	if page.ID != "" {
		link, _, ok := d.course.Link(page.ID)
		if !ok {
			return store.ErrNotFound
		}
		page.Name, page.Version = titleOf(link), course.LinkVersion(d.course, link.ID)
		page.LaunchURL = p.PublicURL + launchURLPath(d.course.Ref(), link.ID)
		err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
			page.Results, err = count(tx, store.Results.Name(), store.Prefix(d.course.Domain, d.course.ID, link.ID))
			return err
		})
		if err != nil {
			return err
		}
	}
	p.wrote(r, p.Pages.EditLink(w, status, page))
	return nil
}

// fieldsOf are the fields of a link as it is.
func (d desk) fieldsOf(id string) web.LinkFields {
	link, folder, _ := d.course.Link(id)
	return web.LinkFields(course.LinkFormOf(link, folder))
}

// editLink shows the form of a link.
func (p *People) editLink(w http.ResponseWriter, r *http.Request, d desk) error {
	id := param(r, "link")
	return p.showLink(w, r, d, http.StatusOK, web.EditLinkPage{ID: id, Fields: d.fieldsOf(id)})
}

// saveLink changes a link.
func (p *People) saveLink(w http.ResponseWriter, r *http.Request, d desk) error {
	fields, id := linkFields(d.sent), param(r, "link")
	faults, stale, err := editFault(p.Editor.EditLink(r.Context(), d.edit(), id, course.LinkForm(fields)))
	if err != nil {
		return err
	}
	if faults == nil && !stale {
		d.goTo(w, r, web.EditPath(d.course.Ref()), doneSaved)
		return nil
	}
	if err := p.again(r, &d); err != nil {
		return err
	}
	return p.showLink(w, r, d, statusOf(stale), web.EditLinkPage{ID: id, Fields: fields, Faults: faults, Stale: stale})
}

// copyLink puts a copy behind a link, and opens its form.
func (p *People) copyLink(w http.ResponseWriter, r *http.Request, d desk) error {
	id, err := p.Editor.CopyLink(r.Context(), d.edit(), param(r, "link"))
	faults, _, err := editFault(err)
	if err != nil {
		return err
	}
	if faults != nil {
		d.goTo(w, r, web.EditPath(d.course.Ref()), doneFull)
		return nil
	}
	d.goTo(w, r, web.EditLinkPath(d.course.Ref(), id), doneCopied)
	return nil
}

// deleteLink takes a link away. One with results it takes only from who says so.
func (p *People) deleteLink(w http.ResponseWriter, r *http.Request, d desk) error {
	id := param(r, "link")
	err := p.Editor.DeleteLink(r.Context(), d.edit(), id, d.sent.text("sure") == "yes")
	page := web.EditLinkPage{ID: id, Ask: errors.Is(err, course.ErrResults)}
	if page.Ask {
		err = nil
	}
	if _, page.Stale, err = editFault(err); err != nil {
		return err
	}
	if !page.Ask && !page.Stale {
		d.goTo(w, r, web.EditPath(d.course.Ref()), doneDeleted)
		return nil
	}
	if err := p.again(r, &d); err != nil {
		return err
	}
	page.Fields = d.fieldsOf(id)
	return p.showLink(w, r, d, http.StatusConflict, page)
}
