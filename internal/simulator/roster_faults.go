package simulator

import (
	"io"
	"net/http"
)

// RosterFault is one way both roster services misbehave, beside the faults that
// all services have.
type RosterFault string

// The faults a roster can have.
const (
	RosterFaultNone      RosterFault = ""
	RosterFaultEmpty     RosterFault = "empty"     // a good answer with nobody in it
	RosterFaultGarbage   RosterFault = "garbage"   // 200 with a sign-in page
	RosterFaultCut       RosterFault = "cut"       // a good answer that breaks off in the middle
	RosterFaultSignature RosterFault = "signature" // 401: the caller's signature is said not to hold
	RosterFaultSlow      RosterFault = "slow"      // no answer until the caller leaves or the fault is lifted
	RosterFaultLoop      RosterFault = "loop"      // the next page is the page itself
	RosterFaultElsewhere RosterFault = "elsewhere" // the next page is on another server
	RosterFaultShrunk    RosterFault = "shrunk"    // three in ten people are missing
)

// failRoster acts out the roster faults that replace the answer.
func (l *LMS) failRoster(w http.ResponseWriter, r *http.Request, place int) bool {
	l.mu.Lock()
	fault, lifted := l.faults.Roster, l.lifted
	l.mu.Unlock()
	status := map[RosterFault]int{RosterFaultGarbage: http.StatusOK, RosterFaultCut: http.StatusOK, RosterFaultSignature: http.StatusUnauthorized}[fault]
	if status == 0 && fault != RosterFaultSlow {
		return false
	}
	l.settle(place, func(c *Call) {
		c.Why, c.Status, c.Answered = "fault: roster "+string(fault), status, status != 0
	})
	var body string
	switch fault {
	case RosterFaultSlow:
		select {
		case <-r.Context().Done():
		case <-lifted:
		}
		panic(http.ErrAbortHandler)
	case RosterFaultGarbage:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		body = "<!doctype html><title>Sign in</title><form><input name=user></form>"
	case RosterFaultCut:
		body = "<message_response><statusinfo><codemajor>Success</codemajor></statusinfo><memberships><member><user_id>7f3a-ada</user_id><roles>Learner</roles></member><member><user_id>19c"
	case RosterFaultSignature:
		body = "simulated: the signature does not hold"
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // the caller may be gone
	return true
}

// listed are the people on the rosters of this moment.
func (l *LMS) listed() []User {
	users, _ := l.people()
	switch l.CurrentFaults().Roster {
	case RosterFaultEmpty:
		return nil
	case RosterFaultShrunk:
		return users[(len(users)*3+9)/10:]
	}
	return users
}

// misleadPage gives a page a next one that nobody should follow for long.
func (l *LMS) misleadPage(page *membersPage) {
	switch l.CurrentFaults().Roster {
	case RosterFaultLoop:
		page.NextPage = page.ID
	case RosterFaultElsewhere:
		page.NextPage = "http://elsewhere.example/services/memberships"
	}
}

// rosterChoice is a roster fault as the faults page offers it.
type rosterChoice struct {
	Fault  RosterFault
	Text   string
	Chosen bool
}

func rosterChoices(chosen RosterFault) []rosterChoice {
	choices := []rosterChoice{
		{RosterFaultNone, "Whole", false},
		{RosterFaultEmpty, "Empty", false},
		{RosterFaultGarbage, "A sign-in page instead", false},
		{RosterFaultCut, "Breaks off", false},
		{RosterFaultSignature, "Refused: signature", false},
		{RosterFaultSlow, "No answer", false},
		{RosterFaultLoop, "Pages lead in a circle", false},
		{RosterFaultElsewhere, "Next page on another server", false},
		{RosterFaultShrunk, "Three in ten are missing", false},
	}
	for i := range choices {
		choices[i].Chosen = choices[i].Fault == chosen
	}
	return choices
}
