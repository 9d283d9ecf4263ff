package lti

import "time"

// Circuit is what is known of an LMS's host that does not answer. There is a
// record only while it is in trouble; the first answer removes it.
type Circuit struct {
	Domain   string `json:"domain"`
	Consumer string `json:"consumer"`
	Host     string `json:"host"`

	// Failures counts attempts in a row without an answer of the service.
	Failures int `json:"failures"`
	// Pauses counts how often the circuit has opened since the last answer.
	Pauses int `json:"pauses,omitempty"`
	// Until is when one delivery may go to see whether the host answers again;
	// zero while the circuit is closed.
	Until time.Time `json:"until,omitzero"`
	// Probe is the delivery that was sent to see.
	Probe string `json:"probe,omitempty"`
	// Reason is why the last attempt failed.
	Reason string `json:"reason,omitempty"`
}

// Open reports whether deliveries wait for the host to answer again.
func (c Circuit) Open() bool { return !c.Until.IsZero() }

// Pace holds a tool consumer's deliveries to what it asked for. It counts for
// all nodes and all hosts of the LMS.
type Pace struct {
	Domain   string `json:"domain"`
	Consumer string `json:"consumer"`
	// Next is when the rate allows another delivery.
	Next time.Time `json:"next,omitzero"`
	// Until is when the LMS wants to be asked again (Retry-After).
	Until time.Time `json:"until,omitzero"`
}

// OpenAt is when the pace allows another delivery.
func (p Pace) OpenAt() time.Time {
	if p.Until.After(p.Next) {
		return p.Until
	}
	return p.Next
}

// PassbackURL is one of the addresses at which an LMS takes a course's grades.
// An address keeps its number, which counts from 1 for each course and tool
// consumer, for ever.
type PassbackURL struct {
	Domain   string    `json:"domain"`
	Course   string    `json:"course"`
	Consumer string    `json:"consumer"`
	Number   int       `json:"number"`
	URL      string    `json:"url"`
	First    time.Time `json:"first"`
}
