package oauth1

import (
	"bytes"
	"crypto"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/mrjones/oauth"
)

// benchLaunch is a signed launch of 30 parameters, 1.7 kB of base string.
func benchLaunch(b *testing.B) Request {
	b.Helper()
	params := Params{
		{"lti_message_type", "basic-lti-launch-request"},
		{"lis_person_name_full", "Zoë Ångström"},
		{"roles", "Learner,urn:lti:instrole:ims/lis/Student"},
		{"lis_outcome_service_url", "https://lms.example.org/mod/lti/service.php?id=4711&x=1"},
		{"lis_result_sourcedid", `{"data":{"instanceid":"7","userid":"42","typeid":null,"launchid":1850512345},"hash":"0f3b2a"}`},
	}
	for i := len(params); i < 23; i++ {
		params = append(params, Param{fmt.Sprintf("custom_parameter_%02d", i), "value-of-twenty-eight-chars."})
	}
	fields, err := testSigner(HMACSHA1).SignForm("https://tool.example.org/lti/launch", params)
	if err != nil {
		b.Fatal(err)
	}
	return Request{
		Method: "POST", URL: "https://tool.example.org/lti/launch",
		ContentType: "application/x-www-form-urlencoded", Body: formBody(fields),
	}
}

func BenchmarkBaseString(b *testing.B) {
	m, err := Parse(benchLaunch(b))
	if err != nil {
		b.Fatal(err)
	}
	uri := m.target.baseURI()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = appendBase(buf[:0], m.method, uri, m.params)
	}
	b.SetBytes(int64(len(buf)))
}

func BenchmarkParse(b *testing.B) {
	req := benchLaunch(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(req); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify is base string and HMAC of a parsed launch.
func BenchmarkVerify(b *testing.B) {
	m, err := Parse(benchLaunch(b))
	if err != nil {
		b.Fatal(err)
	}
	c := vectorCredential()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Verify(c, vectorTime); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseAndVerify(b *testing.B) {
	req, c := benchLaunch(b), vectorCredential()
	b.ReportAllocs()
	for b.Loop() {
		m, err := Parse(req)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.Verify(c, vectorTime); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMrjones is what BenchmarkParseAndVerify compares with.
func BenchmarkMrjones(b *testing.B) {
	req := benchLaunch(b)
	provider := oauth.NewProvider(func(key string, _ map[string]string) (*oauth.Consumer, error) {
		return oauth.NewCustomConsumer(key, "s3cr&t", crypto.SHA1, oauth.ServiceProvider{IgnoreTimestamp: true}, nil), nil
	})
	b.ReportAllocs()
	for b.Loop() {
		u, err := url.Parse(req.URL)
		if err != nil {
			b.Fatal(err)
		}
		r := &http.Request{Method: req.Method, URL: u, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(req.Body))}
		r.Header.Set("Content-Type", req.ContentType)
		if _, err := provider.IsAuthorized(r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignForm(b *testing.B) {
	params := Params{{"resource_link_id", "rl-7"}, {"roles", "Learner"}, {"user_id", "42"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := testSigner(HMACSHA1).SignForm("https://tool.example.org/lti/launch", params); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkExplain is the worst case: a launch that no hypothesis explains.
func BenchmarkExplain(b *testing.B) {
	req := benchLaunch(b)
	b.ReportAllocs()
	for b.Loop() {
		if d := Explain(req, "wrong", "", Clues{}); d.Cause != "signature" {
			b.Fatal(d.Cause)
		}
	}
}
