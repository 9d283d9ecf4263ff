package simulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const hostile = `"><script>alert(1)</script><b a='`

// get fetches a page of the LMS or the tool.
func (l loop) get(t *testing.T, address string) (int, string) {
	t.Helper()
	resp, err := l.client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	return readPage(t, resp)
}

func TestPagesEscapeHostileText(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	l.lms.Course.Title, l.lms.Name, l.tool.Name = hostile, hostile, hostile
	l.lms.Users[0].Given, l.lms.Users[0].Email = hostile, hostile
	l.lms.Links[0].Title, l.lms.Links[0].Description = hostile, hostile
	l.lms.Custom = map[string]string{"x" + hostile: hostile}
	launch := l.launch(t, ada, quiz)
	must(t, "failure")(l.tool.PostScore(t.Context(), launch, hostile))
	must(t, "success")(l.tool.SaveSetting(t.Context(), launch, hostile))
	must(t, "success")(l.tool.LoadSetting(t.Context(), launch))
	must(t, "success")(l.tool.Roster(t.Context(), launch, true))
	query := "?" + url.Values{"user": {ada}, "link": {quiz}, "notice": {hostile}, "lti_msg": {hostile}, "lti_log": {hostile}, "lti_errormsg": {hostile}, "lti_errorlog": {hostile}}.Encode()
	for _, address := range []string{
		l.lms.PublicURL + "/", l.lms.PublicURL + "/gradebook", l.lms.PublicURL + "/calls", l.lms.PublicURL + "/faults",
		l.lms.PublicURL + "/launch", l.lms.PublicURL + "/launch/replay", l.lms.PublicURL + "/return",
		l.tool.PublicURL + "/", l.tool.PublicURL + "/launches/" + launch.ID,
	} {
		status, page := l.get(t, address+query)
		if status != http.StatusOK || !strings.Contains(page, "alert(1)") {
			t.Errorf("%s: status %d, or the text is missing", address, status)
		}
		if strings.Contains(page, "<script>") || strings.Contains(page, "<b a=") {
			t.Errorf("%s shows hostile text unescaped", address)
		}
	}
	if got := launch.Param("custom_x" + hostile); got != hostile {
		t.Errorf("hostile text arrived as %q", got)
	}
}

func TestPagesHoldNoInlineScriptAndNoSecret(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	l.lms.Secret, l.tool.Secret = "very-secret", "very-secret"
	launch := l.launch(t, ada, quiz)
	must(t, "success")(l.tool.PostScore(t.Context(), launch, "0.5"))
	for _, address := range []string{
		l.lms.PublicURL + "/", l.lms.PublicURL + "/gradebook", l.lms.PublicURL + "/calls", l.lms.PublicURL + "/state.json",
		l.lms.PublicURL + "/launch?target=iframe&user=" + ada + "&link=" + quiz,
		l.tool.PublicURL + "/", l.tool.PublicURL + "/launches/" + launch.ID, l.tool.PublicURL + "/state.json",
	} {
		_, page := l.get(t, address)
		for _, word := range []string{"very-secret", "<style", "style=", "onclick=", "<script>"} {
			if strings.Contains(page, word) {
				t.Errorf("%s contains %q", address, word)
			}
		}
	}
	for _, file := range []string{"lms.css", "tool.css", "launch.js", "live.js", "tool.js"} {
		if status, _ := l.get(t, l.lms.PublicURL+"/static/"+file); status != http.StatusOK {
			t.Errorf("%s: status %d", file, status)
		}
	}
}

// What was typed stays in the field, whatever became of it.
func TestToolPageKeepsTheScore(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	address := l.tool.PublicURL + "/launches/" + l.launch(t, ada, quiz).ID
	if _, page := l.get(t, address); !strings.Contains(page, `name="score" value="0.85"`) {
		t.Error("a new launch has no score to begin with")
	}
	tests := []struct{ score, slider string }{
		{"0.6", ` value="0.6">`},
		{"7/10", ` value="0.7">`},
		{"1.5", `step="0.01">`},
		{"", `step="0.01">`},
	}
	for _, tt := range tests {
		_, page := l.post(t, address, url.Values{"action": {"post-score"}, "score": {tt.score}, "times": {"1"}, "format": {"1.1"}})
		if !strings.Contains(page, `name="score" value="`+tt.score+`" autocomplete`) || !strings.Contains(page, tt.slider) {
			t.Errorf("after %q was sent the page lacks it, or the slider's %q", tt.score, tt.slider)
		}
	}
}

