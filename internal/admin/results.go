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
		own, err := readPupil(tx, s.course, v.User.Username)
		if err != nil {
			return err
		}
		page.Totals = own.allTotals()
		for _, link := range gradable(s.course) {
			result, err := own.result(link)
			if err != nil {
				return err
			}
			mine := web.MyResult{Link: link.ID, Title: titleOf(link.ResourceLink), Points: link.Points}
			if result != nil {
				mine.OwnResult = *result
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

// pupil is what students may see of their own results in a course, as one
// transaction reads it.
type pupil struct {
	tx        store.Tx
	course    *lti.Course
	username  string
	consumers names
	// totals are the transfers of folders and the course.
	totals map[lti.Scope][]web.Transfer
}

func readPupil(tx store.Tx, course *lti.Course, username string) (*pupil, error) {
	p := &pupil{tx: tx, course: course, username: username, consumers: names{}, totals: map[lti.Scope][]web.Transfer{}}
	for _, scope := range widerScopes(course) {
		transfers, err := p.transfers(scope)
		if err != nil {
			return nil, err
		}
		p.totals[scope] = transfers
	}
	return p, nil
}

// widerScopes lists the scopes of more than one link: the folders, then the
// course.
func widerScopes(course *lti.Course) []lti.Scope {
	scopes := make([]lti.Scope, 0, len(course.Folders)+1)
	for _, f := range course.Folders {
		scopes = append(scopes, lti.Scope{Kind: lti.ScopeFolder, ID: f.ID})
	}
	return append(scopes, lti.Scope{Kind: lti.ScopeCourse})
}

// allTotals lists the transfers of all totals, each once.
func (p *pupil) allTotals() []web.Transfer {
	var all []web.Transfer
	for _, scope := range widerScopes(p.course) {
		all = append(all, p.totals[scope]...)
	}
	return all
}

// result is the result for a link, nil without any. Its transfers are of its
// own score alone: totals are other scores.
func (p *pupil) result(link placed) (*web.OwnResult, error) {
	result, err := store.Results.Get(p.tx, p.course.Domain, p.course.ID, link.ID, p.username)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	own := &web.OwnResult{Score: result.Counts(), At: result.SubmittedAt, Override: result.Override != nil,
		HandedIn: result.HandedIn, NeedsReview: result.NeedsReview}
	if result.Override != nil {
		own.At = result.Override.At
	}
	for _, scope := range link.scopes() {
		own.InTotal = own.InTotal || len(p.totals[scope]) > 0
	}
	own.Transfers, err = p.transfers(link.scope())
	return own, err
}

// transfers is how far a scope's score has come, with what it means that an LMS
// refused it, but without its words: those are for those who teach.
func (p *pupil) transfers(scope lti.Scope) ([]web.Transfer, error) {
	found, err := scopeDeliveries(p.tx, p.course, p.username, scope)
	if err != nil {
		return nil, err
	}
	var list []web.Transfer
	for _, d := range found {
		name, err := p.consumers.consumer(p.tx, d.Domain, d.Consumer)
		if err != nil {
			return nil, err
		}
		list = append(list, web.Transfer{Consumer: name, Of: totalOf(p.course, scope), Score: d.Score, State: d.State, At: d.Finished, Cause: d.Cause})
	}
	return list, nil
}

// totalOf names what a scope is the total of; "" for a single link.
func totalOf(course *lti.Course, scope lti.Scope) string {
	switch scope.Kind {
	case lti.ScopeFolder:
		return scopeTitle(course, scope)
	case lti.ScopeCourse:
		return "course"
	}
	return ""
}

// deliveriesOf lists the newest delivery on the way to each upstream target of
// a person that the link's score is part of.
func deliveriesOf(tx store.Tx, course *lti.Course, link placed, username string) ([]lti.Delivery, error) {
	var all []lti.Delivery
	for _, scope := range link.scopes() {
		found, err := scopeDeliveries(tx, course, username, scope)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// scopeDeliveries lists the newest delivery on the way to each upstream target
// of a person for a scope.
func scopeDeliveries(tx store.Tx, course *lti.Course, username string, scope lti.Scope) ([]lti.Delivery, error) {
	var found []lti.Delivery
	prefix := store.Prefix(course.Domain, course.ID, username, scope.Kind, scope.ID)
	err := store.Targets.All(tx, prefix, func(t lti.UpstreamTarget) error {
		if t.Live == "" {
			return nil
		}
		d, err := store.Deliveries.Get(tx, t.Live)
		if errors.Is(err, store.ErrNotFound) { // old ones are cleared away
			return nil
		}
		found = append(found, d)
		return err
	})
	return found, err
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
