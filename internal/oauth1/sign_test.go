package oauth1

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func testSigner(method string) Signer {
	return Signer{
		Key: "key.one", Secret: "s3cr&t", Method: method,
		Now:   func() time.Time { return vectorTime },
		Nonce: func() string { return "n-0001" },
	}
}

// formBody writes fields as a browser posts them.
func formBody(fields Params) []byte {
	var b strings.Builder
	for i, f := range fields {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(f.Name) + "=" + url.QueryEscape(f.Value))
	}
	return []byte(b.String())
}

func formRequest(target string, fields Params) Request {
	return Request{Method: "POST", URL: target, ContentType: "application/x-www-form-urlencoded; charset=UTF-8", Body: formBody(fields)}
}

func TestSignFormMakesTheVector(t *testing.T) {
	t.Parallel()
	params := Params{
		{"lti_message_type", "basic-lti-launch-request"},
		{"lti_version", "LTI-1p0"},
		{"resource_link_id", "rl-7"},
		{"user_id", "u~42"},
		{"roles", "Learner,urn:lti:instrole:ims/lis/Student"},
		{"lis_person_name_full", "Zoë Ångström"},
		{"resource_link_description", ""},
		{"custom_note", "1+1=2 & more*"},
	}
	fields, err := testSigner("").SignForm("https://tool.example.org/lti/launch?mode=a%20b&tag=x&tag=", params)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fields.Value("oauth_signature"), "x7/3PlF/LCO+pwEXbGrM7PNAo2E="; got != want {
		t.Errorf("signature = %s, want %s", got, want)
	}
	if fields.Count("mode") != 0 || fields.Value("oauth_callback") != "about:blank" {
		t.Errorf("fields = %v", fields)
	}
}

func TestSignFormHolds(t *testing.T) {
	t.Parallel()
	targets := []string{
		"https://tool.example.org", "http://Tool.Example.ORG:80/a", "https://tool.example.org:443/", "http://[::1]:8080/x%2Fy/%7e?q",
		"https://tool.example.org/café/(a)*'?x=+&y=%20&=&x=é#part",
	}
	params := Params{{"a b", "x\ny\rz\r\n"}, {"a b", "2"}, {"empty", ""}, {"plus+", "~*%é🙂"}, {"A", "&amp;"}}
	for _, method := range []string{HMACSHA1, HMACSHA256} {
		for _, target := range targets {
			fields, err := testSigner(method).SignForm(target, params)
			if err != nil {
				t.Errorf("SignForm(%s): %v", target, err)
				continue
			}
			sent, _, _ := strings.Cut(strings.ReplaceAll(target, "é", "%C3%A9"), "#")
			c := vectorCredential()
			c.Methods = []string{method}
			v, err := verifyAt(formRequest(sent, fields), c, vectorTime)
			if err != nil {
				t.Errorf("Verify of %s, %s: %v", method, target, err)
				continue
			}
			if got, want := v.Params.Value("a b"), "x\r\ny\r\nz\r\n"; got != want {
				t.Errorf("line breaks = %q, want %q", got, want)
			}
		}
	}
}

func TestSignBodyHolds(t *testing.T) {
	t.Parallel()
	for _, method := range []string{HMACSHA1, HMACSHA256} {
		for _, tt := range []struct{ verb, target, body string }{
			{"POST", "http://lms.example.org:8080/outcomes?id=7", "<x/>"},
			{"POST", "http://lms.example.org/outcomes?id=7&id=8", "<x/>"}, // repeated: beyond the second signer
			{"GET", "https://lms.example.org/roster?page=1+2", ""},
		} {
			header, err := testSigner(method).SignBody(tt.verb, tt.target, []byte(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			c := vectorCredential()
			c.Methods = []string{method}
			req := Request{Method: tt.verb, URL: tt.target, ContentType: "application/xml", Authorization: []string{"Basic eDp5", header}, Body: []byte(tt.body)}
			v, err := verifyAt(req, c, vectorTime)
			if err != nil || !v.BodySigned || !strings.HasPrefix(header, `OAuth realm="",`) {
				t.Errorf("Verify of %s %s %s = %+v, %v", method, tt.verb, tt.target, v, err)
			}
		}
	}
}

func TestSignFormDrawsFreshNonces(t *testing.T) {
	t.Parallel()
	s := testSigner("")
	s.Nonce = nil
	var nonces []string
	for range 50 {
		fields, err := s.SignForm("https://tool.example.org/", nil)
		if err != nil {
			t.Fatal(err)
		}
		nonces = append(nonces, fields.Value("oauth_nonce"))
	}
	slices.Sort(nonces)
	if len(slices.Compact(nonces)) != 50 {
		t.Error("a nonce was drawn twice")
	}
}

func TestSignFormRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, target string
		params       Params
		want         error
	}{
		{"no URL", "", nil, ErrTarget},
		{"relative", "/launch", nil, ErrTarget},
		{"other scheme", "ftp://tool.example.org/", nil, ErrTarget},
		{"no host", "https:///launch", nil, ErrTarget},
		{"user", "https://me:pw@tool.example.org/", nil, ErrTarget},
		{"blank", "https://tool.example.org/a b", nil, ErrTarget},
		{"bad port", "https://tool.example.org:x/", nil, ErrTarget},
		{"port too large", "https://tool.example.org:65536/", nil, ErrTarget},
		{"bad escape in path", "https://tool.example.org/%zz", nil, ErrTarget},
		{"bad escape in query", "https://tool.example.org/?a=%zz", nil, ErrTarget},
		{"dot segment", "https://tool.example.org/a/%2E./b", nil, ErrTarget}, // a browser resolves it
		{"sent differently by browsers", "https://tool.example.org/a^b", nil, ErrTarget},
		{"international host", "https://tööl.example.org/", nil, ErrTarget},
		{"signature in the query", "https://tool.example.org/?oauth_nonce=1", nil, ErrTarget},
		{"nameless", "https://tool.example.org/", Params{{"", "x"}}, ErrParam},
		{"the signer's name", "https://tool.example.org/", Params{{"oauth_nonce", "x"}}, ErrParam},
		{"magic name", "https://tool.example.org/", Params{{"_charset_", "x"}}, ErrParam}, // browsers fill it in
		{"NUL", "https://tool.example.org/", Params{{"a", "\x00"}}, ErrParam},
		{"not UTF-8", "https://tool.example.org/", Params{{"a", "\xff"}}, ErrParam},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if fields, err := testSigner("").SignForm(tt.target, tt.params); !errors.Is(err, tt.want) || fields != nil {
				t.Errorf("SignForm(%q) = %v, %v, want %v", tt.target, fields, err, tt.want)
			}
		})
	}
}

func TestSignWantsASoundSigner(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Signer){
		"no key":     func(s *Signer) { s.Key = "" },
		"no secret":  func(s *Signer) { s.Secret = "" },
		"no clock":   func(s *Signer) { s.Now = nil },
		"bad method": func(s *Signer) { s.Method = "PLAINTEXT" },
	} {
		s := testSigner("")
		spoil(&s)
		if _, err := s.SignForm("https://tool.example.org/", nil); err == nil {
			t.Errorf("SignForm with %s: no error", name)
		}
		if _, err := s.SignBody("POST", "https://tool.example.org/", nil); err == nil {
			t.Errorf("SignBody with %s: no error", name)
		}
	}
}
