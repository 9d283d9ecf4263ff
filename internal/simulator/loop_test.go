package simulator

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// pair of peers that speak to each other without ltihub between them.
type loop struct {
	lms    *LMS
	tool   *Tool
	client *http.Client
}

func newLoop(t *testing.T) loop {
	t.Helper()
	tool := NewTool("", "key", "se&cret")
	toolServer := httptest.NewServer(tool)
	t.Cleanup(toolServer.Close)
	tool.PublicURL = toolServer.URL
	lms := NewLMS("", tool.LaunchURL(), "key", "se&cret")
	lmsServer := httptest.NewServer(lms)
	t.Cleanup(lmsServer.Close)
	lms.PublicURL = lmsServer.URL
	return loop{lms, tool, toolServer.Client()}
}

// post posts a launch form as a browser does and returns the last page.
func (l loop) post(t *testing.T, action string, form url.Values) (int, string) {
	t.Helper()
	resp, err := l.client.PostForm(action, form)
	if err != nil {
		t.Fatal(err)
	}
	return readPage(t, resp)
}

func readPage(t *testing.T, resp *http.Response) (int, string) {
	t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// launch launches and returns what the tool made of it.
func (l loop) launch(t *testing.T, user, link string) Launch {
	t.Helper()
	action, form, err := l.lms.LaunchForm(user, link)
	if err != nil {
		t.Fatal(err)
	}
	if status, page := l.post(t, action, form); status != http.StatusOK {
		t.Fatalf("launch answered %d: %s", status, page)
	}
	launches := l.tool.Launches()
	return launches[len(launches)-1]
}

// must returns a function that wants an answer with the given codeMajor.
func must(t *testing.T, want string) func(Answer, error) Answer {
	return func(a Answer, err error) Answer {
		t.Helper()
		if err != nil || a.CodeMajor != want {
			t.Fatalf("answer = %d %q (%s), %v, want codeMajor %q", a.Status, a.CodeMajor, a.Description, err, want)
		}
		return a
	}
}

const (
	ada   = "7f3a-ada"
	zoe   = "c4d8-zoe"
	ines  = "2b96-ines"
	quiz  = "rl-quiz-1"
	entry = "rl-reader"
)

func TestScoreTravelsFromToolToGradebook(t *testing.T) {
	t.Parallel()
	for _, method := range []string{HMACSHA1, HMACSHA256} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			l := newLoop(t)
			l.lms.SignatureMethod, l.tool.SignatureMethod = method, method
			launch := l.launch(t, zoe, quiz)
			if got := launch.Param("lis_person_name_full"); got != "Zoë Ångström" {
				t.Errorf("name = %q", got)
			}
			if a := must(t, "success")(l.tool.ReadScore(t.Context(), launch)); a.Score != "" {
				t.Errorf("score before any = %q", a.Score)
			}
			must(t, "success")(l.tool.PostScore(t.Context(), launch, "0.85"))
			if score, ok := l.lms.Grade(zoe, quiz); !ok || score != 0.85 {
				t.Errorf("Grade = %v, %v", score, ok)
			}
			if a := must(t, "success")(l.tool.ReadScore(t.Context(), launch)); a.Score != "0.85" {
				t.Errorf("score = %q", a.Score)
			}
			must(t, "success")(l.tool.DeleteScore(t.Context(), launch))
			if _, ok := l.lms.Grade(zoe, quiz); ok {
				t.Error("grade is still there after deleteResult")
			}
		})
	}
}

func TestFormOutcomesDoTheSame(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, ada, quiz)
	call := func(kind, score, valueType string) (Answer, error) {
		return l.tool.CallResult(t.Context(), ResultCall{Launch: launch, Kind: kind, Score: score, ValueType: valueType, Form: true})
	}
	for _, tt := range []struct{ score, valueType, want string }{{"0.5", "decimal", "0.5"}, {"75%", "percentage", "0.75"}, {"17/20", "ratio", "0.85"}} {
		must(t, "success")(call("replaceResult", tt.score, tt.valueType))
		if a := must(t, "success")(call("readResult", "", "")); a.Score != tt.want {
			t.Errorf("after %q the score reads %q", tt.score, a.Score)
		}
	}
	must(t, "success")(call("deleteResult", "", ""))
	must(t, "failure")(call("replaceResult", "F", "letteraf"))
	must(t, "unsupported")(call("basic-lis-guessresult", "", ""))
}

func TestRosterListsTheCourse(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, ines, quiz)
	if launch.Param("lis_result_sourcedid") != "" || launch.Param("lis_outcome_service_url") == "" {
		t.Error("an instructor gets the service's URL and no sourcedid")
	}
	l.lms.Enrol(User{ID: "late", Given: "Late", Family: "<Comer> & co", Roles: "Learner"})
	l.lms.Unenrol(ada)
	members := must(t, "success")(l.tool.Roster(t.Context(), launch, true)).Members
	if len(members) != 6 {
		t.Fatalf("%d members", len(members))
	}
	if late := members[5]; late.FullName != "Late <Comer> & co" || late.ResultSourcedID == "" || members[1].UserID != zoe {
		t.Errorf("members = %+v", members)
	}
	if group := members[1].Groups[0]; group.ID != "lab-b" || group.Set.ID != "labs" {
		t.Errorf("group = %+v", group)
	}
	if plain := must(t, "success")(l.tool.Roster(t.Context(), launch, false)); plain.Members[1].Groups != nil {
		t.Error("groups came without being asked for")
	}
}

