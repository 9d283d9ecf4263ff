package main

import (
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/simulator"
)

// Flows 2 and 3: we launch a tool, and the tool posts results to us.

// enter goes from a click in the LMS all the way into the tool, as a browser
// does, and returns the launch that the tool took.
func (w *world) enter(v *visitor, user, link string) simulator.Launch {
	w.t.Helper()
	action, fields, err := w.lms.LaunchForm(user, link)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.openTool(v, v.post(action, fields))
}

// openTool posts the launch form on a page.
func (w *world) openTool(v *visitor, page screen) simulator.Launch {
	w.t.Helper()
	action, fields := page.form(w.t, "launch")
	shown := v.post(action, fields)
	for _, l := range w.tool.Launches() {
		if l.ID == path.Base(shown.url.Path) {
			return l
		}
	}
	w.t.Fatalf("the tool took no launch: it shows %s (%d) and refused %v", shown.url, shown.status, w.tool.Refusals())
	return simulator.Launch{}
}

func TestClickInTheLMSLandsInTheTool(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	l := w.enter(newVisitor(t), "c4d8-zoe", "rl-quiz-1")
	for name, want := range map[string]string{
		"lti_message_type": "basic-lti-launch-request", "lti_version": "LTI-1p0",
		"roles": "Learner", "resource_link_title": "Quiz 1",
		"context_title": "Physics 101", "context_label": "PHYS101", "context_type": "CourseOffering",
		"lis_person_name_full": "Zoë Ångström", "lis_person_name_given": "Zoë", "lis_person_name_family": "Ångström",
		"lis_person_contact_email_primary": "zoe@campus.example",
		"custom_chapter":                   "3", "custom_quiz": "1", "custom_who": "Zoë Ångström",
		"lis_outcome_service_url":       w.url + "/service/passback",
		"ext_ims_lis_basic_outcome_url": w.url + "/service/passback",
		"ext_ims_lis_memberships_url":   w.url + "/service/roster",
		"ext_ims_lti_tool_setting_url":  w.url + "/service/setting",
	} {
		if got := l.Param(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"user_id", "resource_link_id", "context_id", "lis_result_sourcedid", "launch_presentation_return_url", "tool_consumer_instance_guid"} {
		if l.Param(name) == "" {
			t.Errorf("%s is missing", name)
		}
	}
	for name, values := range l.Params {
		for _, personal := range []string{"7f3a-ada", "c4d8-zoe"} {
			if strings.Contains(values[0], personal) && name != "launch_presentation_return_url" {
				t.Errorf("%s tells what the LMS calls the user: %q", name, values[0])
			}
		}
	}
	teacher := w.enter(newVisitor(t), "2b96-ines", "rl-quiz-1")
	if teacher.Param("roles") != "Instructor" || teacher.Param("lis_result_sourcedid") != "" {
		t.Errorf("the instructor is launched as %q with the sourcedid %q", teacher.Param("roles"), teacher.Param("lis_result_sourcedid"))
	}
	if teacher.Param("user_id") == l.Param("user_id") {
		t.Error("two people have one user_id")
	}
}

func TestSessionOpensWhatTheLaunchDidNotName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	v := newVisitor(t)
	w.enter(v, "7f3a-ada", "rl-quiz-1")
	action, fields, err := w.lms.LaunchForm("7f3a-ada", "rl-course")
	if err != nil {
		t.Fatal(err)
	}
	home := v.post(action, fields)
	if home.status != http.StatusOK || !strings.Contains(home.body, "Lab 1") {
		t.Fatalf("the course's page = %d\n%s", home.status, home.body)
	}
	other := *home.url
	other.Path = "/courses/uni/phys101/l/lab1"
	l := w.openTool(v, v.get(other.String()))
	if l.Param("resource_link_title") != "Lab 1" {
		t.Errorf("the tool was launched for %q", l.Param("resource_link_title"))
	}
	if got := newVisitor(t).get(other.String()); got.status/100 == 2 && strings.Contains(got.body, "oauth_signature") {
		t.Errorf("a stranger who knows the URL is launched:\n%s", got.body)
	}
}

func TestToolPostsReadsAndDeletesAScore(t *testing.T) {
	t.Parallel()
	for _, form := range []bool{false, true} {
		t.Run(map[bool]string{false: "POX", true: "1.0 form"}[form], func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
			call := func(kind, score string) simulator.Answer {
				t.Helper()
				a, err := w.tool.CallResult(soon(t), simulator.ResultCall{Launch: l, Kind: kind, Score: score, Form: form})
				if err != nil {
					t.Fatal(err)
				}
				return a
			}
			if a := call("readResult", ""); !a.Success() || a.Score != "" {
				t.Errorf("reading nothing = %+v, want success without a score", a)
			}
			if a := call("replaceResult", "0.85"); !a.Success() || a.ContentType != "application/xml" {
				t.Errorf("replace = %+v", a)
			}
			if a := call("readResult", ""); !a.Success() || a.Score != "0.85" {
				t.Errorf("read = %+v, want 0.85", a)
			}
			r := w.api().results()["quiz1 ada"]
			if r.Score == nil || *r.Score != 0.85 || *r.Points != 8.5 || *r.Possible != 10 {
				t.Errorf("the API says %+v, want 0.85, 8.5 of 10", r)
			}
			for _, bad := range []string{"1.01", "-0.1", "0,5", "NaN", "5e-1000x", "", " "} {
				if a := call("replaceResult", bad); a.CodeMajor != "failure" || a.Status != http.StatusOK {
					t.Errorf("replace with %q = %d %s, want a failure", bad, a.Status, a.CodeMajor)
				}
			}
			if a := call("readResult", ""); a.Score != "0.85" {
				t.Errorf("after bad scores it reads %+v, want 0.85", a)
			}
			if a := call("deleteResult", ""); !a.Success() {
				t.Errorf("delete = %+v", a)
			}
			if a := call("readResult", ""); !a.Success() || a.Score != "" {
				t.Errorf("read after delete = %+v", a)
			}
			if a := call("askForCoffee", ""); a.CodeMajor != "unsupported" {
				t.Errorf("an unknown operation = %+v, want unsupported", a)
			}
		})
	}
}

