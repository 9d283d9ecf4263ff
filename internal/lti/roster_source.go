package lti

import "time"

// Jobs of a roster source.
const (
	RosterSync    = "sync"    // fetch and apply
	RosterPreview = "preview" // fetch and say what would change
	RosterConfirm = "confirm" // apply what a preview fetched
)

// Phases of a running job.
const (
	RosterFetching = "fetching"
	RosterPlanning = "planning"
	RosterApplying = "applying"
	RosterLeaving  = "leaving"
)

// RosterSource is where a course's roster comes from at one LMS, and how far
// fetching it has come. There is one for (course, tool consumer).
type RosterSource struct {
	Domain   string `json:"domain"`
	Course   string `json:"course"`
	Consumer string `json:"consumer"`

	// URL takes the LTI 1.0 extension form with the id; SealedID is that id,
	// sealed. PagesURL is a Context Memberships service. One of the two is set.
	URL      string `json:"url,omitempty"`
	SealedID string `json:"sealed_id,omitempty"`
	PagesURL string `json:"pages_url,omitempty"`
	// LinkPagesURL is PagesURL where that is a service of the link alone, whose
	// answer has the link's sourcedids.
	LinkPagesURL string `json:"link_pages_url,omitempty"`
	// Placement and Scope say for which link of the LMS and which grade of ours
	// the roster's sourcedids are; OutcomeURL and FormURL take those grades.
	Placement  string `json:"placement,omitempty"`
	Scope      Scope  `json:"scope"`
	OutcomeURL string `json:"outcome_url,omitempty"`
	FormURL    string `json:"form_url,omitempty"`
	// By is the username whose launch named all this, Noted when; Instance is
	// the tool_consumer_instance_guid that it stated.
	By       string    `json:"by,omitempty"`
	Noted    time.Time `json:"noted,omitzero"`
	Instance string    `json:"instance,omitempty"`
	// Others are links of the LMS that were opened before, the newest first:
	// their rosters name where other grades go. MaxRosterPlaces at the most.
	Others []RosterPlace `json:"others,omitempty"`

	// Job is what is asked for, "" if nothing is; Due is when it or the next
	// scheduled fetch is, zero for never.
	Job string    `json:"job,omitempty"`
	Ask RosterAsk `json:"ask,omitzero"`
	Due time.Time `json:"due,omitzero"`

	// Running is the job at work until Lease, under Fence; a worker with an
	// older fence is refused. A lease that ran out may be taken over.
	Running string    `json:"running,omitempty"`
	RunAsk  RosterAsk `json:"run_ask,omitzero"`
	// Wide says that the job asks the other places too: a person or the
	// schedule wants it, no launch.
	Wide  bool      `json:"wide,omitempty"`
	Lease time.Time `json:"lease,omitzero"`
	Fence int64     `json:"fence,omitempty"`
	// Run names the fetched roster, Pages of which are kept; those before
	// Cursor are applied.
	Run    string `json:"run,omitempty"`
	Pages  int    `json:"pages,omitempty"`
	Cursor int    `json:"cursor,omitempty"`
	Phase  string `json:"phase,omitempty"`
	// Fetched and Applied count members, Doing what was changed so far.
	Fetched int          `json:"fetched,omitempty"`
	Applied int          `json:"applied,omitempty"`
	Doing   RosterCounts `json:"doing,omitzero"`

	// Tried and Succeeded are when the last attempt and the last success were
	// over; Error is why the last attempt was none, in plain words.
	Tried     time.Time `json:"tried,omitzero"`
	Succeeded time.Time `json:"succeeded,omitzero"`
	Error     string    `json:"error,omitempty"`
	// Failures counts attempts that failed in a row.
	Failures int          `json:"failures,omitempty"`
	Last     RosterCounts `json:"last,omitzero"`
	// Note says what of the last success a person should know, "" for nothing.
	Note string `json:"note,omitempty"`

	// Pending waits for a person to confirm it.
	Pending *RosterPlan `json:"pending,omitempty"`
}

// RosterAsk is who asked for a roster: a name for the audit log, and the role
// that limits what may be assigned. Without a name it is a launch or the
// schedule, limited by the role of the one whose launch named the source.
type RosterAsk struct {
	By   string `json:"by,omitempty"`
	Role Role   `json:"role,omitempty"`
}

// Ref is the course.
func (s RosterSource) Ref() CourseRef { return CourseRef{Domain: s.Domain, ID: s.Course} }

// Busy reports whether a job waits or runs.
func (s RosterSource) Busy() bool { return s.Job != "" || s.Running != "" }

// Next is when a worker should look at the source, zero for never.
func (s RosterSource) Next() time.Time {
	if s.Running != "" {
		return s.Lease
	}
	next := s.Due
	if s.Pending != nil && (next.IsZero() || s.Pending.Expires.Before(next)) {
		next = s.Pending.Expires
	}
	return next
}
