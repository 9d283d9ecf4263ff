package web

import "github.com/ltihub/ltihub/internal/lti"

// stateMark is a delivery state in a sign and words, so that colour is never
// all that tells it.
type stateMark struct {
	Class string
	Text  string
	Title string
}

func newStateMark(s lti.State) stateMark {
	switch s {
	case lti.Waiting:
		return stateMark{"waiting", "waiting", "Waiting to be sent to the LMS"}
	case lti.Sending:
		return stateMark{"sending", "sending", "Being sent to the LMS now"}
	case lti.Delivered:
		return stateMark{"delivered", "delivered", "The LMS took it"}
	case lti.Superseded:
		return stateMark{"superseded", "superseded", "A newer score went instead"}
	case lti.Refused:
		return stateMark{"refused", "refused", "The LMS refused it; it waits for a person"}
	case lti.Dead:
		return stateMark{"dead", "given up", "Not taken for too long; it waits for a person"}
	}
	return stateMark{"none", "not sent", "No LMS asked for it"}
}

// states lists the delivery states in the order of a legend.
func states() []lti.State {
	return []lti.State{lti.Waiting, lti.Sending, lti.Delivered, lti.Superseded, lti.Refused, lti.Dead}
}

// deliveryTone is how a delivery's page looks at the state: one that failed is
// never in the colour of success, not even while it is tried again.
func deliveryTone(d DeliveryRow) string {
	switch {
	case d.State == lti.Delivered:
		return "ok"
	case d.State == lti.Refused, d.State == lti.Dead:
		return "bad"
	case d.State.Live() && d.LastError != "":
		return "warn"
	}
	return "calm"
}

// deliveryHint says what a person can do about a delivery.
func deliveryHint(d DeliveryRow) string {
	switch d.State {
	case lti.Waiting:
		if d.Attempts > 0 || !d.Opens.IsZero() {
			return "It is tried again by itself. Nothing is lost while the LMS cannot be reached."
		}
		return "It will be sent in a moment."
	case lti.Sending:
		return "An attempt is under way."
	case lti.Delivered:
		return "The LMS confirmed it. Nothing to do."
	case lti.Superseded:
		return "A newer score for the same place went instead. Nothing to do."
	case lti.Refused:
		return "The LMS said no, so it is not tried again by itself. " + newSendCause(d.Cause).Do
	case lti.Dead:
		return "The LMS could not be reached for so long that it is no longer tried. Check that its address answers, then resend."
	}
	return ""
}

// emptyLaunches says why the inspector's list is empty.
func emptyLaunches(page LaunchRecordsPage) string {
	if page.Query != "" {
		return "No launch with this reference number is kept. Check that it was copied whole."
	}
	if page.Refused || page.Consumer != "" || page.Tool != "" {
		return "No launch matches. Choose other filters."
	}
	return "No launches yet. They show up here the moment an LMS sends one, refused or not."
}
