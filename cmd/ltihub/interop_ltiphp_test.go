//go:build ltiphp

package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// LTI-PHP is the class library of a good many LMSs and tools. It is no package
// of Debian's, so whoever wants these stories brings a checkout of it:
//
//	LTI_PHP=checkout go test -tags ltiphp ./cmd/ltihub -run LTIPHP
//
// testdata/interop/README.md says what it needs.

// phpPeer is an LMS or a tool that is written with LTI-PHP.
type phpPeer struct {
	t   testing.TB
	url string
}

func newPHPPeer(t *testing.T, script string) phpPeer {
	t.Helper()
	checkout, err := filepath.Abs(os.Getenv("LTI_PHP"))
	if err != nil || os.Getenv("LTI_PHP") == "" {
		t.Fatal("LTI_PHP is to name a checkout of LTI-PHP")
	}
	address := freeAddress(t)
	cmd := exec.CommandContext(t.Context(), "php", "-S", address, filepath.Join("testdata", "interop", "lti_php", script))
	cmd.Env = append(os.Environ(), "LTI_PHP="+checkout, "PEER_DB="+filepath.Join(t.TempDir(), "peer.sqlite"), "PEER_URL=http://"+address)
	said := &strings.Builder{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it knows no other end
		_ = cmd.Wait()         // how does not matter
		if t.Failed() {
			t.Logf("%s says\n%s", script, said)
		}
	})
	p := phpPeer{t, "http://" + address}
	until(t, script+" listens", func() bool {
		answer, err := http.Get(p.url + "/nothing")
		if err != nil {
			return false
		}
		_ = answer.Body.Close() // it only shows that somebody is there
		return true
	})
	return p
}

// ask reads the peer's answer in JSON.
func (p phpPeer) ask(path string, query ...string) map[string]any {
	p.t.Helper()
	values := url.Values{}
	for i := 0; i < len(query); i += 2 {
		values.Set(query[i], query[i+1])
	}
	return p.read(newVisitor(p.t).get(p.url + path + "?" + values.Encode()))
}

func (p phpPeer) read(shown screen) map[string]any {
	p.t.Helper()
	var got map[string]any
	if err := json.Unmarshal([]byte(shown.body), &got); err != nil {
		p.t.Fatalf("%s answers %d %s", shown.url, shown.status, shown.body)
	}
	return got
}

// enter launches the hub as the LMS's user and gives what it shows at the end.
func (p phpPeer) enter(v *visitor, target, user, link string) screen {
	p.t.Helper()
	page := v.get(p.url + "/launch?" + url.Values{"url": {target}, "user": {user}, "link": {link}}.Encode())
	return v.post(page.form(p.t, ""))
}

func TestLMSWrittenWithLTIPHPGetsItsGrades(t *testing.T) {
	t.Parallel()
	for format, change := range map[string]string{
		"1.1": "passback: {format: \"1.1\"}", "1.1 SHA-256": "passback: {format: \"1.1\", signature: HMAC-SHA256}", "1.0": "passback: {format: \"1.0\", score: percentage}",
	} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			lms := newPHPPeer(t, "lms.php")
			w := newWorld(t, func(manifest string) string {
				return strings.Replace(manifest, "    self_enrol:", "    "+change+"\n    self_enrol:", 1)
			})
			v := newVisitor(t)
			page := lms.enter(v, w.url+"/lti/launch/uni/phys101/l/quiz1", "u-ada", "rl 1&ü")
			l := w.openTool(v, page)
			w.score(l, "0.85")
			want := "0.85"
			if format == "1.0" {
				want = "85"
			}
			until(t, "the LMS has the grade", func() bool { return lms.ask("/grades")["rl 1&ü|u-ada"] == want })
			if again := v.post(w.lastLaunch(lms, "u-ada")); again.status != http.StatusOK {
				t.Errorf("a second launch = %d\n%s", again.status, again.body)
			}
		})
	}
}

// An instructor's launch brings the roster of an LMS written with LTI-PHP; a
// student who never clicked there gets a grade that the LMS takes.
func TestRosterOfLTIPHPBringsStudentsWhoNeverClicked(t *testing.T) {
	t.Parallel()
	lms := newPHPPeer(t, "lms.php")
	w := newWorld(t, pullsRosters)
	page := lms.enter(newVisitor(t), w.url+"/lti/launch/uni/phys101/l/quiz1", "u-ines", "rl 1&ü")
	if page.status != http.StatusOK {
		t.Fatalf("the instructor's launch = %d\n%s", page.status, page.body)
	}
	until(t, "the roster is in", func() bool { return w.role("bob") == "student" && w.role("ada") == "student" })
	w.scoreByAPI("bob", "quiz1", "0.75")
	until(t, "the LMS has the grade", func() bool { return lms.ask("/grades")["rl 1&ü|u-bob"] == "0.75" })
	if grade, there := lms.ask("/grades")["rl 1&ü|u-ada"]; there {
		t.Errorf("somebody else has the grade %v", grade)
	}
}

// lastLaunch is a launch of the course's page that has not been posted.
func (w *world) lastLaunch(lms phpPeer, user string) (action string, fields url.Values) {
	w.t.Helper()
	page := newVisitor(w.t).get(lms.url + "/launch?" + url.Values{"url": {w.url + "/lti/launch/uni/phys101?mode=a%20b"}, "user": {user}, "link": {"rl-2"}}.Encode())
	return page.form(w.t, "")
}

