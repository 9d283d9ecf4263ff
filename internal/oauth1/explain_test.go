package oauth1

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/url"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"
)

// sentForm is what the mistaken senders below send, before each spoils either
// what it signs or what it sends.
type sentForm struct {
	method, url string
	query, body [][2]string
	raw         func(string) string // changes the body on its way
	signature   func(string) string // changes the signature on its way
}

const explainSecret = "s3cr&t+1"

func explainPairs() (query, body [][2]string) {
	query = [][2]string{{"mode", "x y"}, {"tag", "1"}}
	body = [][2]string{
		{"oauth_consumer_key", "key.one"}, {"oauth_nonce", "n-1"}, {"oauth_signature_method", "HMAC-SHA1"},
		{"oauth_timestamp", "1700000000"}, {"oauth_version", "1.0"}, {"oauth_callback", "about:blank"},
		{"resource_link_id", "rl-7"}, {"name", "Zoë"}, {"empty", ""}, {"lines", "a\r\nb"}, {"padded", " x "},
		{"plus", "1+1"}, {"tilde", "~"}, {"marks", "it's (ok)*!"}, {"and", "Q&A"}, {"key", "1"}, {"key2", "2"}, {"key", "3"},
	}
	return query, body
}

// each maps the values of pairs.
func each(pairs [][2]string, f func(string) string) [][2]string {
	pairs = slices.Clone(pairs)
	for i := range pairs {
		pairs[i][1] = f(pairs[i][1])
	}
	return pairs
}

func drop(pairs [][2]string, match func(name, value string) bool) [][2]string {
	return slices.DeleteFunc(slices.Clone(pairs), func(p [2]string) bool { return match(p[0], p[1]) })
}

func named(want string) func(string, string) bool {
	return func(name, _ string) bool { return name == want }
}

func latin(s string) string { return strings.ReplaceAll(s, "ë", "\xeb") }

