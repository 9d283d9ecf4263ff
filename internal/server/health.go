package server

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// handleHealth says that the process lives, whatever the store does.
func (s *Server) handleHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprintln(w, "ok") // the asker may be gone
}

// readyTime is how long the store may take to answer a probe.
const readyTime = 3 * time.Second

// handleReady says whether the store takes work, and we do.
func (s *Server) handleReady(w http.ResponseWriter, r *http.Request) {
	if s.draining.Load() {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = fmt.Fprintln(w, "this server is about to stop") // the asker may be gone
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err := s.Store.Check(ctx); err != nil {
		s.Log.WarnContext(ctx, "not ready", "error", err)
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = fmt.Fprintln(w, "the store does not take work now")
		return
	}
	_, _ = fmt.Fprintln(w, "ready")
}
