package server

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5"
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
		h.Set("Cache-Control", "no-store") // what may be kept says so itself
		next.ServeHTTP(w, r)
	})
}

// headAsGet finds for HEAD what GET is answered with (RFC 9110, 9.3.2). The
// listener leaves the body out.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			chi.RouteContext(r.Context()).RouteMethod = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// observe logs and counts each request once, also one that is broken off. The
// path is left out for the route's pattern: it may hold names and tickets.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() { s.observed(r, ww.Status(), s.Now().Sub(start)) }()
		next.ServeHTTP(ww, r)
	})
}

func (s *Server) observed(r *http.Request, status int, took time.Duration) {
	if status == 0 {
		status = http.StatusOK
	}
	route := routeOf(r)
	s.Metrics.request(route, status, took)
	level := slog.LevelDebug
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	s.Log.Log(r.Context(), level, "request", "method", r.Method, "route", route, "status", status, "ms", took.Milliseconds())
}

// routeOf is the pattern of the request's route, "none" without one.
func routeOf(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil && c.RoutePattern() != "" {
		return c.RoutePattern()
	}
	return "none"
}

// survive turns a panic into a 500, logged in full. An answer that has begun
// is broken off, so that nobody takes a part for the whole.
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
				if ww, ok := w.(middleware.WrapResponseWriter); ok && ww.Status() != 0 {
					panic(http.ErrAbortHandler)
				}
				w.Header().Del("Content-Length")
				w.Header().Del("Set-Cookie")
				s.refuse(w, r, http.StatusInternalServerError, web.RefusalPage{Frame: web.Frame{Path: r.URL.Path, Now: s.Now()}})
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// spare answers 429 to a browser whose address has used up its budget of
// refusals.
func (s *Server) spare(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.Budget.Spent(s.Budget.Address(r)) {
			s.refuse(w, r, http.StatusTooManyRequests, web.RefusalPage{Frame: web.Frame{Path: r.URL.Path, Bare: true, Now: s.Now()}})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// protect keeps other sites' forms away from the pages for people.
func (s *Server) protect(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(s.handleForeign))
	return p.Handler(next)
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
