package admin

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// askCopy asks which course the copy of a context is to stand for. A launch
// that has its place already goes there.
func (p *People) askCopy(w http.ResponseWriter, r *http.Request, v visit) error {
	if v.Launch == nil {
		return store.ErrNotFound
	}
	if v.Launch.Offer == nil {
		v.goTo(w, r, placeOf(*v.Launch), "")
		return nil
	}
	return p.writeCopy(w, r, v, http.StatusOK, "")
}

// writeCopy writes the question, with what was wrong with the answer before.
func (p *People) writeCopy(w http.ResponseWriter, r *http.Request, v visit, status int, fault string) error {
	page := web.CopyPage{
		Frame: p.frame(r, v), Consumer: consumerName(v.Consumer), From: v.Launch.Offer.From, Fault: fault,
		Same: v.Launch.Offer.Same, Fresh: v.Launch.Offer.Fresh, Context: contextTitle(*v.Launch),
	}
	page.ReturnURL = launch.ReturnTo(page.ReturnURL, lti.ReturnMessages{Message: "It is not decided yet what the copied course opens."})
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		course, err := store.Courses.Read(tx, page.From.Domain, page.From.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil // the answer will say so
		}
		if err == nil {
			page.Title, page.Links = course.Title, 0
			for range course.AllLinks() {
				page.Links++
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Copy(w, status, page))
	return nil
}

// contextTitle is what the LMS calls the course of a launch, "" if it did not
// say.
func contextTitle(l lti.LaunchRecord) string {
	for _, name := range []string{"context_title", "context_label"} {
		for _, pair := range l.Params {
			if pair[0] == name && pair[1] != "" {
				return pair[1]
			}
		}
	}
	return ""
}

// settleCopy hears the answer and goes on with the launch.
func (p *People) settleCopy(w http.ResponseWriter, r *http.Request, v visit) error {
	if v.Launch == nil || p.Settle == nil {
		return store.ErrNotFound
	}
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	choice := lti.CourseChoice(sent.text("choice"))
	if o := v.Launch.Offer; o != nil && !o.Takes(choice) {
		return p.writeCopy(w, r, v, http.StatusUnprocessableEntity, "Choose one of these.")
	}
	record, err := p.Settle(r.Context(), v.Launch.ID, choice)
	if err != nil {
		return err
	}
	path := placeOf(record) + "?" + url.Values{sessionQuery: {record.ID}}.Encode() + fragmentOf(record)
	web.SeeOther(w, r, path)
	return nil
}
