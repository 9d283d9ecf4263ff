package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What other people's libraries sign is taken, and what we sign they take.

// library is a program that signs and verifies with a library that shares no
// code with us. What it speaks stands in testdata/interop/README.md.
type library struct {
	t       testing.TB
	command []string
}

// errand is what a library is asked to do.
type errand struct {
	Do            string            `json:"do"`
	URL           string            `json:"url"`
	Key           string            `json:"key"`
	Secret        string            `json:"secret"`
	Method        string            `json:"method"`
	Params        map[string]string `json:"params,omitempty"`
	Body          string            `json:"body,omitempty"`
	Authorization string            `json:"authorization,omitempty"`
}

// done is what came of an errand.
type done struct {
	Params        map[string]string `json:"params"`
	Authorization string            `json:"authorization"`
	Valid         bool              `json:"valid"`
}

// newLibrary finds the interpreter that has the library: of several, as the
// first one on the path need not be Debian's.
func newLibrary(t *testing.T, script string, probe []string, interpreters ...string) library {
	t.Helper()
	var tried []string
	for _, name := range interpreters {
		out, err := exec.CommandContext(t.Context(), name, probe...).CombinedOutput()
		if err == nil {
			return library{t, []string{name, filepath.Join("testdata", "interop", script)}}
		}
		tried = append(tried, fmt.Sprintf("%s %s: %v\n%s", name, strings.Join(probe, " "), err, out))
	}
	t.Fatalf("the library for %s is missing; run .ci/setup net-oauth oauthlib\n%s", script, strings.Join(tried, "\n"))
	return library{}
}

func netOAuth(t *testing.T) library {
	return newLibrary(t, "with_net_oauth.pl", []string{"-MNet::OAuth", "-MJSON::PP", "-e", "1"}, "perl", "/usr/bin/perl")
}

func oauthlib(t *testing.T) library {
	return newLibrary(t, "with_oauthlib.py", []string{"-c", "import oauthlib.oauth1"}, "python3", "/usr/bin/python3")
}

func (l library) do(e errand) done {
	l.t.Helper()
	ask, err := json.Marshal(e)
	if err != nil {
		l.t.Fatal(err)
	}
	cmd := exec.CommandContext(l.t.Context(), l.command[0], l.command[1:]...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(ask), &out, &errs
	var d done
	if err := cmd.Run(); err != nil {
		l.t.Fatalf("%s %s: %v\n%s", l.command, e.Do, err, &errs)
	}
	if err := json.Unmarshal(out.Bytes(), &d); err != nil {
		l.t.Fatalf("%s %s says %q: %v", l.command, e.Do, out.String(), err)
	}
	return d
}

// The secrets are awkward on purpose; the key is that of an LMS or a tool.
const (
	lmsSecret  = "lms s3cr&t/+é%"
	toolSecret = "tool s3cr&t=+ü%2B"
)

// withForeigners makes the tool one that is signed with method, under a URL
// that has a query.
func withForeigners(method string) func(string) string {
	return func(manifest string) string {
		return strings.NewReplacer(
			"secret: lms-secret", "secret: '"+lmsSecret+"'\n    signature_methods: [HMAC-SHA1, HMAC-SHA256]",
			"secret: tool-secret", "secret: '"+toolSecret+"'\n    signature_method: "+method,
			`{chapter: "3",`, `{members: $LtiLink.memberships.url, note: "1+1=2 & (more)* 100% ~ 'ok'!", empty: "", ä: ü,`,
			"title: Quiz 1,", `title: "Zoë’s quiz", description: "two\nlines",`,
		).Replace(strings.Replace(manifest, "/lti\n", "/lti?room=7&name=a%20b%2Bc&tag=\n", 1))
	}
}

func TestNetOAuthAndWeTakeEachOther(t *testing.T) {
	t.Parallel()
	takeEachOther(t, netOAuth(t))
}

func TestOauthlibAndWeTakeEachOther(t *testing.T) {
	t.Parallel()
	takeEachOther(t, oauthlib(t))
}

func takeEachOther(t *testing.T, l library) {
	for _, method := range []string{"HMAC-SHA1", "HMAC-SHA256"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			l := library{t, l.command}
			e := &exchange{newWorld(t, withForeigners(method)), l, method}
			e.launchUs()
			params := e.launchTool()
			e.callServices(params)
			e.readMembers(params["custom_members"])
			e.chooseContent()
			e.takeMessages()
		})
	}
}

