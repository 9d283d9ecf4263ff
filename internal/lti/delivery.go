package lti

import "time"

// Kinds of scope that an LMS may want a grade for.
const (
	ScopeLink   = "link"
	ScopeFolder = "folder"
	ScopeCourse = "course"
)

// Scope is what an upstream target's grade is about: one link, a folder's
// links, or all links of the course. ID is empty for a course.
type Scope struct {
	Kind string `json:"kind"`
	ID   string `json:"id,omitempty"`
}

// UpstreamTarget is where an LMS wants one user's grade for a scope. There is
// one for each placement at the LMS; its sourcedid is the newest sent.
type UpstreamTarget struct {
	Domain   string `json:"domain"`
	Course   string `json:"course"`
	Username string `json:"username"`
	Scope    Scope  `json:"scope"`
	Consumer string `json:"consumer"`
	// Placement is the LMS's resource_link_id.
	Placement string `json:"placement"`

	URL       string    `json:"url,omitempty"`
	FormURL   string    `json:"form_url,omitempty"`
	SourcedID string    `json:"sourcedid"`
	Updated   time.Time `json:"updated"`

	// UserID is the LMS's user_id of the person; empty for old targets.
	UserID string `json:"user_id,omitempty"`
	// Account is set, to the UserID, for a further account that the person
	// has at the same placement, and keeps the two apart.
	Account string `json:"account,omitempty"`

	// Live is the newest delivery, if one was ever made.
	Live string `json:"live,omitempty"`
}

// State is where a delivery stands.
type State string

// The states of a delivery. Waiting and sending ones are live; the rest are at
// rest.
const (
	Waiting    State = "waiting"
	Sending    State = "sending"
	Delivered  State = "delivered"
	Superseded State = "superseded"
	Refused    State = "refused"
	Dead       State = "dead"
)

// Live reports whether the delivery loop still works on it.
func (s State) Live() bool { return s == Waiting || s == Sending }

// Delivery is one result on its way to an upstream target.
type Delivery struct {
	ID string `json:"id"`
	// Target is the key of the upstream target; the fields after it repeat
	// its parts for lists.
	Target   string `json:"target"`
	Domain   string `json:"domain"`
	Course   string `json:"course"`
	Username string `json:"username"`
	Scope    Scope  `json:"scope"`
	Consumer string `json:"consumer"`

	// Score is 0.0 to 1.0; nil asks the LMS to delete the result.
	Score *float64 `json:"score"`
	// Total and Possible are points, for the ratio and percentage forms.
	Total    float64 `json:"total,omitempty"`
	Possible float64 `json:"possible,omitempty"`

	State    State     `json:"state"`
	Created  time.Time `json:"created"`
	Due      time.Time `json:"due"`
	Attempts int       `json:"attempts"`
	// After is an older delivery to the same target that was being sent when
	// this one was made; this one waits until that is over, so that the LMS
	// gets them in order.
	After string `json:"after,omitempty"`
	// GiveUp is when a delivery that still fails becomes dead.
	GiveUp time.Time `json:"give_up"`
	// Fence grows with every lease; a worker with an older one is refused.
	Fence int64 `json:"fence,omitempty"`
	// LastError is why the last attempt did not succeed, in plain words.
	LastError   string    `json:"last_error,omitempty"`
	Finished    time.Time `json:"finished,omitzero"`
	DeliveredAt time.Time `json:"delivered_at,omitzero"`
	// Log keeps the newest attempts, MaxAttemptLog at the most.
	Log []Attempt `json:"log,omitempty"`
}

// MaxAttemptLog is how many attempts a delivery keeps.
const MaxAttemptLog = 20

// Attempt is one try to deliver.
type Attempt struct {
	At     time.Time `json:"at"`
	Status int       `json:"status,omitempty"`
	Error  string    `json:"error,omitempty"`
}

// Verdict is what became of one attempt to send a delivery.
type Verdict string

// The verdicts on an attempt.
const (
	Taken     Verdict = "taken"   // 2xx and codeMajor success
	Retry     Verdict = "retry"   // network error, 5xx, 429 or processing
	RefusedBy Verdict = "refused" // the LMS said no; the same again would not help
)

// SendResult is the answer to one attempt. Reason is in plain words and says
// what the LMS said; it holds no secret. RetryAfter is what the LMS asked for,
// zero without a wish.
type SendResult struct {
	Verdict    Verdict
	Status     int
	Reason     string
	RetryAfter time.Duration
}
