package simulator

import (
	"net/http"
	"time"
)

// lmsState is /state.json. It holds no secret.
type lmsState struct {
	Version  int          `json:"version"`
	Launches int          `json:"launches"`
	Down     bool         `json:"down"`
	Faults   faultState   `json:"faults"`
	Grades   []gradeState `json:"grades"`
	Calls    []Call       `json:"calls"`
}

type faultState struct {
	Service     ServiceFault `json:"service"`
	Times       int          `json:"times"`
	SkewSeconds int          `json:"skew_seconds"`
	WrongSecret bool         `json:"wrong_secret"`
	Tamper      bool         `json:"tamper"`
}

type gradeState struct {
	User      string    `json:"user"`
	Link      string    `json:"link"`
	SourcedID string    `json:"sourcedid"`
	Score     float64   `json:"score"`
	Text      string    `json:"text"`
	Points    float64   `json:"points"`
	ChangedAt time.Time `json:"changed_at"`
	Changes   int       `json:"changes"`
}

type gradebookPage struct {
	lmsFrame
	Links []Link
	Rows  []gradeRow
}

type gradeRow struct {
	User  User
	Cells []gradeCell
}

// gradeCell is a cell on the page. Points is the score in the link's points; Fresh
// tells that it arrived within the last minute.
type gradeCell struct {
	Gradable, Graded, Fresh bool
	Grade                   Grade
	Points                  float64
}

func (l *LMS) showGradebook(w http.ResponseWriter, r *http.Request) {
	page := gradebookPage{lmsFrame: l.frame(r, "gradebook", "Gradebook")}
	_, links := l.people()
	for _, link := range links {
		if link.Gradable {
			page.Links = append(page.Links, link)
		}
	}
	for _, user := range page.Users {
		if user.Learner() {
			page.Rows = append(page.Rows, gradeRow{user, l.cells(user, page.Links, l.Now())})
		}
	}
	l.pages.render(w, http.StatusOK, "gradebook", page)
}

func (l *LMS) cells(user User, links []Link, now time.Time) []gradeCell {
	var cells []gradeCell
	for _, link := range links {
		cell := gradeCell{Gradable: link.Gradable}
		cell.Grade, cell.Graded = l.cell(user.ID, link.ID)
		cell.Points = cell.Grade.Score * link.Points
		cell.Fresh = cell.Graded && now.Sub(cell.Grade.ChangedAt) < freshFor
		cells = append(cells, cell)
	}
	return cells
}

func (l *LMS) showState(w http.ResponseWriter, r *http.Request) {
	f := l.CurrentFaults()
	state := lmsState{
		Version: l.changes.count(),
		Down:    f.Service == FaultDown,
		Faults:  faultState{f.Service, f.Times, int(f.ClockSkew.Seconds()), f.WrongSecret, f.Tamper},
		Grades:  []gradeState{},
		Calls:   l.Calls(),
	}
	users, links := l.people()
	for _, link := range links {
		for _, user := range users {
			if g, ok := l.cell(user.ID, link.ID); ok {
				state.Grades = append(state.Grades, gradeState{g.User, g.Link, g.SourcedID, g.Score, g.Text, g.Score * link.Points, g.ChangedAt.UTC(), g.Changes})
			}
		}
	}
	l.mu.Lock()
	state.Launches = l.launches
	l.mu.Unlock()
	renderJSON(w, state)
}
