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
	opened, err := p.opened(r, v)
	if err != nil {
		return err
	}
	var s seat
	err = p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		s, err = takeSeat(tx, v, ref)
		return err
	})
	if err != nil {
		return err
	}
	if v.User.Domain != ref.Domain { // an admin of another domain is nobody here
		return lti.Refuse(lti.CauseNoRole, "%s has no account in the domain %s", v.name(), ref.Domain)
	}
	if s.locked(link, opened) {
		return errLocked
	}
	frame := p.courseFrame(r, v, s)
	req := consumer.LaunchRequest{
		Course: ref, Link: link, Username: v.User.Username,
		Locale: frame.Locale, Session: v.session(),
	}
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
	if inTab {
		page.Target, page.NewTabPath = lti.TargetTab, ""
	}
	return p.showLaunch(w, r, page)
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
