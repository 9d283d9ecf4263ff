package main

import (
	"net/http"
	"strings"
	"testing"
)

// Identity without courses: the LMS says who, the person chooses where.

// identityOnly gives ada roles in several courses: one that is open, one that
// has not begun, one that is over.
func identityOnly(manifest string) string {
	return strings.NewReplacer(
		"    nonce_lifetime: 5m\n", "    nonce_lifetime: 5m\n    course_identity: false\n",
		"users: {match: lis_person_sourcedid,", "users: {match: lis_person_sourcedid, bind_existing: true,",
		"    label: PHYS101\n", "    label: PHYS101\n    members: [{username: ada, role: ta, section: \"001\", end: 2126-01-02}]\n",
		"title: Essay, points: 60}", "title: Essay, points: 60, protected: true, tiny: es}",
	).Replace(manifest) + `  - {domain: uni, id: chem, title: Chemistry, members: [{username: ada, role: student, start: 2126-01-02}], links: [{id: lab, tool: quizzer, tiny: cl}]}
  - {domain: uni, id: math, title: Calculus, members: [{username: ada, role: student, end: 2026-01-02}]}
`
}

func TestIdentityAloneLetsThePersonChoose(t *testing.T) {
	t.Parallel()
	w := newWorld(t, identityOnly)
	v := newVisitor(t)
	page := w.launchAt(v, "7f3a-ada", "")
	if page.status != http.StatusOK || page.url.Path != "/" || !strings.Contains(page.body, "Where do you want to go?") {
		t.Fatalf("the launch leads to %s (%d)\n%s", page.url, page.status, page.body)
	}
	for _, want := range []string{"Physics 101", "section 001", "until 2 Jan 2126", "Not open now", "Chemistry, student: from", "Calculus, student: until"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not show %q:\n%s", want, page.body)
		}
	}
	if strings.Count(page.body, `name="choice"`) != 1 {
		t.Error("a course is offered that is not open")
	}
	got := v.post(w.url+"/choose?s="+page.url.Query().Get("s"), map[string][]string{"choice": {"uni/phys101 ta"}})
	if got.status != http.StatusOK || got.url.Path != "/courses/uni/phys101" {
		t.Errorf("the choice leads to %s (%d)", got.url, got.status)
	}
	if page := w.launchAt(newVisitor(t), "19c2-bo", ""); !strings.Contains(page.body, "not a member of any course") {
		t.Errorf("somebody without a role sees\n%s", page.body)
	}
}

func TestTinyCodeChoosesByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t, identityOnly)
	if got := w.launchAt(newVisitor(t), "7f3a-ada", "/tiny/uni/lab1"); got.status != http.StatusOK || got.url.Path != labPage {
		t.Errorf("a role that is held: %s (%d), want the lab", got.url, got.status)
	}
	if got := w.launchAt(newVisitor(t), "7f3a-ada", "/tiny/uni/es"); got.status != http.StatusOK || got.url.Path != "/" || !strings.Contains(got.body, "Where do you want to go?") {
		t.Errorf("a protected link: %s (%d), want the choice", got.url, got.status)
	}
	if got := w.launchAt(newVisitor(t), "7f3a-ada", "/tiny/uni/cl"); got.status != http.StatusOK || got.url.Path != "/" || !strings.Contains(got.body, "Chemistry, student: from") {
		t.Errorf("a role that has not begun: %s (%d), want the choice, which says when\n%s", got.url, got.status, got.body)
	}
	if got := w.launchAt(newVisitor(t), "19c2-bo", "/tiny/uni/lab1"); got.status != http.StatusOK || got.url.Path != "/" || !strings.Contains(got.body, "not a member of any course") {
		t.Errorf("no role: %s (%d), want the choice, which says so\n%s", got.url, got.status, got.body)
	}
}

// launchAt launches the URL with the tail and follows where that leads.
func (w *world) launchAt(v *visitor, user, tail string) screen {
	w.t.Helper()
	_, form, err := w.lms.LaunchForm(user, "rl-course")
	if err != nil {
		w.t.Fatal(err)
	}
	action := w.url + "/lti/launch" + tail
	resignAt(w.t.(*testing.T), w, action, form)
	return v.post(action, form)
}
