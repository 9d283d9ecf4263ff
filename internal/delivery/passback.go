package delivery

import (
	"errors"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// number gives a target the number of its address among those at which the LMS
// takes grades of the course. A new address gets the next number; none is ever
// given away again.
func number(tx store.Tx, t lti.UpstreamTarget) (lti.UpstreamTarget, error) {
	address := t.Address()
	if address == "" {
		t.Passback = 0
		return t, nil
	}
	u, err := store.PassbackURLs.FindRead(tx, "url", store.PassbackEntry(t.Domain, t.Course, t.Consumer, address))
	if err == nil {
		t.Passback = u.Number
		return t, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return t, err
	}
	last, err := PassbackURLs(tx, t)
	if err != nil {
		return t, err
	}
	t.Passback = last + 1
	return t, store.PassbackURLs.PutNew(tx, lti.PassbackURL{
		Domain: t.Domain, Course: t.Course, Consumer: t.Consumer, Number: t.Passback, URL: address, First: tx.Now(),
	})
}

// PassbackURLs is how many addresses the LMS of a target has had for the grades
// of its course.
func PassbackURLs(tx store.Tx, t lti.UpstreamTarget) (int, error) {
	newest, _, err := store.PassbackURLs.ListBack(tx, store.Prefix(t.Domain, t.Course, t.Consumer), "", 1)
	if err != nil || len(newest) == 0 {
		return 0, err
	}
	return newest[0].Number, nil
}
