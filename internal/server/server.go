// Package server is the HTTP door for LMSs and tools: launches (LTI 1.1
// section 3), the services that tools call (sections 6 and the extensions of
// LTI 1.0), tickets for browsers that keep no cookies, health and metrics. It
// mounts the doors for people and for programs beside its own.
//
// It limits, reads, calls one method of a role, maps the error and writes. It
// must not know LTI's rules.
package server

import (
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// Server is the whole HTTP surface. All fields are set before use.
type Server struct {
	Provider *provider.Provider
	Consumer *consumer.Consumer
	Sessions *session.Sessions
	Store    store.Store
	Pages    *web.Pages
	// People serves the pages for people, Programs /api/v1.
	People   http.Handler
	Programs http.Handler

	// RegisterLogout sees to it that the LMS learns of a session's logout
	// callback. It returns at once.
	RegisterLogout func(provider.LogoutCall)

	// PublicURL is scheme, host and port that the outside knows us by; it
	// alone says what a signed URL was.
	PublicURL *url.URL
	Budget    *Budget
	Metrics   *Metrics
	// OwnMetrics serves /metrics here, not on an address of its own.
	OwnMetrics bool
	Log        *slog.Logger
	Now        func() time.Time

	draining atomic.Bool
}

// Drain makes the server say that it is not ready, and serve on: it is about to
// stop.
func (s *Server) Drain() { s.draining.Store(true) }

// Sizes of what is read, in bytes: a launch, and all headers of a request.
const (
	maxForm    = oauth1.MaxBody
	MaxHeaders = 32 << 10
)
