package web

import (
	"fmt"
	"math"
	"net/url"
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
)

// shownColumn is a column on the page, with the plot of its scores.
type shownColumn struct {
	GradeColumn
	Plot *histogram
}

// shownRow is a student's row on the page.
type shownRow struct {
	Name    string
	Section string
	Cells   []shownCell
	Total   shownTotal
}

// shownTotal is the points of a row, with the sign of the totals that go to
// LMSs and the address of their details.
type shownTotal struct {
	Text string
	Href string
	Mark stateMark
	// Title says which total the sign is of.
	Title string
}

// shownCell is a result with the address of its details.
type shownCell struct {
	Href     string
	Text     string
	Mark     stateMark
	Title    string
	Override bool
}

// gradeColumns are the columns on this page. Their plots count all rows.
func (s *speech) gradeColumns(g GradebookPage) []shownColumn {
	first := (g.ColumnPage - 1) * GradebookColumns
	shown := []shownColumn{}
	for i, c := range cut(g.Columns, g.ColumnPage, GradebookColumns) {
		shown = append(shown, shownColumn{c, s.histogram(g.scores(first+i), c.Points)})
	}
	return shown
}

// scores are all scores in a column.
func (g GradebookPage) scores(column int) []float64 {
	var all []float64
	for _, row := range g.Rows {
		if column < len(row.Cells) && row.Cells[column].Score != nil {
			all = append(all, *row.Cells[column].Score)
		}
	}
	return all
}

// gradeRows are the rows on this page. Their totals count all columns.
func (s *speech) gradeRows(g GradebookPage) []shownRow {
	shown := []shownRow{}
	for _, row := range cut(g.Rows, g.Page, GradebookRows) {
		shown = append(shown, shownRow{
			Name:    or(row.Name, row.Username),
			Section: row.Section,
			Cells:   s.gradeCells(g, row),
			Total:   s.gradeTotal(g, row),
		})
	}
	return shown
}

// gradeCells are the row's cells in the columns of this page. The addresses
// are relative to the gradebook's own, which keeps a full page small.
func (s *speech) gradeCells(g GradebookPage, row GradeRow) []shownCell {
	first := (g.ColumnPage - 1) * GradebookColumns
	cells := []shownCell{}
	for i, column := range cut(g.Columns, g.ColumnPage, GradebookColumns) {
		var cell GradeCell
		if first+i < len(row.Cells) {
			cell = row.Cells[first+i]
		}
		view := shownCell{
			Href:     g.cellPath(column.Link, row.Username),
			Text:     or(s.scored(cell.Score, column.Points), "–"),
			Override: cell.Override,
		}
		if cell.State != "" {
			view.Mark = s.state(cell.State)
			view.Title = view.Mark.Text
			if failed(cell.State, cell.Cause) {
				view.Title += ": " + s.sendCause(cell.Cause).Text
			}
		}
		cells = append(cells, view)
	}
	return cells
}

func (g GradebookPage) cellPath(link, username string) string {
	return withSession("gradebook/"+url.PathEscape(link)+"/"+url.PathEscape(username), g.Session)
}

func (s *speech) gradeTotal(g GradebookPage, row GradeRow) shownTotal {
	shown := shownTotal{Text: s.sum(g, row)}
	if row.Total.State == "" || row.Total.Link == "" {
		return shown
	}
	shown.Href, shown.Mark = g.cellPath(row.Total.Link, row.Username), s.state(row.Total.State)
	shown.Title = s.total(row.Total.Of) + ": " + shown.Mark.Text
	return shown
}

// sum is the points of all the row's scores, a dash without any.
func (s *speech) sum(g GradebookPage, row GradeRow) string {
	sum, scores := 0.0, 0
	for i, cell := range row.Cells {
		if i < len(g.Columns) && cell.Score != nil {
			sum += *cell.Score * g.Columns[i].Points
			scores++
		}
	}
	if scores == 0 {
		return "–"
	}
	return s.points(sum)
}

// Possible is the points possible of all columns.
func (g GradebookPage) Possible() float64 {
	sum := 0.0
	for _, c := range g.Columns {
		sum += c.Points
	}
	return sum
}

// RowPager leads through the students.
func (g GradebookPage) RowPager() Pager {
	return newPager("page", extent{g.Page, GradebookRows, len(g.Rows)}, students,
		"section", g.Section, "links", pageNumber(g.ColumnPage), "s", g.Session)
}

// ColumnPager leads through the links.
func (g GradebookPage) ColumnPager() Pager {
	return newPager("links", extent{g.ColumnPage, GradebookColumns, len(g.Columns)}, links,
		"section", g.Section, "page", pageNumber(g.Page), "s", g.Session)
}

// histogram shows how scores lie from 0 to 1 in ten bars, in a field of 80 by
// 21: Path is their outline.
type histogram struct{ Label, Path string }

// histogram draws the scores; nil without any.
func (s *speech) histogram(scores []float64, possible float64) *histogram {
	const bars, height = 10, 20
	if len(scores) == 0 {
		return nil
	}
	var counts [bars]int
	sum := 0.0
	for _, score := range scores {
		counts[clamp(int(score*bars), 0, bars-1)]++
		sum += score
	}
	most := slices.Max(counts[:])
	path := ""
	for i, n := range counts {
		if n > 0 {
			h := max(1, int(math.Round(float64(n)*(height-1)/float64(most))))
			path += fmt.Sprintf("M%d %dv-%dh7v%dz", i*8, height, h, h)
		}
	}
	return &histogram{s.say("%d scores, mean %s", len(scores), s.points(sum/float64(len(scores))*possible)), path}
}

// Newest is the history, newest first.
func (g GradePage) Newest() []lti.Submission {
	newest := slices.Clone(g.Result.History)
	slices.Reverse(newest)
	return newest
}
