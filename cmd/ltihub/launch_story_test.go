package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/simulator"
)

// Flow 1: an LMS launches us.

// click makes the LMS launch a link and posts it without following where it
// leads.
func (w *world) click(v *visitor, user, link string) screen {
	w.t.Helper()
	action, fields, err := w.lms.LaunchForm(user, link)
	if err != nil {
		w.t.Fatal(err)
	}
	return v.stay().post(action, fields)
}

// stay is the visitor who looks at redirects instead of following them.
func (v *visitor) stay() *visitor {
	client := *v.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &visitor{v.t, &client}
}

func TestLaunchOpensASessionAtItsPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	tests := []struct {
		name, user, link, path, fragment string
		username, role                   string
	}{
		{"link", "7f3a-ada", "rl-quiz-1", "/courses/uni/phys101/l/quiz1", "", "ada", "student"},
		{"short code", "19c2-bo", "rl-lab-1", "/courses/uni/phys101/l/lab1", "", "bo", "student"},
		{"folder", "c4d8-zoe", "rl-week-1", "/courses/uni/phys101", "folder-week1", "zoe", "student"},
		{"course", "2b96-ines", "rl-course", "/courses/uni/phys101", "", "ines", "instructor"},
		{"assistant", "88aa-tomas", "rl-course", "/courses/uni/phys101", "", "tomas", "ta"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := w.click(newVisitor(t), tt.user, tt.link)
			to, err := got.url.Parse(got.header.Get("Location"))
			if err != nil || got.status != http.StatusSeeOther {
				t.Fatalf("launch = %d to %q (%v)\n%s", got.status, got.header.Get("Location"), err, got.body)
			}
			if to.Path != tt.path || to.Fragment != tt.fragment || to.Query().Get("s") == "" {
				t.Errorf("launch leads to %s, want %s#%s with a session", to, tt.path, tt.fragment)
			}
			if c := got.header.Get("Set-Cookie"); !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "Path=/") {
				t.Errorf("the session's cookie is %q", c)
			}
			var members listOf[struct{ Username, Role, Source string }]
			w.api().read("/courses/uni/phys101/members", &members)
			for _, m := range members.Items {
				if m.Username == tt.username {
					if m.Role != tt.role || m.Source != "campus" {
						t.Errorf("member %+v, want the role %s from campus", m, tt.role)
					}
					return
				}
			}
			t.Errorf("%s is no member: %+v", tt.username, members.Items)
		})
	}
}

func TestLaunchOfAnInstructorMakesTheCourseThatTheLMSNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	if got := w.click(newVisitor(t), "7f3a-ada", "rl-plain"); got.status != http.StatusNotFound {
		t.Errorf("a student's launch before the course exists = %d, want 404", got.status)
	}
	got := w.click(newVisitor(t), "2b96-ines", "rl-plain")
	to := got.header.Get("Location")
	if got.status != http.StatusSeeOther || !strings.HasPrefix(to, "/courses/uni/") {
		t.Fatalf("the instructor's launch = %d to %q\n%s", got.status, to, got.body)
	}
	again := w.click(newVisitor(t), "7f3a-ada", "rl-plain")
	place, _, _ := strings.Cut(again.header.Get("Location"), "?")
	if want, _, _ := strings.Cut(to, "?"); place != want {
		t.Errorf("the student then lands at %q, want %q", place, want)
	}
}

