package admin

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/delivery"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// grade shows one student's result for one link, to those who grade.
func (p *People) grade(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := p.readGrade(r, v)
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Grade(w, http.StatusOK, page))
	return nil
}

// readGrade reads the cell that the path names, if the visitor may see it.
func (p *People) readGrade(r *http.Request, v visit) (web.GradePage, error) {
	var page web.GradePage
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		s, err := takeSeat(tx, v, courseRef(r))
		if err != nil {
			return err
		}
		if !s.grades() {
			return errForbidden
		}
		link, ok := find(s.course, param(r, "link"))
		if !ok || !link.Gradable() {
			return store.ErrNotFound
		}
		page = web.GradePage{
			Frame: p.courseFrame(r, v, s), LinkID: link.ID, LinkTitle: titleOf(link.ResourceLink), Points: link.Points,
			Username: param(r, "username"), Editable: v.User.Domain == s.course.Domain,
		}
		if err := fillGrade(tx, s.course, &page); err != nil {
			return err
		}
		page.Deliveries, err = gradeDeliveries(tx, s.course, link, page)
		return err
	})
	return page, err
}

// fillGrade reads the student and the result.
func fillGrade(tx store.Tx, course *lti.Course, page *web.GradePage) error {
	member, err := store.Memberships.Get(tx, course.Domain, course.ID, page.Username)
	if err != nil {
		return err
	}
	user, err := userOf(tx, course.Domain, page.Username)
	if err != nil {
		return err
	}
	page.Name, page.Section = user.Name(), member.Section
	page.Result, err = store.Results.Get(tx, course.Domain, course.ID, page.LinkID, page.Username)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

func gradeDeliveries(tx store.Tx, course *lti.Course, link placed, page web.GradePage) ([]web.DeliveryRow, error) {
	found, err := deliveriesOf(tx, course, link, page.Username)
	if err != nil {
		return nil, err
	}
	rows := make([]web.DeliveryRow, 0, len(found))
	consumers := names{}
	for _, d := range found {
		name, err := consumers.consumer(tx, d.Domain, d.Consumer)
		if err != nil {
			return nil, err
		}
		at, err := opens(tx, d)
		if err != nil {
			return nil, err
		}
		rows = append(rows, web.DeliveryRow{Delivery: d, ConsumerName: name, UserName: page.Name, ScopeTitle: scopeTitle(course, d.Scope), Opens: at})
	}
	return rows, nil
}

// scopeTitle names the link or folder of a scope; "" for the course.
func scopeTitle(course *lti.Course, scope lti.Scope) string {
	switch scope.Kind {
	case lti.ScopeLink:
		if link, _, ok := course.Link(scope.ID); ok {
			return titleOf(link)
		}
	case lti.ScopeFolder:
		if folder, ok := course.Folder(scope.ID); ok && folder.Title != "" {
			return folder.Title
		}
	}
	return scope.ID
}

// editGrade reads the cell for a visitor who may change it.
func (p *People) editGrade(r *http.Request, v visit) (web.GradePage, error) {
	page, err := p.readGrade(r, v)
	if err == nil && !page.Editable {
		err = errForbidden
	}
	return page, err
}

func resultRef(r *http.Request) consumer.ResultRef {
	return consumer.ResultRef{Course: courseRef(r), Link: param(r, "link"), Username: param(r, "username")}
}

// override sets a score by hand, in points. What is no number in their range is
// shown again with the fault.
func (p *People) override(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := p.editGrade(r, v)
	if err != nil {
		return err
	}
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	score, ok := parsePoints(sent.text("score"), page.Points)
	if !ok {
		page.Typed = sent.text("score")
		page.Faulty = true
		p.wrote(r, p.Pages.Grade(w, http.StatusUnprocessableEntity, page))
		return nil
	}
	if _, err := p.Consumer.Override(r.Context(), resultRef(r), v.User.Username, score); err != nil {
		return err
	}
	v.goTo(w, r, p.gradePath(r), doneOverridden)
	return nil
}

// parsePoints reads plain decimal points as a score from 0.0 to 1.0. Their mark
// is a point or a comma, as the language of the page has it.
func parsePoints(text string, possible float64) (score float64, ok bool) {
	text = strings.Replace(strings.TrimSpace(text), ",", ".", 1)
	if len(text) > 32 || strings.Trim(text, "0123456789.") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n > possible {
		return 0, false
	}
	return n / possible, true
}

func (p *People) gradePath(r *http.Request) string {
	return web.GradePath(courseRef(r), param(r, "link"), param(r, "username"))
}

// lift lets the tool's score count again.
func (p *People) lift(w http.ResponseWriter, r *http.Request, v visit) error {
	if _, err := p.editGrade(r, v); err != nil {
		return err
	}
	if _, err := p.Consumer.Lift(r.Context(), resultRef(r), v.User.Username); err != nil {
		return err
	}
	v.goTo(w, r, p.gradePath(r), doneLifted)
	return nil
}

// resendGrade sends one of the cell's deliveries again. Any other is not found.
func (p *People) resendGrade(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := p.editGrade(r, v)
	if err != nil {
		return err
	}
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	id := sent.text("delivery")
	if !slices.ContainsFunc(page.Deliveries, func(d web.DeliveryRow) bool { return d.ID == id }) {
		return store.ErrNotFound
	}
	return p.resendOne(w, r, v, again{id: id, anyway: sent.text("anyway") != "", back: p.gradePath(r)})
}

// resendOne sends a delivery again and goes back, with what became of it.
func (p *People) resendOne(w http.ResponseWriter, r *http.Request, v visit, a again) error {
	retry := p.Retry
	if a.anyway {
		retry = p.RetryAnyway
	}
	err := retry(r.Context(), a.id, v.name())
	code := doneResent
	switch {
	case errors.Is(err, delivery.ErrBusy):
		code = doneBusy
	case errors.Is(err, delivery.ErrSuperseded):
		code = doneSuperseded
	case err != nil:
		return err
	}
	v.goTo(w, r, a.back, code)
	return nil
}