func TestLaunchOfLTIPHPIsTakenOnce(t *testing.T) {
	t.Parallel()
	lms := newPHPPeer(t, "lms.php")
	w := newWorld(t, nil)
	action, fields := w.lastLaunch(lms, "u-ines")
	if first := newVisitor(t).post(action, fields); first.status != http.StatusOK || !strings.Contains(first.body, "Inês Öztürk") {
		t.Errorf("the launch = %d\n%s", first.status, first.body)
	}
	if again := newVisitor(t).post(action, fields); again.status != http.StatusConflict {
		t.Errorf("the same again = %d, want 409", again.status)
	}
	action, fields = w.lastLaunch(lms, "u-ada")
	fields.Set("roles", "Instructor")
	if forged := newVisitor(t).post(action, fields); forged.status != http.StatusUnauthorized {
		t.Errorf("a forged one = %d, want 401", forged.status)
	}
}

func TestToolWrittenWithLTIPHPUsesEveryService(t *testing.T) {
	t.Parallel()
	tool := newPHPPeer(t, "tool.php")
	w := newWorld(t, func(manifest string) string {
		manifest = strings.Replace(manifest, between(manifest, "    url: ", "\n"), tool.url+"/lti?room=7&name=a%20b", 1)
		return strings.Replace(manifest, `custom: {chapter: "3",`, `custom: {chapter: "3", context_memberships_url: $ToolProxyBinding.memberships.url,`, 1)
	})
	w.enterCourse("2b96-ines") // so that there are two members
	v := newVisitor(t)
	action, fields, err := w.lms.LaunchForm("7f3a-ada", "rl-quiz-1")
	if err != nil {
		t.Fatal(err)
	}
	target, form := v.post(action, fields).form(t, "launch")
	got := tool.read(v.post(target, form))
	if got["valid"] != true || got["name"] != "Ada Moss" || got["learner"] != true || got["staff"] != false ||
		got["outcomes"] != true || got["memberships"] != true || got["setting"] != true {
		t.Fatalf("of our launch LTI-PHP makes %v", got)
	}
	if again := tool.read(v.post(target, form)); again["valid"] != false {
		t.Error("it takes a replay, so it holds nothing")
	}

	if done := tool.ask("/do", "what", "write", "score", "0.85"); done["ok"] != true {
		t.Errorf("write = %v", done)
	}
	w.graded("7f3a-ada", "rl-quiz-1", 0.85)
	if done := tool.ask("/do", "what", "read"); done["ok"] != true || done["score"] != "0.85" {
		t.Errorf("read = %v", done)
	}
	if done := tool.ask("/do", "what", "write", "score", "1.5"); done["ok"] != false {
		t.Errorf("a score of 1.5 = %v", done)
	}
	for _, what := range []string{"members", "page"} {
		want := []any{
			map[string]any{"name": "Ada Moss", "learner": true, "sourcedid": what == "members"},
			map[string]any{"name": "Inês Duarte", "learner": false, "sourcedid": false},
		}
		if diff := cmp.Diff(want, tool.ask("/do", "what", what)["members"]); diff != "" {
			t.Errorf("%s:\n%s", what, diff)
		}
	}
	if done := tool.ask("/do", "what", "save", "value", "ü & 1+1=2"); done["ok"] != true {
		t.Errorf("save = %v", done)
	}
	if done := tool.ask("/do", "what", "load"); done["value"] != "ü & 1+1=2" {
		t.Errorf("load = %v", done)
	}
	if done := tool.ask("/do", "what", "delete"); done["ok"] != true {
		t.Errorf("delete = %v", done)
	}
	until(t, "the grade is deleted at the LMS", func() bool {
		_, ok := w.lms.Grade("7f3a-ada", "rl-quiz-1")
		return !ok
	})
}

func TestToolWrittenWithLTIPHPAddsALink(t *testing.T) {
	t.Parallel()
	tool := newPHPPeer(t, "tool.php")
	w := newWorld(t, func(manifest string) string {
		return strings.Replace(manifest, between(manifest, "    url: ", "\n"), tool.url+"/lti", 1)
	})
	v := newVisitor(t)
	page := w.teacherAt(v)
	to := *page.url
	to.Path += "/add/quizzer"
	answer := v.post(v.get(to.String()).form(t, "launch"))
	back := v.post(answer.form(t, ""))
	if back.status != http.StatusOK || !strings.Contains(back.body, "Chosen with LTI-PHP") || !strings.Contains(back.body, "20 points") {
		t.Errorf("what was chosen is not there: %s (%d)\n%s", back.url, back.status, back.body)
	}
}

// enterCourse lets a user of the LMS launch the course.
func (w *world) enterCourse(user string) {
	w.t.Helper()
	action, fields, err := w.lms.LaunchForm(user, "rl-course")
	if err != nil {
		w.t.Fatal(err)
	}
	if got := newVisitor(w.t).post(action, fields); got.status != http.StatusOK {
		w.t.Fatalf("the launch of %s = %d\n%s", user, got.status, got.body)
	}
}
