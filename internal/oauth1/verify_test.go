package oauth1

import (
	"errors"
	"net/url"
	"testing"
	"time"
)

func TestVerifyKeepsTheWindowBothWays(t *testing.T) {
	t.Parallel()
	tests := []struct {
		offset, window time.Duration // offset: of our clock from oauth_timestamp
		want           error
	}{
		{0, 0, nil},
		{299 * time.Second, 0, nil},
		{300*time.Second + 999*time.Millisecond, 0, nil}, // timestamps are whole seconds
		{301 * time.Second, 0, ErrTimestampOld},
		{-300 * time.Second, 0, nil},
		{-301 * time.Second, 0, ErrTimestampFuture},
		{61 * time.Second, time.Minute, ErrTimestampOld},
		{-61 * time.Second, time.Minute, ErrTimestampFuture},
		{90 * time.Minute, 90 * time.Minute, nil},
		{1 << 62, time.Minute, ErrTimestampOld},
		{-1 << 62, time.Minute, ErrTimestampFuture},
	}
	for _, tt := range tests {
		c := vectorCredential()
		c.Window = tt.window
		if _, err := verifyAt(launchVector(), c, vectorTime.Add(tt.offset)); !errors.Is(err, tt.want) {
			t.Errorf("Verify %v after, window %v: %v, want %v", tt.offset, tt.window, err, tt.want)
		}
	}
}

func TestVerifyRefusesTheFarFuture(t *testing.T) {
	t.Parallel()
	pairs := [][2]string{{"oauth_consumer_key", "k"}, {"oauth_nonce", "n"}, {"oauth_timestamp", "99999999999"}, {"oauth_signature_method", HMACSHA1}}
	signature := newSpecSender("POST", "https://h/", "s3cr&t", pairs).sign()
	req := Request{
		Method: "POST", URL: "https://h/", ContentType: "application/x-www-form-urlencoded",
		Body: []byte(specForm(append(pairs, [2]string{"oauth_signature", signature}))),
	}
	if _, err := verifyAt(req, vectorCredential(), vectorTime); !errors.Is(err, ErrTimestampFuture) { // further than a Duration reaches
		t.Errorf("Verify: %v, want ErrTimestampFuture", err)
	}
}

func TestVerifyChecksInOrder(t *testing.T) {
	t.Parallel()
	wrong := Credential{Secrets: []string{"wrong"}, Methods: []string{HMACSHA256}}
	late := vectorTime.Add(time.Hour)
	req := bodyVector()
	req.Body = []byte("<y/>")
	if _, err := verifyAt(req, wrong, late); !errors.Is(err, ErrMethod) {
		t.Errorf("all wrong: %v, want ErrMethod", err)
	}
	wrong.Methods = nil
	if _, err := verifyAt(req, wrong, late); !errors.Is(err, ErrTimestampOld) {
		t.Errorf("time, hash and secret wrong: %v, want ErrTimestampOld", err)
	}
	if _, err := verifyAt(req, wrong, vectorTime); !errors.Is(err, ErrBodyHash) {
		t.Errorf("hash and secret wrong: %v, want ErrBodyHash", err)
	}
	if _, err := verifyAt(bodyVector(), wrong, vectorTime); !errors.Is(err, ErrSignature) {
		t.Errorf("secret wrong: %v, want ErrSignature", err)
	}
}

func TestVerifyTellsWhichSecretHeld(t *testing.T) {
	t.Parallel()
	for want, secrets := range [][]string{{"s3cr&t", "old"}, {"new", "s3cr&t"}, {"new", "", "s3cr&t", "s3cr&t"}} {
		v, err := verifyAt(launchVector(), Credential{Secrets: secrets}, vectorTime)
		if err != nil || v.Secret != want {
			t.Errorf("Verify under %q = %d, %v, want %d", secrets, v.Secret, err, want)
		}
	}
}

func TestVerifyRefusesUnsafeMethodsEvenWhenConfigured(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"PLAINTEXT", "RSA-SHA1", "hmac-sha1"} {
		req := Request{
			Method: "POST", URL: "https://h/", ContentType: "application/x-www-form-urlencoded",
			Body: []byte("oauth_consumer_key=k&oauth_nonce=n&oauth_signature_method=" + method + "&oauth_timestamp=1700000000&oauth_signature=s3cr%2526t%26"),
		}
		c := Credential{Secrets: []string{"s3cr&t"}, Methods: []string{method}}
		if _, err := verifyAt(req, c, vectorTime); !errors.Is(err, ErrMethod) {
			t.Errorf("Verify of %q: %v, want ErrMethod", method, err)
		}
	}
}

