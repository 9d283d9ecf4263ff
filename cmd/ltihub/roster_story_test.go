package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/simulator"
)

// Flow 5: the roster of an LMS comes up.

// pullsRosters has the LMS of the tests asked for its roster.
func pullsRosters(manifest string) string {
	return strings.Replace(manifest, "    self_enrol:", "    roster: {pull: true, on_instructor_launch: true}\n    self_enrol:", 1)
}

// role is what a person is in the course, "" for nobody who is in it.
func (w *world) role(username string) string {
	w.t.Helper()
	var members listOf[struct{ Username, Role, Status string }]
	w.api().read("/courses/uni/phys101/members", &members)
	for _, m := range members.Items {
		if m.Username == username && m.Status == "active" {
			return m.Role
		}
	}
	return ""
}

func TestRosterBringsStudentsWhoNeverClickedAndTheirGrades(t *testing.T) {
	t.Parallel()
	for _, onlyPages := range []bool{false, true} {
		name := map[bool]string{false: "extension service", true: "Context Memberships"}[onlyPages]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, pullsRosters)
			w.lms.OnlyPages, w.lms.PageSize = onlyPages, 2
			w.click(newVisitor(t), "2b96-ines", "rl-quiz-1")
			until(t, "the roster is in", func() bool { return w.role("chidi") == "student" })
			if got := w.role("tomas"); got != "ta" {
				t.Errorf("tomas is %q", got)
			}
			if !onlyPages {
				w.tellsGroups("chidi", "Lab B (evening)")
			}
			// chidi never opens it from the LMS: the tool's score goes there all the same.
			w.scoreByAPI("chidi", "quiz1", "0.75")
			w.graded("e051-chidi", "rl-quiz-1", 0.75)
		})
	}
}

// tellsGroups holds that a tool that asks with groups hears of one.
func (w *world) tellsGroups(username, group string) {
	w.t.Helper()
	w.scoreByAPI(username, "quiz1", "0.5")
	launches := w.tool.Launches()
	a, err := w.tool.Roster(w.t.Context(), launches[len(launches)-1], true)
	if err != nil || !a.Success() || !strings.Contains(string(a.Body), group) {
		w.t.Errorf("the roster with groups = %+v, %v, want %q in it", a, err, group)
	}
}

// scoreByAPI launches the link for a person in the way of a front end of its
// own, and has the tool post a score.
func (w *world) scoreByAPI(username, link, score string) {
	w.t.Helper()
	var form struct {
		URL    string
		Params map[string]string
	}
	status, text := w.api().call(http.MethodPost, "/courses/uni/phys101/links/"+link+"/launch", `{"username":"`+username+`"}`)
	if err := json.Unmarshal([]byte(text), &form); err != nil || status != http.StatusOK {
		w.t.Fatalf("launch for %s = %d %s", username, status, text)
	}
	fields := url.Values{}
	for name, value := range form.Params {
		fields.Set(name, value)
	}
	newVisitor(w.t).post(form.URL, fields)
	launches := w.tool.Launches()
	if a, err := w.tool.PostScore(w.t.Context(), launches[len(launches)-1], score); err != nil || a.CodeMajor != "success" {
		w.t.Fatalf("the tool's score = %+v, %v", a, err)
	}
}

// peopleAsTeacher signs the instructor in by a launch and returns the page of people.
func (w *world) peopleAsTeacher() (*visitor, *url.URL) {
	w.t.Helper()
	v := newVisitor(w.t)
	action, fields, err := w.lms.LaunchForm("2b96-ines", "rl-course")
	if err != nil {
		w.t.Fatal(err)
	}
	page := v.post(action, fields)
	people := *page.url
	people.Path, people.Fragment = "/courses/uni/phys101/members", ""
	return v, &people
}

func TestBrokenRostersChangeNothingAndSayWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, pullsRosters)
	w.click(newVisitor(t), "2b96-ines", "rl-quiz-1")
	until(t, "the roster is in", func() bool { return w.role("chidi") == "student" })
	v, people := w.peopleAsTeacher()
	tests := []struct {
		fault     simulator.RosterFault
		onlyPages bool
		want      string
	}{
		{simulator.RosterFaultEmpty, false, "empty roster"},
		{simulator.RosterFaultGarbage, false, "is no roster"},
		{simulator.RosterFaultCut, false, "breaks off"},
		{simulator.RosterFaultSignature, false, "does not accept our key"},
		{simulator.RosterFaultLoop, true, "in a circle"},
		{simulator.RosterFaultElsewhere, true, "on another server"},
	}
	for _, tt := range tests {
		w.lms.OnlyPages = tt.onlyPages
		w.lms.SetFaults(simulator.Faults{Roster: tt.fault})
		w.click(newVisitor(t), "2b96-ines", "rl-course")
		until(t, string(tt.fault)+" is told", func() bool { return strings.Contains(v.get(people.String()).body, tt.want) })
		if got := w.role("chidi"); got != "student" {
			t.Errorf("after %s chidi is %q", tt.fault, got)
		}
	}
}

var runField = regexp.MustCompile(`name="run" value="([^"]+)"`)

func TestTeacherConfirmsThatManyLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, pullsRosters)
	for i := range 20 {
		login := "extra" + string(rune('a'+i))
		w.lms.Enrol(simulator.User{ID: "id-" + login, Login: login, Roles: "Learner"})
	}
	w.click(newVisitor(t), "2b96-ines", "rl-quiz-1")
	until(t, "the roster is in", func() bool { return w.role("extrat") == "student" })
	v, people := w.peopleAsTeacher()
	for i := range 12 {
		w.lms.Unenrol("id-extra" + string(rune('a'+i)))
	}
	post := func(action string, fields url.Values) screen {
		to := *people
		to.Path += action
		fields.Set("consumer", "campus")
		return v.post(to.String(), fields)
	}
	post("/sync", url.Values{})
	until(t, "the roster is held", func() bool { return strings.Contains(v.get(people.String()).body, "would drop 12 of") })
	if w.role("extraa") != "student" {
		t.Error("a held roster dropped somebody")
	}
	preview := *people
	preview.Path += "/preview"
	query := preview.Query()
	query.Set("consumer", "campus")
	preview.RawQuery = query.Encode()
	run := runField.FindStringSubmatch(v.get(preview.String()).body)
	if run == nil {
		t.Fatal("the preview has no form to confirm it")
	}
	post("/confirm", url.Values{"run": {run[1]}})
	until(t, "who left is dropped", func() bool { return w.role("extraa") == "" && w.role("extral") == "" })
	if w.role("extrat") != "student" {
		t.Error("somebody who did not leave was dropped")
	}
}
