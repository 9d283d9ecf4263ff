package lti

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"time"
)

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
	// Passback is the number of the address among those of the course at the
	// tool consumer; 0 when it has none yet.
	Passback int `json:"passback,omitempty"`

	// UserID is the LMS's user_id of the person; empty for old targets.
	UserID string `json:"user_id,omitempty"`
	// Account is set, to the UserID, for a further account that the person
	// has at the same placement, and keeps the two apart.
	Account string `json:"account,omitempty"`

	// Live is the newest delivery, if one was ever made.
	Live string `json:"live,omitempty"`
}

// Address is where the LMS takes the grade; the form's address without another.
func (t UpstreamTarget) Address() string { return cmp.Or(t.URL, t.FormURL) }

// Host is the host and port of the address; "" for one that is no URL.
func (t UpstreamTarget) Host() string {
	u, err := url.Parse(t.Address())
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// Cell tells the cell of the LMS's gradebook from all others, and is not to be
// read: addresses and sourcedid in short.
func (t UpstreamTarget) Cell() string {
	sum := sha256.Sum256([]byte(t.URL + "\n" + t.FormURL + "\n" + t.SourcedID))
	return hex.EncodeToString(sum[:8])
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
	// Host is that of the target when the delivery was made.
	Host string `json:"host,omitempty"`

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
	LastError string `json:"last_error,omitempty"`
	// Cause is what LastError means, where that is known.
	Cause SendCause `json:"cause,omitempty"`
	// Cell is the cell that the last attempt went to.
	Cell string `json:"cell,omitempty"`
	// Ours are the scores that the cell may hold from us, for a tool consumer
	// that is read before it is written to.
	Ours []float64 `json:"ours,omitempty"`
	// Theirs is the score found there that is not ours and was left alone;
	// Anyway says that a person wants it overwritten.
	Theirs *float64 `json:"theirs,omitempty"`
	Anyway bool     `json:"anyway,omitempty"`
	// Batch is the resending of many that it last was part of.
	Batch       string    `json:"batch,omitempty"`
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
	// Cause is what the answer means, where that is known.
	Cause SendCause
	// Silent says that the service did not answer: it could not be reached, or
	// something broke in it.
	Silent bool
	// Theirs is a score in the LMS that is not ours and was left alone.
	Theirs *float64
}
