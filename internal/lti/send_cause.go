package lti

import (
	"strings"
	"time"
)

// SendCause is what it means that an LMS did not take a result.
type SendCause string

// The causes, of which the first stand for no word of an LMS.
const (
	SendOther       SendCause = ""            // nobody can say
	SendSilent      SendCause = "silent"      // no answer, or something broke there
	SendBusy        SendCause = "busy"        // asked to wait
	SendForeign     SendCause = "foreign"     // what answered is no outcome service
	SendAddress     SendCause = "address"     // the address is none that we may call
	SendSetup       SendCause = "setup"       // the tool consumer is not set up here any more
	SendChanged     SendCause = "changed"     // the grade was changed in the LMS
	SendKey         SendCause = "key"         // it does not know our key or signature
	SendClock       SendCause = "clock"       // our clock, or its own, is wrong
	SendLeft        SendCause = "left"        // the student left the course
	SendGone        SendCause = "gone"        // the activity was deleted
	SendCell        SendCause = "cell"        // it does not know the sourcedid
	SendClosed      SendCause = "closed"      // the course or the activity is closed
	SendRange       SendCause = "range"       // the score is out of its range
	SendNoGrades    SendCause = "no_grades"   // the activity takes no grades
	SendLocked      SendCause = "locked"      // the grade is locked there
	SendUnsupported SendCause = "unsupported" // it does not know the operation
	SendUnread      SendCause = "unread"      // it could not read our message
)

// SendCauses lists the causes that have a name, in the order of the list above.
func SendCauses() []SendCause {
	return []SendCause{
		SendSilent, SendBusy, SendForeign, SendAddress, SendSetup, SendChanged, SendKey, SendClock, SendLeft, SendGone,
		SendCell, SendClosed, SendRange, SendNoGrades, SendLocked, SendUnsupported, SendUnread,
	}
}

// Batch is a resending of many deliveries by one person.
type Batch struct {
	ID string    `json:"id"`
	By string    `json:"by"`
	At time.Time `json:"at"`
	// Of says which deliveries it was about.
	Of DeliveryFilter `json:"of"`
	// Total is how many were sent again so far; Done says that those are all.
	Total int  `json:"total"`
	Done  bool `json:"done,omitempty"`
}

// DeliveryFilter picks deliveries; an empty field picks all.
type DeliveryFilter struct {
	State    State     `json:"state,omitempty"`
	Domain   string    `json:"domain,omitempty"`
	Consumer string    `json:"consumer,omitempty"`
	Course   string    `json:"course,omitempty"`
	Username string    `json:"username,omitempty"`
	Cause    SendCause `json:"cause,omitempty"`
}

// Picks reports whether the delivery is one that the filter is about.
func (f DeliveryFilter) Picks(d Delivery) bool {
	return (f.State == "" || f.State == d.State) && (f.Domain == "" || f.Domain == d.Domain) &&
		(f.Consumer == "" || f.Consumer == d.Consumer) && (f.Course == "" || f.Course == d.Course) &&
		(f.Username == "" || f.Username == d.Username) && (f.Cause == "" || f.Cause == d.Cause)
}

// String says what the filter picks, for the audit.
func (f DeliveryFilter) String() string {
	var parts []string
	for _, p := range []struct{ name, value string }{
		{"state", string(f.State)}, {"domain", f.Domain}, {"consumer", f.Consumer}, {"course", f.Course},
		{"username", f.Username}, {"cause", string(f.Cause)},
	} {
		if p.value != "" {
			parts = append(parts, p.name+" "+p.value)
		}
	}
	if len(parts) == 0 {
		return "all"
	}
	return strings.Join(parts, ", ")
}
