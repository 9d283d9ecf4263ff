package admin

import (
	"errors"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/web"
)

// pass receives a browser from a launch that states no user, and leads it to
// the launch's place as whoever is signed in otherwise. It asks where that is
// nobody, or several people; the pass stays good meanwhile.
func (p *People) pass(w http.ResponseWriter, r *http.Request, v visit) error {
	id, ticket := param(r, "id"), r.URL.Query().Get(web.TokenQuery)
	p.framedByPass(w, r, id)
	page := web.PassPage{Frame: web.Frame{Path: r.URL.Path, Bare: true, Now: v.now}, ID: id}
	record, err := p.Sessions.Pass(r, id)
	switch {
	case errors.Is(err, session.ErrNone) && ticket != "": // the browser keeps no cookie here
		page.Ticket = ticket
		p.wrote(r, p.Pages.Pass(w, http.StatusOK, page))
		return nil
	case errors.Is(err, session.ErrNone), errors.Is(err, session.ErrOver):
		return errPass
	case err != nil:
		return err
	}
	page.Framed = r.Header.Get("Sec-Fetch-Dest") == "iframe"
	people, err := p.passPeople(r, record, page.Framed)
	if err != nil {
		return err
	}
	if len(people) == 1 {
		web.SeeOther(w, r, people[0].Path)
		return nil
	}
	page.People, page.Until = people, record.Pass.Expires
	if page.Framed && len(people) == 0 {
		page.Ticket = ticket
	}
	p.wrote(r, p.Pages.Pass(w, http.StatusOK, page))
	return nil
}

// passPeople lists those at the browser who may go on: people of the place's
// domain. The pages of local sign-ins stand in no frame.
func (p *People) passPeople(r *http.Request, record lti.LaunchRecord, framed bool) ([]web.PassPerson, error) {
	everybody, err := p.Sessions.Everybody(r)
	if err != nil {
		return nil, err
	}
	var people []web.PassPerson
	for _, found := range everybody {
		if found.User.Domain != record.Domain || framed && found.Launch == nil {
			continue
		}
		path := placeOf(record)
		if found.Launch != nil {
			path += "?" + sessionQuery + "=" + found.Launch.ID
		}
		who := viewer(visit{Visitor: found, known: true})
		people = append(people, web.PassPerson{Viewer: who, Path: path + fragmentOf(record)})
	}
	return people, nil
}

// redeemPass gives a tab of its own the pass that a frame could not keep.
func (p *People) redeemPass(w http.ResponseWriter, r *http.Request, _ visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	id := param(r, "id")
	if err := p.Sessions.RedeemPass(w, r, id, sent.text("ticket")); err != nil {
		return err
	}
	web.SeeOther(w, r, web.PassPath(id, ""))
	return nil
}

// framedByPass lets the LMS show the way to its place in a frame.
func (p *People) framedByPass(w http.ResponseWriter, r *http.Request, id string) {
	if record := p.launchOf(r.Context(), id); record != nil && record.Pass != nil {
		p.framedBy(w, record.Pass.Origins)
	}
}

// opened lists the places that the visitor has a pass for: those of launches
// that state no user, and for a while the place that the visitor's own launch
// has named, if its LMS is believed about courses.
func (p *People) opened(r *http.Request, v visit) ([]lti.Place, error) {
	places, err := p.Sessions.Passes(r)
	if err != nil {
		return nil, err
	}
	if v.Launch != nil && v.Consumer.UserIdentity && v.Consumer.CourseIdentity && v.now.Before(v.Launch.At.Add(lti.PassLifetime)) {
		places = append(places, v.Launch.Place())
	}
	return places, nil
}

// locked reports whether a link is closed to the visitor for want of a pass.
func (s seat) locked(link string, opened []lti.Place) bool {
	if s.admin || !s.role.NeedsPass() || !s.course.Protected(link) {
		return false
	}
	_, folder, _ := s.course.Link(link)
	for _, place := range opened {
		if place.Opens(s.course.Ref(), folder, link) {
			return false
		}
	}
	return true
}

// shut reports whether a folder is closed to the visitor for want of a pass. One
// for a link opens that link, not the folder.
func (s seat) shut(folder lti.Folder, opened []lti.Place) bool {
	if s.admin || !s.role.NeedsPass() || !folder.Protected {
		return false
	}
	for _, place := range opened {
		if place.Opens(s.course.Ref(), folder.ID, "") {
			return false
		}
	}
	return true
}
