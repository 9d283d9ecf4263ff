package simulator

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A published example: a launch with everything that trips signers.
const (
	vectorURL  = "HTTPS://Tool.Example.org:443/lti/launch?mode=a%20b&tag=x&tag="
	vectorBase = `POST&https%3A%2F%2Ftool.example.org%2Flti%2Flaunch&custom_note%3D1%252B1%253D2%2520%2526%2520more%252A%26lis_person_name_full%3DZo%25C3%25AB%2520%25C3%2585ngstr%25C3%25B6m%26lti_message_type%3Dbasic-lti-launch-request%26lti_version%3DLTI-1p0%26mode%3Da%2520b%26oauth_callback%3Dabout%253Ablank%26oauth_consumer_key%3Dkey.one%26oauth_nonce%3Dn-0001%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1700000000%26oauth_version%3D1.0%26resource_link_description%3D%26resource_link_id%3Drl-7%26roles%3DLearner%252Curn%253Alti%253Ainstrole%253Aims%252Flis%252FStudent%26tag%3D%26tag%3Dx%26user_id%3Du~42`
	vectorKey  = "s3cr&t"
)

func vectorForm() url.Values {
	return url.Values{
		"lti_message_type": {"basic-lti-launch-request"}, "lti_version": {"LTI-1p0"},
		"resource_link_id": {"rl-7"}, "user_id": {"u~42"},
		"roles":                {"Learner,urn:lti:instrole:ims/lis/Student"},
		"lis_person_name_full": {"Zoë Ångström"}, "resource_link_description": {""},
		"custom_note": {"1+1=2 & more*"},
	}
}

func TestSignFormMatchesPublishedExample(t *testing.T) {
	t.Parallel()
	form := vectorForm()
	s := signer{key: "key.one", secret: vectorKey, method: HMACSHA1, nonce: "n-0001", at: time.Unix(1700000000, 0)}
	if err := s.signForm(vectorURL, form); err != nil {
		t.Fatal(err)
	}
	base, err := baseString("post", vectorURL, pairsOf(form))
	if err != nil || base != vectorBase {
		t.Errorf("baseString = %s, %v\nwant %s", base, err, vectorBase)
	}
	if got, want := form.Get("oauth_signature"), "x7/3PlF/LCO+pwEXbGrM7PNAo2E="; got != want {
		t.Errorf("signature = %s, want %s", got, want)
	}
	got, err := signature(HMACSHA256, vectorKey, vectorBase)
	if want := "bh6juv4TfsQqttWtu1nFDAvI/NP2l/taOxqc9wrKXRo="; err != nil || got != want {
		t.Errorf("HMAC-SHA256 = %s, %v, want %s", got, err, want)
	}
}

