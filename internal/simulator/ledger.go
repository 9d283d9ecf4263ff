package simulator

import (
	"context"
	"slices"
	"time"
)

// Call is one service call as the LMS met it. SourcedID (for rosters and settings:
// the service id), Value and MessageID are what the body said, whether or not its
// signature held.
type Call struct {
	Seq             int       `json:"seq"` // from 1, in order of arrival
	At              time.Time `json:"at"`
	Service         string    `json:"service"` // outcomes, outcomes10, roster, setting, logout
	Kind            string    `json:"kind"`    // replaceResult, basic-lis-readresult, ...
	SourcedID       string    `json:"sourcedid,omitempty"`
	Value           string    `json:"value,omitempty"`
	ValueType       string    `json:"value_type,omitempty"` // decimal, percentage, ratio
	MessageID       string    `json:"message_id,omitempty"`
	Nonce           string    `json:"nonce"`
	SignatureMethod string    `json:"signature_method"`

	Answered  bool   `json:"answered"` // false while it hangs, and when the answer was lost
	Accepted  bool   `json:"accepted"` // what it asked for was done
	Why       string `json:"why"`      // the reason for a refusal, or the fault it met
	Status    int    `json:"status"`   // 0 without an answer
	CodeMajor string `json:"code_major,omitempty"`
}

// Calls returns every service call since the start, oldest first.
func (l *LMS) Calls() []Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.calls)
}

// Until returns nil as soon as done reports true; it is asked at once and after
// every change of the LMS. When ctx ends first, its error is returned.
func (l *LMS) Until(ctx context.Context, done func() bool) error {
	return l.changes.until(ctx, done)
}

// enter writes a new call into the ledger and returns its place.
func (l *LMS) enter(c Call) int {
	l.mu.Lock()
	defer l.changes.tell()
	defer l.mu.Unlock()
	c.Seq = len(l.calls) + 1
	l.calls = append(l.calls, c)
	return len(l.calls) - 1
}

// settle completes the entry at a place.
func (l *LMS) settle(place int, complete func(*Call)) {
	l.mu.Lock()
	complete(&l.calls[place])
	l.mu.Unlock()
	l.changes.tell()
}
