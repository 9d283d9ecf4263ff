package server

import (
	"net/http"
	"strconv"

	"github.com/ltihub/ltihub/internal/cartridge"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

// handleCartridge serves the XML configuration for the launch URL with the same
// tail.
func (s *Server) handleCartridge(w http.ResponseWriter, r *http.Request) {
	tail, err := launchTail(r)
	var link cartridge.Link
	if err == nil {
		link, err = s.Provider.Cartridge(r.Context(), tail)
	}
	if err != nil {
		reason := lti.Reason(err)
		a := answerFor(reason.Cause)
		s.spend(r, a.status)
		s.Log.InfoContext(r.Context(), "cartridge refused", "cause", reason.Cause, "detail", reason.Detail)
		s.refuse(w, r, a.status, web.RefusalPage{
			Frame: web.Frame{Path: r.URL.Path, Now: s.Now()}, Headline: a.headline, What: a.what, Do: a.do,
		})
		return
	}
	text := cartridge.Write(link)
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text) //nolint:gosec // G705: it is XML that encoding/xml has escaped, and no page; the asker may be gone
}
