package admin

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// resendAll sends again what was refused or given up and passes the filters,
// and leads to the page that follows it.
func (p *People) resendAll(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	filter, ok := filterOf(sent.text)
	if !ok || filter.State != "" && filter.State != lti.Refused && filter.State != lti.Dead {
		return errForm
	}
	batch, err := p.Resend(r.Context(), v.name(), filter)
	if err != nil {
		return err
	}
	if batch.Total == 0 {
		v.goTo(w, r, web.DeliveriesPath, doneNothing)
		return nil
	}
	v.goTo(w, r, web.BatchPath(batch.ID), doneResentAll)
	return nil
}

// batch follows a resending of many.
func (p *People) batch(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.BatchPage{Frame: p.frame(r, v)}
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		if page.Batch, err = store.Batches.Get(tx, param(r, "id")); err != nil {
			return err
		}
		page.States = make(map[lti.State]int)
		for _, s := range []lti.State{lti.Waiting, lti.Sending, lti.Delivered, lti.Superseded, lti.Refused, lti.Dead} {
			if page.States[s], err = count(tx, store.Deliveries.Name()+".batch", store.Prefix(page.Batch.ID, string(s))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Batch(w, http.StatusOK, page))
	return nil
}