func TestExplainNamesTheMistake(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, want string
		spoil      func(s *specSender, f *sentForm)
	}{
		{"none", "", func(*specSender, *sentForm) {}},
		{"scheme", "scheme", func(s *specSender, _ *sentForm) { s.uri = "http://tool.example.org/lti/launch" }},
		{"port added", "port", func(s *specSender, _ *sentForm) { s.uri = "https://tool.example.org:8080/lti/launch" }},
		{"default port kept", "port", func(s *specSender, _ *sentForm) { s.uri = "https://tool.example.org:443/lti/launch" }},
		{"port dropped", "port", func(_ *specSender, f *sentForm) { f.url = "https://tool.example.org:8443/lti/launch" }},
		{"scheme and port", "scheme+port", func(s *specSender, _ *sentForm) { s.uri = "http://tool.example.org:8080/lti/launch" }},
		{"trailing slash", "trailing_slash", func(s *specSender, _ *sentForm) { s.uri += "/" }},
		{"no trailing slash", "trailing_slash", func(_ *specSender, f *sentForm) { f.url += "/" }},
		{"double slash", "path_slashes", func(_ *specSender, f *sentForm) { f.url = "https://tool.example.org//lti/launch" }},
		{"path decoded", "path_escapes", func(s *specSender, f *sentForm) {
			s.uri = "https://tool.example.org/lti/l unch"
			f.url = "https://tool.example.org/lti/l%20unch"
		}},
		{"path escaped twice", "path_escapes", func(s *specSender, f *sentForm) {
			s.uri = "https://tool.example.org/lti/l%2520unch"
			f.url = "https://tool.example.org/lti/l%20unch"
		}},
		{"host with www", "host", func(s *specSender, _ *sentForm) { s.uri = "https://www.tool.example.org/lti/launch" }},
		{"host in capitals", "host_case", func(s *specSender, f *sentForm) {
			s.uri = "https://Tool.example.org/lti/launch"
			f.url = s.uri
		}},
		{"other host", "host", func(s *specSender, _ *sentForm) { s.uri = "https://lti.uni.example/lti/launch" }},
		{"internal URL", "host", func(s *specSender, _ *sentForm) { s.uri = "http://10.0.0.1:9000/lti/launch" }},
		{"localhost", "host", func(s *specSender, _ *sentForm) { s.uri = "https://localhost/lti/launch" }},
		{"query left out", "query_left_out", func(s *specSender, _ *sentForm) { s.pairs = s.pairs[2:] }},
		{"query twice", "query_twice", func(s *specSender, f *sentForm) { s.pairs = append(s.pairs, f.query...) }},
		{"query copied and signed once", "", func(_ *specSender, f *sentForm) { f.body = append(f.body, f.query...) }},
		{"query merged, body wins", "query_once", func(s *specSender, f *sentForm) {
			f.body = append(f.body, [2]string{"tag", "2"})
			s.pairs = append(slices.Clone(f.body), f.query[0])
		}},
		{"query merged, query wins", "query_once", func(_ *specSender, f *sentForm) { f.body = append(f.body, [2]string{"tag", "2"}) }},
		{"query in the URL", "query_in_url", func(s *specSender, _ *sentForm) {
			s.uri += "?mode=x+y&tag=1"
			s.pairs = s.pairs[2:]
		}},
		{"query in the URL too", "query_in_url", func(s *specSender, _ *sentForm) { s.uri += "?mode=x+y&tag=1" }},
		{"fragment", "fragment", func(s *specSender, f *sentForm) {
			s.uri += "#top"
			f.url += "#top"
		}},
		{"plus sent unescaped", "plus_as_space", func(_ *specSender, f *sentForm) {
			f.raw = strings.NewReplacer("+", "%20", "%2B", "+").Replace
		}},
		{"blank as plus", "space_as_plus", func(s *specSender, _ *sentForm) { s.text = url.QueryEscape }},
		{"trimmed before signing", "trimmed", func(s *specSender, _ *sentForm) { s.pairs = each(s.pairs, strings.TrimSpace) }},
		{"LF signed", "line_breaks", func(s *specSender, _ *sentForm) {
			s.pairs = each(s.pairs, func(v string) string { return strings.ReplaceAll(v, "\r\n", "\n") })
		}},
		{"CR signed", "line_breaks", func(s *specSender, _ *sentForm) {
			s.pairs = each(s.pairs, func(v string) string { return strings.ReplaceAll(v, "\r\n", "\r") })
		}},
		{"LF sent", "line_breaks", func(_ *specSender, f *sentForm) {
			f.body = each(f.body, func(v string) string { return strings.ReplaceAll(v, "\r\n", "\n") })
		}},
		{"line breaks cut", "line_breaks", func(s *specSender, _ *sentForm) {
			s.pairs = each(s.pairs, func(v string) string { return strings.ReplaceAll(v, "\r\n", "") })
		}},
		{"empty values not signed", "empty_dropped", func(s *specSender, _ *sentForm) {
			s.pairs = drop(s.pairs, func(_, v string) bool { return v == "" })
		}},
		{"encoded twice", "double_encoded", func(s *specSender, _ *sentForm) {
			s.text = func(v string) string { return specEncode(specEncode(v)) }
		}},
		{"not encoded", "not_encoded", func(s *specSender, _ *sentForm) { s.text = func(v string) string { return v } }},
		{"sent encoded twice", "sent_double_encoded", func(_ *specSender, f *sentForm) {
			f.body = each(f.body, func(v string) string {
				if strings.HasPrefix(v, "HMAC") || strings.HasPrefix(v, "about") {
					return v
				}
				return url.QueryEscape(v)
			})
		}},
		{"tilde encoded", "tilde_escaped", func(s *specSender, _ *sentForm) {
			s.text = func(v string) string { return strings.ReplaceAll(specEncode(v), "~", "%7E") }
		}},
		{"marks not encoded", "marks_unescaped", func(s *specSender, _ *sentForm) {
			s.text = func(v string) string {
				for _, c := range "!*'()" {
					v = strings.ReplaceAll(v, string(c), "\x01"+string(c-'!'+'a'))
				}
				v = specEncode(v)
				for _, c := range "!*'()" {
					v = strings.ReplaceAll(v, "%01"+string(c-'!'+'a'), string(c))
				}
				return v
			}
		}},
		{"escapes in lower case", "lowercase_escapes", func(s *specSender, _ *sentForm) {
			s.text = lowerSpecEscapes
			s.whole = lowerSpecEscapes
		}},
		{"sorted as joined text", "sort_order", func(s *specSender, _ *sentForm) { s.sort = sort.Strings }},
		{"not sorted", "sort_order", func(s *specSender, _ *sentForm) { s.sort = func([]string) {} }},
		{"secret with a line break", "secret_blanks", func(s *specSender, _ *sentForm) { s.key = specEncode(explainSecret+"\n") + "&" }},
		{"secret with a blank", "secret_blanks", func(s *specSender, _ *sentForm) { s.key = specEncode(explainSecret+" ") + "&" }},
		{"secret not encoded", "secret_encoding", func(s *specSender, _ *sentForm) { s.key = explainSecret + "&" }},
		{"no ampersand", "ampersand", func(s *specSender, _ *sentForm) { s.key = specEncode(explainSecret) }},
		{"key as secret", "key_as_secret", func(s *specSender, _ *sentForm) { s.key = "key.one&" }},
		{"empty secret", "secret_empty", func(s *specSender, _ *sentForm) { s.key = "&" }},
		{"other secret", "signature", func(s *specSender, _ *sentForm) { s.key = "other&" }},
		{"other hash", "hash_method", func(s *specSender, _ *sentForm) { s.sha256 = true }},
		{"callback sent only", "callback", func(s *specSender, _ *sentForm) { s.pairs = drop(s.pairs, named("oauth_callback")) }},
		{"callback signed only", "callback", func(_ *specSender, f *sentForm) { f.body = drop(f.body, named("oauth_callback")) }},
		{"version sent only", "version", func(s *specSender, _ *sentForm) { s.pairs = drop(s.pairs, named("oauth_version")) }},
		{"submit button not signed", "unsigned_parameter", func(_ *specSender, f *sentForm) { f.body = append(f.body, [2]string{"go", "Launch"}) }},
		{"repeats merged", "repeats_merged", func(s *specSender, _ *sentForm) {
			s.pairs = drop(s.pairs, func(n, v string) bool { return n == "key" && v == "1" })
		}},
		{"only the first of repeats", "repeats_merged", func(s *specSender, _ *sentForm) {
			s.pairs = drop(s.pairs, func(n, v string) bool { return n == "key" && v == "3" })
		}},
		{"joined with &amp;", "html_amp", func(_ *specSender, f *sentForm) {
			f.raw = func(s string) string { return strings.ReplaceAll(s, "&", "&amp;") }
		}},
		{"HTML escapes signed", "html_escaped", func(s *specSender, _ *sentForm) { s.pairs = each(s.pairs, html.EscapeString) }},
		{"HTML escapes sent", "html_escaped", func(_ *specSender, f *sentForm) { f.body = each(f.body, html.EscapeString) }},
		{"method", "method", func(s *specSender, _ *sentForm) { s.method = "GET" }},
		{"Latin-1 signed", "latin1", func(s *specSender, _ *sentForm) { s.pairs = each(s.pairs, latin) }},
		{"Latin-1 sent", "latin1", func(_ *specSender, f *sentForm) { f.body = each(f.body, latin) }},
		{"Latin-1 signed and sent", "latin1", func(s *specSender, f *sentForm) {
			s.pairs = each(s.pairs, latin)
			f.body = each(f.body, latin)
		}},
		{"UTF-8 taken for Latin-1", "latin1", func(s *specSender, _ *sentForm) {
			s.pairs = each(s.pairs, func(v string) string { return strings.ReplaceAll(v, "ë", "Ã«") })
		}},
		{"percent sign sent bare", "malformed", func(s *specSender, f *sentForm) {
			f.raw = func(s string) string { return s + "&off=5%" }
			s.pairs = append(s.pairs, [2]string{"off", "5%"})
		}},
		{"signature encoded twice", "signature_encoding", func(_ *specSender, f *sentForm) { f.signature = url.QueryEscape }},
		{"slash and blank", "trailing_slash+trimmed", func(s *specSender, _ *sentForm) {
			s.uri += "/"
			s.pairs = each(s.pairs, strings.TrimSpace)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			req := spoiled(tt.spoil)
			d := Explain(req, explainSecret, "", Clues{URLs: []string{"lti.uni.example", "http://10.0.0.1:9000"}})
			if d.Cause != tt.want || d.Valid != (tt.want == "") {
				t.Fatalf("Explain = %v %q: %s", d.Valid, d.Cause, d.Detail)
			}
			if !d.Valid && (d.Hint == "" || d.Detail == "") || d.BaseString == "" || d.Given == "" || d.Expected == "" {
				t.Errorf("Explain left a field empty: %+v", d)
			}
			if _, err := verifyAt(req, Credential{Secrets: []string{explainSecret}}, vectorTime); (err == nil) != d.Valid {
				t.Errorf("Verify says %v, Explain %v", err, d.Valid)
			}
		})
	}
}

