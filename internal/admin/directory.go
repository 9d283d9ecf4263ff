package admin

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/directory"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// directories shows where people's names come from.
func (p *People) directories(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.showDirectories(w, r, v, http.StatusOK, web.DirectoryDomain{})
}

// showDirectories shows all of them; about has what was just done to one.
func (p *People) showDirectories(w http.ResponseWriter, r *http.Request, v visit, status int, about web.DirectoryDomain) error {
	page := web.DirectoriesPage{Frame: p.frame(r, v)}
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		page.Domains = nil
		return store.Domains.All(tx, "", func(d lti.Domain) error {
			shown := web.DirectoryDomain{Domain: d}
			if about.ID == d.ID {
				shown, shown.Domain = about, d
			}
			if server, ok := p.Directory.Servers[d.ID]; ok {
				shown.LDAP = server.URL
			}
			page.Domains = append(page.Domains, shown)
			return p.fillDirectory(tx, &page.Domains[len(page.Domains)-1])
		})
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Directories(w, status, page))
	return nil
}

func (p *People) fillDirectory(tx store.Tx, d *web.DirectoryDomain) (err error) {
	d.Directory, err = store.Directories.Get(tx, d.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return store.ToolConsumers.All(tx, store.Prefix(d.ID), func(c lti.ToolConsumer) error {
		if c.Users.Info == lti.InfoDirectory {
			d.Consumers = append(d.Consumers, consumerName(&c))
		}
		return nil
	})
}

// readDirectory reads a directory file and shows what it would change.
func (p *People) readDirectory(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	about := web.DirectoryDomain{Domain: lti.Domain{ID: param(r, "domain")}}
	data, err := sent.file("file")
	if err != nil {
		return err
	}
	if data == nil {
		about.Fault = "Choose a file first."
		return p.showDirectories(w, r, v, http.StatusUnprocessableEntity, about)
	}
	_, err = p.Directory.Stage(r.Context(), about.ID, bytes.NewReader(data), v.name())
	var faults directory.Faults
	if errors.As(err, &faults) {
		for _, f := range faults {
			about.Faults = append(about.Faults, web.Fault{Line: f.Line, Text: f.Text})
		}
		return p.showDirectories(w, r, v, http.StatusUnprocessableEntity, about)
	}
	if err != nil {
		return err
	}
	v.goTo(w, r, web.DirectoriesPath, "")
	return nil
}

// applyDirectory puts the file in force that was read before.
func (p *People) applyDirectory(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	about := web.DirectoryDomain{Domain: lti.Domain{ID: param(r, "domain")}}
	_, err = p.Directory.Commit(r.Context(), about.ID, sent.text("load"), v.name())
	if errors.Is(err, directory.ErrStale) {
		about.Fault = "Another file was read meanwhile, or this one is in force already. Look at the counts again."
		return p.showDirectories(w, r, v, http.StatusUnprocessableEntity, about)
	}
	if err != nil {
		return err
	}
	v.goTo(w, r, web.DirectoriesPath, doneDirectory)
	return nil
}

// testDirectory looks somebody up, as a launch would.
func (p *People) testDirectory(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	about := web.DirectoryDomain{Domain: lti.Domain{ID: param(r, "domain")}, Asked: strings.TrimSpace(sent.text("value"))}
	var found lti.Person
	if server, ok := p.Directory.Servers[about.ID]; ok {
		found, _, err = server.Ask(r.Context(), about.Asked)
	} else {
		found, _, err = p.Directory.Find(r.Context(), &lti.ToolConsumer{Domain: about.ID}, about.Asked)
	}
	if err != nil {
		about.Failed, about.Fault = true, "The directory could not be asked: "+err.Error()+"."
		return p.showDirectories(w, r, v, http.StatusUnprocessableEntity, about)
	}
	for _, f := range []web.Param{
		{Name: "Given name", Value: found.GivenName}, {Name: "Family name", Value: found.FamilyName},
		{Name: "Full name", Value: found.FullName}, {Name: "E-mail", Value: found.Email}, {Name: "Sourcedid", Value: found.SourcedID},
	} {
		if f.Value != "" {
			about.Answer = append(about.Answer, f)
		}
	}
	return p.showDirectories(w, r, v, http.StatusOK, about)
}
