package admin

import (
	"errors"
	"net/http"

	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// editor is the form of one record.
type editor struct {
	object manifest.Object
	page   web.EditPage
	// after is where the browser goes when the record was changed.
	after string
}

// settingsEditor is the form of a record that has a page of its own.
func settingsEditor(o manifest.Object, home string, groups []web.FieldGroup) editor {
	e := editor{object: o, after: home, page: web.EditPage{
		Crumb: o.ID, CrumbPath: home, Sub: o.Domain + " · " + o.ID,
		Form: web.Form{Groups: groups, Cancel: home},
	}}
	e.page.Title = "Settings"
	return e
}

// askEdit shows the form with the values of the record.
func (p *People) askEdit(w http.ResponseWriter, r *http.Request, v visit, e editor) error {
	if p.Record == nil {
		return store.ErrNotFound
	}
	record, err := p.Record(r.Context(), e.object)
	if err != nil {
		return err
	}
	fillFrom(&e.page.Form, record)
	return p.showEdit(w, r, v, http.StatusOK, e.page)
}

func (p *People) showEdit(w http.ResponseWriter, r *http.Request, v visit, status int, page web.EditPage) error {
	title := page.Title
	page.Frame = p.frame(r, v)
	page.Title = title
	eachField(&page.Form, func(f *web.Field) {
		if f.Name == "domain" && f.Kind == web.FieldSelect && len(f.Options) == 0 {
			page.Warnings = append(page.Warnings, "There is no institution yet. Make one first, on the page Institutions.")
		}
	})
	if page.Form.Action == "" {
		page.Form.Action = r.URL.Path
	}
	p.wrote(r, p.Pages.Edit(w, status, page))
	return nil
}

// saveEdit changes the record as the form says. What can't be is shown at its
// field, with all that was typed.
func (p *People) saveEdit(w http.ResponseWriter, r *http.Request, v visit, e editor) error {
	if p.Record == nil || p.Edit == nil {
		return store.ErrNotFound
	}
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	record, err := p.Record(r.Context(), e.object)
	if err != nil {
		return err
	}
	page := &e.page
	fillTyped(&page.Form, sent)
	_, err = p.Edit(r.Context(), draftOf(page.Form, record, page.Form.Base), v.name())
	var faults manifest.Faults
	switch {
	case errors.Is(err, manifest.ErrStale):
		page.Form.Stale = changesOf(manifest.CompareBases(page.Form.Base, record.Base))
		page.Form.Base = record.Base
		return p.showEdit(w, r, v, http.StatusConflict, *page)
	case errors.As(err, &faults):
		place(&page.Form, faults)
		return p.showEdit(w, r, v, http.StatusUnprocessableEntity, *page)
	case err != nil:
		return err
	}
	v.goTo(w, r, e.after, doneSaved)
	return nil
}

func changesOf(list []manifest.FieldChange) []web.FieldChange {
	out := make([]web.FieldChange, len(list))
	for i, c := range list {
		out[i] = web.FieldChange(c)
	}
	return out
}

// makeNew makes a record of what the form says, with more keys than the form
// has. made is false, and the page was shown again, when something is at fault.
func (p *People) makeNew(w http.ResponseWriter, r *http.Request, v visit, e editor, more map[string]any) (made bool, err error) {
	if p.Edit == nil {
		return false, store.ErrNotFound
	}
	fresh, err := manifest.NewRecord(e.object)
	if err != nil {
		return false, err
	}
	d := draftOf(e.page.Form, fresh, "")
	for path, value := range more {
		d.Set(path, value)
	}
	_, err = p.Edit(r.Context(), d, v.name())
	var faults manifest.Faults
	if errors.As(err, &faults) {
		place(&e.page.Form, faults)
		return false, p.showEdit(w, r, v, http.StatusUnprocessableEntity, e.page)
	}
	return err == nil, err
}

// change sets some keys of a record that have no form, such as disabled.
func (p *People) change(r *http.Request, v visit, o manifest.Object, path string, value any) error {
	if p.Record == nil || p.Edit == nil {
		return store.ErrNotFound
	}
	record, err := p.Record(r.Context(), o)
	if err != nil {
		return err
	}
	d := manifest.NewDraft(o, record.Base)
	d.Set(path, value)
	_, err = p.Edit(r.Context(), d, v.name())
	return err
}
