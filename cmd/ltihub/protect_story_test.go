package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/simulator"
)

// Link protection: launches that state nobody.

// protected adds to the tests' manifest a protected folder, a protected link, a
// key of the course, an LMS that states no user, and people with passwords.
func protected(manifest string) string {
	return strings.NewReplacer(
		"users:\n", `users:
  - {domain: uni, username: pat, given_name: Pat, password: pats-password}
  - {domain: uni, username: tess, given_name: Tess, password: tess-password}
`,
		"tools:\n  - domain", `  - {domain: uni, id: gate, name: Gate, key: gate-key, secret: gate-secret, user_identity: false}
tools:
  - domain`,
		"title: Week 1\n", "title: Week 1\n        protected: true\n",
		"title: Essay, points: 60}", "title: Essay, points: 60, protected: true}",
		"    label: PHYS101\n", `    label: PHYS101
    protection: [{key: course-key, secret: course-secret, lifetime: 5m}]
    members: [{username: pat, role: student}, {username: tess, role: designer}]
`,
	).Replace(manifest) + "  - {domain: uni, id: chem, title: Chemistry, links: [{id: lab, tool: quizzer, title: Lab, protected: true}], members: [{username: pat, role: student}]}\n"
}

// gate is an LMS that has a key which states nobody.
func (w *world) gate(key, secret, tail string) (action string, form url.Values) {
	w.t.Helper()
	lms := simulator.NewLMS("http://gate.example", w.url+"/lti/launch", key, secret)
	lms.Links = []simulator.Link{{ID: "rl", Title: "Gate", Tail: tail}}
	action, form, err := lms.LaunchForm("7f3a-ada", "rl")
	if err != nil {
		w.t.Fatal(err)
	}
	return action, form
}

func (w *world) signIn(v *visitor, username, password string) {
	w.t.Helper()
	got := v.post(w.url+"/login", url.Values{"username": {username + ":uni"}, "password": {password}})
	if got.status != http.StatusOK {
		w.t.Fatalf("sign-in of %s = %d\n%s", username, got.status, got.body)
	}
}

const (
	quizPage  = "/courses/uni/phys101/l/quiz1"
	labPage   = "/courses/uni/phys101/l/lab1"
	essayPage = "/courses/uni/phys101/l/essay"
)

// opens wants each page to be answered with its status.
func (w *world) opens(v *visitor, want map[string]int) {
	w.t.Helper()
	for page, status := range want {
		if got := v.get(w.url + page); got.status != status {
			w.t.Errorf("GET %s = %d, want %d\n%s", page, got.status, status, got.body)
		}
	}
}

func TestProtectedLinksOpenWithAPassOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, protected)
	pat, tess := newVisitor(t), newVisitor(t)
	w.signIn(pat, "pat", "pats-password")
	w.signIn(tess, "tess", "tess-password")
	w.opens(tess, map[string]int{quizPage: 200, essayPage: 200}) // may edit
	shut := map[string]int{quizPage: 403, labPage: 403, essayPage: 403, "/courses/uni/phys101/l/reader": 200}
	w.opens(pat, shut)
	if page := pat.get(w.url + "/courses/uni/phys101"); strings.Count(page.body, "open it from your LMS") < 4 || strings.Contains(page.body, quizPage) {
		t.Errorf("the course's page does not lock what is protected:\n%s", page.body)
	}

	// A key of the course, for one link.
	if got := pat.post(w.gate("course-key", "course-secret", "/uni/phys101/l/quiz1")); got.status != 200 || got.url.Path != quizPage {
		t.Fatalf("the launch leads to %s (%d), want the quiz\n%s", got.url, got.status, got.body)
	}
	w.opens(pat, map[string]int{quizPage: 200, labPage: 403, essayPage: 403, "/courses/uni/chem/l/lab": 403})

	// A key of the domain, for the folder.
	if got := pat.post(w.gate("gate-key", "gate-secret", "/uni/phys101/f/week1")); got.status != 200 || got.url.Path != "/courses/uni/phys101" || got.url.Fragment != "folder-week1" {
		t.Fatalf("the launch leads to %s (%d), want the folder", got.url, got.status)
	}
	w.opens(pat, map[string]int{quizPage: 200, labPage: 200, essayPage: 403})

	// Another browser of the same person has none of them.
	other := newVisitor(t)
	w.signIn(other, "pat", "pats-password")
	w.opens(other, shut)
}

func TestPassSurvivesTheSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, protected)
	v := newVisitor(t)
	action, form := w.gate("course-key", "course-secret", "/uni/phys101/l/quiz1")
	page := v.post(action, form)
	if page.status != 200 || !strings.Contains(page.body, "Sign in first") {
		t.Fatalf("without a sign-in the launch leads to %s (%d)\n%s", page.url, page.status, page.body)
	}
	if got := v.stay().get(w.url + quizPage); got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/login") {
		t.Errorf("the pass signs somebody in: %d to %s", got.status, got.header.Get("Location"))
	}
	next := page.url.EscapedPath()
	got := v.post(w.url+"/login", url.Values{"username": {"pat:uni"}, "password": {"pats-password"}, "next": {next}})
	if got.status != 200 || got.url.Path != quizPage {
		t.Fatalf("after the sign-in the person is at %s (%d), want the quiz\n%s", got.url, got.status, got.body)
	}
	if again := v.post(action, form); again.status != http.StatusConflict {
		t.Errorf("the launch once more = %d, want 409", again.status)
	}
}

