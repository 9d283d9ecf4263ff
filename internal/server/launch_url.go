package server

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

// explainLaunchURL answers a launch URL that was opened in a browser: what it
// is for, and where it leads, as its link file says to anybody.
func (s *Server) explainLaunchURL(w http.ResponseWriter, r *http.Request) {
	page := web.RefusalPage{
		Frame:    web.Frame{Path: r.URL.Path, Now: s.Now()},
		Headline: "This address takes other requests",
		What:     "This is a launch URL.",
		Do:       "A launch URL is for your LMS to post to: paste it into an external tool there, with a key and a secret. If you came here from your course, tell whoever set up the link.",
	}
	found := chi.NewRouteContext()
	if chi.RouteContext(r.Context()).Routes.Match(found, http.MethodPost, pathOf(r)) {
		page.What += " " + s.whereItLeads(r, found)
	}
	s.refuse(w, r, http.StatusMethodNotAllowed, page)
}

// whereItLeads says what a launch URL opens.
func (s *Server) whereItLeads(r *http.Request, found *chi.Context) string {
	const nothing = " It was opened without a launch, so nothing was done."
	tail, err := tailOf(r, found.URLParam)
	if err != nil {
		return "It is badly escaped, so it leads nowhere."
	}
	link, err := s.Provider.Cartridge(r.Context(), tail)
	switch {
	case err != nil:
		return "What it names is not here, or not open: a launch to it would be refused."
	case tail == (lti.Tail{}):
		return "It opens the course that the LMS's own course is connected with." + nothing
	case tail.Link != "" || tail.Tiny != "":
		return "It opens the activity \u201c" + link.Title + "\u201d." + nothing
	case tail.Folder != "":
		return "It opens the folder \u201c" + link.Title + "\u201d." + nothing
	}
	return "It opens the course \u201c" + link.Title + "\u201d." + nothing
}
