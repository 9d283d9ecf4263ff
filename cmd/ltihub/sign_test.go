package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// signLine is a command line that signs for a fixed time and nonce.
func signLine(target string, more ...string) []string {
	return append([]string{
		"sign", "--url", target, "--key", "key.one", "--secret", "s3cr&t", "--at", "1700000000", "--nonce", "n-0001",
	}, more...)
}

// vector is a launch whose signature was computed by an independent script.
var vector = []string{
	"lti_message_type=basic-lti-launch-request", "lti_version=LTI-1p0", "resource_link_id=rl-7", "user_id=u~42",
	"roles=Learner,urn:lti:instrole:ims/lis/Student", "lis_person_name_full=Zoë Ångström",
	"resource_link_description=", "custom_note=1+1=2 & more*",
}

const (
	vectorURL       = "https://tool.example.org/lti/launch?mode=a%20b&tag=x&tag="
	vectorSignature = "x7/3PlF/LCO+pwEXbGrM7PNAo2E="
)

func TestSignPrintsTheFieldsOfALaunch(t *testing.T) {
	t.Parallel()
	got := ask(t, nil, "", signLine(vectorURL, vector...)...)
	want := strings.Join(vector, "\n") + `
oauth_callback=about:blank
oauth_version=1.0
oauth_consumer_key=key.one
oauth_signature_method=HMAC-SHA1
oauth_timestamp=1700000000
oauth_nonce=n-0001
oauth_signature=` + vectorSignature + "\n"
	if got.code != 0 || got.out != want {
		t.Errorf("sign = %d %s\n%s", got.code, got.err, cmp.Diff(want, got.out))
	}

	form := ask(t, nil, "", signLine(vectorURL, append(vector, "--form")...)...)
	fields, err := url.ParseQuery(strings.TrimSuffix(form.out, "\n"))
	if err != nil || fields.Get("oauth_signature") != vectorSignature || fields.Get("lis_person_name_full") != "Zoë Ångström" {
		t.Errorf("sign --form = %+v (%v)", form, err)
	}

	var data struct {
		URL    string
		Params map[string]string
	}
	asJSON := ask(t, nil, "", signLine(vectorURL, append(vector, "--json")...)...)
	if err := json.Unmarshal([]byte(asJSON.out), &data); err != nil || data.URL != vectorURL || data.Params["oauth_signature"] != vectorSignature {
		t.Errorf("sign --json = %+v (%v)", asJSON, err)
	}
}

func TestDoctorAcceptsWhatSignMakes(t *testing.T) {
	t.Parallel()
	body := write(t, "score.xml", "<?xml version=\"1.0\"?>\r\n<x>ü</x>\n")
	for name, line := range map[string][]string{
		"launch":          signLine(vectorURL, vector...),
		"SHA-256":         signLine("HTTP://Hub.example:80/a%2Fb?x=1&x=2#top", "--method", "HMAC-SHA256", "a=1", "a=2", "text=two\nlines"),
		"no fields":       signLine("https://hub.example"),
		"message":         signLine("https://hub.example/service/passback", "--body", body),
		"SHA-256 message": signLine("https://hub.example/service/passback?id=7", "--body", body, "--method", "HMAC-SHA256", "--content-type", "text/xml; charset=utf-8"),
		"other method":    signLine("https://hub.example/result", "--body", body, "--request", "put"),
		"GET":             signLine("https://hub.example/service/memberships/x?limit=10", "--request", "GET"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signed := ask(t, nil, "", append(line, "--raw")...)
			if signed.code != 0 || signed.err != "" {
				t.Fatalf("%s = %+v", strings.Join(line, " "), signed)
			}
			if got := ask(t, nil, signed.out, "doctor", "--secret", "s3cr&t", "--at", "1700000100", "-"); got.code != 0 {
				t.Errorf("doctor = %+v of\n%s", got, signed.out)
			}
			if got := ask(t, nil, strings.Replace(signed.out, "n-0001", "n-0002", 1), "doctor", "--secret", "s3cr&t", "-"); got.code != exitNotValid {
				t.Errorf("doctor of a forgery = %+v", got)
			}
		})
	}
}

func TestSignPrintsTheHeaderOfAMessage(t *testing.T) {
	t.Parallel()
	line := signLine("http://lms.example.org:8080/outcomes?id=7", "--body", "-")
	body := `<?xml version="1.0" encoding="UTF-8"?><x/>`
	got := ask(t, nil, body, line...)
	if got.code != 0 || !strings.HasPrefix(got.out, `Authorization: OAuth realm="",`) || !strings.Contains(got.out, `oauth_body_hash="A3Y0xRwvsBq1gIaQbQRcempWZD0%3D"`) {
		t.Errorf("sign --body = %+v", got)
	}
	var data struct {
		URL     string
		Headers map[string]string
	}
	asJSON := ask(t, nil, body, append(line, "--json")...)
	if err := json.Unmarshal([]byte(asJSON.out), &data); err != nil || "Authorization: "+data.Headers["Authorization"]+"\n" != got.out || data.Headers["Content-Type"] != "application/xml" {
		t.Errorf("sign --body --json = %+v (%v)", asJSON, err)
	}
}

func TestSignRefusesWhatCannotBeSigned(t *testing.T) {
	t.Parallel()
	body := write(t, "body.xml", "<x/>")
	for want, line := range map[string][]string{
		"--url, --key and --secret": {"sign", "--url", "https://tool.example/"},
		"absolute":                  signLine("/lti"),
		"signature method":          signLine("https://tool.example/", "--method", "PLAINTEXT"),
		"is not name=value":         signLine("https://tool.example/", "user_id"),
		`"=x" is not name=value`:    signLine("https://tool.example/", "=x"),
		"the signer's":              signLine("https://tool.example/", "oauth_nonce=1"),
		"occurs twice":              signLine("https://tool.example/", "--json", "a=1", "a=2"),
		"belongs to a form":         signLine("https://tool.example/", "--body", body, "a=1"),
		"prints a form":             signLine("https://tool.example/", "--body", body, "--form"),
		"a GET has no body":         signLine("https://tool.example/", "--body", body, "--request", "GET"),
		"choose one":                signLine("https://tool.example/", "--raw", "--json"),
		"negative":                  signLine("https://tool.example/", "--at", "-1"),
		"one line each":             signLine("https://tool.example/", "--body", body, "--content-type", "a\r\nHost: b"),
		"no such file":              signLine("https://tool.example/", "--body", "/nowhere"),
	} {
		got := ask(t, nil, "", line...)
		if got.code != exitUnusable || !strings.Contains(got.err, want) || got.out != "" || strings.Contains(got.err, "s3cr&t") {
			t.Errorf("%s = %+v, want %q", strings.Join(line, " "), got, want)
		}
	}
}

func TestSignedLaunchIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	target := w.url + "/lti/launch/uni/phys101/l/quiz1"
	got := ask(t, nil, "", "sign", "--url", target, "--key", "lms-key", "--secret", "lms-secret", "--form",
		"lti_message_type=basic-lti-launch-request", "lti_version=LTI-1p0", "resource_link_id=1", "context_id=c",
		"user_id=u1", "lis_person_sourcedid=grace", "roles=Learner")
	fields, err := url.ParseQuery(strings.TrimSpace(got.out))
	if err != nil || got.code != 0 {
		t.Fatalf("sign = %+v (%v)", got, err)
	}
	if answer := newVisitor(t).stay().post(target, fields); answer.status != http.StatusSeeOther {
		t.Errorf("the launch = %d\n%s", answer.status, answer.body)
	}
}
