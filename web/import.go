package web

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
)

// ImportToolPage asks for an LTI link file, then shows what it would become.
// Its first form posts url or xml to ImportToolPath; once Parsed, a second one
// posts xml, domain, id, key and secret to ImportToolPath + "/save".
type ImportToolPage struct {
	Frame
	// Fetches says that a file can be fetched by its URL.
	Fetches bool
	URL     string
	Text    string
	Fault   string

	Parsed      bool
	Tool        lti.Tool
	Description string
	Vendor      string
	Warnings    []string
	// Domains are those to choose from; Domain, ID and Key what was chosen.
	Domains []lti.Domain
	Domain  string
	ID      string
	Key     string
}

// ImportTool writes the page.
func (p *Pages) ImportTool(w http.ResponseWriter, status int, page ImportToolPage) error {
	page.Title = or(page.Title, "Import a tool")
	return p.render(w, status, "import_tool", page)
}
