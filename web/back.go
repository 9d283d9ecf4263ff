package web

import "net/http"

// BackPage leads on from a tool that was shown in a frame.
type BackPage struct {
	Frame
	// To is where the person goes on: a path of ours, or the LMS.
	To string
}

// Back writes the page.
func (p *Pages) Back(w http.ResponseWriter, status int, page BackPage) error {
	page.Title = or(page.Title, "Back to the course")
	return p.render(w, status, "back", page)
}
