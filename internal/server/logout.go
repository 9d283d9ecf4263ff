package server

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/internal/session"
)

// handleLogout ends the session that a callback was registered for, when the
// person has logged out of the LMS. What it answers is for a program.
func (s *Server) handleLogout(w http.ResponseWriter, r *http.Request) {
	err := s.Sessions.EndByCallback(r.Context(), chi.URLParam(r, "token"))
	switch {
	case errors.Is(err, session.ErrTicket):
		s.spend(r, http.StatusNotFound)
		w.WriteHeader(http.StatusNotFound)
	case err != nil:
		s.Log.ErrorContext(r.Context(), "end a session", "error", err)
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		s.Log.InfoContext(r.Context(), "session ended by the LMS's logout")
		w.WriteHeader(http.StatusOK)
	}
}
