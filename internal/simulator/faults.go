package simulator

import "time"

// ServiceFault is one way the LMS's services misbehave.
type ServiceFault string

// The faults a service can have. Those up to FaultHang act before the request is
// looked at; the POX ones after its signature held; the last two after it was done.
const (
	FaultNone          ServiceFault = ""
	FaultDown          ServiceFault = "down"          // 503
	FaultHTML          ServiceFault = "html"          // 500 with an HTML page
	FaultUnauthorised  ServiceFault = "unauthorised"  // 401 without a POX body
	FaultBusy          ServiceFault = "busy"          // 429 with Retry-After
	FaultHang          ServiceFault = "hang"          // no answer until the caller leaves or the fault is lifted
	FaultFailure       ServiceFault = "failure"       // 200, codeMajor failure
	FaultUnsupported   ServiceFault = "unsupported"   // 200, codeMajor unsupported
	FaultProcessing    ServiceFault = "processing"    // 200, codeMajor processing
	FaultUnprocessable ServiceFault = "unprocessable" // 422, codeMajor failure
	FaultNoRead        ServiceFault = "no-read"       // 200, codeMajor unsupported, for readResult alone
	FaultCut           ServiceFault = "cut"           // done, but the answer is lost
	FaultContentType   ServiceFault = "content-type"  // done, but answered as text/plain
)

// Faults are all the ways the LMS misbehaves at a time; the zero value is none.
type Faults struct {
	Service     ServiceFault
	Roster      RosterFault   // of both roster services
	Times       int           // the service fault lifts itself after this many calls; 0: never
	ClockSkew   time.Duration // added to the timestamp of launches
	WrongSecret bool          // launches are signed with another secret
	Tamper      bool          // launches claim more roles than were signed
}

// SetFaults replaces all faults. Requests that hang are let go, without an answer.
func (l *LMS) SetFaults(f Faults) {
	l.mu.Lock()
	l.faults = f
	close(l.lifted)
	l.lifted = make(chan struct{})
	l.mu.Unlock()
	l.changes.tell()
}

// SetFault gives every service this one fault and leaves launches as they are.
func (l *LMS) SetFault(fault ServiceFault) {
	f := l.CurrentFaults()
	f.Service, f.Times = fault, 0
	l.SetFaults(f)
}

// CurrentFaults returns the faults of this moment.
func (l *LMS) CurrentFaults() Faults {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.faults
}

// meetFault returns the fault the next call meets, counts it, and returns what is
// closed when the faults change.
func (l *LMS) meetFault() (ServiceFault, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fault := l.faults.Service
	if fault != FaultNone && l.faults.Times > 0 {
		l.faults.Times--
		if l.faults.Times == 0 {
			l.faults.Service = FaultNone
		}
	}
	return fault, l.lifted
}

// faultChoice is a fault as the faults page offers it.
type faultChoice struct {
	Fault       ServiceFault
	Title, Text string
	Chosen      bool
}

func faultChoices(chosen ServiceFault) []faultChoice {
	choices := []faultChoice{
		{Fault: FaultNone, Title: "None", Text: "Services answer as they should."},
		{Fault: FaultDown, Title: "Down", Text: "Every service answers 503."},
		{Fault: FaultHTML, Title: "Broken", Text: "500 with an HTML page."},
		{Fault: FaultBusy, Title: "Too busy", Text: "429 with Retry-After."},
		{Fault: FaultHang, Title: "Hangs", Text: "No answer until the caller gives up."},
		{Fault: FaultUnauthorised, Title: "Unauthorised", Text: "401 without a reason."},
		{Fault: FaultFailure, Title: "Failure", Text: "200, but codeMajor is failure."},
		{Fault: FaultUnprocessable, Title: "Failure with 422", Text: "The way Canvas refuses."},
		{Fault: FaultUnsupported, Title: "Unsupported", Text: "200, codeMajor unsupported."},
		{Fault: FaultNoRead, Title: "No reading", Text: "Grades can be set, but not read: unsupported."},
		{Fault: FaultProcessing, Title: "Processing", Text: "200, codeMajor processing: try later."},
		{Fault: FaultCut, Title: "Answer lost", Text: "The grade is stored, the connection is cut."},
		{Fault: FaultContentType, Title: "Wrong type", Text: "A good answer called text/plain."},
	}
	for i := range choices {
		choices[i].Chosen = choices[i].Fault == chosen
	}
	return choices
}
