package simulator

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// freshFor is how long a grade counts as newly arrived in the gradebook.
const freshFor = time.Minute

// lmsFrame is what every page of the LMS shows around its own content.
type lmsFrame struct {
	LMS     string
	Title   string
	Tab     string // which tab is lit
	Course  Course
	Who     User
	Users   []User
	Faults  Faults
	Down    bool
	Version int // grows with every change; live.js reloads the page by it
	Here    string
	Bare    bool // inside a frame of this LMS, which has a header already
}

type coursePage struct {
	lmsFrame
	Links     []courseLink
	Launches  int
	Callbacks int
	Notice    string
}

type courseLink struct {
	Link
	Grade  Grade
	Graded bool
}

type launchPage struct {
	lmsFrame
	Link   Link
	Form   SignedForm
	Framed bool
}

type returnPage struct {
	lmsFrame
	Link           Link
	Message, Error string
	MessageLog     string
	ErrorLog       string
}

type callsPage struct {
	lmsFrame
	Calls []Call // newest first
}

type faultsPage struct {
	lmsFrame
	Choices     []faultChoice
	Rosters     []rosterChoice
	SkewMinutes int
	CanReplay   bool
}

// frame gathers what is around a page. The person comes from the query, as this LMS
// has no passwords; an unknown or missing one is the first on the list.
func (l *LMS) frame(r *http.Request, tab, title string) lmsFrame {
	users, _ := l.people()
	f := lmsFrame{LMS: l.Name, Title: title, Tab: tab, Course: l.Course, Users: users, Faults: l.CurrentFaults(), Version: l.changes.count(), Here: r.URL.Path}
	f.Down = f.Faults.Service == FaultDown
	if i := slices.IndexFunc(users, func(u User) bool { return u.ID == r.FormValue("user") }); i >= 0 {
		f.Who = users[i]
	} else if len(users) > 0 {
		f.Who = users[0]
	}
	return f
}

func (l *LMS) showCourse(w http.ResponseWriter, r *http.Request) {
	page := coursePage{lmsFrame: l.frame(r, "course", l.Course.Title)}
	page.Notice = r.FormValue("notice")
	page.Callbacks = len(l.Callbacks(page.Who.ID))
	_, links := l.people()
	for _, link := range links {
		grade, ok := l.cell(page.Who.ID, link.ID)
		page.Links = append(page.Links, courseLink{link, grade, ok})
	}
	l.pages.render(w, http.StatusOK, "course", page)
}

func (l *LMS) showLaunch(w http.ResponseWriter, r *http.Request) {
	target := r.FormValue("target")
	if target != "iframe" {
		target = "window"
	}
	signed, err := l.launch(r.FormValue("user"), r.FormValue("link"), target)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	_, link, _ := l.find(r.FormValue("user"), r.FormValue("link"))
	page := launchPage{lmsFrame: l.frame(r, "course", link.Title), Link: link, Form: signed, Framed: target == "iframe"}
	l.pages.render(w, http.StatusOK, "launch", page)
}

func (l *LMS) showReplay(w http.ResponseWriter, r *http.Request) {
	action, fields, ok := l.ReplayForm()
	if !ok {
		http.Error(w, "nothing was launched yet", http.StatusNotFound)
		return
	}
	page := launchPage{lmsFrame: l.frame(r, "faults", "Replayed launch"), Form: SignedForm{action, fields}}
	page.Link.Title = "the last launch, replayed"
	l.pages.render(w, http.StatusOK, "launch", page)
}

// showReturn is the launch_presentation_return_url (LTI 1.1, 3).
func (l *LMS) showReturn(w http.ResponseWriter, r *http.Request) {
	page := returnPage{
		lmsFrame: l.frame(r, "course", "Back from the tool"),
		Message:  r.FormValue("lti_msg"), MessageLog: r.FormValue("lti_log"),
		Error: r.FormValue("lti_errormsg"), ErrorLog: r.FormValue("lti_errorlog"),
	}
	page.Bare = r.FormValue("target") == "iframe"
	_, page.Link, _ = l.find(page.Who.ID, r.FormValue("link"))
	l.pages.render(w, http.StatusOK, "return", page)
}

func (l *LMS) showCalls(w http.ResponseWriter, r *http.Request) {
	page := callsPage{lmsFrame: l.frame(r, "calls", "Service calls"), Calls: l.Calls()}
	slices.Reverse(page.Calls)
	l.pages.render(w, http.StatusOK, "calls", page)
}

func (l *LMS) showFaults(w http.ResponseWriter, r *http.Request) {
	page := faultsPage{lmsFrame: l.frame(r, "faults", "Faults")}
	page.Choices, page.Rosters = faultChoices(page.Faults.Service), rosterChoices(page.Faults.Roster)
	page.SkewMinutes = int(page.Faults.ClockSkew.Minutes())
	_, _, page.CanReplay = l.ReplayForm()
	l.pages.render(w, http.StatusOK, "faults", page)
}

func (l *LMS) takeFaults(w http.ResponseWriter, r *http.Request) {
	var minutes, times int
	_, err := fmt.Sscan(r.PostFormValue("skew"), &minutes)
	if _, errTimes := fmt.Sscan(r.PostFormValue("times"), &times); err != nil || errTimes != nil || times < 0 {
		http.Error(w, "skew and times are whole numbers", http.StatusBadRequest)
		return
	}
	fault := ServiceFault(r.PostFormValue("service"))
	if !slices.ContainsFunc(faultChoices(fault), func(c faultChoice) bool { return c.Chosen }) {
		http.Error(w, "no such fault", http.StatusBadRequest)
		return
	}
	people := RosterFault(r.PostFormValue("roster"))
	if !slices.ContainsFunc(rosterChoices(people), func(c rosterChoice) bool { return c.Chosen }) {
		http.Error(w, "no such roster fault", http.StatusBadRequest)
		return
	}
	l.SetFaults(Faults{
		Service: fault, Roster: people, Times: times,
		ClockSkew:   time.Duration(minutes) * time.Minute,
		WrongSecret: r.PostFormValue("wrong_secret") != "",
		Tamper:      r.PostFormValue("tamper") != "",
	})
	http.Redirect(w, r, "/faults?user="+url.QueryEscape(r.PostFormValue("user")), http.StatusSeeOther)
}

// takeSwitch turns "LMS services are down" on or off.
func (l *LMS) takeSwitch(w http.ResponseWriter, r *http.Request) {
	fault := FaultNone
	if r.PostFormValue("down") != "" {
		fault = FaultDown
	}
	l.SetFault(fault)
	pages := map[string]string{"/gradebook": "/gradebook", "/calls": "/calls", "/faults": "/faults"}
	back := pages[r.PostFormValue("back")]
	if back == "" {
		back = "/"
	}
	http.Redirect(w, r, back+"?user="+url.QueryEscape(r.PostFormValue("user")), http.StatusSeeOther)
}

func (l *LMS) takeLogOut(w http.ResponseWriter, r *http.Request) {
	user := r.PostFormValue("user")
	statuses, err := l.LogOut(r.Context(), user)
	notice := fmt.Sprintf("Logged out: %d sessions were told, answers %v.", len(statuses), statuses)
	if err != nil {
		notice = "Log-out callback: " + err.Error()
	}
	http.Redirect(w, r, "/?"+url.Values{"user": {user}, "notice": {notice}}.Encode(), http.StatusSeeOther)
}
