package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// stranger knows of the hub what its documentation says, and shares no code
// with it: only net/http and crypto.
type stranger struct {
	t    testing.TB
	base string
}

// launch signs a form as RFC 5849 says and posts it.
func (s stranger) launch(tail, nonce string, more map[string]string) *http.Response {
	s.t.Helper()
	form := map[string]string{
		"lti_message_type": "basic-lti-launch-request", "lti_version": "LTI-1p0", "resource_link_id": "r 1&ü",
		"user_id": "u~1", "lis_person_sourcedid": "grace", "roles": "Learner", "context_id": "c*1",
		"oauth_consumer_key": "lms-key", "oauth_nonce": nonce, "oauth_signature_method": "HMAC-SHA1",
		"oauth_timestamp": strconv.FormatInt(time.Now().Unix(), 10), "oauth_version": "1.0",
	}
	maps.Copy(form, more)
	target := s.base + "/lti/launch" + tail
	var pairs []string
	for name, value := range form {
		pairs = append(pairs, rfc3986(name)+"="+rfc3986(value))
	}
	slices.Sort(pairs)
	base := "POST&" + rfc3986(target) + "&" + rfc3986(strings.Join(pairs, "&"))
	mac := hmac.New(sha1.New, []byte("lms-secret&"))
	mac.Write([]byte(base))
	pairs = append(pairs, "oauth_signature="+rfc3986(base64.StdEncoding.EncodeToString(mac.Sum(nil))))
	req, err := http.NewRequest(http.MethodPost, target, strings.NewReader(strings.Join(pairs, "&")))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

// rfc3986 is the percent-encoding of RFC 5849, section 3.6.
func rfc3986(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

// get asks with a token and returns status, content type and body.
func (s stranger) get(path, token string) (int, string, string) {
	s.t.Helper()
	return s.ask(http.MethodGet, path, token, "", "")
}

func (s stranger) ask(method, path, token, contentType, body string) (status int, kind, text string) {
	s.t.Helper()
	req, err := http.NewRequest(method, s.base+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	answer, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, answer.Header.Get("Content-Type"), string(data)
}

// object reads a JSON object that must be there.
func (s stranger) object(path string) map[string]any {
	s.t.Helper()
	status, _, text := s.get("/api/v1"+path, adminToken)
	if status != http.StatusOK {
		s.t.Fatalf("GET %s = %d %s", path, status, text)
	}
	var o map[string]any
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		s.t.Fatalf("GET %s: %v", path, err)
	}
	return o
}

// keys are the names in an object, sorted.
func keys(o any) string {
	m, ok := o.(map[string]any)
	if !ok {
		return fmt.Sprintf("%T", o)
	}
	return strings.Join(slices.Sorted(maps.Keys(m)), " ")
}

func first(o map[string]any, list string) any {
	items, _ := o[list].([]any)
	if len(items) == 0 {
		return nil
	}
	return items[0]
}

// newSurface is a world in which a stranger's student has a score that was
// delivered, and one that waits.
func newSurface(t *testing.T) (*world, stranger) {
	t.Helper()
	w := newWorld(t, nil)
	s := stranger{t, w.url}
	w.score(w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1"), "0.85")
	w.state("quiz1", "ada", "delivered")
	if a := s.launch("/uni/phys101/l/lab1", "n-1", nil); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("a launch signed by hand = %d", a.StatusCode)
	}
	if a := s.launch("/uni/phys101/l/lab1", "n-1", nil); a.StatusCode != http.StatusConflict && a.StatusCode != http.StatusUnauthorized {
		t.Fatalf("its nonce once more = %d", a.StatusCode)
	}
	return w, s
}

func TestAPIAnswersInTheDocumentedShape(t *testing.T) {
	t.Parallel()
	_, s := newSurface(t)
	tests := []struct{ path, inner, want string }{
		{"/courses/uni/phys101/results", "", "deliveries link points possible score submitted_at username"},
		{"/courses/uni/phys101/results", "deliveries", "attempts consumer delivered_at id last_error state"},
		{"/courses/uni/phys101/members", "", "end identities role section source start status username"},
		{"/courses/uni/phys101/members", "identities", "consumer value"},
		{"/courses/uni/phys101/links", "", "custom description due folder id points policy tiny title tool url"},
		{"/deliveries", "", "attempts cause consumer course created delivered_at domain due finished id last_error scope score state username"},
		{"/deliveries?state=delivered", "", "attempts cause consumer course created delivered_at domain due finished id last_error scope score state username"},
		{"/launches?consumer=campus&refused=true", "", "at cause consumer course detail direction domain folder hint id key link params reference refused role status steps tool tool_error tool_error_log username"},
	}
	for _, tt := range tests {
		list := s.object(tt.path)
		if got := keys(list); got != "items next" {
			t.Errorf("GET %s has the keys %s", tt.path, got)
		}
		item := first(list, "items")
		if tt.inner != "" {
			if m, ok := item.(map[string]any); ok {
				item = first(m, tt.inner)
			}
		}
		if got := keys(item); got != tt.want {
			t.Errorf("an item %s of GET %s has the keys\n%s, want\n%s", tt.inner, tt.path, got, tt.want)
		}
	}
	user := s.object("/users/uni/ada")
	if got, want := keys(user), "admin created disabled domain email family_name full_name given_name identities name source username"; got != want {
		t.Errorf("a user has the keys %s, want %s", got, want)
	}
	if got := s.object("/deliveries?state=waiting"); len(got["items"].([]any)) != 0 {
		t.Errorf("waiting deliveries: %v", got)
	}
}

func TestAPIPagesThroughLists(t *testing.T) {
	t.Parallel()
	w, s := newSurface(t)
	w.click(newVisitor(t), "19c2-bo", "rl-quiz-1")
	for _, path := range []string{"/courses/uni/phys101/members", "/courses/uni/phys101/links", "/launches"} {
		all := s.object(path)["items"].([]any)
		var paged []any
		after := ""
		for range len(all) + 2 {
			page := s.object(path + "?limit=1&after=" + url.QueryEscape(after))
			items := page["items"].([]any)
			if len(items) > 1 {
				t.Fatalf("GET %s with limit=1 gives %d items", path, len(items))
			}
			paged = append(paged, items...)
			if after = page["next"].(string); after == "" {
				break
			}
		}
		one, _ := json.Marshal(all)
		other, _ := json.Marshal(paged)
		if len(all) < 2 || string(one) != string(other) {
			t.Errorf("GET %s in pages is not the whole list of %d:\n%s\n%s", path, len(all), one, other)
		}
	}
	for _, query := range []string{"?limit=0", "?limit=1001", "?limit=x", "?after=no/such/key", "?unknown=1"} {
		if status, _, _ := s.get("/api/v1/courses/uni/phys101/members"+query, adminToken); status != http.StatusUnprocessableEntity {
			t.Errorf("members%s = %d, want 422", query, status)
		}
	}
}

func TestAPISignsALaunchAsData(t *testing.T) {
	t.Parallel()
	w, s := newSurface(t)
	status, _, text := s.ask(http.MethodPost, "/api/v1/courses/uni/phys101/links/quiz1/launch", adminToken, "application/json", `{"username":"ada"}`)
	var form struct {
		URL    string            `json:"url"`
		Params map[string]string `json:"params"`
	}
	if err := json.Unmarshal([]byte(text), &form); err != nil || status != http.StatusOK {
		t.Fatalf("launch = %d %s", status, text)
	}
	fields := url.Values{}
	for name, value := range form.Params {
		fields.Set(name, value)
	}
	if got := newVisitor(t).post(form.URL, fields); got.status != http.StatusOK {
		t.Errorf("the tool answers the form with %d: %v", got.status, w.tool.Refusals())
	}
	for body, want := range map[string]int{
		`{"username":"nobody"}`: http.StatusNotFound, `{"username":"root"}`: http.StatusForbidden,
		`{}`: http.StatusUnprocessableEntity, `{`: http.StatusBadRequest,
	} {
		if status, _, text := s.ask(http.MethodPost, "/api/v1/courses/uni/phys101/links/quiz1/launch", adminToken, "application/json", body); status != want {
			t.Errorf("launch with %s = %d %s, want %d", body, status, text, want)
		}
	}
}

func TestAPIKeepsStrangersOut(t *testing.T) {
	t.Parallel()
	w, s := newSurface(t)
	read := ask(t, append(w.env, "LTIHUB_LISTEN="+strings.TrimPrefix(w.url, "http://")), "", "token", "create", "reader", "--role", "read", "--data", w.data)
	if read.code != 0 {
		t.Fatalf("token create = %+v", read)
	}
	reader := strings.TrimSpace(read.out)
	tests := []struct {
		method, path, token, body string
		want                      int
	}{
		{"GET", "/launches", "", "", http.StatusUnauthorized},
		{"GET", "/launches", "wrong", "", http.StatusUnauthorized},
		{"GET", "/launches", reader, "", http.StatusOK},
		{"GET", "/manifest", reader, "", http.StatusOK},
		{"GET", "/manifest?secrets=true", reader, "", http.StatusForbidden},
		{"GET", "/backup", reader, "", http.StatusForbidden},
		{"GET", "/tokens", reader, "", http.StatusForbidden},
		{"PUT", "/manifest", reader, "version: 1", http.StatusForbidden},
		{"POST", "/deliveries/x/retry", reader, "", http.StatusForbidden},
		{"POST", "/courses/uni/phys101/links/quiz1/launch", reader, `{"username":"ada"}`, http.StatusForbidden},
		{"POST", "/deliveries/x/retry", adminToken, "", http.StatusNotFound},
		{"GET", "/courses/uni/none/results", adminToken, "", http.StatusNotFound},
		{"GET", "/courses/none/phys101/members", adminToken, "", http.StatusNotFound},
		{"GET", "/courses/uni/none/links", adminToken, "", http.StatusNotFound},
		{"GET", "/users/uni/nobody", adminToken, "", http.StatusNotFound},
		{"GET", "/nothing", adminToken, "", http.StatusNotFound},
		{"DELETE", "/launches", adminToken, "", http.StatusMethodNotAllowed},
		{"GET", "/deliveries?state=lost", adminToken, "", http.StatusUnprocessableEntity},
	}
	for _, tt := range tests {
		status, kind, text := s.ask(tt.method, "/api/v1"+tt.path, tt.token, "application/json", tt.body)
		if status != tt.want {
			t.Errorf("%s %s = %d %s, want %d", tt.method, tt.path, status, text, tt.want)
		}
		if status >= 400 && !strings.HasPrefix(kind, "application/problem+json") {
			t.Errorf("%s %s answers %d as %s", tt.method, tt.path, status, kind)
		}
	}
}

func TestOperatorsSeeHealthAndMetrics(t *testing.T) {
	t.Parallel()
	_, s := newSurface(t)
	for _, path := range []string{"/healthz", "/readyz"} {
		if status, _, text := s.get(path, ""); status != http.StatusOK {
			t.Errorf("GET %s = %d %s", path, status, text)
		}
	}
	status, _, text := s.get("/metrics", "")
	if status != http.StatusOK || !strings.Contains(text, `ltihub_launches_total{outcome="accepted"}`) || !strings.Contains(text, `ltihub_service_calls_total{outcome="accepted",service="passback"} 1`) {
		t.Errorf("GET /metrics = %d\n%.2000s", status, text)
	}
	status, _, text = s.get("/api/v1/openapi.json", "")
	var doc struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil || status != http.StatusOK || !strings.HasPrefix(doc.OpenAPI, "3.") {
		t.Fatalf("openapi.json = %d %v %s", status, err, doc.OpenAPI)
	}
	for path, method := range map[string]string{
		"/courses/{domain}/{course}/results": "get", "/courses/{domain}/{course}/links/{link}/launch": "post",
		"/deliveries": "get", "/deliveries/{id}/retry": "post", "/launches": "get", "/manifest": "put", "/users/{domain}/{username}": "get",
	} {
		if doc.Paths[path][method] == nil {
			t.Errorf("openapi.json does not describe %s %s", method, path)
		}
	}
}

func TestManifestGoesInAndComesOut(t *testing.T) {
	t.Parallel()
	_, s := newSurface(t)
	_, kind, out := s.get("/api/v1/manifest", adminToken)
	if kind != "application/yaml" || !strings.Contains(out, "id: phys101") {
		t.Fatalf("GET /manifest is %s\n%s", kind, out)
	}
	for _, secret := range []string{"lms-secret", "tool-secret", "correct-horse"} {
		if strings.Contains(out, secret) {
			t.Errorf("the manifest shows %s", secret)
		}
	}
	_, _, whole := s.get("/api/v1/manifest?secrets=true", adminToken)
	if !strings.Contains(whole, "lms-secret") || !strings.Contains(whole, "tool-secret") {
		t.Error("the manifest with secrets lacks them")
	}
	status, _, text := s.ask(http.MethodPut, "/api/v1/manifest", adminToken, "application/yaml", out)
	if status != http.StatusOK || strings.Contains(text, `"updated":["`) || strings.Contains(text, `"created":["`) {
		t.Errorf("the manifest that came out changes something: %d %s", status, text)
	}
	status, _, text = s.ask(http.MethodPut, "/api/v1/manifest", adminToken, "application/yaml", "version: 1\ncourses:\n  - {domain: uni, id: x, colour: red}\n  - {domain: uni}\n")
	if status != http.StatusUnprocessableEntity || !strings.Contains(text, `"line":3`) || !strings.Contains(text, `"line":4`) {
		t.Errorf("a manifest with two faults = %d %s", status, text)
	}

	second := newWorld(t, func(string) string { return whole })
	if got := second.click(newVisitor(t), "7f3a-ada", "rl-quiz-1"); got.status != http.StatusSeeOther {
		t.Errorf("a second hub made from the manifest refuses the launch: %d", got.status)
	}
}
