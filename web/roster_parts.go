package web

import "time"

// rosterPanel is a roster on the page of people.
type rosterPanel struct {
	Roster  Roster
	Frame   Frame
	Manages bool
}

func newRosterPanel(r Roster, f Frame, manages bool) rosterPanel { return rosterPanel{r, f, manages} }

// rosterProgress is how far a roster's job has come.
type rosterProgress struct {
	Roster Roster
	Now    time.Time
}

func newRosterProgress(r Roster, now time.Time) rosterProgress { return rosterProgress{r, now} }

// memberStatus is how a membership stands at a moment.
type memberStatus struct {
	Member Member
	Now    time.Time
}

func newMemberStatus(m Member, now time.Time) memberStatus { return memberStatus{m, now} }

// fieldMarks is a field of a form with what is wrong with it, "" for nothing.
type fieldMarks struct{ Name, Fault string }

func newFieldMarks(faults map[string]string, name string) fieldMarks {
	return fieldMarks{name, faults[name]}
}
