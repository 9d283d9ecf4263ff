package lti

import "time"

// MaxHistory is how many scores a result keeps beside it; older ones move to
// the history collection.
const MaxHistory = 32

// Result is what counts for one user on one resource link.
type Result struct {
	Domain   string `json:"domain"`
	Course   string `json:"course"`
	Link     string `json:"link"`
	Username string `json:"username"`
	// Score is 0.0 to 1.0; nil means none, or deleted.
	Score       *float64  `json:"score"`
	SubmittedAt time.Time `json:"submitted_at,omitzero"`
	// HandedIn is when the person handed in the newest submission, as the tool
	// says; zero if it does not say. NeedsReview says that the tool asks a
	// person to look at it, and that nobody has set a score since.
	HandedIn    time.Time `json:"handed_in,omitzero"`
	NeedsReview bool      `json:"needs_review,omitempty"`
	// Override is an instructor's score, which stands until lifted.
	Override *Override `json:"override,omitempty"`
	// Version grows by one with every change.
	Version int64 `json:"version"`
	// History is what arrived, oldest first, MaxHistory at the most.
	History []Submission `json:"history,omitempty"`
	// Moved is how many older submissions were moved to the history.
	Moved int64 `json:"moved,omitempty"`
}

// Override is a score set by a person over the tool's.
type Override struct {
	Score float64   `json:"score"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
}

// Submission is one score as it arrived. A nil Score is a
// deletion, unless DataOnly.
type Submission struct {
	At    time.Time `json:"at"`
	Score *float64  `json:"score"`
	// By is the tool's id, or the username of the person who overrode.
	By        string `json:"by"`
	MessageID string `json:"message_id,omitempty"`
	// SubmittedAt is when the person handed in, as the tool says; zero if it
	// does not say.
	SubmittedAt time.Time `json:"submitted_at,omitzero"`
	// NeedsReview says that the tool asks a person to look at it.
	NeedsReview bool `json:"needs_review,omitempty"`
	// DataOnly says that the message had no score: Score is the one that stood.
	DataOnly bool `json:"data_only,omitempty"`
	// Text, URL and LaunchURL are the resultData of the message, if any.
	Text      string `json:"text,omitempty"`
	URL       string `json:"url,omitempty"`
	LaunchURL string `json:"launch_url,omitempty"`
}

// HistoryPage is a run of submissions moved out of a result. First is the
// number of its first one, counted from 0.
type HistoryPage struct {
	Domain      string       `json:"domain"`
	Course      string       `json:"course"`
	Link        string       `json:"link"`
	Username    string       `json:"username"`
	First       int64        `json:"first"`
	Submissions []Submission `json:"submissions"`
}

// Counts is the score that counts now: the override if there is one, else
// Score.
func (r Result) Counts() *float64 {
	if r.Override != nil {
		s := r.Override.Score
		return &s
	}
	return r.Score
}
