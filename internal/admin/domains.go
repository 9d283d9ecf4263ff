package admin

import (
	"cmp"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// domains lists the institutions with how much belongs to each.
func (p *People) domains(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.DomainsPage{Frame: p.frame(r, v)}
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		page.Domains = nil
		return store.Domains.All(tx, "", func(d lti.Domain) error {
			row := web.DomainRow{Domain: d}
			for collection, n := range map[string]*int{
				store.ToolConsumers.Name(): &row.Consumers, store.Tools.Name(): &row.Tools,
				store.Courses.Name(): &row.Courses, store.Users.Name(): &row.Users,
			} {
				var err error
				if *n, err = count(tx, collection, store.Prefix(d.ID)); err != nil {
					return err
				}
			}
			page.Domains = append(page.Domains, row)
			return nil
		})
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Domains(w, http.StatusOK, page))
	return nil
}

// domainGroups are the settings of an institution.
func domainGroups() []web.FieldGroup {
	return []web.FieldGroup{
		{Title: "Institution", Fields: []web.Field{text("name", "Name", "Of the institution, as people know it.")}},
		{Title: "User names", Folded: true, Help: "How the accounts are called that launches make. Those that are there keep their names.", Fields: []web.Field{
			choice("username.from", "Made of", "Where the name is free; otherwise it is made unique.",
				option(lti.UsernameMatched, "What the LMS identifies the person by"), option(lti.UsernameEmailLocal, "What stands before the @ of the e-mail address")),
			flag("username.lower", "Capital letters become small", ""),
			text("username.pattern", "Allowed names", "A regular expression (RE2), such as ^[a-z0-9._-]{2,32}$; a name that breaks it is replaced by a made-up one. Empty: letters, digits and . _ - @ +"),
		}},
	}
}

func domainEditor(id string) editor {
	e := editor{object: manifest.Object{Section: manifest.Domains, ID: id}, after: web.DomainsPath, page: web.EditPage{
		Crumb: "Institutions", CrumbPath: web.DomainsPath, Sub: id,
		Form: web.Form{Groups: domainGroups(), Cancel: web.DomainsPath},
	}}
	e.page.Title = "Settings of the institution"
	return e
}

// editDomain shows the form of an institution.
func (p *People) editDomain(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.askEdit(w, r, v, domainEditor(param(r, "domain")))
}

// saveDomain changes an institution.
func (p *People) saveDomain(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.saveEdit(w, r, v, domainEditor(param(r, "domain")))
}

func newDomainEditor() editor {
	e := domainEditor("")
	e.page.Title, e.page.Form.Submit = "New institution", "Add it"
	e.page.Form.Groups = e.page.Form.Groups[:1] // the rest has defaults
	fields := &e.page.Form.Groups[0].Fields
	*fields = append(*fields, text("id", "Id", "Short, such as uni: it stands behind user names and in launch URLs, and does not change. Empty: made of the name."))
	return e
}

// askDomain asks for a new institution.
func (p *People) askDomain(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.showEdit(w, r, v, http.StatusOK, newDomainEditor().page)
}

// newDomain adds an institution.
func (p *People) newDomain(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.makeByForm(w, r, v, newDomainEditor(), func(sent form) manifest.Object {
		return manifest.Object{Section: manifest.Domains, ID: cmp.Or(sent.text("id"), idFrom(sent.text("name"), "domain"))}
	})
}

// makeByForm makes the record that the form names and goes on to where the
// editor says.
func (p *People) makeByForm(w http.ResponseWriter, r *http.Request, v visit, e editor, named func(form) manifest.Object) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	fillTyped(&e.page.Form, sent)
	e.page.Form.Base = ""
	e.object = named(sent)
	if made, err := p.makeNew(w, r, v, e, nil); !made {
		return err
	}
	v.goTo(w, r, e.after, doneMade)
	return nil
}