func TestLaunchPageCarriesTheSignedForm(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	status, page := l.get(t, l.lms.PublicURL+"/launch?target=iframe&user="+ines+"&link="+quiz)
	for _, want := range []string{`action="` + l.tool.LaunchURL() + `"`, `target="tool"`, `name="oauth_signature"`, `name="user_id" value="2b96-ines"`, `<iframe name="tool"`} {
		if status != http.StatusOK || !strings.Contains(page, want) {
			t.Errorf("launch page (%d) lacks %s", status, want)
		}
	}
	if status, _ := l.get(t, l.lms.PublicURL+"/launch?user=nobody&link="+quiz); status != http.StatusNotFound {
		t.Errorf("unknown user: status %d", status)
	}
}

func TestFaultsAreSetFromThePage(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	l.post(t, l.lms.PublicURL+"/faults", url.Values{"service": {"cut"}, "times": {"3"}, "skew": {"-7"}, "tamper": {"1"}})
	if got := l.lms.CurrentFaults(); got.Service != FaultCut || got.Times != 3 || got.ClockSkew.Minutes() != -7 || !got.Tamper || got.WrongSecret {
		t.Errorf("faults = %+v", got)
	}
	for _, bad := range []url.Values{
		{"service": {"no-such"}, "times": {"0"}, "skew": {"0"}},
		{"service": {"down"}, "times": {"-1"}, "skew": {"0"}},
		{"service": {"down"}, "times": {"0"}},
	} {
		if status, _ := l.post(t, l.lms.PublicURL+"/faults", bad); status != http.StatusBadRequest {
			t.Errorf("%v: status %d", bad, status)
		}
	}
	if got := l.lms.CurrentFaults(); got.Service != FaultCut {
		t.Errorf("a refused form changed the faults: %+v", got)
	}
	if _, page := l.post(t, l.lms.PublicURL+"/services-down", url.Values{"down": {"1"}, "back": {"/gradebook"}}); !strings.Contains(page, "Services are down") {
		t.Error("the switch does not show")
	}
	l.post(t, l.lms.PublicURL+"/services-down", url.Values{})
	if got := l.lms.CurrentFaults(); got.Service != FaultNone || !got.Tamper {
		t.Errorf("faults = %+v; the switch is about services alone", got)
	}
}

func TestAnotherSiteCannotPressButtons(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, ada, quiz)
	for _, address := range []string{l.lms.PublicURL + "/faults", l.lms.PublicURL + "/services-down", l.lms.PublicURL + "/logout", l.tool.PublicURL + "/launches/" + launch.ID} {
		r, err := http.NewRequest(http.MethodPost, address, strings.NewReader("down=1"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		resp, err := l.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := readPage(t, resp); status != http.StatusForbidden {
			t.Errorf("%s: status %d", address, status)
		}
	}
}

func TestToolPageDoesWhatItsButtonsSay(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, ada, quiz)
	address := l.tool.PublicURL + "/launches/" + launch.ID
	press := func(form url.Values) string {
		t.Helper()
		_, page := l.post(t, address, form)
		return page
	}
	press(url.Values{"action": {"post-score"}, "score": {"17/20"}, "times": {"3"}, "same_message_id": {"1"}})
	calls := l.lms.Calls()
	if score, _ := l.lms.Grade(ada, quiz); score != 0.85 || len(calls) != 3 || calls[0].MessageID != calls[2].MessageID || calls[0].Nonce == calls[2].Nonce {
		t.Errorf("after three posts of 17/20: %v, %+v", score, calls)
	}
	if page := press(url.Values{"action": {"read-score"}, "format": {"1.0"}}); !strings.Contains(page, `class="read">0.85<`) {
		t.Error("the score read is not on the page")
	}
	press(url.Values{"action": {"delete-score"}})
	if _, ok := l.lms.Grade(ada, quiz); ok {
		t.Error("the grade is still there")
	}
	if page := press(url.Values{"action": {"fetch-roster"}, "groups": {"1"}}); !strings.Contains(page, "Lab A (morning)") {
		t.Error("the roster is not on the page")
	}
	press(url.Values{"action": {"save-setting"}, "setting": {"dark"}})
	if page := press(url.Values{"action": {"load-setting"}}); !strings.Contains(page, `class="read">dark<`) {
		t.Error("the setting is not on the page")
	}
	sent := len(l.tool.Calls())
	for _, bad := range []url.Values{{"action": {"guess"}}, {"action": {"post-score"}, "score": {"3/0"}, "times": {"1"}}, {"action": {"post-score"}, "score": {"1"}, "times": {"21"}}} {
		if page := press(bad); !strings.Contains(page, "cannot be sent") || len(l.tool.Calls()) != sent {
			t.Errorf("%v was not refused", bad)
		}
	}
}

