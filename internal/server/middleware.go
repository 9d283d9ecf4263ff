package server

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/chi/v5/middleware"

	"github.com/ltihub/ltihub/web"
)

// framedBy says who may show the page in a frame: CSP source expressions.
func framedBy(h http.Header, ancestors string) {
	h.Set("Content-Security-Policy", web.Policy(ancestors))
}

// secure sets the headers that every answer carries. Pages that a launch may
// show inside an LMS's frame name their ancestors themselves.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		framedBy(h, "'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		if !strings.HasPrefix(r.URL.Path, web.StaticPath) {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// observe logs and counts each request once, without its query and headers.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		next.ServeHTTP(ww, r)
		took := s.Now().Sub(start)
		status := ww.Status()
		if status == 0 {
			status = http.StatusOK
		}
		s.Metrics.request(r, status, took)
		level := slog.LevelDebug
		if status >= http.StatusInternalServerError {
			level = slog.LevelError
		}
		s.Log.Log(r.Context(), level, "request", "method", r.Method, "path", r.URL.Path, "status", status, "ms", took.Milliseconds())
	})
}

// survive turns a panic into a 500, logged in full.
func (s *Server) survive(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				s.Log.ErrorContext(r.Context(), "panic", "value", p, "stack", string(debug.Stack()))
				s.Metrics.panics.Inc()
				s.refuse(w, r, http.StatusInternalServerError, web.RefusalPage{Frame: web.Frame{Path: r.URL.Path, Now: s.Now()}})
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// spare answers 429 to an address that has used up its budget of refusals.
func (s *Server) spare(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.Budget.Spent(s.Budget.Address(r)) {
			s.refuse(w, r, http.StatusTooManyRequests, web.RefusalPage{Frame: web.Frame{Path: r.URL.Path, Bare: true, Now: s.Now()}})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// limitForms bounds what people's forms may hold; the manifest is the largest.
func limitForms(next http.Handler) http.Handler {
	const maxPage = 5 << 20
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxPage)
		next.ServeHTTP(w, r)
	})
}

// Timeouts of the listener.
const (
	ReadHeaderTimeout = 5 * time.Second
	ReadTimeout       = 30 * time.Second
	WriteTimeout      = 2 * time.Minute
	IdleTimeout       = time.Minute
)
