package admin

import (
	"context"
	"net/http"
	"strconv"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
	"github.com/ltihub/ltihub/web"
)

// Steps of the wizard for a tool consumer, as its field step has them.
const (
	stepWho   = "who"
	stepTrust = "trust"
)

// askConsumer begins the wizard for a tool consumer.
func (p *People) askConsumer(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := p.consumerWizard(r.Context(), stepWho)
	if err != nil {
		return err
	}
	fill(&page.Form, "domain", v.User.Domain)
	fill(&page.Form, "lms", "moodle")
	return p.showEdit(w, r, v, http.StatusOK, page)
}

// consumerWizard is one step of the wizard. The second carries on what the first
// was told.
func (p *People) consumerWizard(ctx context.Context, step string) (web.EditPage, error) {
	page := web.EditPage{
		Crumb: "Tool consumers", CrumbPath: web.ConsumersPath, Sub: "An LMS that launches us",
		Steps: []string{"Which LMS", "What it may do", "Key and secret"},
		Form:  web.Form{Submit: "Next", Cancel: web.ConsumersPath},
	}
	page.Title = "New tool consumer"
	at := web.Field{Kind: web.FieldHidden, Name: "step", Value: step}
	if step == stepTrust {
		page.Step, page.Form.Submit = 1, "Make key and secret"
		trust := trustField()
		trust.Value = trustCourse
		page.Form.Groups = []web.FieldGroup{{Title: "What it may do", Fields: []web.Field{
			at, hiddenField("lms"), hiddenField("name"), hiddenField("domain"), trust,
		}}}
		return page, nil
	}
	domain, err := p.domainField(ctx, "Whose LMS is it? Accounts and courses that come from there belong to this institution.")
	page.Form.Groups = []web.FieldGroup{{Title: "Which LMS is it?", Fields: []web.Field{
		at, as(web.FieldRadio, choice("lms", "Product", "You will get the steps for this one.", lmsNames()...)),
		required(text("name", "Name", "What people read: \u201cfrom Campus Moodle\u201d.")), domain,
	}}}
	return page, err
}

func hiddenField(name string) web.Field { return web.Field{Kind: web.FieldHidden, Name: name} }

// domainField lets the admin choose an institution.
func (p *People) domainField(ctx context.Context, help string) (web.Field, error) {
	f := choice("domain", "Institution", help)
	err := p.Store.View(ctx, func(tx store.Tx) error {
		domains, _, err := store.Domains.List(tx, "", "", store.MaxScan)
		f.Options = nil
		for _, d := range domains {
			f.Options = append(f.Options, option(d.ID, nameOr(d.Name, d.ID)))
		}
		return err
	})
	return f, err
}

// fill gives one field of a form its value.
func fill(f *web.Form, name, value string) {
	eachField(f, func(field *web.Field) {
		if field.Name == name {
			field.Value = value
		}
	})
}

// newConsumer takes a step of the wizard. The last one makes the tool consumer
// and shows its key and secret this once.
func (p *People) newConsumer(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	step := sent.text("step")
	page, err := p.consumerWizard(r.Context(), step)
	if err != nil {
		return err
	}
	fillTyped(&page.Form, sent)
	if sent.text("name") == "" {
		if page, err = p.consumerWizard(r.Context(), stepWho); err != nil {
			return err
		}
		fillTyped(&page.Form, sent)
		fill(&page.Form, "step", stepWho)
		place(&page.Form, manifest.Faults{{Path: "name", Text: "write what people call this LMS"}})
		return p.showEdit(w, r, v, http.StatusUnprocessableEntity, page)
	}
	if step != stepTrust {
		if page, err = p.consumerWizard(r.Context(), stepTrust); err != nil {
			return err
		}
		fillTyped(&page.Form, sent)
		fill(&page.Form, "step", stepTrust)
		fill(&page.Form, "trust", trustCourse)
		return p.showEdit(w, r, v, http.StatusOK, page)
	}
	return p.makeConsumer(w, r, v, sent, page)
}

func (p *People) makeConsumer(w http.ResponseWriter, r *http.Request, v visit, sent form, page web.EditPage) error {
	id, err := p.freeID(r.Context(), manifest.Object{Section: manifest.ToolConsumers, Domain: sent.text("domain"), ID: idFrom(sent.text("name"), "lms")})
	if err != nil {
		return err
	}
	trust := sent.text("trust")
	key, secret := vault.NewKey(p.Consumer.Rand), vault.NewSecret(p.Consumer.Rand)
	eachField(&page.Form, func(f *web.Field) { f.Loose = true })
	more := map[string]any{
		"name": sent.text("name"), "key": key, "secret": secret,
		"user_identity": trust != trustLink, "course_identity": trust != trustLink && trust != trustIdentity,
	}
	if made, err := p.makeNew(w, r, v, editor{object: id, page: page}, more); !made {
		return err
	}
	shown, err := p.readConsumerOf(r, v, id.Domain, id.ID)
	if err != nil {
		return err
	}
	shown.NewKey, shown.NewSecret, shown.LMS = key, secret, sent.text("lms")
	shown.Path = web.ConsumerPath(id.Domain, id.ID)
	p.wrote(r, p.Pages.Consumer(w, http.StatusOK, shown))
	return nil
}

// maxSame is how many records may have the same name before one must be given
// an id by hand.
const maxSame = 100

// freeID gives the object an id that is not taken, by a number behind it.
func (p *People) freeID(ctx context.Context, o manifest.Object) (manifest.Object, error) {
	err := p.Store.View(ctx, func(tx store.Tx) error {
		free := o
		for n := 2; n < maxSame; n++ {
			_, err := tx.Get(o.Section, store.Join(free.Domain, free.ID))
			if err != nil {
				if isMissing(err) {
					o = free
					return nil
				}
				return err
			}
			free.ID = o.ID + "-" + strconv.Itoa(n)
		}
		return nil
	})
	return o, err
}

// firstLaunch tells the page that waits for the first launch of a tool consumer
// whether it has come: a sentence, or nothing yet.
func (p *People) firstLaunch(w http.ResponseWriter, r *http.Request, v visit) error {
	domain, id := param(r, "domain"), param(r, "id")
	var found []lti.LaunchRecord
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		if _, err = store.ToolConsumers.Read(tx, domain, id); err != nil {
			return err
		}
		found, err = newestLaunches(tx, func(l lti.LaunchRecord) bool {
			return l.Direction == lti.Inbound && l.Domain == domain && l.Consumer == id
		})
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if len(found) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	_, err = w.Write([]byte(p.Pages.FirstLaunch(p.frame(r, v).Locale, found)))
	p.wrote(r, err)
	return nil
}