func TestPOXAnswerIsExact(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	a, err := w.tool.CallResult(soon(t), simulator.ResultCall{Launch: l, Kind: "replaceResult", Score: "1.0", MessageID: "m-<1>"})
	if err != nil || !a.Success() || a.MessageRef != "m-<1>" {
		t.Fatalf("replace = %+v, %v", a, err)
	}
	for _, want := range []string{
		`<imsx_POXEnvelopeResponse xmlns="http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0">`,
		"<imsx_version>V1.0</imsx_version>", "<imsx_codeMajor>success</imsx_codeMajor>", "<imsx_severity>status</imsx_severity>",
		"<imsx_messageRefIdentifier>m-&lt;1&gt;</imsx_messageRefIdentifier>",
		"<imsx_operationRefIdentifier>replaceResult</imsx_operationRefIdentifier>", "<replaceResultResponse",
	} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the answer lacks %s:\n%s", want, a.Body)
		}
	}
}

func TestServiceCallThatIsNotTheToolsIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	ada, bo := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1"), w.enter(newVisitor(t), "19c2-bo", "rl-quiz-1")
	good, err := w.tool.PostScore(soon(t), ada, "0.5")
	if err != nil || !good.Success() {
		t.Fatalf("replace = %+v, %v", good, err)
	}
	id := ada.Param("lis_result_sourcedid")
	tests := []struct {
		name   string
		call   simulator.ResultCall
		status int
	}{
		{"another secret", simulator.ResultCall{Secret: "guessed"}, http.StatusUnauthorized},
		{"too old", simulator.ResultCall{Skew: -6 * time.Minute}, http.StatusUnauthorized},
		{"from the future", simulator.ResultCall{Skew: 6 * time.Minute}, http.StatusUnauthorized},
		{"broken seal", simulator.ResultCall{SourcedID: flip(id)}, http.StatusOK},
		{"two ids mixed", simulator.ResultCall{SourcedID: mix(id, bo.Param("lis_result_sourcedid"))}, http.StatusOK},
		{"cut id", simulator.ResultCall{SourcedID: id[:len(id)/2]}, http.StatusOK},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.call.Launch, tt.call.Kind, tt.call.Score = ada, "replaceResult", "1.0"
			a, err := w.tool.CallResult(soon(t), tt.call)
			if err != nil || a.Status != tt.status || a.CodeMajor != "failure" {
				t.Errorf("%+v, %v; want %d and failure", a, err, tt.status)
			}
		})
	}
	if a, err := w.tool.Resend(soon(t), 1); err != nil || a.Status != http.StatusUnauthorized || a.CodeMajor != "failure" {
		t.Errorf("the first call once more = %+v, %v; want 401", a, err)
	}
	w.crash()
	if a, err := w.tool.Resend(soon(t), 1); err != nil || a.Status != http.StatusUnauthorized {
		t.Errorf("the first call after a crash = %+v, %v; want 401", a, err)
	}
	results := w.api().results()
	if r := results["quiz1 ada"]; r.Score == nil || *r.Score != 0.5 {
		t.Errorf("ada's score is %v, want the 0.5 of before", r.Score)
	}
	if r, ok := results["quiz1 bo"]; ok && r.Score != nil {
		t.Errorf("bo has a score: %v", *r.Score)
	}
}

// flip changes one character of the seal.
func flip(id string) string {
	if id[0] == 'A' {
		return "B" + id[1:]
	}
	return "A" + id[1:]
}

// mix takes the seal of one id and the rest of another.
func mix(seal, rest string) string {
	a, _, _ := strings.Cut(seal, ":::")
	_, b, _ := strings.Cut(rest, ":::")
	return a + ":::" + b
}

func TestToolReadsRosterAndKeepsASetting(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.enter(newVisitor(t), "2b96-ines", "rl-quiz-1")
	a, err := w.tool.Roster(soon(t), l, false)
	if err != nil || !a.Success() || len(a.Members) != 2 {
		t.Fatalf("roster = %+v, %v; want two members", a, err)
	}
	if a, err := w.tool.SaveSetting(soon(t), l, "volume=11\nünï"); err != nil || !a.Success() {
		t.Fatalf("save = %+v, %v", a, err)
	}
	w.crash()
	if a, err := w.tool.LoadSetting(soon(t), l); err != nil || a.Setting != "volume=11\nünï" {
		t.Errorf("load = %+v, %v", a, err)
	}
	if a, err := w.tool.DeleteSetting(soon(t), l); err != nil || !a.Success() {
		t.Errorf("delete = %+v, %v", a, err)
	}
}
