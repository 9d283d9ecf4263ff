package admin

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// arrive receives a browser straight from a launch, with the launch's id and
// its one-time ticket in the URL. One that kept the cookie goes on without the
// ticket, unless an admin is signed in beside it: then the page asks. One that
// kept none is offered a tab of its own.
func (p *People) arrive(w http.ResponseWriter, r *http.Request, v visit) error {
	query := r.URL.Query()
	ticket := query.Get(ticketQuery)
	if query.Get(sessionQuery) != "" && !v.known {
		page := web.CookieFallbackPage{Frame: web.Frame{
			Path: r.URL.Path, Session: query.Get(sessionQuery), Framed: true, Bare: true, Now: v.now,
		}, Ticket: ticket}
		p.wrote(r, p.Pages.CookieFallback(w, http.StatusOK, page))
		return nil
	}
	current, asked, err := p.beside(r, v)
	if err != nil {
		return err
	}
	if asked {
		page := web.SwitchPage{Frame: p.frame(r, v), Current: current, Next: viewer(v), Ticket: ticket}
		page.Bare = true
		p.wrote(r, p.Pages.Switch(w, http.StatusOK, page))
		return nil
	}
	query.Del(ticketQuery)
	to := url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: query.Encode()}
	web.SeeOther(w, r, to.RequestURI())
	return nil
}

// beside finds an admin who is signed in in the browser of another person's
// launch.
func (p *People) beside(r *http.Request, v visit) (web.Viewer, bool, error) {
	if v.Launch == nil {
		return web.Viewer{}, false, nil
	}
	local, err := p.Sessions.SignedIn(r)
	if errors.Is(err, session.ErrNone) || errors.Is(err, session.ErrOver) {
		return web.Viewer{}, false, nil
	}
	if err != nil {
		return web.Viewer{}, false, err
	}
	other := visit{Visitor: local, known: true}
	return viewer(other), other.isAdmin() && other.name() != v.name(), nil
}

// open redeems a ticket in a tab of its own and leads to the launch's place.
// The ticket stays in the URL once more, so that arrive asks where it must.
func (p *People) open(w http.ResponseWriter, r *http.Request) {
	v := visit{now: p.Now().UTC()}
	w.Header().Set("Content-Security-Policy", web.Policy(p.ancestors(r, v)))
	sent, err := readForm(r)
	if err != nil {
		p.fail(w, r, v, err)
		return
	}
	ticket := sent.text("ticket")
	record, err := p.Sessions.Redeem(w, r, r.URL.Query().Get(sessionQuery), ticket)
	if errors.Is(err, store.ErrKey) {
		err = session.ErrTicket
	}
	if err != nil {
		p.fail(w, r, v, err)
		return
	}
	query := url.Values{sessionQuery: {record.ID}, ticketQuery: {ticket}}
	web.SeeOther(w, r, placeOf(record)+"?"+query.Encode()+fragmentOf(record))
}

// switchPerson hears whether the browser goes on as the launched person. One
// who stays gives the launch's session up; the admin's stays untouched in both
// cases.
func (p *People) switchPerson(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	if v.Launch == nil {
		web.SeeOther(w, r, web.HomePath)
		return nil
	}
	if sent.text("answer") != "switch" {
		if err := p.Sessions.End(r.Context(), v.Launch.ID); err != nil {
			return err
		}
		web.SeeOther(w, r, web.HomePath)
		return nil
	}
	query := url.Values{sessionQuery: {v.Launch.ID}}
	web.SeeOther(w, r, placeOf(*v.Launch)+"?"+query.Encode()+fragmentOf(*v.Launch))
	return nil
}

// placeOf is the page that a launch leads to.
func placeOf(record lti.LaunchRecord) string {
	course := lti.CourseRef{Domain: record.Domain, ID: record.Course}
	switch {
	case record.Offer != nil:
		return web.CopyPath
	case record.Course == "":
		return web.HomePath
	case record.Link != "":
		return web.LinkPath(course, record.Link)
	}
	return web.CoursePath(course)
}

// fragmentOf anchors the course's page at the launch's folder.
func fragmentOf(record lti.LaunchRecord) string {
	if record.Folder == "" || record.Link != "" {
		return ""
	}
	return "#folder-" + url.PathEscape(record.Folder)
}
