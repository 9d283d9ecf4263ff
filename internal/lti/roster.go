package lti

import "time"

// RosterMember is one person of an LMS's roster, as it was said and not yet
// believed to be anybody. It is kept while the roster is taken in.
type RosterMember struct {
	UserID string `json:"user_id"`
	// Roles are the LTI roles as sent, joined by commas.
	Roles  string `json:"roles,omitempty"`
	Person Person `json:"person,omitzero"`
	// ResultSourcedID is the person's lis_result_sourcedid for the link whose
	// roster it is.
	ResultSourcedID string `json:"result,omitempty"`
	// Gone members are listed as inactive or deleted: to us they are absent.
	Gone bool `json:"gone,omitempty"`
	// Custom and Ext hold what a launch of this person would say, by the full
	// names custom_... and ext_....
	Custom map[string]string `json:"custom,omitempty"`
	Ext    map[string]string `json:"ext,omitempty"`
	// Groups are the person's groups, if InGroups says that the LMS was asked for
	// them.
	Groups   []Group `json:"groups,omitempty"`
	InGroups bool    `json:"in_groups,omitempty"`
	// Listing is what the institution's directory says of the person, where the
	// tool consumer wants names from there.
	Listing Listing `json:"-"`
}

// Launch is a launch that says what the roster says of the member.
func (m RosterMember) Launch() Launch {
	return Launch{UserID: m.UserID, Roles: ParseRoles(m.Roles), Person: m.Person, Custom: m.Custom, Ext: m.Ext}
}

// RosterPage is a slice of a fetched roster, kept until the run is over.
type RosterPage struct {
	Domain   string         `json:"domain"`
	Course   string         `json:"course"`
	Consumer string         `json:"consumer"`
	Run      string         `json:"run"`
	N        int            `json:"n"` // counts from 0
	Members  []RosterMember `json:"members"`
}

// RosterRun is a roster being taken in: from whom, for which course, and what
// the person who asked for it may assign.
type RosterRun struct {
	Consumer *ToolConsumer
	Course   *Course
	Source   RosterSource
	Asker    Role
}

// noted is how long the word of the launch that named a source stands beside
// the roster's.
const noted = 24 * time.Hour

// MayDrop reports whether a roster that does not list the member may drop the
// membership at now: only what this LMS brought, what nobody set by hand and
// what is active. The person whose own launch named the source lately stays:
// that launch is as good a word as the roster.
func (r RosterRun) MayDrop(m Membership, now time.Time) bool {
	if m.Username == r.Source.By && now.Before(r.Source.Noted.Add(noted)) {
		return false
	}
	return m.Source == r.Consumer.ID && !m.Locked && m.Status == MemberActive
}

// RosterSighting is whom a member of a roster stands for.
type RosterSighting struct {
	// Username is the member's account; "" if none is bound, or if the LMS
	// gives the person no role here any more.
	Username string
	// Nameless members lack the parameter by which this LMS's people are known.
	Nameless bool
}

// What a roster means for one person.
const (
	RosterNew     = "new"     // becomes a member
	RosterBack    = "back"    // was dropped or over, and is a member again
	RosterRole    = "role"    // gets another role
	RosterSection = "section" // moves to another section
	RosterDates   = "dates"   // follows the course's changed dates
	RosterSame    = "same"    // stays as it is
	RosterLeft    = "left"    // is not listed any more and is dropped
	RosterUnknown = "unknown" // has no account here, and none may be made
	RosterSkipped = "skipped" // is left alone, for the reason in Why
)

// RosterChange is what a roster means for one person. Was is empty for
// somebody new.
type RosterChange struct {
	Kind     string `json:"kind"`
	Name     string `json:"name,omitempty"`
	Username string `json:"username,omitempty"`
	// Value is what the LMS calls the person.
	Value      string `json:"value,omitempty"`
	Role       Role   `json:"role,omitempty"`
	WasRole    Role   `json:"was_role,omitempty"`
	Section    string `json:"section,omitempty"`
	WasSection string `json:"was_section,omitempty"`
	Why        string `json:"why,omitempty"`
	// Target says that the LMS named where the person's grade goes, and that
	// this is kept.
	Target bool `json:"-"`
}

// RosterCounts counts people by what a roster means for them.
type RosterCounts struct {
	Members  int `json:"members"` // listed, each row once
	New      int `json:"new,omitempty"`
	Back     int `json:"back,omitempty"`
	Role     int `json:"role,omitempty"`
	Section  int `json:"section,omitempty"`
	Dates    int `json:"dates,omitempty"`
	Same     int `json:"same,omitempty"`
	Left     int `json:"left,omitempty"`
	Unknown  int `json:"unknown,omitempty"`
	Skipped  int `json:"skipped,omitempty"`
	Nameless int `json:"nameless,omitempty"` // of the skipped, those without the matched parameter
	Targets  int `json:"targets,omitempty"`  // whose grade has an address now
}

// Add counts one change.
func (n *RosterCounts) Add(c RosterChange) {
	switch c.Kind {
	case RosterNew:
		n.New++
	case RosterBack:
		n.Back++
	case RosterRole:
		n.Role++
	case RosterSection:
		n.Section++
	case RosterDates:
		n.Dates++
	case RosterSame:
		n.Same++
	case RosterLeft:
		n.Left++
	case RosterUnknown:
		n.Unknown++
	case RosterSkipped:
		n.Skipped++
	}
	if c.Target {
		n.Targets++
	}
}

// Changed is how many memberships are made or changed.
func (n RosterCounts) Changed() int {
	return n.New + n.Back + n.Role + n.Section + n.Dates + n.Left
}

// MaxPlanned is how many changes a plan lists one by one.
const MaxPlanned = 500

// RosterPlan is what a fetched roster would change, for a person to confirm.
type RosterPlan struct {
	Run     string       `json:"run"`
	Pages   int          `json:"pages"`
	At      time.Time    `json:"at"`
	Expires time.Time    `json:"expires"`
	Counts  RosterCounts `json:"counts"`
	// Changes lists the first MaxPlanned people who do not stay as they are.
	Changes []RosterChange `json:"changes,omitempty"`
	// Held says that the roster came by itself, and was not applied because too
	// many would have left; Active is of how many.
	Held   bool `json:"held,omitempty"`
	Active int  `json:"active,omitempty"`
}

// RosterError is why no roster came, in plain words and without secrets.
type RosterError struct {
	Reason string
	// Again says that the same request may succeed later.
	Again bool
}

// Error gives the reason.
func (e *RosterError) Error() string { return e.Reason }
