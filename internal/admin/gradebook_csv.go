package admin

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// gradebookCSV downloads all results of a course, or of a section, in points.
func (p *People) gradebookCSV(w http.ResponseWriter, r *http.Request, v visit) error {
	var opened *book
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		opened, err = p.openBook(tx, r, v, r.URL.Query().Get("section"))
		return err
	})
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := opened.writeCSV(&out); err != nil {
		return fmt.Errorf("write gradebook: %w", err)
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="gradebook.csv"`)
	_, err = out.WriteTo(w)
	p.wrote(r, err)
	return nil
}

func (b *book) writeCSV(out *bytes.Buffer) error {
	file := csv.NewWriter(out)
	head := []string{"username", "name", "section"}
	for _, l := range b.links {
		head = append(head, fmt.Sprintf("%s (%s, of %s)", titleOf(l.ResourceLink), l.ID, points(l.Points)))
	}
	if err := file.Write(harmless(head)); err != nil {
		return err
	}
	for _, row := range b.rows {
		line := harmless([]string{row.Username, row.Name, row.Section})
		if err := file.Write(append(line, b.pointsOf(row)...)); err != nil {
			return err
		}
	}
	file.Flush()
	return file.Error()
}

// pointsOf writes a student's points, empty where there is no score.
func (b *book) pointsOf(row web.GradeRow) []string {
	list := make([]string, len(b.links))
	for i, cell := range row.Cells {
		if cell.Score != nil {
			list[i] = points(*cell.Score * b.links[i].Points)
		}
	}
	return list
}

func points(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// harmless puts a quote before texts that a spreadsheet would take for a
// formula: names come from LMSs.
func harmless(texts []string) []string {
	for i, text := range texts {
		if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
			texts[i] = "'" + text
		}
	}
	return texts
}
