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

	s.lmsRoutes(r)
	s.toolRoutes(r)

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

func (s *Server) lmsRoutes(r chi.Router) {
	// LMSs launch us.
	r.Group(func(r chi.Router) {
		r.Post("/lti/launch", s.handleLaunch)
		r.Post("/lti/launch/{domain}/{course}", s.handleLaunch)
		r.Post("/lti/launch/{domain}/{course}/f/{folder}", s.handleLaunch)
		r.Post("/lti/launch/{domain}/{course}/l/{link}", s.handleLaunch)
		r.Post("/lti/launch/tiny/{domain}/{code}", s.handleLaunch)
	})

	// LMSs end the sessions of those who log out there.
	r.Group(func(r chi.Router) {
		r.Use(s.spare)
		r.Get("/lti/logout/{token}", s.handleLogout)
		r.Post("/lti/logout/{token}", s.handleLogout)
	})

	// LMSs read how to launch us.
	r.Group(func(r chi.Router) {
		r.Use(s.spare)
		r.Get("/lti/cartridge.xml", s.handleCartridge)
		r.Get("/lti/cartridge.xml/{domain}/{course}", s.handleCartridge)
		r.Get("/lti/cartridge.xml/{domain}/{course}/f/{folder}", s.handleCartridge)
		r.Get("/lti/cartridge.xml/{domain}/{course}/l/{link}", s.handleCartridge)
		r.Get("/lti/cartridge.xml/tiny/{domain}/{code}", s.handleCartridge)
	})
}

func (s *Server) toolRoutes(r chi.Router) {
	// Browsers come back from tools. They come from other sites, without our
	// cookies: a signature, or a sealed token, says what they may.
	r.Group(func(r chi.Router) {
		r.Post("/lti/content-items/{ticket}", s.handleContentItems)
		r.Get("/lti/return/{ticket}", s.handleReturn)
	})

	// Tools call our services.
	r.Group(func(r chi.Router) {
		r.Post("/service/passback", s.handlePassback)
		r.Post("/service/roster", s.handleRoster)
		r.Post("/service/setting", s.handleSetting)
		r.Get("/service/memberships/*", s.handleMemberships)
	})
}
