package oauth1

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"
)

// The vectors of this file are published: RFC 5849, sections 1.2 and 3.4.1.1,
// and OAuth Core 1.0a, appendix A.5. A token secret that they need is given.

func TestPublishedVectors(t *testing.T) {
	t.Parallel()
	const (
		rfcSecret = "kd94hf93k423kf44"
		rfcAuth   = `OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_signature_method="HMAC-SHA1", `
	)
	tests := []struct {
		name        string
		req         Request
		token       string
		base, given string // "" where the text does not print it
	}{
		{
			name: "RFC 5849 3.4.1.1",
			req: Request{
				Method:      "POST",
				URL:         "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
				ContentType: "application/x-www-form-urlencoded",
				Authorization: []string{`OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", ` +
					`oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"`},
				Body: []byte("c2&a3=2+q"),
			},
			base: "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26" +
				"oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26" +
				"oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
		},
		{
			name: "RFC 5849 1.2 initiate",
			req: Request{Method: "POST", URL: "https://photos.example.net/initiate", Authorization: []string{rfcAuth +
				`oauth_timestamp="137131200", oauth_nonce="wIjqoS", oauth_callback="http%3A%2F%2Fprinter.example.com%2Fready", oauth_signature="74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D"`}},
			given: "74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
		},
		{
			name: "RFC 5849 1.2 token",
			req: Request{Method: "POST", URL: "https://photos.example.net/token", Authorization: []string{rfcAuth +
				`oauth_token="hh5s93j4hdidpola", oauth_timestamp="137131201", oauth_nonce="walatlh", oauth_verifier="hfdp7dh39dks9884", oauth_signature="gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D"`}},
			token: "hdhd0244k9j7ao03",
			given: "gKgrFCywp7rO0OXSjdot/IHF7IU=",
		},
		{
			name: "RFC 5849 1.2 photos",
			req: Request{Method: "GET", URL: "http://photos.example.net/photos?file=vacation.jpg&size=original", Authorization: []string{rfcAuth +
				`oauth_token="nnch734d00sl2jdk", oauth_timestamp="137131202", oauth_nonce="chapoH", oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"`}},
			token: "pfkkdhi9sl3r4s00",
			given: "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
		},
		{
			name: "OAuth Core 1.0a A.5",
			req: Request{Method: "GET", URL: "http://photos.example.net/photos?file=vacation.jpg&size=original", Authorization: []string{
				`OAuth realm="http://photos.example.net/", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk", oauth_signature_method="HMAC-SHA1", ` +
					`oauth_signature="tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D", oauth_timestamp="1191242096", oauth_nonce="kllo9940pd9333jh", oauth_version="1.0"`}},
			token: "pfkkdhi9sl3r4s00",
			base: "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26" +
				"oauth_nonce%3Dkllo9940pd9333jh%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1191242096%26" +
				"oauth_token%3Dnnch734d00sl2jdk%26oauth_version%3D1.0%26size%3Doriginal",
			given: "tR3+Ty81lMeYAr/Fid0kMTYa/WM=",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, err := Parse(tt.req)
			if err != nil {
				t.Fatalf("Parse: %v", err)
			}
			base := appendBase(nil, m.method, m.target.baseURI(), m.params)
			if tt.base != "" && string(base) != tt.base {
				t.Errorf("base string\n got %s\nwant %s", base, tt.base)
			}
			if got := string(appendMAC(nil, HMACSHA1, macKey(rfcSecret, tt.token), base)); tt.given != "" && got != tt.given {
				t.Errorf("signature = %s, want %s", got, tt.given)
			}
			if tt.given != "" && m.signature != tt.given {
				t.Errorf("signature read as %s, want %s", m.signature, tt.given)
			}
		})
	}
}

// launchVector is a launch whose signature was made by an independent script.
func launchVector() Request {
	return Request{
		Method:      "POST",
		URL:         "HTTPS://Tool.Example.org:443/lti/launch?mode=a%20b&tag=x&tag=",
		ContentType: "application/x-www-form-urlencoded",
		Body: []byte("oauth_consumer_key=key.one&oauth_nonce=n-0001&oauth_signature_method=HMAC-SHA1&oauth_timestamp=1700000000&oauth_version=1.0" +
			"&oauth_callback=about%3Ablank&lti_message_type=basic-lti-launch-request&lti_version=LTI-1p0&resource_link_id=rl-7&user_id=u%7E42" +
			"&roles=Learner%2Curn%3Alti%3Ainstrole%3Aims%2Flis%2FStudent&lis_person_name_full=Zo%C3%AB+%C3%85ngstr%C3%B6m" +
			"&resource_link_description=&custom_note=1%2B1%3D2+%26+more*&oauth_signature=x7%2F3PlF%2FLCO%2BpwEXbGrM7PNAo2E%3D"),
	}
}

