package admin

import (
	"errors"
	"net/http"

	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// What the form of the manifest page asks for.
const (
	doCheck = "check"
	doApply = "apply"
)

// manifest shows the manifest in force, without secrets.
func (p *People) manifest(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.ManifestPage{Frame: p.frame(r, v)}
	if p.Export == nil {
		page.Notice = web.Notice{Kind: web.NoticeInfo, Text: "Here the manifest can't be changed. Use the command: ltihub apply MANIFEST"}
	} else {
		data, err := p.Export(r.Context(), false)
		if err != nil {
			return err
		}
		page.Text = string(data)
	}
	p.wrote(r, p.Pages.Manifest(w, http.StatusOK, page))
	return nil
}

// exportManifest downloads the manifest in force, without secrets.
func (p *People) exportManifest(w http.ResponseWriter, r *http.Request, _ visit) error {
	if p.Export == nil {
		return store.ErrNotFound
	}
	data, err := p.Export(r.Context(), false)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="manifest.yaml"`)
	_, err = w.Write(data)
	p.wrote(r, err)
	return nil
}

// applyManifest checks or applies what was typed or uploaded. A manifest at
// fault is shown again with all its faults; nothing is changed then.
func (p *People) applyManifest(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	data, err := sent.file("file")
	if err != nil {
		return err
	}
	if data == nil {
		data = []byte(sent.text("manifest"))
	}
	page := web.ManifestPage{Frame: p.frame(r, v), Text: string(data)}
	err = p.useManifest(r, v, sent.text("do"), data, &page)
	status := http.StatusOK
	var faults manifest.Faults
	switch {
	case errors.As(err, &faults):
		status = http.StatusUnprocessableEntity
		for _, f := range faults {
			line := f.Line
			f.Line = 0 // the page writes it beside the text
			page.Faults = append(page.Faults, web.Fault{Line: line, Text: f.Error()})
		}
	case err != nil:
		return err
	}
	p.wrote(r, p.Pages.Manifest(w, status, page))
	return nil
}

func (p *People) useManifest(r *http.Request, v visit, do string, data []byte, page *web.ManifestPage) error {
	var report manifest.Report
	var err error
	switch {
	case do == doApply && p.Apply != nil:
		page.Applied = true
		report, err = p.Apply(r.Context(), data, v.name())
	case do == doCheck && p.Check != nil:
		page.Checked = true
		report, err = p.Check(r.Context(), data)
	case do == doApply || do == doCheck:
		return store.ErrNotFound
	default:
		return errForm
	}
	if err != nil {
		page.Applied, page.Checked = false, false
		return err
	}
	page.Changes, page.Warnings = changes(report), report.Warnings
	page.Diff, page.More = differences(report.Changes)
	return nil
}

// maxDiff is how many lines of differences one page shows.
const maxDiff = 400

// differences lists what a manifest would change until the page is full, and
// how many records are left out.
func differences(list []manifest.Change) (shown []web.RecordChange, more int) {
	lines := 0
	for i, c := range list {
		if lines += 1 + len(c.Fields); lines > maxDiff {
			return shown, len(list) - i
		}
		shown = append(shown, web.RecordChange{Object: c.Object, New: c.New, Fields: changesOf(c.Fields)})
	}
	return shown, 0
}

// changes lists what a manifest changed, or would.
func changes(report manifest.Report) []string {
	var list []string
	for _, kind := range []struct {
		name string
		manifest.Tally
	}{
		{"domain", report.Domains}, {"user", report.Users}, {"tool consumer", report.ToolConsumers},
		{"tool", report.Tools}, {"course", report.Courses}, {"member", report.Members},
	} {
		for _, id := range kind.Created {
			list = append(list, kind.name+" "+id+" made")
		}
		for _, id := range kind.Updated {
			list = append(list, kind.name+" "+id+" changed")
		}
	}
	return list
}
