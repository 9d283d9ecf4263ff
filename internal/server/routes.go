package server

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/web"
)

// Handler is the one route table.
func (s *Server) Handler() http.Handler {
	r := chi.NewRouter()
	r.Use(headAsGet, s.observe, s.survive, secure)
	r.MethodNotAllowed(s.handleMethod)

	// LMSs launch us.
	r.Group(func(r chi.Router) {
		r.Post("/lti/launch", s.handleLaunch)
		r.Post("/lti/launch/{domain}/{course}", s.handleLaunch)
		r.Post("/lti/launch/{domain}/{course}/f/{folder}", s.handleLaunch)
		r.Post("/lti/launch/{domain}/{course}/l/{link}", s.handleLaunch)
		r.Post("/lti/launch/tiny/{domain}/{code}", s.handleLaunch)
	})

	// Tools call our services.
	r.Group(func(r chi.Router) {
		r.Use(s.spareTool)
		r.Post("/service/passback", s.handlePassback)
		r.Post("/service/roster", s.handleRoster)
		r.Post("/service/setting", s.handleSetting)
		r.Get("/service/memberships/*", s.handleMemberships)
	})

	// Operators.
	r.Get("/healthz", s.handleHealth)
	r.Get("/readyz", s.handleReady)
	if s.OwnMetrics {
		r.Handle("/metrics", s.Metrics.Handler())
	}

	// Programs.
	r.Handle("/api/v1/*", s.Programs)

	// People, who have all the rest. Mounted, they would hide that an address
	// above was asked with another method.
	r.Handle(web.StaticPath+"*", s.Pages.Static())
	r.Group(func(r chi.Router) {
		r.Use(s.protect, limitForms, s.Sessions.Middleware)
		r.NotFound(s.People.ServeHTTP)
	})
	return r
}