func TestSignBodyMatchesPublishedExample(t *testing.T) {
	t.Parallel()
	body := []byte(`<?xml version="1.0" encoding="UTF-8"?><x/>`)
	for method, want := range map[string]string{
		HMACSHA1:   "A3Y0xRwvsBq1gIaQbQRcempWZD0=",
		HMACSHA256: "W6Qdwc6pA84xIpwzDh513nb2rr6peqz/Y+lRgZuMWa8=",
	} {
		if got, err := bodyHash(method, body); err != nil || got != want {
			t.Errorf("bodyHash(%s) = %s, %v, want %s", method, got, err, want)
		}
	}
	s := signer{key: "key.one", secret: vectorKey, method: HMACSHA1, nonce: "n-0002", at: time.Unix(1700000001, 0)}
	header, err := s.signBody("http://lms.example.org:8080/outcomes?id=7", body)
	if err != nil {
		t.Fatal(err)
	}
	pairs, err := readAuthorization(header)
	if err != nil {
		t.Fatal(err)
	}
	if last := pairs[len(pairs)-1]; last != (pair{"oauth_signature", "Qi3AWp8dLH0yqhsN/a1bRRdo/jI="}) {
		t.Errorf("signature in header = %v", last)
	}
}

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000000, 0)
	good := signer{key: "key.one", secret: vectorKey, method: HMACSHA1, nonce: "n", at: now}
	tests := []struct {
		name   string
		signer signer
		bend   func(url.Values)
		want   error
	}{
		{"nothing wrong", good, nil, nil},
		{"SHA-256", signer{"key.one", vectorKey, HMACSHA256, "n", now}, nil, nil},
		{"at the edge of the window", signer{"key.one", vectorKey, HMACSHA1, "n", now.Add(-time.Minute)}, nil, nil},
		{"another key", signer{"key.two", vectorKey, HMACSHA1, "n", now}, nil, errKey},
		{"another secret", signer{"key.one", "s3cr", HMACSHA1, "n", now}, nil, errSignature},
		{"too old", signer{"key.one", vectorKey, HMACSHA1, "n", now.Add(-61 * time.Second)}, nil, errTimestamp},
		{"from the future", signer{"key.one", vectorKey, HMACSHA1, "n", now.Add(61 * time.Second)}, nil, errTimestamp},
		{"no nonce", signer{"key.one", vectorKey, HMACSHA1, "", now}, nil, errMalformed},
		{"a changed value", good, func(f url.Values) { f.Set("roles", "Instructor") }, errSignature},
		{"a second value", good, func(f url.Values) { f.Add("roles", "Instructor") }, errSignature},
		{"an added name", good, func(f url.Values) { f.Set("custom_x", "") }, errSignature},
		{"no signature", good, func(f url.Values) { f.Del("oauth_signature") }, errSignature},
		{"PLAINTEXT", good, func(f url.Values) {
			f.Set("oauth_signature_method", "PLAINTEXT")
			f.Set("oauth_signature", "s3cr%26t&")
		}, errSignature},
		{"a repeated oauth name", good, func(f url.Values) { f.Add("oauth_nonce", "m") }, errMalformed},
		{"a signed timestamp", good, func(f url.Values) { f.Set("oauth_timestamp", "+1700000000") }, errMalformed},
		{"milliseconds", good, func(f url.Values) { f.Set("oauth_timestamp", "1700000000000") }, errMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form := vectorForm()
			if err := tt.signer.signForm("http://tool.example.org/lti?a=b+c", form); err != nil {
				t.Fatal(err)
			}
			if tt.bend != nil {
				tt.bend(form)
			}
			v := verifier{publicURL: "http://tool.example.org", key: "key.one", secret: vectorKey, window: time.Minute, now: now, nonces: &nonceBook{}}
			r := httptest.NewRequest(http.MethodPost, "/lti?a=b+c", nil)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
			if _, err := v.check(r, []byte(form.Encode())); !errors.Is(err, tt.want) {
				t.Errorf("check = %v, want %v", err, tt.want)
			}
			if tt.want != nil {
				return
			}
			if _, err := v.check(r, []byte(form.Encode())); !errors.Is(err, errNonce) {
				t.Errorf("second check = %v, want %v", err, errNonce)
			}
		})
	}
}

func TestCheckHoldsBodyAgainstItsHash(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000000, 0)
	s := signer{key: "k", secret: "s", method: HMACSHA1, nonce: "n", at: now}
	header, err := s.signBody("http://lms.example.org/services/outcomes", []byte("<a/>"))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/services/outcomes", nil)
	r.Header.Set("Content-Type", "application/xml")
	r.Header.Set("Authorization", header)
	v := verifier{publicURL: "http://lms.example.org/", key: "k", secret: "s", window: time.Minute, now: now, nonces: &nonceBook{}}
	if _, err := v.check(r, []byte("<b/>")); !errors.Is(err, errBodyHash) {
		t.Errorf("check of another body = %v, want %v", err, errBodyHash)
	}
	if _, err := v.check(r, []byte("<a/>")); err != nil {
		t.Errorf("check = %v; a refused body must not burn the nonce", err)
	}
}

func TestNonceBookRemembersWhileATimestampIsInTheWindow(t *testing.T) {
	t.Parallel()
	var book nonceBook
	start := time.Unix(1700000000, 0)
	window := time.Minute
	for _, step := range []time.Duration{0, 119 * time.Second, 121 * time.Second} {
		at := start.Add(step)
		nonce := at.String()
		if !book.use(nonce, at, window) {
			t.Fatalf("first use at %s refused", step)
		}
		if book.use(nonce, at.Add(2*window-time.Second), window) {
			t.Errorf("nonce of %s forgotten within two windows", step)
		}
	}
}

func FuzzReadAuthorization(f *testing.F) {
	f.Add("OAuth nonsense")
	f.Add(`oauth realm="",oauth_nonce="a%20b", x="`)
	f.Add(`OAuth ,,=`)
	f.Fuzz(func(t *testing.T, header string) {
		pairs, err := readAuthorization(header)
		if err != nil && len(pairs) > 0 {
			t.Errorf("readAuthorization(%q) gives both pairs and %v", header, err)
		}
	})
}

func FuzzPercentEncodeIsUndone(f *testing.F) {
	f.Add("Zoë + ~ * %41")
	f.Fuzz(func(t *testing.T, text string) {
		encoded := percentEncode(text)
		if back, err := url.PathUnescape(encoded); err != nil || back != text {
			t.Errorf("percentEncode(%q) = %q, which reads back as %q, %v", text, encoded, back, err)
		}
		if strings.ContainsAny(encoded, " +*&=") {
			t.Errorf("percentEncode(%q) = %q leaves reserved bytes", text, encoded)
		}
	})
}
