package admin

import (
	"errors"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// results shows students their own results in a course.
func (p *People) results(w http.ResponseWriter, r *http.Request, v visit) error {
	var page web.MyResultsPage
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		s, err := takeSeat(tx, v, courseRef(r))
		if err != nil {
			return err
		}
		if !s.hasResults() {
			return errForbidden
		}
		page = web.MyResultsPage{Frame: p.courseFrame(r, v, s)}
		consumers := names{}
		for _, link := range gradable(s.course) {
			own, err := ownResult(tx, s.course, link, v.User.Username, consumers)
			if err != nil {
				return err
			}
			mine := web.MyResult{Link: link.ID, Title: titleOf(link.ResourceLink), Points: link.Points}
			if own != nil {
				mine.OwnResult = *own
			}
			page.Results = append(page.Results, mine)
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.MyResults(w, http.StatusOK, page))
	return nil
}

// ownResult is a student's result for a link as the student may see it: why an
// LMS refused it is for those who teach. It is nil without any.
func ownResult(tx store.Tx, course *lti.Course, link placed, username string, consumers names) (*web.OwnResult, error) {
	result, err := store.Results.Get(tx, course.Domain, course.ID, link.ID, username)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	own := &web.OwnResult{Score: result.Counts(), At: result.SubmittedAt, Override: result.Override != nil}
	if result.Override != nil {
		own.At = result.Override.At
	}
	ways, err := deliveriesOf(tx, course, link, username)
	if err != nil {
		return nil, err
	}
	for _, d := range ways {
		name, err := consumers.consumer(tx, d.Domain, d.Consumer)
		if err != nil {
			return nil, err
		}
		own.Transfers = append(own.Transfers, web.Transfer{Consumer: name, State: d.State, At: d.Finished})
	}
	return own, nil
}

// deliveriesOf lists the newest delivery on the way to each upstream target of
// a person that the link's score is part of.
func deliveriesOf(tx store.Tx, course *lti.Course, link placed, username string) ([]lti.Delivery, error) {
	var all []lti.Delivery
	for _, scope := range link.scopes() {
		prefix := store.Prefix(course.Domain, course.ID, username, scope.Kind, scope.ID)
		err := store.Targets.All(tx, prefix, func(t lti.UpstreamTarget) error {
			if t.Live == "" {
				return nil
			}
			d, err := store.Deliveries.Get(tx, t.Live)
			if errors.Is(err, store.ErrNotFound) { // old ones are cleared away
				return nil
			}
			all = append(all, d)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// names keeps what was looked up for one page.
type names map[string]string

// consumer is the name of a tool consumer, its id if that is gone.
func (n names) consumer(tx store.Tx, domain, id string) (string, error) {
	key := store.Join(domain, id)
	if name, ok := n[key]; ok {
		return name, nil
	}
	c, err := store.ToolConsumers.Read(tx, domain, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		n[key] = id
	case err != nil:
		return "", err
	default:
		n[key] = consumerName(c)
	}
	return n[key], nil
}