func spoiled(spoil func(*specSender, *sentForm)) Request {
	query, body := explainPairs()
	f := &sentForm{
		method: "POST", url: "https://tool.example.org/lti/launch", query: query, body: body,
		raw: func(s string) string { return s }, signature: func(s string) string { return s },
	}
	s := newSpecSender("POST", f.url, explainSecret, slices.Concat(query, body))
	spoil(s, f)
	location, fragment, found := strings.Cut(f.url, "#")
	if found {
		fragment = "#" + fragment
	}
	sent := append(slices.Clone(f.body), [2]string{"oauth_signature", f.signature(s.sign())})
	return Request{
		Method: f.method, URL: location + "?" + specForm(f.query) + fragment,
		ContentType: "application/x-www-form-urlencoded", Body: []byte(f.raw(specForm(sent))),
	}
}

func lowerSpecEscapes(s string) string {
	parts := strings.Split(specEncode(s), "%")
	for i := 1; i < len(parts); i++ {
		parts[i] = strings.ToLower(parts[i][:2]) + parts[i][2:]
	}
	return strings.Join(parts, "%")
}

func TestExplainNamesTheBodyHashMistake(t *testing.T) {
	t.Parallel()
	body := []byte("<?xml version='1.0'?>\n<x/>")
	sum := sha1.Sum(body)
	tests := []struct {
		name, want, hash string
		present          bool
		sent             []byte
		contentType      string
	}{
		{"none", "", bodyHash(HMACSHA1, body), true, body, "application/xml"},
		{"edX's form type", "", bodyHash(HMACSHA1, body), true, body, "application/x-www-form-urlencoded"},
		{"missing", "body_hash_missing", "", false, body, "application/xml"},
		{"empty", "body_hash", "", true, body, "application/xml"},
		{"hexadecimal", "body_hash_hex", hex.EncodeToString(sum[:]), true, body, "application/xml"},
		{"base64 of hexadecimal", "body_hash_hex", base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(sum[:]))), true, body, "application/xml"},
		{"other hash", "body_hash_method", bodyHash(HMACSHA256, body), true, body, "application/xml"},
		{"no padding", "body_hash_encoding", strings.TrimRight(bodyHash(HMACSHA1, body), "="), true, body, "application/xml"},
		{"of nothing", "body_hash_empty", bodyHash(HMACSHA1, nil), true, body, "application/xml"},
		{"line break added", "body_line_breaks", bodyHash(HMACSHA1, body), true, append(bytes.Clone(body), '\n'), "application/xml"},
		{"CRLF sent", "body_line_breaks", bodyHash(HMACSHA1, body), true, bytes.ReplaceAll(body, []byte("\n"), []byte("\r\n")), "application/xml"},
		{"changed", "body_hash", bodyHash(HMACSHA1, body), true, []byte("<y/>"), "application/xml"},
		{"on a form", "body_hash_on_form", bodyHash(HMACSHA1, nil), true, []byte("a=b"), "application/x-www-form-urlencoded"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pairs := [][2]string{
				{"oauth_consumer_key", "key.one"}, {"oauth_nonce", "n-1"}, {"oauth_signature_method", "HMAC-SHA1"}, {"oauth_timestamp", "1700000000"},
			}
			if tt.present {
				pairs = append(pairs, [2]string{"oauth_body_hash", tt.hash})
			}
			signed := pairs
			if tt.contentType != "application/xml" && bytes.HasPrefix(tt.sent, []byte("a=")) {
				signed = append(slices.Clone(pairs), [2]string{"a", "b"})
			}
			signature := newSpecSender("POST", "https://lms.example.org/outcomes", explainSecret, signed).sign()
			req := Request{
				Method: "POST", URL: "https://lms.example.org/outcomes", ContentType: tt.contentType, Body: tt.sent,
				Authorization: []string{specHeader(append(slices.Clone(pairs), [2]string{"oauth_signature", signature}))},
			}
			d := Explain(req, explainSecret, "", Clues{})
			if d.Cause != tt.want || d.Valid != (tt.want == "") {
				t.Errorf("Explain = %v %q: %s", d.Valid, d.Cause, d.Detail)
			}
		})
	}
}

