package web

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
)

// BatchPage follows a resending of many deliveries.
type BatchPage struct {
	Frame
	Batch lti.Batch
	// States counts the batch's deliveries by what became of them.
	States map[lti.State]int
}

// Batch writes how far a resending has come.
func (p *Pages) Batch(w http.ResponseWriter, status int, page BatchPage) error {
	page.Title = or(page.Title, p.in(page.Frame).say("Resending %s", reference(page.Batch.ID)))
	return p.render(w, status, "batch", page)
}

// Over is how many are at rest.
func (b BatchPage) Over() int { return max(0, b.Batch.Total-b.Open()) }

// Open is how many are still on their way.
func (b BatchPage) Open() int { return b.States[lti.Waiting] + b.States[lti.Sending] }

// Failed is how many came back.
func (b BatchPage) Failed() int { return b.States[lti.Refused] + b.States[lti.Dead] }

// stateCount is a row of the page.
type stateCount struct {
	State lti.State
	Count int
}

// Rows lists the states that deliveries of the batch are in.
func (b BatchPage) Rows() []stateCount {
	var rows []stateCount
	for _, s := range states() {
		if n := b.States[s]; n > 0 {
			rows = append(rows, stateCount{s, n})
		}
	}
	return rows
}
