package web

import (
	"net/http"
	"time"
)

// PassPage leads on a browser that came with a pass and nobody's identity.
type PassPage struct {
	Frame
	// ID is the launch's. With a Ticket the page asks to go on in a new tab,
	// and posts ticket to PassPath there.
	ID     string
	Ticket string
	// People are those who are signed in at the browser, if several are; with
	// none and no ticket the page asks to sign in.
	People []PassPerson
	// Until is when the pass ends.
	Until time.Time
}

// PassPerson is somebody to go on as.
type PassPerson struct {
	Viewer
	// Path is the place, for this person.
	Path string
}

// Pass writes the page.
func (p *Pages) Pass(w http.ResponseWriter, status int, page PassPage) error {
	switch {
	case page.Ticket != "":
		page.Title = or(page.Title, "Open in a new tab")
	case len(page.People) > 0:
		page.Title = or(page.Title, "Who are you?")
	default:
		page.Title = or(page.Title, "Sign in first")
	}
	return p.render(w, status, "pass", page)
}
