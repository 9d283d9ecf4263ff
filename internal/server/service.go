package server

import (
	"context"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
)

// handlePassback takes a tool's result, reading or deletion.
func (s *Server) handlePassback(w http.ResponseWriter, r *http.Request) {
	s.serviceCall(w, r, "passback", consumer.MaxBody, s.Consumer.TakeResult)
}

// handleSetting loads, saves or deletes what a tool keeps for a link.
func (s *Server) handleSetting(w http.ResponseWriter, r *http.Request) {
	s.serviceCall(w, r, "setting", consumer.MaxSettingBody, s.Consumer.Setting)
}

// handleMemberships serves a page of Context Memberships.
func (s *Server) handleMemberships(w http.ResponseWriter, r *http.Request) {
	tail := chi.URLParam(r, "*")
	s.serviceCall(w, r, "memberships", 0, func(ctx context.Context, req oauth1.Request) consumer.Answer {
		return s.Consumer.ServeMembers(ctx, req, tail)
	})
}

// serviceCall reads a signed call, has it served and writes the answer.
func (s *Server) serviceCall(w http.ResponseWriter, r *http.Request, service string, maxBody int64, serve func(context.Context, oauth1.Request) consumer.Answer) {
	req, err := s.read(r, maxBody)
	if s.overBudget(r, service, req, err) {
		s.tooManyCalls(w, service)
		return
	}
	if err != nil {
		s.answer(w, r, service, s.unreadable(r, err))
		return
	}
	s.answer(w, r, service, serve(r.Context(), req))
}

// overBudget reports whether a call is not looked at any closer: its address
// has used up its budget of refusals, and its signature does not hold. A tool's
// good calls are never limited, whatever else comes from where it runs.
func (s *Server) overBudget(r *http.Request, service string, req oauth1.Request, unread error) bool {
	if !s.Budget.Spent(s.Budget.Address(r)) {
		return false
	}
	return unread != nil || !s.Consumer.Holds(r.Context(), idsOf(service), req, chi.URLParam(r, "*"))
}

// idsOf is whose service ids a service takes.
func idsOf(service string) string {
	switch service {
	case "passback":
		return lti.ServiceGrade
	case "setting":
		return lti.ServiceSetting
	}
	return lti.ServiceRoster
}

func (s *Server) tooManyCalls(w http.ResponseWriter, service string) {
	s.Metrics.service(service, "over_budget")
	w.Header().Set("Retry-After", retryAfter)
	http.Error(w, "several calls from this address were refused in a short time: try again in a minute", http.StatusTooManyRequests)
}

// unreadable is the answer to a call that could not be read.
func (s *Server) unreadable(r *http.Request, err error) consumer.Answer {
	return s.Consumer.RefuseResult(r.Context(), oauth1.Request{ContentType: r.Header.Get("Content-Type")}, err)
}

// handleRoster streams the members of a course.
func (s *Server) handleRoster(w http.ResponseWriter, r *http.Request) {
	req, err := s.read(r, consumer.MaxBody)
	if s.overBudget(r, "roster", req, err) {
		s.tooManyCalls(w, "roster")
		return
	}
	if err != nil {
		s.answer(w, r, "roster", s.unreadable(r, err))
		return
	}
	roster, answer := s.Consumer.ServeRoster(r.Context(), req)
	if roster == nil {
		s.answer(w, r, "roster", answer)
		return
	}
	s.Metrics.service("roster", "accepted")
	w.Header().Set("Content-Type", roster.ContentType)
	if err := roster.WriteTo(r.Context(), w); err != nil {
		s.Log.WarnContext(r.Context(), "roster broke off", "error", err)
		panic(http.ErrAbortHandler) // so that nobody takes a part for the whole
	}
}

// answer writes what a tool is told, and logs and counts a refusal.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, service string, a consumer.Answer) {
	outcome := "accepted"
	if a.Cause != "" {
		outcome = string(a.Cause)
		s.spend(r, a.Status)
		s.Log.WarnContext(r.Context(), "service call refused", "service", service, "cause", a.Cause, "detail", a.Detail, "ref", a.Reference)
	}
	s.Metrics.service(service, outcome)
	h := w.Header()
	h.Set("Content-Type", a.ContentType)
	h.Set("Content-Length", strconv.Itoa(len(a.Body)))
	if a.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", retryAfter)
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // the tool may be gone; what was stored stays
}
