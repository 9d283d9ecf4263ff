package web

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
)

// How much of a gradebook one page shows, so that it stays quick to load and
// to read.
const (
	GradebookRows    = 50
	GradebookColumns = 12
)

// GradebookPage shows all results of Frame.Course. Its filter is the query
// section, its pages the queries page and links.
type GradebookPage struct {
	Frame
	// Columns are all gradable links and Rows all students that pass the
	// filter; the page cuts out its part. Each row has a cell for each column.
	Columns  []GradeColumn
	Rows     []GradeRow
	Section  string
	Sections []string
	// Page counts pages of rows from 1, ColumnPage pages of columns; what is
	// out of range is brought into it.
	Page       int
	ColumnPage int
	// CSVPath downloads everything; empty leaves that out.
	CSVPath string
}

// GradeColumn is a gradable link.
type GradeColumn struct {
	Link   string
	Title  string
	Folder string
	Points float64
}

// GradeRow is a student.
type GradeRow struct {
	Username string
	Name     string
	Section  string
	Cells    []GradeCell
	Total    GradeTotal
}

// GradeTotal is how far the totals of folders and of the course are on their
// way to LMSs: the worst State among them, empty when no LMS wants one. Of names
// that total, and Link one of its links, whose page has the details.
type GradeTotal struct {
	State lti.State
	Of    string
	Link  string
}

// GradeCell is one result. Score is 0.0 to 1.0, nil for none; State is the
// worst state of its own newest deliveries, empty when no LMS wants the result
// by itself.
type GradeCell struct {
	Score    *float64
	Override bool
	State    lti.State
	// Cause is why an LMS did not take it.
	Cause lti.SendCause
}

// Gradebook writes the table of results.
func (p *Pages) Gradebook(w http.ResponseWriter, status int, page GradebookPage) error {
	page.Title = or(page.Title, "Gradebook")
	page.Page = clamp(page.Page, 1, pagesFor(len(page.Rows), GradebookRows))
	page.ColumnPage = clamp(page.ColumnPage, 1, pagesFor(len(page.Columns), GradebookColumns))
	return p.render(w, status, "gradebook", page)
}

// GradePage is one cell of the gradebook in full. Its forms post score (in
// points), lift nothing, or delivery (an id) to GradePath + "/override",
// "/lift" and "/resend".
type GradePage struct {
	Frame
	LinkID    string
	LinkTitle string
	Points    float64
	Username  string
	Name      string
	Section   string
	// Result has the history, newest submissions last.
	Result     lti.Result
	Deliveries []DeliveryRow
	// Editable shows the forms that change something.
	Editable bool
	// Typed is what was typed before; Faulty says that it is no score.
	Typed  string
	Faulty bool
}

// Grade writes one student's result for one link.
func (p *Pages) Grade(w http.ResponseWriter, status int, page GradePage) error {
	page.Title = or(page.Title, or(page.Name, page.Username)+": "+page.LinkTitle)
	return p.render(w, status, "grade", page)
}
