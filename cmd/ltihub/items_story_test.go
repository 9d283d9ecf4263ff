package main

import (
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/simulator"
)

// An instructor chooses content in a tool, and a tool sends people back.

// teacherAt is the instructor on the course's page, after a launch.
func (w *world) teacherAt(v *visitor) screen {
	w.t.Helper()
	action, fields, err := w.lms.LaunchForm("2b96-ines", "rl-course")
	if err != nil {
		w.t.Fatal(err)
	}
	page := v.post(action, fields)
	if page.status != http.StatusOK || !strings.Contains(page.body, "Add from Quizzer") {
		w.t.Fatalf("the course's page = %d\n%s", page.status, page.body)
	}
	return page
}

// chooseIn follows "Add from Quizzer" into the tool.
func (w *world) chooseIn(v *visitor, page screen, folder string) simulator.Launch {
	w.t.Helper()
	to := *page.url
	to.Path += "/add/quizzer"
	query := to.Query()
	query.Set("folder", folder)
	to.RawQuery = query.Encode()
	action, fields := v.get(to.String()).form(w.t, "launch")
	shown := v.post(action, fields)
	for _, s := range w.tool.Selections() {
		if s.ID == path.Base(shown.url.Path) {
			return s
		}
	}
	w.t.Fatalf("the tool took no request: it shows %s (%d) and refused %v", shown.url, shown.status, w.tool.Refusals())
	return simulator.Launch{}
}

func TestInstructorAddsLinksFromATool(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	v := newVisitor(t)
	request := w.chooseIn(v, w.teacherAt(v), "week1")
	answer := v.post(w.tool.PublicURL+"/selections/"+request.ID, url.Values{"action": {"choose"}, "item": {"osmosis", "reader"}})
	back := v.post(answer.form(t, "launch"))
	if back.status != http.StatusOK || back.url.Path != "/courses/uni/phys101" {
		t.Fatalf("the answer leads to %s (%d)\n%s", back.url, back.status, back.body)
	}
	for _, want := range []string{"Added from Quizzer: Quiz: Osmosis, Course reader", "Message from Quizzer:</strong> 2 chosen.", "20 points"} {
		if !strings.Contains(back.body, want) {
			t.Errorf("the course's page lacks %q", want)
		}
	}
	if again := v.get(back.url.String()); strings.Contains(again.body, "Message from") || !strings.Contains(again.body, "Quiz: Osmosis") {
		t.Error("it is told twice, or the link is gone")
	}

	link := regexp.MustCompile(`/l/(quiz-osmosis-[a-z0-9]+)`).FindStringSubmatch(back.body)
	if link == nil {
		t.Fatal("the page leads to no such link")
	}
	student := newVisitor(t)
	action, fields, err := w.lms.LaunchForm("7f3a-ada", "rl-course")
	if err != nil {
		t.Fatal(err)
	}
	to := *student.post(action, fields).url
	to.Path += "/l/" + link[1]
	launch := w.openTool(student, student.get(to.String()))
	if launch.Param("custom_quiz") != "osmosis" || launch.Param("lis_result_sourcedid") == "" {
		t.Errorf("the new link is launched with %v", launch.Params)
	}
	if got, err := w.tool.PostScore(soon(t), launch, "0.5"); err != nil || !got.Success() {
		t.Errorf("PostScore() = %+v, %v", got, err)
	}
	if r := w.api().results()[link[1]+" ada"]; r.Points == nil || *r.Points != 10 {
		t.Errorf("the result is %+v, want 10 points", r)
	}
}

func TestAnswersThatAreNotTheToolsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	v := newVisitor(t)
	page := w.teacherAt(v)
	request := w.chooseIn(v, page, "")
	choices := []simulator.Choice{w.tool.LinkChoice("Intruder", 5, nil)}
	tests := []struct {
		name   string
		call   simulator.SelectionCall
		change func(url.Values)
		status int
		cause  string
	}{
		{"forged", simulator.SelectionCall{Secret: "guess"}, nil, http.StatusUnauthorized, "signature"},
		{"unsigned", simulator.SelectionCall{}, func(f url.Values) {
			for name := range f {
				if strings.HasPrefix(name, "oauth_") {
					f.Del(name)
				}
			}
		}, http.StatusBadRequest, "missing"},
		{"another key", simulator.SelectionCall{Key: "lms-key", Secret: "lms-secret"}, nil, http.StatusUnauthorized, "unknown_key"},
		{"other data", simulator.SelectionCall{Data: "other"}, nil, http.StatusNotFound, "ticket"},
		{"items changed", simulator.SelectionCall{}, func(f url.Values) {
			f.Set("content_items", strings.Replace(f.Get("content_items"), "Intruder", "Trojan", 1))
		}, http.StatusUnauthorized, "signature"},
	}
	for _, tt := range tests {
		tt.call.Request, tt.call.Choices = request, choices
		action, form, err := w.tool.SelectionForm(tt.call)
		if err != nil {
			t.Fatal(err)
		}
		if tt.change != nil {
			tt.change(form)
		}
		w.checkRefused(t, newVisitor(t).stay().post(action, form), tt.status, tt.cause)
	}
	action, form, err := w.tool.SelectionForm(simulator.SelectionCall{Request: request, Choices: []simulator.Choice{w.tool.LinkChoice(`<script>alert(1)</script>`, 5, nil)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := v.stay().post(action, form); got.status != http.StatusSeeOther {
		t.Fatalf("the tool's own answer = %d\n%s", got.status, got.body)
	}
	w.checkRefused(t, newVisitor(t).stay().post(action, form), http.StatusConflict, "nonce_used")
	w.crash()
	w.checkRefused(t, newVisitor(t).stay().post(action, form), http.StatusConflict, "nonce_used")
	after := v.get(page.url.String())
	if strings.Contains(after.body, "Intruder") || strings.Contains(after.body, "Trojan") {
		t.Error("a refused link is in the course")
	}
	if strings.Contains(after.body, "<script>alert") || strings.Count(after.body, "<h3>&lt;script&gt;alert(1)&lt;/script&gt;</h3>") != 1 {
		t.Error("the hostile title is not there once, as text")
	}
}

func TestStudentAddsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	v := newVisitor(t)
	action, fields, err := w.lms.LaunchForm("7f3a-ada", "rl-course")
	if err != nil {
		t.Fatal(err)
	}
	page := v.post(action, fields)
	if strings.Contains(page.body, "Add from") {
		t.Error("a student is offered to add links")
	}
	to := *page.url
	to.Path += "/add/quizzer"
	if got := v.get(to.String()); got.status != http.StatusForbidden {
		t.Errorf("a student's request = %d, want 403", got.status)
	}
}

func TestToolSendsAPersonBackWithAMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	v := newVisitor(t)
	launch := w.enter(v, "7f3a-ada", "rl-quiz-1")
	back := func(name, text string) screen {
		t.Helper()
		to, err := url.Parse(launch.Param("launch_presentation_return_url"))
		if err != nil {
			t.Fatal(err)
		}
		if name != "" {
			to.RawQuery = url.Values{name: {text}, "lti_errorlog": {"quiz 17: closed"}}.Encode()
		}
		return v.stay().get(to.String())
	}
	if got := back("", "").header.Get("Location"); !strings.HasPrefix(got, w.lms.PublicURL+"/return?") {
		t.Errorf("without a message the way back is %q, want the LMS", got)
	}
	got := back("lti_errormsg", `<b>closed</b>`)
	to, err := got.url.Parse(got.header.Get("Location"))
	if err != nil || to.Path != "/courses/uni/phys101" || strings.Contains(to.RawQuery, "closed") {
		t.Fatalf("the way back is %s (%d, %v)", to, got.status, err)
	}
	if page := v.get(to.String()); !strings.Contains(page.body, "Message from Quizzer:</strong> &lt;b&gt;closed&lt;/b&gt;") || !strings.Contains(page.body, "Back to Campus LMS") {
		t.Errorf("the course's page (%d) does not tell:\n%s", page.status, page.body)
	}
	if page := v.get(to.String()); strings.Contains(page.body, "closed") {
		t.Error("it is told twice")
	}
	framed := formPost(launch.Param("launch_presentation_return_url")+"?lti_msg=bye", nil)
	framed.Method = http.MethodGet
	framed.Header.Set("Sec-Fetch-Dest", "iframe")
	inFrame := v.see(v.client.Do(framed))
	if inFrame.status != http.StatusOK || !strings.Contains(inFrame.body, `id="back" href="/courses/uni/phys101?`) || strings.Contains(inFrame.body, "bye") {
		t.Errorf("in a frame the way back is %d\n%s", inFrame.status, inFrame.body)
	}
	back("lti_errormsg", `<b>closed</b>`)
	admin := w.signedInAdmin()
	record := admin.get(w.url + "/admin/launches/" + to.Query().Get("told"))
	if !strings.Contains(record.body, "quiz 17: closed") || !strings.Contains(record.body, "&lt;b&gt;closed&lt;/b&gt;") {
		t.Errorf("the inspector (%d) does not show the tool's error", record.status)
	}
	if got := v.stay().get(w.url + "/lti/return/nonsense?lti_msg=hello"); got.status != http.StatusNotFound || strings.Contains(got.body, "hello") {
		t.Errorf("a made-up return URL = %d\n%s", got.status, got.body)
	}
}

// signedInAdmin is a browser with the local sign-in of root.
func (w *world) signedInAdmin() *visitor {
	w.t.Helper()
	v := newVisitor(w.t)
	page := v.post(w.url+"/login", url.Values{"username": {"root:uni"}, "password": {"correct-horse"}})
	if page.status != http.StatusOK || page.url.Path != "/admin" {
		w.t.Fatalf("signing in leads to %s (%d)", page.url, page.status)
	}
	return v
}
