package admin

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/web"
)

// editSettings shows the settings of a course.
func (p *People) editSettings(w http.ResponseWriter, r *http.Request, d desk) error {
	return p.showSettings(w, r, d, http.StatusOK, web.EditSettingsPage{Fields: web.SettingFields(course.SettingsOf(d.course))})
}

func (p *People) showSettings(w http.ResponseWriter, r *http.Request, d desk, status int, page web.EditSettingsPage) error {
	page.Frame, page.Version, page.Tools = d.frame, course.SettingsVersion(d.course), d.course.Tools
	page.Menu = p.SetMenu != nil
	for _, key := range d.course.Protection {
		page.Keys = append(page.Keys, web.ProtectionRow{Key: key.Key, Lifetime: key.Lifetime})
	}
	if page.CopyFaults == nil {
		page.Copy.Title = d.course.Title + " (copy)"
	}
	p.wrote(r, p.Pages.EditSettings(w, status, page))
	return nil
}

// otherSettings shows the settings as they are, beside another form of the page.
func (p *People) otherSettings(w http.ResponseWriter, r *http.Request, d desk, status int, page web.EditSettingsPage) error {
	if err := p.again(r, &d); err != nil {
		return err
	}
	page.Fields = web.SettingFields(course.SettingsOf(d.course))
	return p.showSettings(w, r, d, status, page)
}

// saveSettings changes title, label, dates, sections and groups.
func (p *People) saveSettings(w http.ResponseWriter, r *http.Request, d desk) error {
	fields := web.SettingFields{
		Title: d.sent.text("title"), Label: d.sent.text("label"), Start: d.sent.text("start"), End: d.sent.text("end"),
		Sections: d.sent.text("sections"), Groups: d.sent.text("groups"),
	}
	faults, stale, err := editFault(p.Editor.EditSettings(r.Context(), d.edit(), course.Settings(fields)))
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
	return p.showSettings(w, r, d, statusOf(stale), web.EditSettingsPage{Fields: fields, Faults: faults, Stale: stale})
}

// addKey adds a protection key, and shows its secret this once.
func (p *People) addKey(w http.ResponseWriter, r *http.Request, d desk) error {
	typed := web.KeyFields{Key: d.sent.text("key"), Minutes: d.sent.text("minutes")}
	made, err := p.Editor.AddProtection(r.Context(), d.edit(), course.ProtectionForm(typed))
	faults, _, err := editFault(err)
	if err != nil {
		return err
	}
	if faults != nil {
		return p.otherSettings(w, r, d, http.StatusUnprocessableEntity, web.EditSettingsPage{Key: typed, KeyFaults: faults})
	}
	return p.otherSettings(w, r, d, http.StatusOK, web.EditSettingsPage{NewKey: made.Key, NewSecret: made.Secret})
}

// changeKey changes how far the time of a launch with a protection key may be
// off.
func (p *People) changeKey(w http.ResponseWriter, r *http.Request, d desk) error {
	typed := web.KeyFields{Key: d.sent.text("key"), Minutes: d.sent.text("minutes")}
	faults, _, err := editFault(p.Editor.EditProtection(r.Context(), d.edit(), course.ProtectionForm(typed)))
	if err != nil {
		return err
	}
	if faults != nil {
		return p.otherSettings(w, r, d, http.StatusUnprocessableEntity, web.EditSettingsPage{Changed: typed, ChangedFault: faults["minutes"]})
	}
	d.goTo(w, r, web.EditSettingsPath(d.course.Ref()), doneSaved)
	return nil
}

// removeKey takes a protection key away.
func (p *People) removeKey(w http.ResponseWriter, r *http.Request, d desk) error {
	if _, _, err := editFault(p.Editor.RemoveProtection(r.Context(), d.edit(), d.sent.text("key"))); err != nil {
		return err
	}
	d.goTo(w, r, web.EditSettingsPath(d.course.Ref()), doneKeyRemoved)
	return nil
}

// copyCourse copies the course and opens the copy.
func (p *People) copyCourse(w http.ResponseWriter, r *http.Request, d desk) error {
	typed := web.CopyFields{ID: d.sent.text("id"), Title: d.sent.text("title")}
	made, err := p.Editor.CopyCourse(r.Context(), d.edit(), course.Wanted(typed))
	faults, _, err := editFault(err)
	if err != nil {
		return err
	}
	if faults != nil {
		return p.otherSettings(w, r, d, http.StatusUnprocessableEntity, web.EditSettingsPage{Copy: typed, CopyFaults: faults})
	}
	d.goTo(w, r, web.EditPath(made.Ref()), doneCopied)
	return nil
}
