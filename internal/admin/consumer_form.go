package admin

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// consumerObject is the tool consumer that the path names.
func consumerObject(r *http.Request) manifest.Object {
	return manifest.Object{Section: manifest.ToolConsumers, Domain: param(r, "domain"), ID: param(r, "id")}
}

func consumerEditor(o manifest.Object) editor {
	return settingsEditor(o, web.ConsumerPath(o.Domain, o.ID), consumerGroups())
}

// editConsumer shows the form of a tool consumer.
func (p *People) editConsumer(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.askEdit(w, r, v, consumerEditor(consumerObject(r)))
}

// saveConsumer changes a tool consumer.
func (p *People) saveConsumer(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.saveEdit(w, r, v, consumerEditor(consumerObject(r)))
}

// switchConsumer disables a tool consumer, or enables it again.
func (p *People) switchConsumer(w http.ResponseWriter, r *http.Request, v visit) error {
	o := consumerObject(r)
	return p.switchRecord(w, r, v, o, web.ConsumerPath(o.Domain, o.ID))
}

// removeConsumer takes away a tool consumer that was never used.
func (p *People) removeConsumer(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.removeRecord(w, r, v, consumerObject(r), web.ConsumersPath)
}

// What the buttons of a record's page ask for.
const (
	doDisable = "disable"
	doEnable  = "enable"
)

func (p *People) switchRecord(w http.ResponseWriter, r *http.Request, v visit, o manifest.Object, after string) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	done := doneDisabled
	switch sent.text("do") {
	case doDisable:
		err = p.change(r, v, o, "disabled", true)
	case doEnable:
		done, err = doneEnabled, p.change(r, v, o, "disabled", false)
	default:
		err = errForm
	}
	if err != nil {
		return err
	}
	v.goTo(w, r, after, done)
	return nil
}

func (p *People) removeRecord(w http.ResponseWriter, r *http.Request, v visit, o manifest.Object, after string) error {
	if p.Remove == nil {
		return store.ErrNotFound
	}
	if err := p.Remove(r.Context(), o, v.name()); err != nil {
		return err
	}
	v.goTo(w, r, after, doneRemoved)
	return nil
}

// tryConsumer takes a launch of our own through every check, as the LMS would
// send it, and shows how far it came. Nothing of it stays.
func (p *People) tryConsumer(w http.ResponseWriter, r *http.Request, v visit) error {
	if p.TryLaunch == nil {
		return store.ErrNotFound
	}
	o := consumerObject(r)
	steps, failed := p.TryLaunch(r.Context(), o.Domain, o.ID)
	if isMissing(failed) {
		return failed
	}
	page, err := p.readConsumerOf(r, v, o.Domain, o.ID)
	if err != nil {
		return err
	}
	page.Trial = p.trial(steps, failed)
	page.Path = web.ConsumerPath(o.Domain, o.ID)
	p.wrote(r, p.Pages.Consumer(w, http.StatusOK, page))
	return nil
}

// trial is how a launch of our own went.
func (p *People) trial(steps []string, failed error) *web.Trial {
	t := &web.Trial{Steps: steps, Address: p.PublicURL + launchPath}
	if failed == nil {
		return t
	}
	reason := lti.Reason(failed)
	t.Failed, t.Cause, t.Detail, t.Hint = true, string(reason.Cause), reason.Detail, reason.Hint
	return t
}
