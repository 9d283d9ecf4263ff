package admin

import (
	"errors"
	"net/http"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// launch opens a resource link: it answers with the signed form that posts
// itself to the tool.
func (p *People) launch(w http.ResponseWriter, r *http.Request, v visit) error {
	ref, link := courseRef(r), param(r, "link")
	req := consumer.LaunchRequest{Course: ref, Link: link, Username: v.User.Username, Session: v.session()}
	opened, err := p.opened(r, v)
	if err != nil {
		return err
	}
	s, err := p.launchSeat(r, v, ref)
	if err != nil {
		return p.refuseLaunch(r, req, err)
	}
	if r.Method == http.MethodHead { // who only looks is not launched
		return p.Consumer.MayLaunch(r.Context(), req)
	}
	if s.locked(link, opened) {
		return errLocked
	}
	frame := p.courseFrame(r, v, s)
	req.Locale, req.AsStudent = frame.Locale, asStudent(r, s) && s.role.CanEdit()
	inTab := r.URL.Query().Get("in") == lti.TargetTab
	if inTab {
		req.DocumentTarget = lti.TargetWindow
	}
	form, err := p.Consumer.Launch(r.Context(), req)
	if err != nil {
		return err
	}
	page := web.LaunchFormPage{
		Frame: frame, LinkTitle: titleOf(form.Link), ToolName: form.Tool.Name,
		Action: form.URL, Params: params(form), Target: form.Target, Width: form.Width, Height: form.Height,
		NewTabPath: web.LinkPath(ref, link) + "?in=" + lti.TargetTab,
	}
	if page.Preview = req.AsStudent; page.Preview {
		page.NewTabPath += "&as=" + web.AsStudent
	}
	if inTab {
		page.Target, page.NewTabPath = lti.TargetTab, ""
	}
	return p.showLaunch(w, r, page)
}

// launchSeat is the visitor's place in the course of a launch. An admin of
// another domain is nobody there.
func (p *People) launchSeat(r *http.Request, v visit, ref lti.CourseRef) (seat, error) {
	var s seat
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		s, err = takeSeat(tx, v, ref)
		return err
	})
	if err == nil && v.User.Domain != ref.Domain {
		refusal := lti.Refuse(lti.CauseNoRole, "%s has no account in the domain %s", v.name(), ref.Domain)
		refusal.Err = errElsewhere
		err = refusal
	}
	return s, err
}

// refuseLaunch leaves a record of a launch that is refused here. What is not
// there at all leaves none.
func (p *People) refuseLaunch(r *http.Request, req consumer.LaunchRequest, err error) error {
	var refusal *lti.Refusal
	if r.Method == http.MethodHead || !errors.As(err, &refusal) {
		return err
	}
	return p.Consumer.RefuseLaunch(r.Context(), req, refusal)
}

func (p *People) showLaunch(w http.ResponseWriter, r *http.Request, page web.LaunchFormPage) error {
	err := p.Pages.LaunchForm(w, http.StatusOK, page)
	if errors.Is(err, web.ErrToolURL) {
		return lti.Refuse(lti.CauseNoTool, "the tool's URL is neither http nor https")
	}
	p.wrote(r, err)
	return nil
}

func params(form consumer.Form) []web.Param {
	list := make([]web.Param, 0, len(form.Params))
	for name, value := range form.Params.All() {
		list = append(list, web.Param{Name: name, Value: value})
	}
	return list
}
