package web

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
)

// CopyPage asks which course is to stand for the copy that somebody made of a
// course in their LMS. It posts choice ("same", "copy" or "fresh") to CopyPath.
type CopyPage struct {
	Frame
	// Consumer is the LMS's name, Context what it calls the copy; the latter
	// may be empty.
	Consumer string
	Context  string
	// From is the course of the original, with its title and how many resource
	// links it has.
	From  lti.CourseRef
	Title string
	Links int
	// Same and Fresh say that these may be chosen beside a copy.
	Same  bool
	Fresh bool
	// Fault is what was wrong with the answer before.
	Fault string
}

// Copy writes the question.
func (p *Pages) Copy(w http.ResponseWriter, status int, page CopyPage) error {
	page.Title = or(page.Title, page.From.ID)
	page.Frame.Title = or(page.Frame.Title, "A copied course")
	return p.render(w, status, "copied", page)
}
