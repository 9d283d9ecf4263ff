package server

import (
	"context"
	"net/http"
	"strconv"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/oauth1"
)

// handlePassback takes a tool's result, reading or deletion.
func (s *Server) handlePassback(w http.ResponseWriter, r *http.Request) {
	s.serviceCall(w, r, "passback", s.Consumer.TakeResult, s.Consumer.RefuseResult)
}

// handleSetting loads, saves or deletes what a tool keeps for a link.
func (s *Server) handleSetting(w http.ResponseWriter, r *http.Request) {
	s.serviceCall(w, r, "setting", s.Consumer.Setting, s.Consumer.RefuseResult)
}

type (
	serve  func(context.Context, oauth1.Request) consumer.Answer
	refuse func(context.Context, oauth1.Request, error) consumer.Answer
)

// serviceCall reads a signed call, has it served and writes the answer.
func (s *Server) serviceCall(w http.ResponseWriter, r *http.Request, service string, serve serve, refuse refuse) {
	req, err := oauth1.Read(r, s.PublicURL, maxPOX)
	if err != nil {
		s.answer(w, r, service, refuse(r.Context(), req, err))
		return
	}
	s.answer(w, r, service, serve(r.Context(), req))
}

// handleRoster streams the members of a course.
func (s *Server) handleRoster(w http.ResponseWriter, r *http.Request) {
	req, err := oauth1.Read(r, s.PublicURL, maxPOX)
	if err != nil {
		s.answer(w, r, "roster", s.Consumer.RefuseResult(r.Context(), req, err))
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
		s.Budget.Spend(s.Budget.Address(r))
		s.Log.WarnContext(r.Context(), "service call refused", "service", service, "cause", a.Cause, "detail", a.Detail, "ref", a.Reference)
	}
	s.Metrics.service(service, outcome)
	h := w.Header()
	h.Set("Content-Type", a.ContentType)
	h.Set("Content-Length", strconv.Itoa(len(a.Body)))
	if a.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "30")
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // the tool may be gone; what was stored stays
}
