package server

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/web"
)

// handleLaunch takes a launch from an LMS and sends the browser to its place.
func (s *Server) handleLaunch(w http.ResponseWriter, r *http.Request) {
	req, err := s.read(r, maxForm)
	if s.Budget.Spent(s.Budget.Address(r)) && (err != nil || !s.Provider.Holds(r.Context(), req)) {
		s.tooMany(w, r)
		return
	}
	if err != nil {
		s.refuseLaunch(w, r, err)
		return
	}
	tail, err := launchTail(r)
	if err != nil {
		s.refuseLaunch(w, r, err)
		return
	}
	accepted, err := s.Provider.AcceptLaunch(r.Context(), req, tail)
	if err != nil {
		s.refuseLaunch(w, r, err)
		return
	}
	if accepted.Pending != "" {
		s.Metrics.launch("asked")
		s.Log.InfoContext(r.Context(), "launch waits for the person's answer", "ref", lti.Reference(accepted.Record.ID), "consumer", accepted.Record.Consumer)
		web.SeeOther(w, r, web.PendingPath(accepted.Pending))
		return
	}
	s.Metrics.launch("accepted")
	if accepted.Token != "" {
		s.Sessions.Open(w, r, accepted.Record, accepted.Token)
	}
	if accepted.PassToken != "" {
		s.Sessions.OpenPass(w, r, accepted.Record, accepted.PassToken)
	}
	if accepted.Logout != nil {
		s.RegisterLogout(*accepted.Logout)
	}
	s.Log.InfoContext(r.Context(), "launch accepted", "ref", lti.Reference(accepted.Record.ID),
		"consumer", accepted.Record.Consumer, "course", accepted.Place.Course.String(), "link", accepted.Place.Link)
	web.SeeOther(w, r, destination(accepted))
}

// read takes a signed request off the connection. If its body breaks off or
// comes too slowly, that is the sender's doing.
func (s *Server) read(r *http.Request, maxBody int64) (oauth1.Request, error) {
	req, err := oauth1.Read(r, s.PublicURL, maxBody)
	var known lti.Causer
	if err != nil && !errors.As(err, &known) {
		err = &lti.Refusal{Cause: lti.CauseMalformed, Detail: "the body broke off: " + err.Error(), Err: err}
	}
	return req, err
}

// launchTail reads what the launch URL names. The parts stand in the path as
// they were sent, so each is unescaped once.
func launchTail(r *http.Request) (lti.Tail, error) {
	return tailOf(r, func(name string) string { return chi.URLParam(r, name) })
}

func tailOf(r *http.Request, param func(name string) string) (lti.Tail, error) {
	var tail lti.Tail
	for name, to := range map[string]*string{
		"domain": &tail.Domain, "course": &tail.Course, "folder": &tail.Folder, "link": &tail.Link, "code": &tail.Tiny,
	} {
		part := param(name)
		if r.URL.RawPath != "" { // chi routes on the escaped path then
			plain, err := url.PathUnescape(part)
			if err != nil {
				return lti.Tail{}, lti.Refuse(lti.CauseMalformed, "the path of the launch URL is badly escaped")
			}
			part = plain
		}
		*to = part
	}
	return tail, nil
}

// destination is where an accepted launch leads: its place, with the launch's
// id for the session and the ticket for a browser that keeps no cookie; with a
// pass the page that looks who is signed in.
func destination(a provider.Accepted) string {
	if a.PassTicket != "" {
		return web.PassPath(a.Record.ID, a.PassTicket)
	}
	path := web.HomePath
	switch course := a.Place.Course; {
	case course.ID != "" && a.Place.Link != "":
		path = web.LinkPath(course, a.Place.Link)
	case course.ID != "":
		path = web.CoursePath(course)
	case a.Record.Offer != nil:
		path = web.CopyPath
	}
	if a.Token != "" {
		path += "?" + url.Values{"s": {a.Record.ID}, "t": {a.Ticket}}.Encode()
	}
	if a.Place.Folder != "" && a.Place.Link == "" {
		path += "#folder-" + url.PathEscape(a.Place.Folder)
	}
	return path
}