func specHeader(pairs [][2]string) string {
	var list []string
	for _, p := range pairs {
		list = append(list, specEncode(p[0])+`="`+specEncode(p[1])+`"`)
	}
	return "OAuth " + strings.Join(list, ", ")
}

func TestExplainNamesWhatParseRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, want string
		spoil      func(*Request)
	}{
		{"no nonce", "missing_parameter", func(r *Request) { r.Body = bytes.ReplaceAll(r.Body, []byte("oauth_nonce"), []byte("x")) }},
		{"no OAuth at all", "missing_parameter", func(r *Request) { r.Body = nil }},
		{"repeated", "repeated_parameter", func(r *Request) { r.Body = append(r.Body, "&oauth_nonce=2"...) }},
		{"in the query", "misplaced_parameter", func(r *Request) { r.URL += "&oauth_token=" }},
		{"version", "version", func(r *Request) { r.Body = bytes.ReplaceAll(r.Body, []byte("version=1.0"), []byte("version=2")) }},
		{"milliseconds", "timestamp_syntax", func(r *Request) { r.Body = bytes.ReplaceAll(r.Body, []byte("1700000000"), []byte("1700000000000")) }},
		{"multipart", "content_type", func(r *Request) { r.ContentType = "multipart/form-data; boundary=x" }},
		{"NUL", "malformed", func(r *Request) { r.Body = append(r.Body, "&a=%00"...) }},
		{"no URL", "malformed", func(r *Request) { r.URL = "" }},
		{"plain text", "signature_method", func(r *Request) { r.Body = bytes.ReplaceAll(r.Body, []byte("HMAC-SHA1"), []byte("PLAINTEXT")) }},
		{"too many", "too_large", func(r *Request) { r.Body = append(r.Body, strings.Repeat("&a=b", 501)...) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			req := spoiled(func(*specSender, *sentForm) {})
			tt.spoil(&req)
			if d := Explain(req, explainSecret, "", Clues{At: vectorTime}); d.Cause != tt.want || d.Valid || d.Hint == "" {
				t.Errorf("Explain = %+v, want cause %q", d, tt.want)
			}
		})
	}
}