// reference is the number on a page of refusal.
var reference = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}`)

func TestRefusedLaunchShowsAReferenceAndTellsTheInspectorWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	tests := []struct {
		name   string
		break_ func(action *string, form url.Values) // before it is signed or after
		faults simulator.Faults
		status int
		cause  string
	}{
		{"forged", nil, simulator.Faults{WrongSecret: true}, http.StatusUnauthorized, "signature"},
		{"more roles than signed", nil, simulator.Faults{Tamper: true}, http.StatusUnauthorized, "signature"},
		{"old", nil, simulator.Faults{ClockSkew: -6 * time.Minute}, http.StatusUnauthorized, "timestamp_old"},
		{"from the future", nil, simulator.Faults{ClockSkew: 6 * time.Minute}, http.StatusUnauthorized, "timestamp_future"},
		{"unknown key", func(_ *string, f url.Values) { f.Set("oauth_consumer_key", "stranger") }, simulator.Faults{}, http.StatusUnauthorized, "unknown_key"},
		{"second value", func(_ *string, f url.Values) { f.Add("roles", "Administrator") }, simulator.Faults{}, http.StatusUnauthorized, "signature"},
		{"signed second value", func(_ *string, f url.Values) { f.Add("roles", "Administrator"); resign(t, w, f) }, simulator.Faults{}, http.StatusBadRequest, "repeated"},
		{"no user", func(_ *string, f url.Values) { f.Del("user_id"); f.Del("lis_person_sourcedid"); resign(t, w, f) }, simulator.Faults{}, http.StatusBadRequest, "no_user"},
		{"another message", func(_ *string, f url.Values) { f.Set("lti_message_type", "ping"); resign(t, w, f) }, simulator.Faults{}, http.StatusBadRequest, "message_type"},
		{"unknown link", func(a *string, f url.Values) { *a = w.url + "/lti/launch/uni/phys101/l/none"; resignAt(t, w, *a, f) }, simulator.Faults{}, http.StatusNotFound, "unknown_link"},
		{"unknown course", func(a *string, f url.Values) { *a = w.url + "/lti/launch/uni/none"; resignAt(t, w, *a, f) }, simulator.Faults{}, http.StatusNotFound, "unknown_course"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.lms.SetFaults(tt.faults)
			action, form, err := w.lms.LaunchForm("7f3a-ada", "rl-quiz-1")
			if err != nil {
				t.Fatal(err)
			}
			if tt.break_ != nil {
				tt.break_(&action, form)
			}
			w.checkRefused(t, newVisitor(t).stay().post(action, form), tt.status, tt.cause)
		})
	}
}

func resign(t *testing.T, w *world, form url.Values) {
	t.Helper()
	resignAt(t, w, w.url+"/lti/launch/uni/phys101/l/quiz1", form)
}

func resignAt(t *testing.T, w *world, action string, form url.Values) {
	t.Helper()
	if err := w.lms.SignForm(action, form); err != nil {
		t.Fatal(err)
	}
}

// checkRefused looks at the page and at what the inspector says about it.
func (w *world) checkRefused(t testing.TB, got screen, status int, cause string) {
	t.Helper()
	if got.status != status {
		t.Fatalf("status %d, want %d\n%s", got.status, status, got.body)
	}
	if got.header.Get("Set-Cookie") != "" {
		t.Error("a refused launch sets a cookie")
	}
	ref := reference.FindString(got.body)
	if ref == "" {
		t.Fatalf("the page holds no reference number:\n%s", got.body)
	}
	record := w.api().record(ref)
	if record.Cause != cause || record.Status != status || record.Detail == "" {
		t.Errorf("the inspector says %s, %d, %q, want %s, %d and why", record.Cause, record.Status, record.Detail, cause, status)
	}
	for _, secret := range []string{"lms-secret", record.Cause + ":"} {
		if strings.Contains(got.body, secret) {
			t.Errorf("the page shows %q", secret)
		}
	}
	for _, p := range record.Params {
		if p.Name == "oauth_signature" {
			t.Error("the inspector keeps the signature")
		}
	}
}

func TestLaunchIsTakenOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	if got := w.click(newVisitor(t), "7f3a-ada", "rl-quiz-1"); got.status != http.StatusSeeOther {
		t.Fatalf("launch = %d\n%s", got.status, got.body)
	}
	action, form, _ := w.lms.ReplayForm()
	again := newVisitor(t).stay().post(action, form)
	w.checkRefused(t, again, http.StatusConflict, "nonce_used")
	if !strings.Contains(again.body, "already used") || !strings.Contains(again.body, "Open it again from your course") {
		t.Errorf("the page of a replay is not kind:\n%s", again.body)
	}
	if !strings.Contains(again.body, `href="`+w.lms.PublicURL+"/return") {
		t.Errorf("the page of a replay leads not back to the LMS:\n%s", again.body)
	}

	w.crash()
	w.checkRefused(t, newVisitor(t).stay().post(action, form), http.StatusConflict, "nonce_used")
}

func TestSameLaunchAtOnceOpensOneSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	action, form, err := w.lms.LaunchForm("7f3a-ada", "rl-quiz-1")
	if err != nil {
		t.Fatal(err)
	}
	const tries = 32
	statuses := make(chan int, tries)
	for range tries {
		go func() {
			answer, err := (&http.Transport{}).RoundTrip(formPost(action, form))
			if err != nil {
				statuses <- 0
				return
			}
			_ = answer.Body.Close()
			statuses <- answer.StatusCode
		}()
	}
	count := map[int]int{}
	for range tries {
		count[<-statuses]++
	}
	if count[http.StatusSeeOther] != 1 || count[http.StatusConflict] != tries-1 {
		t.Errorf("%d posts of one launch were answered %v, want one 303 and 409 for the rest", tries, count)
	}
}

func formPost(action string, form url.Values) *http.Request {
	req, err := http.NewRequest(http.MethodPost, action, strings.NewReader(form.Encode()))
	if err != nil {
		panic(err) // the action is the test's own
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}
