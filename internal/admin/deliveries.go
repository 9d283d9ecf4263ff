package admin

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/delivery"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// deliveries lists results on their way to LMSs: what is live or stuck by the
// time it is due or ended, the oldest first; all others the newest first.
func (p *People) deliveries(w http.ResponseWriter, r *http.Request, v visit) error {
	query := r.URL.Query()
	page := web.DeliveriesPage{
		Frame: p.frame(r, v), State: lti.State(query.Get("state")), Consumer: query.Get("consumer"),
		Course: query.Get("course"), Cause: lti.SendCause(query.Get("cause")), Query: strings.TrimSpace(query.Get("q")),
	}
	filter, ok := filterOf(query.Get)
	if !ok {
		page.Consumer, filter.Domain, filter.Consumer = "", "", ""
	}
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		page.Consumers = nil
		err := store.ToolConsumers.All(tx, "", func(c lti.ToolConsumer) error {
			page.Consumers = append(page.Consumers, c)
			return nil
		})
		if err != nil {
			return err
		}
		found, next, err := findDeliveries(tx, r, filter, page.Query)
		if err != nil {
			return err
		}
		if page.Counts, _, err = countQueue(tx); err != nil {
			return err
		}
		if page.Query == "" { // a search picks what is shown, not what is sent
			if page.Stuck, err = countStuck(tx, filter); err != nil {
				return err
			}
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

// filterOf reads the filters of the list; ok is false for a tool consumer that
// is none.
func filterOf(get func(name string) string) (f lti.DeliveryFilter, ok bool) {
	f = lti.DeliveryFilter{State: lti.State(get("state")), Course: strings.TrimSpace(get("course")), Cause: lti.SendCause(get("cause"))}
	consumer := get("consumer")
	if consumer == "" {
		return f, true
	}
	f.Domain, f.Consumer, ok = strings.Cut(consumer, "/")
	return f, ok && f.Domain != "" && f.Consumer != ""
}

// findDeliveries finds those that pass the filters. A reference number leads to
// what it stands for, whatever the filters say; anything else is looked for in
// the names of users and tool consumers.
func findDeliveries(tx store.Tx, r *http.Request, f lti.DeliveryFilter, query string) ([]lti.Delivery, string, error) {
	if prefix := recordPrefix(query); query != "" && prefix != "" {
		found, _, err := store.Deliveries.ListBack(tx, prefix, "", perPage)
		return found, "", err
	}
	consumers := names{}
	var fault error
	want := func(d lti.Delivery) bool {
		if !f.Picks(d) {
			return false
		}
		if query == "" || matches(query, d.Username, d.Consumer) {
			return true
		}
		name, err := consumers.consumer(tx, d.Domain, d.Consumer)
		user, err2 := userOf(tx, d.Domain, d.Username)
		fault = errors.Join(fault, err, err2)
		return matches(query, name, user.Name())
	}
	read, key, after := deliveriesBack(tx), store.Deliveries.Key, cursor(r, "")
	switch f.State {
	case lti.Waiting, lti.Sending, lti.Refused, lti.Dead:
		prefix := store.Prefix(string(f.State))
		key, after = store.QueueCursor, cursor(r, prefix)
		read = func(after string, limit int) ([]lti.Delivery, string, error) {
			return store.Deliveries.ListBy(tx, "queue", prefix, after, limit)
		}
	}
	found, next, err := sift(read, key, after, perPage, want)
	return found, next, errors.Join(err, fault)
}

func deliveriesBack(tx store.Tx) reader[lti.Delivery] {
	return func(before string, limit int) ([]lti.Delivery, string, error) {
		return store.Deliveries.ListBack(tx, "", before, limit)
	}
}

// countStuck counts what a resending with these filters sends again, looking at
// maxSifted of each state at the most.
func countStuck(tx store.Tx, f lti.DeliveryFilter) (int, error) {
	n := 0
	for _, state := range []lti.State{lti.Refused, lti.Dead} {
		if f.State != "" && f.State != state {
			continue
		}
		for after, seen := "", 0; seen < maxSifted; {
			found, next, err := store.Deliveries.ListBy(tx, "queue", store.Prefix(string(state)), after, store.MaxScan)
			if err != nil {
				return n, err
			}
			for _, d := range found {
				if f.Picks(d) {
					n++
				}
			}
			seen += len(found)
			if after = next; after == "" {
				break
			}
		}
	}
	return n, nil
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
		if row.Opens, err = opens(tx, d); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// opens is when the LMS of a live delivery is tried again; zero if it is not
// left alone now.
func opens(tx store.Tx, d lti.Delivery) (at time.Time, err error) {
	if !d.State.Live() {
		return at, nil
	}
	k, err := store.Circuits.Get(tx, d.Domain, d.Consumer, d.Host)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return at, err
	}
	pace, err := store.Paces.Get(tx, d.Domain, d.Consumer)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return at, err
	}
	if at = k.Until; pace.Until.After(at) {
		at = pace.Until
	}
	if !at.After(tx.Now()) {
		return time.Time{}, nil
	}
	return at, nil
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
		if page.TargetURL, err = targetURL(tx, d); err != nil {
			return err
		}
		return numberURL(tx, d, &page)
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

// numberURL tells which of the LMS's addresses for the course the delivery's is.
func numberURL(tx store.Tx, d lti.Delivery, page *web.DeliveryPage) error {
	t, err := store.Targets.GetKey(tx, d.Target)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	page.PassbackURL = t.Passback
	page.PassbackURLs, err = delivery.PassbackURLs(tx, t)
	return err
}

// resend sends one delivery again.
func (p *People) resend(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	id := param(r, "id")
	return p.resendOne(w, r, v, again{id: id, anyway: sent.text("anyway") != "", back: web.DeliveryPath(id)})
}

// again is a delivery to be sent again, and where to go then.
type again struct {
	id     string
	anyway bool
	back   string
}
