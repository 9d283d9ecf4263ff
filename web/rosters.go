package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// Roster is what the page of people says of one LMS's roster. Its buttons post
// the field consumer to MembersPath + "/sync" and "/preview".
type Roster struct {
	lti.RosterSource
	// Name is the LMS's, Off says that its roster is not to be fetched any more.
	Name string
	Off  bool
}

// progress says how far a job has come, in words; "" if none waits or runs.
func (s *speech) progress(r Roster) string {
	if r.Running == "" {
		switch r.Job {
		case "":
			return ""
		case lti.RosterPreview:
			return s.say("A preview is about to be made.")
		}
		return s.say("The roster is about to be fetched.")
	}
	switch r.Phase {
	case lti.RosterPlanning:
		return s.say("Working out what %d people mean here.", r.Fetched)
	case lti.RosterApplying:
		return s.say("Taking people in: %d of %d.", r.Applied, r.Fetched)
	case lti.RosterLeaving:
		return s.say("Dropping who left: %d so far.", r.Doing.Left)
	}
	if r.Fetched > 0 {
		return s.say("Fetching: %d people so far.", r.Fetched)
	}
	return s.say("Asking the LMS.")
}

// Measured reports whether the job's end can be told.
func (r Roster) Measured() bool {
	return r.Running != "" && r.Phase == lti.RosterApplying && r.Fetched > 0
}

// Waiting reports whether the job waits for a later try.
func (r Roster) Waiting(now time.Time) bool {
	return r.Running == "" && r.Job != "" && r.Due.After(now)
}

// rosterCounts writes what a roster changed, or would, as a list: "3 new, 1
// left".
func (s *speech) rosterCounts(n lti.RosterCounts) string {
	var parts []string
	add := func(n int, text string) {
		if n > 0 {
			parts = append(parts, text)
		}
	}
	add(n.New, s.say("%d new", n.New))
	add(n.Back, s.say("%d back again", n.Back))
	add(n.Role, s.say("%d with another role", n.Role))
	add(n.Section, s.say("%d in another section", n.Section))
	add(n.Dates, s.say("%d with other dates", n.Dates))
	add(n.Left, s.say("%d left", n.Left))
	add(n.Unknown, s.say("%d without an account here", n.Unknown))
	add(n.Skipped, s.say("%d left alone", n.Skipped))
	if len(parts) == 0 {
		return s.say("nothing to change")
	}
	return strings.Join(parts, ", ")
}

// RosterPage shows what a fetched roster would change, for a person to confirm.
// Its form posts the fields consumer and run to MembersPath + "/confirm".
type RosterPage struct {
	Frame
	Roster Roster
}

// Plan is the preview; nil while there is none.
func (p RosterPage) Plan() *lti.RosterPlan { return p.Roster.Pending }

// Unlisted is how many changes the preview counts but does not list.
func (p RosterPage) Unlisted() int {
	if p.Plan() == nil {
		return 0
	}
	n := p.Plan().Counts
	return max(0, n.Changed()+n.Unknown+n.Skipped-len(p.Plan().Changes))
}

// Kinds counts the changes by kind, those that there are.
func (p RosterPage) Kinds() []RosterKind {
	if p.Plan() == nil {
		return nil
	}
	n := p.Plan().Counts
	all := []RosterKind{
		{lti.RosterNew, n.New}, {lti.RosterBack, n.Back}, {lti.RosterRole, n.Role}, {lti.RosterSection, n.Section},
		{lti.RosterDates, n.Dates}, {lti.RosterLeft, n.Left}, {lti.RosterUnknown, n.Unknown}, {lti.RosterSkipped, n.Skipped},
		{lti.RosterSame, n.Same},
	}
	var kinds []RosterKind
	for _, k := range all {
		if k.Count > 0 {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// RosterKind is a kind of change with how many people it is about.
type RosterKind struct {
	Kind  string
	Count int
}

// rosterKind says what a kind means for a person.
func (s *speech) rosterKind(kind string) string {
	switch kind {
	case lti.RosterNew:
		return s.say("become members")
	case lti.RosterBack:
		return s.say("are members again")
	case lti.RosterRole:
		return s.say("get another role")
	case lti.RosterSection:
		return s.say("move to another section")
	case lti.RosterDates:
		return s.say("follow the course's dates")
	case lti.RosterLeft:
		return s.say("are dropped: not listed any more")
	case lti.RosterUnknown:
		return s.say("have no account here yet")
	case lti.RosterSkipped:
		return s.say("are left alone")
	}
	return s.say("stay as they are")
}

// rosterTag is the short word for a change, and its tone.
func (s *speech) rosterTag(kind string) Tag {
	switch kind {
	case lti.RosterNew:
		return Tag{s.say("new"), "ok"}
	case lti.RosterBack:
		return Tag{s.say("back again"), "ok"}
	case lti.RosterRole:
		return Tag{s.say("role"), "info"}
	case lti.RosterSection:
		return Tag{s.say("section"), "info"}
	case lti.RosterDates:
		return Tag{s.say("dates"), "info"}
	case lti.RosterLeft:
		return Tag{s.say("leaves"), "bad"}
	case lti.RosterUnknown:
		return Tag{s.say("not known"), "warn"}
	}
	return Tag{s.say("left alone"), ""}
}

// Tag is a short word in a tone.
type Tag struct{ Text, Tone string }

// Roster writes the preview.
func (p *Pages) Roster(w http.ResponseWriter, status int, page RosterPage) error {
	page.Title = or(page.Title, "Roster of "+or(page.Roster.Name, page.Roster.Consumer))
	return p.render(w, status, "roster", page)
}
