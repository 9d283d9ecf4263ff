package web

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
)

// ImportToolPage asks for an LTI link file, then shows what it would become.
// Its first form posts url or xml to ImportToolPath; once Parsed, a second one
// posts xml, domain, course, id, key and secret to ImportToolPath + "/save".
type ImportToolPage struct {
	Frame
	// Fetches says that a file can be fetched by its URL.
	Fetches bool
	URL     string
	Text    string
	Fault   string

	Parsed   bool
	Tool     lti.Tool
	Warnings []string
	// Domains are those to choose from; Domain, Course, ID and Key what was
	// chosen. Without a course the tool is for the whole domain.
	Domains []lti.Domain
	Domain  string
	Course  string
	ID      string
	Key     string
}

// ImportTool writes the page.
func (p *Pages) ImportTool(w http.ResponseWriter, status int, page ImportToolPage) error {
	page.Title = or(page.Title, "Import a tool")
	return p.render(w, status, "import_tool", page)
}