func bodyVector() Request {
	return Request{
		Method:      "POST",
		URL:         "http://lms.example.org:8080/outcomes?id=7",
		ContentType: "application/xml",
		Authorization: []string{`OAuth realm="",oauth_version="1.0",oauth_consumer_key="key.one",oauth_nonce="n-0002",oauth_timestamp="1700000001",` +
			`oauth_signature_method="HMAC-SHA1",oauth_body_hash="A3Y0xRwvsBq1gIaQbQRcempWZD0%3D",oauth_signature="Qi3AWp8dLH0yqhsN%2Fa1bRRdo%2FjI%3D"`},
		Body: []byte(`<?xml version="1.0" encoding="UTF-8"?><x/>`),
	}
}

var vectorTime = time.Unix(1700000000, 0)

func vectorCredential() Credential { return Credential{Secrets: []string{"s3cr&t"}} }

func verifyAt(req Request, c Credential, now time.Time) (Verified, error) {
	m, err := Parse(req)
	if err != nil {
		return Verified{}, err
	}
	return m.Verify(c, now)
}

func TestVerifyTakesLaunchVector(t *testing.T) {
	t.Parallel()
	v, err := verifyAt(launchVector(), vectorCredential(), vectorTime)
	if err != nil {
		t.Fatalf("Verify: %v", err)
	}
	if v.Key != "key.one" || v.Nonce != "n-0001" || !v.Timestamp.Equal(vectorTime) || v.BodySigned || v.Body != nil || len(v.Notes) != 0 {
		t.Errorf("Verify = %+v", v)
	}
	if got := v.Params.Value("lis_person_name_full"); got != "Zoë Ångström" {
		t.Errorf("name = %q", got)
	}
	if v.Params.Count("tag") != 2 || v.Params.Count("oauth_signature") != 0 || len(v.Params) != 17 {
		t.Errorf("Params = %v", v.Params)
	}
}

func TestVerifyTakesBodyVector(t *testing.T) {
	t.Parallel()
	req := bodyVector()
	v, err := verifyAt(req, vectorCredential(), vectorTime)
	if err != nil {
		t.Fatalf("Verify: %v", err)
	}
	if !v.BodySigned || string(v.Body) != string(req.Body) || v.Params.Value("id") != "7" {
		t.Errorf("Verify = %+v", v)
	}
	req.Body[len(req.Body)-1] = ' '
	if _, err := verifyAt(req, vectorCredential(), vectorTime); !errors.Is(err, ErrBodyHash) {
		t.Errorf("Verify of a changed body: %v, want ErrBodyHash", err)
	}
}

func TestMACsOfVector(t *testing.T) {
	t.Parallel()
	m, err := Parse(launchVector())
	if err != nil {
		t.Fatal(err)
	}
	base := appendBase(nil, m.method, m.target.baseURI(), m.params)
	if got, want := string(appendMAC(nil, HMACSHA256, macKey("s3cr&t", ""), base)), "bh6juv4TfsQqttWtu1nFDAvI/NP2l/taOxqc9wrKXRo="; got != want {
		t.Errorf("HMAC-SHA256 = %s, want %s", got, want)
	}
	body := []byte(`<?xml version="1.0" encoding="UTF-8"?><x/>`)
	if got, want := bodyHash(HMACSHA256, body), "W6Qdwc6pA84xIpwzDh513nb2rr6peqz/Y+lRgZuMWa8="; got != want {
		t.Errorf("SHA-256 body hash = %s, want %s", got, want)
	}
}

// vector is one request of testdata/vectors.json, which vectors.py wrote with
// oauthlib.
type vector struct {
	Name          string `json:"name"`
	Secret        string `json:"secret"`
	Verb          string `json:"verb"`
	URL           string `json:"url"`
	ContentType   string `json:"content_type"`
	Authorization string `json:"authorization"`
	Body          string `json:"body"`
	At            int64  `json:"at"`
	Base          string `json:"base"`
	Params        int    `json:"params"`
}

func (v vector) request() Request {
	req := Request{Method: v.Verb, URL: v.URL, ContentType: v.ContentType, Body: []byte(v.Body)}
	if v.Authorization != "" {
		req.Authorization = []string{v.Authorization}
	}
	return req
}

func readVectors(t testing.TB) []vector {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	return vectors
}

func TestVerifyTakesWhatOauthlibSigned(t *testing.T) {
	t.Parallel()
	for _, tt := range readVectors(t) {
		t.Run(tt.Name, func(t *testing.T) {
			t.Parallel()
			m, err := Parse(tt.request())
			if err != nil {
				t.Fatal(err)
			}
			if got := string(appendBase(nil, m.method, m.target.baseURI(), m.params)); got != tt.Base {
				t.Errorf("base string\n got %s\nwant %s", got, tt.Base)
			}
			v, err := m.Verify(Credential{Secrets: []string{"other", tt.Secret}, Methods: []string{HMACSHA1, HMACSHA256}}, time.Unix(tt.At, 0))
			if err != nil || v.Secret != 1 || len(v.Params) != tt.Params || len(v.Notes) != 0 {
				t.Errorf("Verify = %+v, %v", v, err)
			}
			if d := Explain(tt.request(), tt.Secret, "", Clues{}); !d.Valid || d.BaseString != tt.Base {
				t.Errorf("Explain = %+v", d)
			}
		})
	}
}
