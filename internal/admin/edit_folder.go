package admin

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// editFolder shows the form of a folder.
func (p *People) editFolder(w http.ResponseWriter, r *http.Request, d desk) error {
	folder, ok := d.course.Folder(param(r, "folder"))
	if !ok {
		return store.ErrNotFound
	}
	return p.showFolder(w, r, d, http.StatusOK, web.EditFolderPage{Fields: web.FolderFields(course.FolderFormOf(folder))})
}

func (p *People) showFolder(w http.ResponseWriter, r *http.Request, d desk, status int, page web.EditFolderPage) error {
	folder, ok := d.course.Folder(param(r, "folder"))
	if !ok {
		return store.ErrNotFound
	}
	page.Frame, page.ID, page.Name = d.frame, folder.ID, nameOr(folder.Title, folder.ID)
	page.Links, page.Version = len(folder.Links), course.FolderVersion(d.course, folder.ID)
	p.wrote(r, p.Pages.EditFolder(w, status, page))
	return nil
}

// saveFolder changes a folder.
func (p *People) saveFolder(w http.ResponseWriter, r *http.Request, d desk) error {
	fields := web.FolderFields{Title: d.sent.text("title"), Protected: d.sent.text("protected") == "yes"}
	err := p.Editor.EditFolder(r.Context(), d.edit(), param(r, "folder"), course.FolderForm(fields))
	return p.folderDone(w, r, d, err, web.EditFolderPage{Fields: fields})
}

// deleteFolder takes a folder away; its links stay.
func (p *People) deleteFolder(w http.ResponseWriter, r *http.Request, d desk) error {
	folder, _ := d.course.Folder(param(r, "folder"))
	err := p.Editor.DeleteFolder(r.Context(), d.edit(), param(r, "folder"))
	return p.folderDone(w, r, d, err, web.EditFolderPage{Fields: web.FolderFields(course.FolderFormOf(folder))})
}

func (p *People) folderDone(w http.ResponseWriter, r *http.Request, d desk, err error, page web.EditFolderPage) error {
	faults, stale, err := editFault(err)
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
	page.Fault, page.Stale = faults["title"], stale
	return p.showFolder(w, r, d, statusOf(stale), page)
}