func TestSettingIsKeptPerLink(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, ines, quiz)
	must(t, "success")(l.tool.SaveSetting(t.Context(), launch, "a & b\n<c>"))
	if a := must(t, "success")(l.tool.LoadSetting(t.Context(), launch)); a.Setting != "a & b\n<c>" {
		t.Errorf("setting = %q", a.Setting)
	}
	if got := l.launch(t, ada, quiz).Param("ext_ims_lti_tool_setting"); got != "a & b\n<c>" {
		t.Errorf("setting in the next launch = %q", got)
	}
	if other := l.launch(t, ada, entry); other.Params.Has("ext_ims_lti_tool_setting") || other.Params.Has("lis_outcome_service_url") {
		t.Error("an ungraded link has another link's setting, or an outcome service")
	}
	must(t, "success")(l.tool.DeleteSetting(t.Context(), launch))
	if a := must(t, "success")(l.tool.LoadSetting(t.Context(), launch)); a.Setting != "" {
		t.Errorf("setting after delete = %q", a.Setting)
	}
}

func TestLogOutRequestsEveryCallbackOnce(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	ended := make(chan string, 4)
	hub := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { ended <- r.URL.Path }))
	t.Cleanup(hub.Close)
	launch := l.launch(t, ada, quiz)
	if a, err := l.tool.AskForLogout(t.Context(), launch, hub.URL+"/one"); err != nil || a.Status != http.StatusOK {
		t.Fatalf("AskForLogout = %+v, %v", a, err)
	}
	launch.Params.Set("custom_logout_service_url", l.lms.PublicURL+"/services/logout?session=guess")
	if _, err := l.tool.AskForLogout(t.Context(), launch, hub.URL+"/two"); err != nil || len(l.lms.Callbacks(ada)) != 1 {
		t.Errorf("callbacks = %v, %v; a guessed session must be refused", l.lms.Callbacks(ada), err)
	}
	if statuses, err := l.lms.LogOut(t.Context(), ada); err != nil || len(statuses) != 1 || statuses[0] != http.StatusOK {
		t.Errorf("LogOut = %v, %v", statuses, err)
	}
	if path := <-ended; path != "/one" {
		t.Errorf("requested %s", path)
	}
	if statuses, err := l.lms.LogOut(t.Context(), ada); err != nil || len(statuses) != 0 {
		t.Errorf("second LogOut = %v, %v", statuses, err)
	}
}

func TestForgedAndRepeatedScoresAreRefused(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, ada, quiz)
	call := func(bend func(*ResultCall)) Answer {
		t.Helper()
		c := ResultCall{Launch: launch, Kind: "replaceResult", Score: "0.9"}
		bend(&c)
		return must(t, "failure")(l.tool.CallResult(t.Context(), c))
	}
	for name, bend := range map[string]func(*ResultCall){
		"secret":  func(c *ResultCall) { c.Secret = "guess" },
		"old":     func(c *ResultCall) { c.Skew = -6 * time.Minute },
		"early":   func(c *ResultCall) { c.Skew = 6 * time.Minute },
		"secret1": func(c *ResultCall) { c.Secret, c.Form = "guess", true },
	} {
		if a := call(bend); a.Status != http.StatusUnauthorized {
			t.Errorf("%s: status %d (%s)", name, a.Status, a.Description)
		}
	}
	call(func(c *ResultCall) { c.SourcedID = "someone-else" })
	call(func(c *ResultCall) { c.Score = "1.01" })
	must(t, "unsupported")(l.tool.CallResult(t.Context(), ResultCall{Launch: launch, Kind: "guessResult"}))
	if _, ok := l.lms.Grade(ada, quiz); ok {
		t.Fatal("a refused score is in the gradebook")
	}
	must(t, "success")(l.tool.PostScore(t.Context(), launch, "0.4"))
	calls := l.tool.Calls()
	if a := must(t, "failure")(l.tool.Resend(t.Context(), calls[len(calls)-1].Seq)); a.Status != http.StatusUnauthorized {
		t.Errorf("a replay was answered %d", a.Status)
	}
	ledger := l.lms.Calls()
	if last := ledger[len(ledger)-1]; last.Accepted || last.Nonce != ledger[len(ledger)-2].Nonce || !strings.Contains(last.Why, "nonce") {
		t.Errorf("ledger says of the replay: %+v", last)
	}
}

func TestScoresAtOnceAllArrive(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, ada, quiz)
	var scores []string
	for i := range 10 {
		scores = append(scores, fmt.Sprintf("0.%d", i))
	}
	answers, err := l.tool.PostScores(t.Context(), launch, scores...)
	if err != nil || len(answers) != 10 {
		t.Fatalf("%d answers, %v", len(answers), err)
	}
	for i, a := range answers {
		if !a.Success() || !strings.Contains(a.Description, scores[i]) {
			t.Errorf("answer %d = %+v", i, a)
		}
	}
	if cell, _ := l.lms.cell(ada, quiz); cell.Changes != 10 {
		t.Errorf("%d changes", cell.Changes)
	}
}

func TestUntilWakesWhenACallArrives(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, ada, quiz)
	answered := make(chan error, 1)
	go func() {
		_, err := l.tool.PostScore(context.WithoutCancel(t.Context()), launch, "1")
		answered <- err
	}()
	err := l.lms.Until(t.Context(), func() bool { score, ok := l.lms.Grade(ada, quiz); return ok && score == 1 })
	if err != nil || <-answered != nil {
		t.Errorf("Until = %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := l.lms.Until(ended, func() bool { return false }); err == nil {
		t.Error("Until outlived its context")
	}
}
