package web

import "github.com/ltihub/ltihub/internal/lti"

// stateMark is a delivery state in a sign and words, so that colour is never
// all that tells it.
type stateMark struct {
	Class string
	Text  string
	Title string
}

func (s *speech) state(state lti.State) stateMark {
	switch state {
	case lti.Waiting:
		return stateMark{"waiting", s.say("waiting"), s.say("Waiting to be sent to the LMS")}
	case lti.Sending:
		return stateMark{"sending", s.say("sending"), s.say("Being sent to the LMS now")}
	case lti.Delivered:
		return stateMark{"delivered", s.say("delivered"), s.say("The LMS took it")}
	case lti.Superseded:
		return stateMark{"superseded", s.say("superseded"), s.say("A newer score went instead")}
	case lti.Refused:
		return stateMark{"refused", s.say("refused"), s.say("The LMS refused it; it waits for a person")}
	case lti.Dead:
		return stateMark{"dead", s.say("given up"), s.say("Not taken for too long; it waits for a person")}
	}
	return stateMark{"none", s.say("not sent"), s.say("No LMS asked for it")}
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
func (s *speech) deliveryHint(d DeliveryRow) string {
	switch d.State {
	case lti.Waiting:
		if d.Attempts > 0 || !d.Opens.IsZero() {
			return s.say("It is tried again by itself. Nothing is lost while the LMS cannot be reached.")
		}
		return s.say("It will be sent in a moment.")
	case lti.Sending:
		return s.say("An attempt is under way.")
	case lti.Delivered:
		return s.say("The LMS confirmed it. Nothing to do.")
	case lti.Superseded:
		return s.say("A newer score for the same place went instead. Nothing to do.")
	case lti.Refused:
		return s.say("The LMS said no, so it is not tried again by itself.") + " " + s.sendCause(d.Cause).Do
	case lti.Dead:
		return s.say("The LMS could not be reached for so long that it is no longer tried. Check that its address answers, then resend.")
	}
	return ""
}

// emptyLaunches says why the inspector's list is empty.
func (s *speech) emptyLaunches(page LaunchRecordsPage) string {
	if page.Query != "" {
		return s.say("No launch with this reference number is kept. Check that it was copied whole.")
	}
	if page.Refused || page.Consumer != "" || page.Tool != "" {
		return s.say("No launch matches. Choose other filters.")
	}
	return s.say("No launches yet. They show up here the moment an LMS sends one, refused or not.")
}

// role is what a role of a course is called.
func (s *speech) role(r lti.Role) string {
	switch r {
	case lti.Coordinator:
		return s.say("coordinator")
	case lti.Instructor:
		return s.say("instructor")
	case lti.Designer:
		return s.say("designer")
	case lti.TA:
		return s.say("teaching assistant")
	case lti.Proctor:
		return s.say("proctor")
	case lti.Observer:
		return s.say("observer")
	case lti.Student:
		return s.say("student")
	}
	return string(r)
}

// roles lists a role mapping by LTI role.
func (s *speech) roles(m map[string]lti.Role) []Param {
	list := make(map[string]string, len(m))
	for from, to := range m {
		list[from] = s.role(to)
	}
	return sortedPairs(list)
}
