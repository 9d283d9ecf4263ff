package web

import (
	"net/http"
	"time"
)

// OverviewPage is the admin's first page: how the server does.
type OverviewPage struct {
	Frame
	// Launches and Refusals are of the last 24 hours, Causes the refusals by
	// cause, most first.
	Launches int
	Refusals int
	Causes   []CauseCount
	// Deliveries counts what is live or stuck; OldestWaiting is since when
	// the oldest waits.
	Deliveries    DeliveryCounts
	OldestWaiting time.Time
	// Hours are those 24 hours, oldest first; the first and the last of them
	// are counted in part.
	Hours []HourCount
	// How many there are of each.
	Consumers int
	Tools     int
	Courses   int
	Users     int
	// LaunchURL is what LMS admins paste.
	LaunchURL string
	Version   string
}

// CauseCount is how often launches were refused for a cause.
type CauseCount struct {
	Cause string
	Count int
}

// HourCount is the launches of one hour and the grades that were done with.
type HourCount struct {
	Hour     time.Time
	Accepted int
	Refused  int
	// Half and Most are how long half of the launches, and 19 of 20, took at
	// most; zero if no launch tells.
	Half time.Duration
	Most time.Duration
	// Delivered and Stuck are the grades that an LMS took, and those that were
	// refused or given up.
	Delivered int
	Stuck     int
}

// DeliveryCounts is how many deliveries stand in each state. Delivered and
// Superseded may be those of a recent span only.
type DeliveryCounts struct {
	Waiting    int
	Sending    int
	Delivered  int
	Superseded int
	Refused    int
	Dead       int
}

// Overview writes the admin's first page.
func (p *Pages) Overview(w http.ResponseWriter, status int, page OverviewPage) error {
	page.Title = or(page.Title, "Overview")
	return p.render(w, status, "overview", page)
}
