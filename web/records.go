package web

import (
	"net/http"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// LaunchRecordsPage is the inspector's list. Its filters are the queries
// consumer and tool (ids), refused ("1") and q (a reference number); after leads on.
type LaunchRecordsPage struct {
	Frame
	Launches []lti.LaunchRecord
	Consumer string
	// Consumers are those to choose from.
	Consumers []lti.ToolConsumer
	// Tool is another filter, Tools those to choose from.
	Tool    string
	Tools   []lti.Tool
	Refused bool
	Query   string
	// Next is the after of the next page; empty on the last.
	Next string
}

// LaunchRecords writes the inspector's list.
func (p *Pages) LaunchRecords(w http.ResponseWriter, status int, page LaunchRecordsPage) error {
	page.Title = or(page.Title, "Launches")
	return p.render(w, status, "launch_records", page)
}

// LaunchRecordPage is one launch in the inspector.
type LaunchRecordPage struct {
	Frame
	Launch lti.LaunchRecord
	// Redacted names the parameters whose values were not kept.
	Redacted []string
	// Shares shows the buttons that post to "/share" and "/unshare" below
	// LaunchRecordPath. Links are the links to the launch that are good now,
	// NewLink one that was just made and is shown this once.
	Shares  bool
	Links   []lti.SupportLink
	NewLink string
}

// SupportPage is one redacted launch for somebody who has a link to it.
type SupportPage struct {
	Frame
	Launch  lti.LaunchRecord
	Expires time.Time
}

// Support writes the page.
func (p *Pages) Support(w http.ResponseWriter, status int, page SupportPage) error {
	page.Title = or(page.Title, p.in(page.Frame).say("Launch %s", reference(page.Launch.ID)))
	return p.render(w, status, "support", page)
}

// LaunchRecord writes one launch.
func (p *Pages) LaunchRecord(w http.ResponseWriter, status int, page LaunchRecordPage) error {
	page.Title = or(page.Title, p.in(page.Frame).say("Launch %s", reference(page.Launch.ID)))
	return p.render(w, status, "launch_record", page)
}

// IsRedacted reports whether the value of a parameter was not kept.
func (l LaunchRecordPage) IsRedacted(name string) bool {
	for _, r := range l.Redacted {
		if r == name {
			return true
		}
	}
	return false
}

// DeliveryRow is a delivery with the names that its ids stand for; an empty
// name shows the id.
type DeliveryRow struct {
	lti.Delivery
	ConsumerName string
	UserName     string
	// ScopeTitle names the link or folder.
	ScopeTitle string
	// Opens is when the LMS is tried again, if it is left alone until then.
	Opens time.Time
}

// Next is when a live delivery goes.
func (d DeliveryRow) Next() time.Time {
	if d.Opens.After(d.Due) {
		return d.Opens
	}
	return d.Due
}

// Failed reports whether there is something to explain.
func (d DeliveryRow) Failed() bool { return failed(d.State, d.Cause) }

// Changed reports whether the LMS's own grade was left alone, so that a person
// may say to overwrite it.
func (d DeliveryRow) Changed() bool { return d.State == lti.Refused && d.Theirs != nil }

// What names what the score is of: a link by its title, a folder or the course
// as a total.
func (d DeliveryRow) What() string {
	switch d.Scope.Kind {
	case lti.ScopeFolder:
		return or(d.ScopeTitle, d.Scope.ID) + " total"
	case lti.ScopeCourse:
		return "course total"
	}
	return or(d.ScopeTitle, d.Scope.ID)
}

// Resendable reports whether a person may send the delivery again.
func (d DeliveryRow) Resendable() bool { return d.State == lti.Refused || d.State == lti.Dead }

// DeliveriesPage lists deliveries. Its filters are the queries state, consumer
// (domain/id), course, cause and q (a reference number, or part of a name);
// after leads on. Its form posts the same, without q, to DeliveriesPath +
// "/resend".
type DeliveriesPage struct {
	Frame
	Deliveries []DeliveryRow
	State      lti.State
	Consumer   string
	Course     string
	Cause      lti.SendCause
	Query      string
	// Consumers are those to choose from.
	Consumers []lti.ToolConsumer
	// Stuck is how many deliveries the form sends again: of those that pass
	// the filters, what was refused or given up.
	Stuck  int
	Counts DeliveryCounts
	Next   string
}

// Deliveries writes the list of deliveries.
func (p *Pages) Deliveries(w http.ResponseWriter, status int, page DeliveriesPage) error {
	page.Title = or(page.Title, "Deliveries")
	return p.render(w, status, "deliveries", page)
}

// DeliveryPage is one delivery with its attempts. Its form posts to
// DeliveryPath + "/resend".
type DeliveryPage struct {
	Frame
	Delivery DeliveryRow
	// TargetURL is where the result goes. It is the PassbackURL-th of the
	// PassbackURLs that the LMS has had for this course; 0 is unknown.
	TargetURL    string
	PassbackURL  int
	PassbackURLs int
}

// Delivery writes one delivery.
func (p *Pages) Delivery(w http.ResponseWriter, status int, page DeliveryPage) error {
	page.Title = or(page.Title, p.in(page.Frame).say("Delivery %s", reference(page.Delivery.ID)))
	return p.render(w, status, "delivery", page)
}

// stateTab is a filter of the list of deliveries.
type stateTab struct {
	State lti.State
	Count int
}

// Tabs are the filters by state.
func (d DeliveriesPage) Tabs() []stateTab {
	counts := map[lti.State]int{lti.Waiting: d.Counts.Waiting, lti.Sending: d.Counts.Sending, lti.Refused: d.Counts.Refused, lti.Dead: d.Counts.Dead}
	tabs := make([]stateTab, 0, len(states()))
	for _, s := range states() {
		tabs = append(tabs, stateTab{s, counts[s]})
	}
	return tabs
}

// Causes are the reasons to choose from.
func (d DeliveriesPage) Causes() []lti.SendCause { return lti.SendCauses() }

// ConsumerKey is the value of a tool consumer in the filter.
func (d DeliveriesPage) ConsumerKey(c lti.ToolConsumer) string { return c.Domain + "/" + c.ID }

// Filtered reports whether a filter beside the state is set.
func (d DeliveriesPage) Filtered() bool {
	return d.Consumer != "" || d.Course != "" || d.Cause != "" || d.Query != ""
}

// Tab is the address of a state with the other filters kept.
func (d DeliveriesPage) Tab(state string) string {
	return withSession(d.Path+query("state", state, "consumer", d.Consumer, "course", d.Course, "cause", string(d.Cause), "q", d.Query), d.Session)
}

// StuckState is the state field of the form; empty means both.
func (d DeliveriesPage) StuckState() lti.State {
	if d.State == lti.Refused || d.State == lti.Dead {
		return d.State
	}
	return ""
}

// Empty says why the list is empty.
func (d DeliveriesPage) Empty() string {
	if d.Filtered() || d.State != "" {
		return "No delivery matches. Choose other filters."
	}
	return "Nothing here. Scores show up as soon as a tool sends one that an LMS has asked for."
}
