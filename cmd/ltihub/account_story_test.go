package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"
)

// Create modes: a launch that waits for the person's answer.

// asking makes the LMS's people be asked, and pat an account that stands
// already; sections is put among the tool consumers' rules for users.
func asking(manifest string) string {
	return strings.NewReplacer(
		"users:\n  - {domain", "users:\n  - {domain: uni, username: pat, given_name: Pat, password: pats-password}\n  - {domain",
		"create: auto,", "create: existing, create_by: {Learner: ask, Instructor: auto},",
	).Replace(manifest)
}

// hidden is the value of the first hidden field with the name.
func (s screen) hidden(t testing.TB, name string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(s.body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Data == "input" && attribute(n, "name") == name {
			return attribute(n, "value")
		}
	}
	t.Fatalf("%s (%d) has no field %q:\n%s", s.url, s.status, name, s.body)
	return ""
}

// asked launches as the user and wants the question; it returns the token.
func (w *world) asked(v *visitor, user, link string) string {
	w.t.Helper()
	action, form, err := w.lms.LaunchForm(user, link)
	if err != nil {
		w.t.Fatal(err)
	}
	page := v.post(action, form)
	if page.status != 200 || page.url.Path != "/account" || !strings.Contains(page.body, "Do you have an account here?") {
		w.t.Fatalf("the launch leads to %s (%d), want the question\n%s", page.url, page.status, page.body)
	}
	if again := v.post(action, form); again.status != http.StatusConflict {
		w.t.Errorf("the launch once more = %d, want 409", again.status)
	}
	return page.hidden(w.t, "ticket")
}

func (w *world) answer(v *visitor, token string, fields ...string) screen {
	w.t.Helper()
	form := url.Values{"ticket": {token}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return v.post(w.url+"/account", form)
}

func (w *world) member(username string) bool {
	w.t.Helper()
	var members listOf[struct{ Username string }]
	w.api().read("/courses/uni/phys101/members", &members)
	for _, m := range members.Items {
		if m.Username == username {
			return true
		}
	}
	return false
}

func TestNewPersonSaysSoAndGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asking)
	v := newVisitor(t)
	token := w.asked(v, "7f3a-ada", "rl-quiz-1")
	if status, _ := w.api().call(http.MethodGet, "/users/uni/ada", ""); status != http.StatusNotFound {
		t.Fatalf("before the answer the account = %d, want 404", status)
	}
	w.crash() // it waits in the store
	got := w.answer(v, token, "answer", "new")
	if got.status != 200 || got.url.Path != quizPage {
		t.Fatalf("the answer leads to %s (%d), want the quiz\n%s", got.url, got.status, got.body)
	}
	if !w.member("ada") {
		t.Error("ada is no member")
	}
	if again := w.answer(newVisitor(t), token, "answer", "new"); again.status != http.StatusNotFound {
		t.Errorf("the answer once more = %d, want 404", again.status)
	}
	// The next launch asks nothing.
	if got := w.click(v, "7f3a-ada", "rl-quiz-1"); !strings.HasPrefix(got.header.Get("Location"), quizPage) {
		t.Errorf("the next launch leads to %s", got.header.Get("Location"))
	}
}

func TestKnownPersonSignsInOnceAndTheGradeStillFlows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asking)
	v := newVisitor(t)
	token := w.asked(v, "7f3a-ada", "rl-quiz-1")
	for _, wrong := range [][]string{
		{"answer", "existing", "username", "pat", "password", "wrong"},
		{"answer", "existing", "username", "nobody", "password", "pats-password"},
		{"answer", "existing"},
	} {
		if got := w.answer(v, token, wrong...); got.status < 400 || !strings.Contains(got.body, "field-fault") {
			t.Errorf("answer %v = %d, want a fault at the field", wrong, got.status)
		}
	}
	got := w.answer(v, token, "answer", "existing", "username", "pat", "password", "pats-password")
	if got.status != 200 || got.url.Path != quizPage {
		t.Fatalf("the answer leads to %s (%d), want the quiz\n%s", got.url, got.status, got.body)
	}
	if status, _ := w.api().call(http.MethodGet, "/users/uni/ada", ""); status != http.StatusNotFound || !w.member("pat") {
		t.Errorf("ada's account = %d, pat a member: %t, want 404 and true", status, w.member("pat"))
	}
	action, fields := got.form(t, "launch")
	tool := v.post(action, fields)
	if tool.status != 200 {
		t.Fatalf("the tool answers %d", tool.status)
	}
	launches := w.tool.Launches()
	w.score(launches[len(launches)-1], "0.8")
	w.graded("7f3a-ada", "rl-quiz-1", 0.8)
}