func TestExplainJudgesTimeOnlyWhenTold(t *testing.T) {
	t.Parallel()
	req := spoiled(func(*specSender, *sentForm) {})
	for _, tt := range []struct {
		at   time.Time
		want string
	}{
		{time.Time{}, ""},
		{vectorTime.Add(300 * time.Second), ""},
		{vectorTime.Add(301 * time.Second), "timestamp_old"},
		{vectorTime.Add(-300 * time.Second), ""},
		{vectorTime.Add(-301 * time.Second), "timestamp_future"},
	} {
		d := Explain(req, explainSecret, "", Clues{At: tt.at})
		if d.Cause != tt.want || d.Valid != (tt.want == "") {
			t.Errorf("Explain at %v = %v %q", tt.at, d.Valid, d.Cause)
		}
		if strings.Contains(d.Detail, "time was not checked") != tt.at.IsZero() {
			t.Errorf("Explain at %v: detail %q", tt.at, d.Detail)
		}
	}
}

func TestExplainTriesBothSchemesOfARecordedRequest(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"http", "https"} {
		req := spoiled(func(s *specSender, _ *sentForm) { s.uri = scheme + "://tool.example.org/lti/launch" })
		req.URL = strings.TrimPrefix(req.URL, "https:")
		if d := Explain(req, explainSecret, "", Clues{}); !d.Valid {
			t.Errorf("Explain of a request signed over %s = %q: %s", scheme, d.Cause, d.Detail)
		}
	}
	req := spoiled(func(s *specSender, _ *sentForm) { s.uri = "http://tool.example.org/lti/launch/" })
	req.URL = strings.TrimPrefix(req.URL, "https:")
	if d := Explain(req, explainSecret, "", Clues{}); d.Cause != "trailing_slash" {
		t.Errorf("Explain = %q, want trailing_slash", d.Cause)
	}
}

func TestExplainKnowsTokenSecrets(t *testing.T) {
	t.Parallel()
	req := spoiled(func(s *specSender, _ *sentForm) { s.key += "tok%2B" })
	if d := Explain(req, explainSecret, "tok+", Clues{}); !d.Valid {
		t.Errorf("Explain with the token secret = %+v", d)
	}
	req = spoiled(func(*specSender, *sentForm) {})
	if d := Explain(req, explainSecret, "tok+", Clues{}); d.Cause != "token_secret" {
		t.Errorf("Explain with a token secret too many = %q", d.Cause)
	}
	if d := Explain(req, " "+explainSecret+"\n", "", Clues{}); d.Cause != "secret_blanks" {
		t.Errorf("Explain with stray blanks = %q", d.Cause)
	}
	if d := Explain(spoiled(func(s *specSender, _ *sentForm) { s.key = "&" }), "", "", Clues{}); d.Cause != "no_secret" || d.Valid {
		t.Errorf("Explain without a secret = %+v", d)
	}
}