func TestReturnBringsTheMessageToTheCourse(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, zoe, quiz)
	_, page := l.post(t, l.tool.PublicURL+"/launches/"+launch.ID, url.Values{"action": {"return"}, "message": {"All <done> & well"}})
	if !strings.Contains(page, `id="lti-msg" role="status">All &lt;done&gt; &amp; well<`) || !strings.Contains(page, "Back from Quiz 1") || !strings.Contains(page, "?user="+zoe) {
		t.Errorf("return page: %s", page)
	}
	_, page = l.post(t, l.tool.PublicURL+"/launches/"+launch.ID, url.Values{"action": {"return"}, "message": {"No luck"}, "as": {"error"}})
	if !strings.Contains(page, `id="lti-errormsg" role="alert">No luck<`) {
		t.Errorf("return page: %s", page)
	}
}

func TestStateTellsWhatArrived(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	launch := l.launch(t, ada, quiz)
	must(t, "success")(l.tool.PostScore(t.Context(), launch, "0.50"))
	var lms lmsState
	_, text := l.get(t, l.lms.PublicURL+"/state.json")
	if err := json.Unmarshal([]byte(text), &lms); err != nil {
		t.Fatal(err)
	}
	if lms.Launches != 1 || len(lms.Calls) != 1 || len(lms.Grades) != 1 || lms.Grades[0].Points != 5 || lms.Grades[0].Text != "0.50" || lms.Grades[0].User != ada {
		t.Errorf("LMS state = %+v", lms)
	}
	var tool toolState
	_, text = l.get(t, l.tool.PublicURL+"/state.json")
	if err := json.Unmarshal([]byte(text), &tool); err != nil {
		t.Fatal(err)
	}
	if len(tool.Launches) != 1 || len(tool.Calls) != 1 || tool.Calls[0].Answer.CodeMajor != "success" || tool.Launches[0].Param("user_id") != ada {
		t.Errorf("tool state = %+v", tool)
	}
}

func TestServicesRefuseWhatIsNoMessage(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	address := l.lms.PublicURL + "/services/outcomes"
	tests := []struct {
		name, contentType, body string
		signed                  bool
		want                    int
	}{
		{"JSON", "application/json", "{}", false, http.StatusUnsupportedMediaType},
		{"unsigned XML", "application/xml", "<x/>", false, http.StatusUnauthorized},
		{"not XML", "application/xml", "hello", true, http.StatusBadRequest},
		{"too large", "application/xml", strings.Repeat("x", maxServiceBody+1), true, http.StatusRequestEntityTooLarge},
	}
	for _, tt := range tests {
		r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", tt.contentType)
		if tt.signed {
			header, err := l.tool.signer().signBody(address, []byte(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", header)
		}
		resp, err := l.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if status, page := readPage(t, resp); status != tt.want {
			t.Errorf("%s: status %d, want %d: %s", tt.name, status, tt.want, page)
		}
	}
}
