package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/ltihub/ltihub/internal/lti"
)

// ErrToolURL means that a tool's URL is neither http nor https.
var ErrToolURL = errors.New("tool URL is not http or https")

// Param is one name and value, byte for byte. A browser sends a lone CR or LF
// of a form as CRLF, so that is what a value that is to be signed must hold.
type Param struct{ Name, Value string }

// LaunchFormPage launches a tool: a form that posts itself to the tool, into a
// frame of this page, this tab or a new one.
type LaunchFormPage struct {
	Frame
	// LinkTitle names what is launched, ToolName whose it is.
	LinkTitle string
	ToolName  string
	// Action is the tool's launch URL, exactly as it was signed.
	Action string
	// Params are all parameters of the body, signature included.
	Params []Param
	// Target is lti.TargetIframe, TargetWindow or TargetTab.
	Target string
	// Width and Height are the tool's in pixels; 0 takes all there is.
	Width  int
	Height int
	// NewTabPath makes a fresh launch for "open in a new tab"; empty leaves
	// that out.
	NewTabPath string
	// Preview says that the tool is launched as for a student, by somebody who
	// edits the course.
	Preview bool
}

// InFrame reports whether the tool is shown inside the page.
func (l LaunchFormPage) InFrame() bool { return l.Target == lti.TargetIframe || l.Target == "" }

// FormTarget is the browsing context that the form posts to.
func (l LaunchFormPage) FormTarget() string {
	switch {
	case l.InFrame():
		return "tool"
	case l.Target == lti.TargetTab:
		return "_self"
	}
	return "_blank"
}

// LaunchForm writes the page, which no cache may keep. A tool URL that is not http or https gives
// ErrToolURL, and nothing is written.
func (p *Pages) LaunchForm(w http.ResponseWriter, status int, page LaunchFormPage) error {
	u, err := url.Parse(page.Action)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ErrToolURL
	}
	// The form is good for one post, so a browser must not show it again.
	w.Header().Set("Cache-Control", "no-store")
	page.Title = or(page.Title, or(page.LinkTitle, page.ToolName))
	return p.render(w, status, "launch_form", page)
}