func TestVerifyUnknownAlwaysSaysUnknownKey(t *testing.T) {
	t.Parallel()
	for name, req := range map[string]Request{"form": launchVector(), "body": bodyVector()} {
		m, err := Parse(req)
		if err != nil {
			t.Fatal(err)
		}
		for _, now := range []time.Time{vectorTime, {}} {
			if err := m.VerifyUnknown(now); !errors.Is(err, ErrUnknownKey) || errors.Is(err, ErrTimestampOld) {
				t.Errorf("VerifyUnknown of %s: %v", name, err)
			}
		}
	}
}

func TestVerifyBodyHashes(t *testing.T) {
	t.Parallel()
	body := "<x/>"
	tests := []struct {
		name, verb, method, hash, body, contentType string
		want                                        error
	}{
		{"SHA-1", "POST", HMACSHA1, bodyHash(HMACSHA1, []byte(body)), body, "application/xml", nil},
		{"SHA-256 beside HMAC-SHA1", "POST", HMACSHA1, bodyHash(HMACSHA256, []byte(body)), body, "application/xml", ErrBodyHash},
		{"SHA-1 beside HMAC-SHA256", "POST", HMACSHA256, bodyHash(HMACSHA1, []byte(body)), body, "application/xml", nil},
		{"SHA-256", "POST", HMACSHA256, bodyHash(HMACSHA256, []byte(body)), body, "application/xml", nil},
		{"none", "POST", HMACSHA1, "", body, "application/xml", ErrBodyHash},
		{"none, no content type", "POST", HMACSHA1, "", body, "", ErrBodyHash},
		{"GET without", "GET", HMACSHA1, "", "", "", nil},
		{"GET with", "GET", HMACSHA1, bodyHash(HMACSHA1, nil), "", "", nil},
		{"GET with, under a form type", "GET", HMACSHA1, bodyHash(HMACSHA1, nil), "", "application/x-www-form-urlencoded", nil},
		{"GET with a wrong one", "GET", HMACSHA1, bodyHash(HMACSHA1, []byte("x")), "", "", ErrBodyHash},
		{"spare bits", "GET", HMACSHA1, "2jmj7l5rSw0yVb/vlWAYkK/YBwl=", "", "", ErrBodyHash},
		{"XML under a form type", "POST", HMACSHA1, bodyHash(HMACSHA1, []byte("\ufeff \n<x/>")), "\ufeff \n<x/>", "application/x-www-form-urlencoded", nil},
		{"form with", "POST", HMACSHA1, bodyHash(HMACSHA1, []byte("a=b")), "a=b", "application/x-www-form-urlencoded", ErrBodyHash},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pairs := [][2]string{{"oauth_consumer_key", "k"}, {"oauth_nonce", "n"}, {"oauth_timestamp", "1700000000"}, {"oauth_signature_method", tt.method}}
			if tt.hash != "" {
				pairs = append(pairs, [2]string{"oauth_body_hash", tt.hash})
			}
			s := newSpecSender(tt.verb, "https://lms.example.org/s", "s3cr&t", pairs)
			s.sha256 = tt.method == HMACSHA256
			req := Request{
				Method: tt.verb, URL: "https://lms.example.org/s", ContentType: tt.contentType, Body: []byte(tt.body),
				Authorization: []string{specHeader(append(pairs, [2]string{"oauth_signature", s.sign()}))},
			}
			v, err := verifyAt(req, Credential{Secrets: []string{"s3cr&t"}, Methods: []string{HMACSHA1, HMACSHA256}}, vectorTime)
			if !errors.Is(err, tt.want) {
				t.Fatalf("Verify: %v, want %v", err, tt.want)
			}
			if err == nil && (v.BodySigned != (tt.hash != "") || string(v.Body) != tt.body) {
				t.Errorf("Verify = %+v", v)
			}
		})
	}
}

func TestVerifyRefusesWhatAShorterWindowHadRefused(t *testing.T) {
	t.Parallel()
	made := time.Unix(1_700_000_000, 0)
	now := made.Add(20 * time.Minute)
	req := signedForm(t, made)
	m, err := Parse(req)
	if err != nil {
		t.Fatal(err)
	}
	c := Credential{Secrets: []string{"secret"}, Window: time.Hour}
	if _, err := m.Verify(c, now); err != nil {
		t.Fatalf("Verify within the window: %v", err)
	}
	c.NotBefore = now.Add(-5 * time.Minute)
	if _, err := m.Verify(c, now); !errors.Is(err, ErrTimestampOld) {
		t.Errorf("Verify before NotBefore = %v, want ErrTimestampOld", err)
	}
}

// signedForm is a small form signed at the given time.
func signedForm(t *testing.T, at time.Time) Request {
	t.Helper()
	const target = "http://hub.example/lti/launch"
	s := Signer{Key: "key", Secret: "secret", Now: func() time.Time { return at }}
	signed, err := s.SignForm(target, Params{{Name: "user_id", Value: "ada"}})
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	for _, p := range signed {
		form.Add(p.Name, p.Value)
	}
	return Request{Method: "POST", URL: target, ContentType: "application/x-www-form-urlencoded", Body: []byte(form.Encode())}
}
