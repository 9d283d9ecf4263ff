package server

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

// handleContentItems takes what somebody chose in a tool, and sends the browser
// back to the course.
func (s *Server) handleContentItems(w http.ResponseWriter, r *http.Request) {
	req, err := s.read(r, consumer.MaxItemsBody)
	if s.Budget.Spent(s.Budget.Address(r)) && (err != nil || !s.Consumer.ItemsHold(r.Context(), req, chi.URLParam(r, "ticket"))) {
		s.tooManyReturns(w, r)
		return
	}
	if err != nil {
		s.refuseBack(w, r, err)
		return
	}
	back, err := s.Consumer.TakeItems(r.Context(), req, chi.URLParam(r, "ticket"))
	if err != nil {
		s.refuseBack(w, r, err)
		return
	}
	s.Metrics.service("content-items", "accepted")
	s.Log.InfoContext(r.Context(), "content items taken", "course", back.Course.String(), "tool", back.Tool,
		"added", back.Added, "left_out", back.LeftOut, "ref", lti.Reference(back.Record))
	web.SeeOther(w, r, coursePage(back))
}

// handleReturn takes a person back whom a tool sends to the return URL of a
// launch.
func (s *Server) handleReturn(w http.ResponseWriter, r *http.Request) {
	said := launch.ParseReturn(r.URL.RawQuery)
	back, err := s.Consumer.Return(r.Context(), chi.URLParam(r, "ticket"), said)
	if err != nil && s.Budget.Spent(s.Budget.Address(r)) {
		s.tooManyReturns(w, r)
		return
	}
	if err != nil {
		s.refuseBack(w, r, err)
		return
	}
	if said != (lti.ReturnMessages{}) {
		s.Log.InfoContext(r.Context(), "tool sent a person back", "course", back.Course.String(), "tool", back.Tool, "ref", lti.Reference(back.Record),
			"message", said.Message, "log", said.Log, "error_message", said.ErrorMessage, "error_log", said.ErrorLog)
	}
	s.leadBack(w, r, back)
}

// leadBack sends a person on from a tool: to the LMS if it named a way back,
// else to the course. One that stood in a frame is left by a page that takes
// the frame away: inside it the course would stand in a page of its own, and
// without the cookies of those who signed in here.
func (s *Server) leadBack(w http.ResponseWriter, r *http.Request, back consumer.Back) {
	u, err := url.Parse(back.LMS)
	toLMS := err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
	switch {
	case r.Header.Get("Sec-Fetch-Dest") == "iframe":
		to := coursePage(back)
		if toLMS {
			to = back.LMS
		}
		framedBy(w.Header(), "*")
		page := web.BackPage{Frame: web.Frame{Path: r.URL.Path, Bare: true, Framed: true, Now: s.Now()}, To: to}
		if err := s.Pages.Back(w, http.StatusOK, page); err != nil {
			s.Log.ErrorContext(r.Context(), "write page", "error", err)
		}
	case toLMS:
		http.Redirect(w, r, back.LMS, http.StatusSeeOther) //nolint:forbidigo // the return URL of the LMS's own signed launch
	default:
		web.SeeOther(w, r, coursePage(back))
	}
}

// tooManyReturns answers a browser that is not let on, from an address that has
// used up its budget of refusals. Whoever holds a good way back is never limited.
func (s *Server) tooManyReturns(w http.ResponseWriter, r *http.Request) {
	s.Metrics.service("back-from-tool", "over_budget")
	s.refuse(w, r, http.StatusTooManyRequests, web.RefusalPage{Frame: web.Frame{Path: r.URL.Path, Bare: true, Now: s.Now()}})
}

// coursePage is where a person goes on: the course, in the session that they
// came by, with the launch that the tool said something about.
func coursePage(back consumer.Back) string {
	query := url.Values{}
	if back.Session != "" {
		query.Set("s", back.Session)
	}
	if back.Record != "" {
		query.Set(web.ToldQuery, back.Record)
	}
	path := web.CoursePath(back.Course)
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

// refuseBack answers a browser from a tool that is not let on, and logs why.
func (s *Server) refuseBack(w http.ResponseWriter, r *http.Request, err error) {
	reason := lti.Reason(err)
	a := answerFor(reason.Cause)
	page := web.RefusalPage{
		Frame:    web.Frame{Path: r.URL.Path, Bare: true, Now: s.Now()},
		Headline: a.headline, What: a.what, Do: a.do, Replay: reason.Cause == lti.CauseNonceUsed,
	}
	var refused *consumer.Refused
	if errors.As(err, &refused) {
		page.Ref = refused.Reference
	}
	s.Metrics.service("back-from-tool", string(reason.Cause))
	s.spend(r, a.status)
	s.Log.WarnContext(r.Context(), "browser from a tool refused", "cause", reason.Cause, "detail", reason.Detail, "ref", page.Ref)
	s.refuse(w, r, a.status, page)
}