// exchange is a world in which a library plays LMS and tool.
type exchange struct {
	*world
	lib    library
	method string
}

func (e *exchange) asLMS(do, target string) errand {
	return errand{Do: do, URL: target, Key: "lms-key", Secret: lmsSecret, Method: e.method}
}

func (e *exchange) asTool(do, target string) errand {
	return errand{Do: do, URL: target, Key: "tool-key", Secret: toolSecret, Method: e.method}
}

func values(params map[string]string) url.Values {
	v := url.Values{}
	for name, value := range params {
		v.Set(name, value)
	}
	return v
}

// launchUs holds that we take launches that the library signs, and no others.
func (e *exchange) launchUs() {
	e.t.Helper()
	launch := e.asLMS("sign_form", e.url+"/lti/launch/uni/phys101/l/quiz1?mode=a%20b&tag=")
	launch.Params = map[string]string{
		"lti_message_type": "basic-lti-launch-request", "lti_version": "LTI-1p0", "resource_link_id": "r 1&ü~*",
		"context_id": "c(1)!'", "user_id": "u1", "lis_person_sourcedid": "grace", "roles": "Learner,urn:lti:instrole:ims/lis/Student",
		"lis_person_name_full": "Grace Ångström", "custom_note": "1+1=2 & 100%", "custom_empty": "", "custom_text": "two\r\nlines",
	}
	signed := e.lib.do(launch)
	visitor := newVisitor(e.t).stay()
	if got := visitor.post(launch.URL, values(signed.Params)); got.status != http.StatusSeeOther {
		e.t.Fatalf("a launch of the library = %d\n%s", got.status, got.body)
	}
	forged := values(e.lib.do(launch).Params)
	forged.Set("roles", "Instructor")
	if got := visitor.post(launch.URL, forged); got.status != http.StatusUnauthorized {
		e.t.Errorf("a forged launch of the library = %d, want 401", got.status)
	}
}

// launchTool holds that the library, as the tool, takes our launches.
func (e *exchange) launchTool() map[string]string {
	e.t.Helper()
	s := stranger{e.t, e.url}
	status, _, text := s.ask(http.MethodPost, "/api/v1/courses/uni/phys101/links/quiz1/launch", adminToken, "application/json", `{"username":"grace"}`)
	var form struct {
		URL    string            `json:"url"`
		Params map[string]string `json:"params"`
	}
	if err := json.Unmarshal([]byte(text), &form); err != nil || status != http.StatusOK {
		e.t.Fatalf("launch = %d %s", status, text)
	}
	verify := e.asTool("verify_form", form.URL)
	if verify.Params = form.Params; !e.lib.do(verify).Valid {
		e.t.Errorf("the library refuses our launch of %s: %v", form.URL, form.Params)
	}
	if got := form.Params["resource_link_description"]; got != "two\r\nlines" || !strings.HasSuffix(form.URL, "?room=7&name=a%20b%2Bc&tag=") {
		e.t.Errorf("the launch of %s with the description %q is not as awkward as it should be", form.URL, got)
	}
	form.Params["roles"] += "x"
	if e.lib.do(verify).Valid {
		e.t.Error("the library takes a forged launch, so it holds nothing")
	}
	return form.Params
}

const scoreMessage = `<?xml version="1.0" encoding="UTF-8"?>
<imsx_POXEnvelopeRequest xmlns="http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0"><imsx_POXHeader><imsx_POXRequestHeaderInfo><imsx_version>V1.0</imsx_version><imsx_messageIdentifier>Zoë-1</imsx_messageIdentifier></imsx_POXRequestHeaderInfo></imsx_POXHeader><imsx_POXBody><replaceResultRequest><resultRecord><sourcedGUID><sourcedId>SOURCEDID</sourcedId></sourcedGUID><result><resultScore><language>en</language><textString>0.75</textString></resultScore></result></resultRecord></replaceResultRequest></imsx_POXBody></imsx_POXEnvelopeRequest>`

