package web

import (
	"fmt"
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

// Progress says how far a job has come, in words; "" if none waits or runs.
func (r Roster) Progress() string {
	if r.Running == "" {
		switch r.Job {
		case "":
			return ""
		case lti.RosterPreview:
			return "A preview is about to be made."
		}
		return "The roster is about to be fetched."
	}
	switch r.Phase {
	case lti.RosterPlanning:
		return fmt.Sprintf("Working out what %d people mean here.", r.Fetched)
	case lti.RosterApplying:
		return fmt.Sprintf("Taking people in: %d of %d.", r.Applied, r.Fetched)
	case lti.RosterLeaving:
		return fmt.Sprintf("Dropping who left: %d so far.", r.Doing.Left)
	}
	if r.Fetched > 0 {
		return fmt.Sprintf("Fetching: %d people so far.", r.Fetched)
	}
	return "Asking the LMS."
}

// Measured reports whether the job's end can be told.
func (r Roster) Measured() bool {
	return r.Running != "" && r.Phase == lti.RosterApplying && r.Fetched > 0
}

// Waiting reports whether the job waits for a later try.
func (r Roster) Waiting(now time.Time) bool {
	return r.Running == "" && r.Job != "" && r.Due.After(now)
}

// Summary says what the last roster changed.
func (r Roster) Summary() string { return countWords(r.Last) }

// PendingSummary says what the preview would change.
func (r Roster) PendingSummary() string {
	if r.Pending == nil {
		return ""
	}
	return countWords(r.Pending.Counts)
}

// countWords writes counts as a list: "3 new, 1 left".
func countWords(n lti.RosterCounts) string {
	var parts []string
	for _, p := range []struct {
		n    int
		text string
	}{
		{n.New, "new"}, {n.Back, "back again"}, {n.Role, "with another role"}, {n.Section, "in another section"},
		{n.Dates, "with other dates"}, {n.Left, "left"}, {n.Unknown, "without an account here"}, {n.Skipped, "left alone"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.text))
		}
	}
	if len(parts) == 0 {
		return "nothing to change"
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

// Words says what the kind means for a person.
func (k RosterKind) Words() string { return rosterWords(k.Kind) }

func rosterWords(kind string) string {
	switch kind {
	case lti.RosterNew:
		return "become members"
	case lti.RosterBack:
		return "are members again"
	case lti.RosterRole:
		return "get another role"
	case lti.RosterSection:
		return "move to another section"
	case lti.RosterDates:
		return "follow the course's dates"
	case lti.RosterLeft:
		return "are dropped: not listed any more"
	case lti.RosterUnknown:
		return "have no account here yet"
	case lti.RosterSkipped:
		return "are left alone"
	}
	return "stay as they are"
}

// rosterTag is the short word for a change, and its tone.
func rosterTag(kind string) Tag {
	switch kind {
	case lti.RosterNew:
		return Tag{"new", "ok"}
	case lti.RosterBack:
		return Tag{"back again", "ok"}
	case lti.RosterRole:
		return Tag{"role", "info"}
	case lti.RosterSection:
		return Tag{"section", "info"}
	case lti.RosterDates:
		return Tag{"dates", "info"}
	case lti.RosterLeft:
		return Tag{"leaves", "bad"}
	case lti.RosterUnknown:
		return Tag{"not known", "warn"}
	}
	return Tag{"left alone", ""}
}

// Tag is a short word in a tone.
type Tag struct{ Text, Tone string }

// Roster writes the preview.
func (p *Pages) Roster(w http.ResponseWriter, status int, page RosterPage) error {
	page.Title = or(page.Title, "Roster of "+or(page.Roster.Name, page.Roster.Consumer))
	return p.render(w, status, "roster", page)
}