func TestPersonFromAnotherLMSConnectsTheAccountAtHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asking)
	v := newVisitor(t)
	w.signIn(v, "pat", "pats-password")
	token := w.asked(v, "7f3a-ada", "rl-quiz-1")
	if got := w.answer(newVisitor(t), token, "answer", "signed-in", "account", "pat"); got.status != http.StatusUnauthorized {
		t.Errorf("a browser where pat is not signed in = %d, want 401", got.status)
	}
	got := w.answer(v, token, "answer", "signed-in", "account", "pat")
	if got.status != 200 || got.url.Path != quizPage || !w.member("pat") {
		t.Errorf("the answer leads to %s (%d), pat a member: %t", got.url, got.status, w.member("pat"))
	}
}

func TestAdminsAccountWantsPasswordAndConfirmation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asking)
	v := newVisitor(t)
	w.signIn(v, "root", "correct-horse")
	token := w.asked(v, "7f3a-ada", "rl-quiz-1")
	if got := w.answer(v, token, "answer", "signed-in", "account", "root"); got.status != http.StatusUnauthorized {
		t.Errorf("by the sign-in alone = %d, want 401", got.status)
	}
	got := w.answer(v, token, "answer", "existing", "username", "root", "password", "correct-horse")
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `name="confirm"`) {
		t.Errorf("without the tick = %d\n%s", got.status, got.body)
	}
	got = w.answer(newVisitor(t), token, "answer", "existing", "username", "root", "password", "correct-horse", "confirm", "yes")
	if got.status != 200 || got.url.Path != quizPage {
		t.Fatalf("with it = %d at %s\n%s", got.status, got.url, got.body)
	}
	if admin := v.get(w.url + "/admin?s=" + got.url.Query().Get("s")); admin.status == 200 {
		t.Error("the launched session has admin rights")
	}
}

func TestOneOfManyAnswersCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asking)
	token := w.asked(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	const tries = 12
	var wg sync.WaitGroup
	statuses := make(chan int, tries)
	for range tries {
		wg.Go(func() {
			answer, err := (&http.Transport{}).RoundTrip(formPost(w.url+"/account", url.Values{"ticket": {token}, "answer": {"new"}}))
			if err != nil {
				statuses <- 0
				return
			}
			_ = answer.Body.Close()
			statuses <- answer.StatusCode
		})
	}
	wg.Wait()
	close(statuses)
	count := map[int]int{}
	for s := range statuses {
		count[s]++
	}
	if count[http.StatusSeeOther] != 1 || count[http.StatusNotFound] != tries-1 {
		t.Errorf("%d answers at once were answered %v, want one 303 and 404 for the rest", tries, count)
	}
}

func TestRolesDecideWhoIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asking)
	if got := w.click(newVisitor(t), "2b96-ines", "rl-course"); got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/courses/") {
		t.Errorf("an instructor = %d to %s, want the course without a question", got.status, got.header.Get("Location"))
	}
	w.checkRefused(t, w.click(newVisitor(t), "88aa-tomas", "rl-course"), http.StatusForbidden, "no_account")
}

func TestUsernamesObeyTheInstitutionsRule(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]string{
		`{pattern: "^[a-z]{2,32}$"}`:                                   "ada",
		`{pattern: "^[a-z.]{2,32}$", from: email_local}`:               "ada",
		`{pattern: "^x[0-9]{6}$"}`:                                     "",
		`{pattern: "^[a-z0-9._-]{8,32}$", lower: true}`:                "user-",
		`{pattern: "^[a-z0-9._-]{2,32}$", from: matched, lower: true}`: "ada",
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(testManifest, "name: Example University}", "name: Example University, username: "+rule+"}", 1)
			w := newWorld(t, nil)
			status, answer := w.api().call(http.MethodPut, "/manifest", strings.NewReplacer("TOOL_URL", w.tool.LaunchURL()).Replace(text))
			if want == "" {
				if status < 400 || !strings.Contains(answer, "made-up") {
					t.Errorf("PUT /manifest = %d %s, want a fault", status, answer)
				}
				return
			}
			if status != http.StatusOK {
				t.Fatalf("PUT /manifest = %d %s", status, answer)
			}
			w.openCourse(newVisitor(t), "7f3a-ada")
			var members listOf[struct{ Username string }]
			w.api().read("/courses/uni/phys101/members", &members)
			if len(members.Items) != 1 || !strings.HasPrefix(members.Items[0].Username, want) {
				t.Errorf("members = %v, want %s", fmt.Sprint(members.Items), want)
			}
		})
	}
}
