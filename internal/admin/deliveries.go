package admin

import (
	"errors"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// deliveries lists results on their way to LMSs: what is live or stuck by the
// time it is due or ended, the oldest first; all others the newest first.
func (p *People) deliveries(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.DeliveriesPage{Frame: p.frame(r, v), State: lti.State(r.URL.Query().Get("state"))}
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		found, next, err := findDeliveries(tx, r, page.State)
		if err != nil {
			return err
		}
		if page.Counts, _, err = countQueue(tx); err != nil {
			return err
		}
		page.Next = next
		page.Deliveries, err = deliveryRows(tx, found)
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Deliveries(w, http.StatusOK, page))
	return nil
}

func findDeliveries(tx store.Tx, r *http.Request, state lti.State) ([]lti.Delivery, string, error) {
	switch state {
	case lti.Waiting, lti.Sending, lti.Refused, lti.Dead:
		prefix := store.Prefix(string(state))
		return store.Deliveries.ListBy(tx, "queue", prefix, cursor(r, prefix), perPage)
	}
	back := func(before string, limit int) ([]lti.Delivery, string, error) {
		return store.Deliveries.ListBack(tx, "", before, limit)
	}
	return sift(back, store.Deliveries.Key, cursor(r, ""), perPage, func(d lti.Delivery) bool {
		return state == "" || d.State == state
	})
}

// deliveryRows gives deliveries the names that their ids stand for.
func deliveryRows(tx store.Tx, found []lti.Delivery) ([]web.DeliveryRow, error) {
	rows := make([]web.DeliveryRow, 0, len(found))
	consumers := names{}
	for _, d := range found {
		row := web.DeliveryRow{Delivery: d}
		user, err := userOf(tx, d.Domain, d.Username)
		if err != nil {
			return nil, err
		}
		row.UserName = user.Name()
		if row.ConsumerName, err = consumers.consumer(tx, d.Domain, d.Consumer); err != nil {
			return nil, err
		}
		course, err := store.Courses.Read(tx, d.Domain, d.Course)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if err == nil {
			row.ScopeTitle = scopeTitle(course, d.Scope)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// delivery shows one delivery with its attempts.
func (p *People) delivery(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.DeliveryPage{Frame: p.frame(r, v)}
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		d, err := store.Deliveries.Get(tx, param(r, "id"))
		if err != nil {
			return err
		}
		rows, err := deliveryRows(tx, []lti.Delivery{d})
		if err != nil {
			return err
		}
		page.Delivery = rows[0]
		page.TargetURL, err = targetURL(tx, d)
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Delivery(w, http.StatusOK, page))
	return nil
}

// targetURL is where a delivery goes by its tool consumer's message format; ""
// if the target or the consumer is gone.
func targetURL(tx store.Tx, d lti.Delivery) (string, error) {
	t, err := store.Targets.GetKey(tx, d.Target)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	c, err := store.ToolConsumers.Read(tx, d.Domain, d.Consumer)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	if err == nil && c.Passback.Format == "1.0" && t.FormURL != "" {
		return t.FormURL, nil
	}
	return t.URL, nil
}

// resend sends one delivery again.
func (p *People) resend(w http.ResponseWriter, r *http.Request, v visit) error {
	id := param(r, "id")
	return p.resendOne(w, r, v, id, web.DeliveryPath(id))
}

// resendAll sends again what was refused, what was given up, or both.
func (p *People) resendAll(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	state := lti.State(sent.text("state"))
	if state != "" && state != lti.Refused && state != lti.Dead {
		return errForm
	}
	_, err = p.RetryAll(r.Context(), func(d lti.Delivery) bool { return state == "" || d.State == state })
	if err != nil {
		return err
	}
	v.goTo(w, r, web.DeliveriesPath, doneResentAll)
	return nil
}