func TestPassIsForWhoeverCameFromAnotherLMS(t *testing.T) {
	t.Parallel()
	w := newWorld(t, protected)
	v := newVisitor(t)
	course := w.openCourse(v, "7f3a-ada")
	session := course.url.Query().Get("s")
	if got := v.get(w.url + essayPage + "?s=" + session); got.status != http.StatusForbidden {
		t.Fatalf("the essay without a pass = %d, want 403", got.status)
	}
	got := v.post(w.gate("gate-key", "gate-secret", "/uni/phys101/l/essay"))
	if got.status != 200 || got.url.Path != essayPage || got.url.Query().Get("s") != session {
		t.Fatalf("the launch leads to %s (%d), want the essay in the session %s\n%s", got.url, got.status, session, got.body)
	}
	w.openCourse(v, "19c2-bo")
	if got := v.post(w.gate("gate-key", "gate-secret", "/uni/phys101/l/essay")); !strings.Contains(got.body, "Who are you?") {
		t.Errorf("with two people signed in the launch leads to %s\n%s", got.url, got.body)
	}
}

func TestCourseKeyOpensItsCourseOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, protected)
	v := newVisitor(t)
	action, form := w.gate("course-key", "course-secret", "/uni/chem/l/lab")
	w.checkRefused(t, v.stay().post(action, form), http.StatusNotFound, "unknown_course")
	action, form = w.gate("course-key", "wrong", "/uni/phys101/l/quiz1")
	w.checkRefused(t, v.stay().post(action, form), http.StatusUnauthorized, "signature")
}

func TestTicketOfAPassWorksOnceWithoutCookies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, protected)
	got := newVisitor(t).stay().post(w.gate("course-key", "course-secret", "/uni/phys101/l/quiz1"))
	to, err := got.url.Parse(got.header.Get("Location"))
	if err != nil || got.status != http.StatusSeeOther {
		t.Fatalf("launch = %d to %s", got.status, to)
	}
	tab := newVisitor(t) // has none of the frame's cookies
	w.signIn(tab, "pat", "pats-password")
	page := tab.get(to.String())
	ticket := url.Values{"ticket": {to.Query().Get("k")}}
	if page.status != 200 || !strings.Contains(page.body, "Open in a new tab") {
		t.Fatalf("without the cookie the page = %d\n%s", page.status, page.body)
	}
	post := w.url + to.EscapedPath()
	if got := tab.post(post, ticket); got.status != 200 || got.url.Path != quizPage {
		t.Errorf("the ticket leads to %s (%d), want the quiz", got.url, got.status)
	}
	if got := newVisitor(t).post(post, ticket); got.status != http.StatusForbidden {
		t.Errorf("the ticket once more = %d, want 403", got.status)
	}
}

// A sign-in here is not shown in a frame of the LMS: the pass goes on in a tab.
func TestPassInAFrameGoesOnInATab(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(m string) string {
		return strings.Replace(protected(m), "    nonce_lifetime: 5m\n", "    nonce_lifetime: 5m\n    user_identity: false\n", 1)
	})
	b := newBrowser(t)
	b.open(w.url + "/login")
	b.evaluate(`(() => { document.querySelector("#username").value = "pat:uni"; document.querySelector("#password").value = "pats-password"; document.querySelector("main form").submit(); return "" })()`)
	b.sees("Physics 101")
	b.open(w.lms.PublicURL + "/?user=7f3a-ada")
	b.click("#frame-rl-quiz-1")
	hub := b.inside(w.url)
	hub.sees("In a tab of its own")
	tab := b.newTab(func() { hub.click(`form[action^="/pass"] button`) })
	tab.inside(w.tool.PublicURL).sees("Hello Pat")
	if at := tab.location(); at != w.url+quizPage {
		t.Errorf("the tab is at %s, want the quiz", at)
	}
}

func TestConsumerDatesAndPinRefuse(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ keys, cause, shows string }{
		"over":       {"enabled: {end: 2026-01-02}", "not_enabled", "until 2 January 2026"},
		"not begun":  {"enabled: {start: 2126-01-02}", "not_enabled", "from 2 January 2126"},
		"other GUID": {"instance_guid: another.example", "instance", "another LMS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(m string) string {
				return strings.Replace(m, "    nonce_lifetime: 5m\n", "    nonce_lifetime: 5m\n    "+tt.keys+"\n", 1)
			})
			got := w.click(newVisitor(t), "7f3a-ada", "rl-quiz-1")
			w.checkRefused(t, got, http.StatusForbidden, tt.cause)
			if !strings.Contains(got.body, tt.shows) {
				t.Errorf("the page does not say %q:\n%s", tt.shows, got.body)
			}
		})
	}
}