// callServices holds that we take what the library signs as the tool that was
// launched: a message, a form for the roster and one for a grade.
func (e *exchange) callServices(launch map[string]string) {
	e.t.Helper()
	score := e.asTool("sign_body", launch["lis_outcome_service_url"])
	score.Body = strings.Replace(scoreMessage, "SOURCEDID", launch["lis_result_sourcedid"], 1)
	if status, text := e.postMessage(score.URL, e.lib.do(score).Authorization, score.Body); status != http.StatusOK || !strings.Contains(text, "<imsx_codeMajor>success<") {
		e.t.Errorf("a score of the library = %d %s", status, text)
	}
	if r := e.api().results()["quiz1 grace"]; r.Score == nil || *r.Score != 0.75 {
		e.t.Errorf("after it the result is %+v", r)
	}
	signed := e.lib.do(score).Authorization
	if status, text := e.postMessage(score.URL, signed, strings.Replace(score.Body, "0.75", "1.00", 1)); status != http.StatusUnauthorized {
		e.t.Errorf("a score that was changed on its way = %d %s, want 401", status, text)
	}
	for kind, tt := range map[string]struct {
		target string
		params map[string]string
		want   string
	}{
		"basic-lis-readmembershipsforcontext": {launch["ext_ims_lis_memberships_url"], map[string]string{"id": launch["ext_ims_lis_memberships_id"]}, "Grace Ångström"},
		"basic-lis-readresult":                {launch["ext_ims_lis_basic_outcome_url"], map[string]string{"sourcedid": launch["lis_result_sourcedid"]}, "<textstring>0.75<"},
		"basic-lti-savesetting":               {launch["ext_ims_lti_tool_setting_url"], map[string]string{"id": launch["ext_ims_lti_tool_setting_id"], "setting": "ü & 1+1"}, "Success"},
	} {
		form := e.asTool("sign_form", tt.target)
		form.Params = tt.params
		form.Params["lti_message_type"], form.Params["lti_version"] = kind, "LTI-1p0"
		if got := newVisitor(e.t).post(tt.target, values(e.lib.do(form).Params)); got.status != http.StatusOK || !strings.Contains(got.body, tt.want) {
			e.t.Errorf("%s of the library = %d %s", kind, got.status, got.body)
		}
	}
}

// postMessage posts XML with an Authorization header and gives the answer.
func (e *exchange) postMessage(target, authorization, body string) (status int, text string) {
	e.t.Helper()
	req, err := http.NewRequest(http.MethodPost, target, strings.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/xml")
	req.Header.Set("Authorization", authorization)
	answer, err := http.DefaultClient.Do(req)
	got := newVisitor(e.t).see(answer, err)
	return got.status, got.body
}

// takeMessages holds that the library, as an LMS, takes the messages that we
// sign.
func (e *exchange) takeMessages() {
	e.t.Helper()
	verify := e.asLMS("verify_body", "https://lms.example:8443/outcomes?id=7&name=a%20b")
	verify.Body = scoreMessage
	signed := ask(e.t, nil, scoreMessage, "sign", "--json", "--body", "-",
		"--url", verify.URL, "--key", verify.Key, "--secret", verify.Secret, "--method", verify.Method)
	var request signedRequest
	if err := json.Unmarshal([]byte(signed.out), &request); err != nil {
		e.t.Fatalf("sign = %+v: %v", signed, err)
	}
	verify.Authorization = request.Headers["Authorization"]
	if !e.lib.do(verify).Valid {
		e.t.Errorf("the library refuses our message under %s", verify.Authorization)
	}
	verify.Body += " "
	if e.lib.do(verify).Valid {
		e.t.Error("the library takes a message that was changed, so it holds nothing")
	}
}
