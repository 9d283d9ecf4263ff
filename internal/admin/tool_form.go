package admin

import (
	"cmp"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/vault"
	"github.com/ltihub/ltihub/web"
)

// toolObject is the tool that the path names.
func toolObject(r *http.Request) manifest.Object {
	return manifest.Object{Section: manifest.Tools, Domain: param(r, "domain"), ID: param(r, "id")}
}

func toolEditor(o manifest.Object) editor {
	return settingsEditor(o, web.ToolPath(o.Domain, "", o.ID), toolGroups())
}

// editTool shows the form of a tool.
func (p *People) editTool(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.askEdit(w, r, v, toolEditor(toolObject(r)))
}

// saveTool changes a tool.
func (p *People) saveTool(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.saveEdit(w, r, v, toolEditor(toolObject(r)))
}

// switchTool disables a tool, or enables it again.
func (p *People) switchTool(w http.ResponseWriter, r *http.Request, v visit) error {
	o := toolObject(r)
	return p.switchRecord(w, r, v, o, web.ToolPath(o.Domain, "", o.ID))
}

// removeTool takes away a tool that no link uses.
func (p *People) removeTool(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.removeRecord(w, r, v, toolObject(r), web.ToolsPath)
}

// newToolEditor is the form of a tool that is to be new.
func (p *People) newToolEditor(r *http.Request) (editor, error) {
	domain, err := p.domainField(r.Context(), "Its courses may use the tool.")
	e := editor{page: web.EditPage{
		Crumb: "Tools", CrumbPath: web.ToolsPath, Sub: "A tool provider that we launch",
		More: []web.NamedURL{{Name: "Import a cartridge", URL: web.ImportToolPath}},
		Form: web.Form{Groups: newToolGroups(domain), Submit: "Add the tool", Cancel: web.ToolsPath},
	}}
	e.page.Title = "New tool"
	return e, err
}

// askTool asks for a new tool.
func (p *People) askTool(w http.ResponseWriter, r *http.Request, v visit) error {
	e, err := p.newToolEditor(r)
	if err != nil {
		return err
	}
	fresh, err := manifest.NewRecord(manifest.Object{Section: manifest.Tools})
	if err != nil {
		return err
	}
	fillFrom(&e.page.Form, fresh)
	e.page.Form.Base = ""
	fill(&e.page.Form, "domain", v.User.Domain)
	return p.showEdit(w, r, v, http.StatusOK, e.page)
}

// newTool adds a tool and shows its key and secret this once.
func (p *People) newTool(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	e, err := p.newToolEditor(r)
	if err != nil {
		return err
	}
	fillTyped(&e.page.Form, sent)
	e.page.Form.Base = ""
	e.object = manifest.Object{Section: manifest.Tools, Domain: sent.text("domain"), ID: cmp.Or(sent.text("id"), idFrom(sent.text("name"), "tool"))}
	key, secret, more := p.toolSecrets(sent)
	if made, err := p.makeNew(w, r, v, e, more); !made {
		return err
	}
	shown, err := p.readTool(r, v, toolID{domain: e.object.Domain, id: e.object.ID})
	if err != nil {
		return err
	}
	shown.NewKey, shown.NewSecret = key, secret
	shown.Path = web.ToolPath(e.object.Domain, "", e.object.ID)
	p.wrote(r, p.Pages.Tool(w, http.StatusOK, shown))
	return nil
}

// toolSecrets makes what of key and secret was not typed. A passport that can't
// be read is the manifest's to refuse.
func (p *People) toolSecrets(sent form) (key, secret string, more map[string]any) {
	if sent.text("passport") != "" {
		passport, _ := lti.ParsePassport(sent.text("passport"))
		return passport.Key, passport.Secret, nil
	}
	key, secret = sent.text("key"), sent.text("secret")
	more = map[string]any{}
	if key == "" {
		key = vault.NewKey(p.Consumer.Rand)
		more["key"] = key
	}
	if secret == "" {
		secret = vault.NewSecret(p.Consumer.Rand)
		more["secret"] = secret
	}
	return key, secret, more
}

// testTool launches a tool for a person who does not exist.
func (p *People) testTool(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	role := lti.Role(sent.text("role"))
	if role != lti.Instructor {
		role = lti.Student
	}
	o := toolObject(r)
	form, err := p.Consumer.TrialLaunch(r.Context(), o.Domain, o.ID, role)
	if err != nil {
		return err
	}
	frame := p.frame(r, v)
	frame.Path = web.HomePath // the page belongs to the tool
	return p.showLaunch(w, r, web.LaunchFormPage{
		Frame: frame, LinkTitle: "Test launch", ToolName: nameOr(form.Tool.Name, form.Tool.ID),
		Action: form.URL, Params: params(form), Target: form.Target, Width: form.Width, Height: form.Height,
	})
}
