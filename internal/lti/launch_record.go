package lti

import "time"

// Directions of a recorded launch.
const (
	Inbound  = "in"      // an LMS launched us
	Outbound = "out"     // we launched a tool
	Called   = "service" // a tool called a service and was refused
)

// LaunchRecord is one launch as the inspector shows it; an accepted inbound
// one is also the session it made. IDs are UUIDs version 7, so that records
// lie in the order of time.
type LaunchRecord struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Direction string    `json:"direction"`
	// Took is from the moment that the request was read to the moment that
	// this was written; zero for records of older servers.
	Took time.Duration `json:"took,omitzero"`

	Domain   string `json:"domain,omitempty"`
	Consumer string `json:"consumer,omitempty"`
	Tool     string `json:"tool,omitempty"`
	Key      string `json:"key,omitempty"`
	Course   string `json:"course,omitempty"`
	Folder   string `json:"folder,omitempty"`
	Link     string `json:"link,omitempty"`
	Username string `json:"username,omitempty"`
	Role     Role   `json:"role,omitempty"`

	// Refused launches have a Cause, a stable word, and a Detail and Hint in
	// plain words.
	Refused bool   `json:"refused,omitempty"`
	Status  int    `json:"status,omitempty"`
	Cause   string `json:"cause,omitempty"`
	Detail  string `json:"detail,omitempty"`
	Hint    string `json:"hint,omitempty"`
	// Steps is the decision step by step.
	Steps []string `json:"steps,omitempty"`
	// Params are name and value of what was sent, without oauth_signature.
	Params [][2]string `json:"params,omitempty"`

	Session *Session `json:"session,omitempty"`
	// CourseKey says that the key was one of the course, not of a tool
	// consumer. Pass is what such a launch opens, and that of any tool consumer
	// that states no user.
	CourseKey bool  `json:"course_key,omitempty"`
	Pass      *Pass `json:"pass,omitempty"`
	// Asks says that the launch waited for the person's answer and was resumed
	// under another id, if at all.
	Asks bool `json:"asks,omitempty"`
	// Offer is the question that the session has to answer before it has a
	// place; nil when it was answered or never put.
	Offer *CourseOffer `json:"offer,omitempty"`
	// Returned is what the tool said when it sent the person back, if it did.
	Returned *Returned `json:"returned,omitempty"`
}

// Place is where the launch leads.
func (l LaunchRecord) Place() Place {
	return Place{Course: CourseRef{Domain: l.Domain, ID: l.Course}, Folder: l.Folder, Link: l.Link}
}

// ReturnMessages are what a tool says when it sends a person back (LTI 1.1
// section 3): for the person and for the log, when all went well or not. Plain
// text from a stranger, at most 1000 characters each.
type ReturnMessages struct {
	Message      string `json:"message,omitempty"`
	Log          string `json:"log,omitempty"`
	ErrorMessage string `json:"error_message,omitempty"`
	ErrorLog     string `json:"error_log,omitempty"`
}

// Returned is how a launch of a tool ended, as far as the tool said so.
type Returned struct {
	At time.Time `json:"at"`
	ReturnMessages
	// Added are the titles of the resource links that were chosen and made,
	// LeftOut the sentences about what was not.
	Added   []string `json:"added,omitempty"`
	LeftOut []string `json:"left_out,omitempty"`
	// Shown is when the person was told, once.
	Shown time.Time `json:"shown,omitzero"`
}

// Session is what an accepted launch opens for a browser.
type Session struct {
	// Token is the SHA-256 of the cookie's value, in hexadecimal; Ticket
	// that of the one-time ticket for browsers that keep no cookie.
	Token   string    `json:"token"`
	Ticket  string    `json:"ticket,omitempty"`
	Expires time.Time `json:"expires"`
	Ended   time.Time `json:"ended,omitzero"`
	// TicketUsed is when the ticket was redeemed, once and no more.
	TicketUsed time.Time `json:"ticket_used,omitzero"`

	ReturnURL string `json:"return_url,omitempty"`
	// Origins are the web origins that may show the session's pages in a
	// frame: those of the LMS as the signed launch states them.
	Origins []string `json:"origins,omitempty"`
	Locale  string   `json:"locale,omitempty"`
	// LogoutCallback is the SHA-256 of the single-use logout token.
	LogoutCallback string `json:"logout_callback,omitempty"`
}

// OpenAt reports whether the session may be used at t.
func (s Session) OpenAt(t time.Time) bool { return s.Ended.IsZero() && t.Before(s.Expires) }
