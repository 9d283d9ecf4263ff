package lti

import "time"

// PassLifetime is how long the pass of a launch opens its protected place: time
// to sign in first, but not to hand it on.
const PassLifetime = 15 * time.Minute

// Pass opens the one place of its launch's record, which is protected, for
// whoever is signed in at the browser in another way. It says nothing about who
// that is.
type Pass struct {
	// Token is the SHA-256 of the cookie's value, in hexadecimal; Ticket
	// that of the one-time ticket for browsers that keep no cookie.
	Token   string    `json:"token"`
	Ticket  string    `json:"ticket,omitempty"`
	Expires time.Time `json:"expires"`
	// TicketUsed is when the ticket was redeemed, once and no more.
	TicketUsed time.Time `json:"ticket_used,omitzero"`
	// Origins are the web origins that may show the way to the place in a
	// frame: those of the LMS as the signed launch states them.
	Origins []string `json:"origins,omitempty"`
}

// OpenAt reports whether the pass opens anything at t.
func (p Pass) OpenAt(t time.Time) bool { return t.Before(p.Expires) }

// Opens reports whether a pass for the place opens a link in the folder, ""
// for none: one for the link itself does, and so does one for its folder.
func (p Place) Opens(course CourseRef, folder, link string) bool {
	if p.Course != course || course.ID == "" {
		return false
	}
	if p.Link != "" {
		return p.Link == link
	}
	return p.Folder != "" && p.Folder == folder
}

// Protected reports whether a link opens with a pass only: because it is
// protected, or its folder is. A link that is not there is not protected.
func (c Course) Protected(link string) bool {
	l, in, ok := c.Link(link)
	if !ok {
		return false
	}
	folder, _ := c.Folder(in)
	return l.Protected || folder.Protected
}

// ProtectedPlace reports whether a place of the course opens with a pass only.
// The course as a whole never does.
func (c Course) ProtectedPlace(p Place) bool {
	if p.Link != "" {
		return c.Protected(p.Link)
	}
	folder, _ := c.Folder(p.Folder)
	return folder.Protected
}

// NeedsPass reports whether the role needs a pass for what is protected:
// whoever may change the course does not.
func (r Role) NeedsPass() bool { return !r.CanEdit() }
