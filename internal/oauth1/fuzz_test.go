package oauth1

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// addRequests seeds f with whole requests: every step-th vector and what
// attackers send.
func addRequests(f *testing.F, step int) {
	f.Helper()
	add := func(req Request) {
		f.Add(req.Method, req.URL, req.ContentType, strings.Join(req.Authorization, "\n"), req.Body)
	}
	vectors := readVectors(f)
	for i := 0; i < len(vectors); i += step {
		add(vectors[i].request())
	}
	add(launchVector())
	add(bodyVector())
	add(Request{Method: "POST", URL: "//h:x/%zz?#", ContentType: "multipart/form-data", Authorization: []string{"OAuth realm", `OAuth a="\`}, Body: []byte("&amp;=%%00%ff+")})
	add(Request{Method: "POST", URL: "https://h", ContentType: "application/x-www-form-urlencoded", Body: []byte(shapeForm + "&amp;x=\xe9%E9&%")})
}

func fuzzed(method, url, contentType, authorization string, body []byte) Request {
	req := Request{Method: method, URL: url, ContentType: contentType, Body: body}
	if authorization != "" {
		req.Authorization = strings.Split(authorization, "\n")
	}
	return req
}

// FuzzParse holds Parse to its promises about what it lets through.
func FuzzParse(f *testing.F) {
	addRequests(f, 1)
	f.Fuzz(func(t *testing.T, method, url, contentType, authorization string, body []byte) {
		m, err := Parse(fuzzed(method, url, contentType, authorization, body))
		if err != nil {
			return
		}
		if m.Key() == "" || m.Nonce() == "" || len(m.Nonce()) > maxNonce || m.Method() == "" || m.Timestamp().Unix() <= 0 || len(m.params) >= maxParams {
			t.Errorf("Parse let %+v through", m)
		}
		for name, value := range m.params.All() {
			if !utf8.ValidString(name+value) || strings.Contains(name+value, "\x00") || name == "oauth_signature" {
				t.Errorf("Parse let %q=%q through", name, value)
			}
			if strings.HasPrefix(name, "oauth_") && m.params.Count(name) != 1 {
				t.Errorf("Parse let %q through twice", name)
			}
		}
	})
}

// FuzzVerify looks for a request that is accepted though specSender would have
// signed it otherwise.
func FuzzVerify(f *testing.F) {
	addRequests(f, 1)
	f.Fuzz(func(t *testing.T, method, url, contentType, authorization string, body []byte) {
		m, err := Parse(fuzzed(method, url, contentType, authorization, body))
		if err != nil {
			return
		}
		c := Credential{Secrets: []string{"secret", "s3cr&t +~%", "schlüssel", "s3cr&t"}, Methods: []string{HMACSHA1, HMACSHA256}}
		v, err := m.Verify(c, m.Timestamp())
		if err != nil {
			return
		}
		var pairs [][2]string
		for name, value := range v.Params.All() {
			pairs = append(pairs, [2]string{name, value})
		}
		s := newSpecSender(method, m.target.baseURI(), c.Secrets[v.Secret], pairs)
		s.sha256 = m.Method() == HMACSHA256
		if s.sign() != m.signature {
			t.Errorf("Verify accepted %q with %v", m.signature, pairs)
		}
	})
}

// FuzzExplain checks that Explain takes anything and agrees with Verify.
func FuzzExplain(f *testing.F) {
	addRequests(f, 8) // few: each costs a whole search
	f.Fuzz(func(t *testing.T, method, url, contentType, authorization string, body []byte) {
		if len(body)+len(url)+len(authorization) > 4<<10 {
			return // the search for pairs of mistakes takes its time
		}
		req := fuzzed(method, url, contentType, authorization, body)
		d := Explain(req, "s3cr&t", "", Clues{URLs: []string{url, "h:1"}})
		if d.Valid != (d.Cause == "") || d.Detail == "" && !d.Valid {
			t.Errorf("Explain = %+v", d)
		}
		m, err := Parse(req)
		if err != nil {
			return
		}
		_, err = m.Verify(bothMethods(), m.Timestamp())
		if d.Valid != (err == nil) {
			t.Errorf("Explain = %v %q, Verify: %v", d.Valid, d.Cause, err)
		}
	})
}

func FuzzReadRaw(f *testing.F) {
	f.Add([]byte("POST https://h.example/x?y HTTP/1.1\r\nContent-Type: a/b\r\n c\r\nContent-Length: 3\r\n\r\na=b"))
	f.Add([]byte("\ufeffGET / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n3\r\na=b\r\n0\r\n\r\n"))
	f.Add([]byte("POST /x\nHost: h\nAuthorization: OAuth realm\n\n" + shapeForm))
	f.Fuzz(func(t *testing.T, data []byte) {
		req, err := ReadRaw(data)
		if err != nil {
			return
		}
		if req.Method == "" || !strings.Contains(req.URL, "//") || len(req.Body) > len(data) {
			t.Errorf("ReadRaw = %+v", req)
		}
	})
}

// FuzzAgainstMrjones holds our signatures against the library's on what it is
// sound on: names that do not repeat. confirm is where it is asked.
func FuzzAgainstMrjones(f *testing.F) {
	f.Add("roles", "Learner", "a b", "1+1=2 & more*", "mode=a%20b&x", "s3cr&t", false)
	f.Add("é", "🙂\r\n", "~", "%", "", "schlüssel +", true)
	f.Add("key2", "", "key", "", "key3=+", "x", false)
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2, query, secret string, sha256 bool) {
		s := testSigner(map[bool]string{false: HMACSHA1, true: HMACSHA256}[sha256])
		s.Secret = secret
		target := "https://tool.example.org/launch?" + query
		params := Params{{name1, value1}, {name2, value2}}
		fields, err := s.SignForm(target, params) // ErrDisagree when the library computes otherwise
		if err != nil {
			if strings.Contains(err.Error(), ErrDisagree.Error()) {
				t.Fatalf("SignForm: %v", err)
			}
			return
		}
		where, err := signTarget(target, true)
		if err != nil {
			t.Fatal(err)
		}
		r := reader{}
		if err := r.form("query", where.query); err != nil {
			t.Fatal(err)
		}
		unsigned, signature := fields[:len(fields)-1], fields[len(fields)-1]
		d := draft{method: "POST", target: target, form: slices.Clip(unsigned)}
		if _, sound := s.libraryRequest(d, where, r.params, signature); !sound {
			return
		}
		signature.Value = "A" + signature.Value[1:]
		refused := s.confirm(d, where, r.params, signature) != nil
		if refused == (signature == fields[len(fields)-1]) {
			t.Errorf("the library refused = %v another signature", refused)
		}
	})
}
