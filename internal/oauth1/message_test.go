package oauth1

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// shapeForm is a launch of which each test spoils one thing.
const shapeForm = "oauth_consumer_key=k&oauth_nonce=n&oauth_signature_method=HMAC-SHA1&oauth_timestamp=1700000000&oauth_signature=s&roles=Learner"

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	without := func(name string) string {
		var kept []string
		for pair := range strings.SplitSeq(shapeForm, "&") {
			if !strings.HasPrefix(pair, name+"=") {
				kept = append(kept, pair)
			}
		}
		return strings.Join(kept, "&")
	}
	with := func(name, value string) string { return without(name) + "&" + name + "=" + value }
	const form = "application/x-www-form-urlencoded"
	header := `OAuth oauth_consumer_key="k",oauth_nonce="n",oauth_signature_method="HMAC-SHA1",oauth_timestamp="1700000000",oauth_signature="s"`
	tests := []struct {
		name string
		req  Request
		want error
		says string // a word that the error must hold
	}{
		{"no key", Request{Body: []byte(without("oauth_consumer_key"))}, ErrMissing, "oauth_consumer_key"},
		{"empty key", Request{Body: []byte(with("oauth_consumer_key", ""))}, ErrMissing, "oauth_consumer_key"},
		{"no nonce", Request{Body: []byte(without("oauth_nonce"))}, ErrMissing, "oauth_nonce"},
		{"no method", Request{Body: []byte(without("oauth_signature_method"))}, ErrMissing, "oauth_signature_method"},
		{"no timestamp", Request{Body: []byte(without("oauth_timestamp"))}, ErrMissing, "oauth_timestamp"},
		{"no signature", Request{Body: []byte(without("oauth_signature"))}, ErrMissing, "oauth_signature"},
		{"empty signature", Request{Body: []byte(with("oauth_signature", ""))}, ErrMissing, "oauth_signature"},
		{"no body", Request{}, ErrMissing, "oauth_consumer_key"},
		{"long nonce", Request{Body: []byte(with("oauth_nonce", strings.Repeat("n", 256)))}, ErrMalformed, "oauth_nonce"},
		{"version", Request{Body: []byte(shapeForm + "&oauth_version=1.1")}, ErrVersion, "1.0"},
		{"empty version", Request{Body: []byte(shapeForm + "&oauth_version")}, ErrVersion, "1.0"},
		{"12 digits", Request{Body: []byte(with("oauth_timestamp", "170000000000"))}, ErrTimestampSyntax, "oauth_timestamp"},
		{"leading zero", Request{Body: []byte(with("oauth_timestamp", "01700000000"))}, ErrTimestampSyntax, ""},
		{"plus sign", Request{Body: []byte(with("oauth_timestamp", "%2B1700000000"))}, ErrTimestampSyntax, ""},
		{"negative", Request{Body: []byte(with("oauth_timestamp", "-1"))}, ErrTimestampSyntax, ""},
		{"exponent", Request{Body: []byte(with("oauth_timestamp", "1e9"))}, ErrTimestampSyntax, ""},
		{"fraction", Request{Body: []byte(with("oauth_timestamp", "1.5"))}, ErrTimestampSyntax, ""},
		{"blank", Request{Body: []byte(with("oauth_timestamp", "+1700000000"))}, ErrTimestampSyntax, ""},
		{"other digits", Request{Body: []byte(with("oauth_timestamp", "1%D9%A1"))}, ErrTimestampSyntax, ""},
		{"repeated", Request{Body: []byte(shapeForm + "&oauth_nonce=n")}, ErrRepeated, "oauth_nonce"},
		{"repeated signature", Request{Body: []byte(shapeForm + "&oauth_signature=x")}, ErrRepeated, "oauth_signature"},
		{"repeated, escaped", Request{Body: []byte(shapeForm + "&oauth%5Fnonce=n")}, ErrRepeated, "oauth_nonce"},
		{"in the query", Request{URL: "https://h/?oauth_callback=", Body: []byte(shapeForm)}, ErrMisplaced, "oauth_callback"},
		{"in header and body", Request{Authorization: []string{header}, Body: []byte("oauth_callback=x")}, ErrMisplaced, "oauth_callback"},
		{"in two headers", Request{Authorization: []string{header, header}}, ErrRepeated, "Authorization"},
		{"repeated in the header", Request{Authorization: []string{header + `,oauth_nonce="n"`}}, ErrRepeated, "oauth_nonce"},
		{"bad escape", Request{Body: []byte(shapeForm + "&user_id=%zz")}, ErrMalformed, "user_id"},
		{"cut escape", Request{Body: []byte(shapeForm + "&user_id=%4")}, ErrMalformed, "user_id"},
		{"bad escape in a name", Request{Body: []byte(shapeForm + "&%=1")}, ErrMalformed, "parameter 7"},
		{"NUL", Request{Body: []byte(shapeForm + "&user_id=a%00b")}, ErrMalformed, "user_id"},
		{"raw NUL", Request{Body: []byte(shapeForm + "&user_id=a\x00b")}, ErrMalformed, "user_id"},
		{"not UTF-8", Request{Body: []byte(shapeForm + "&user_id=%ff")}, ErrMalformed, "user_id"},
		{"raw and not UTF-8", Request{Body: []byte(shapeForm + "&user_id=\xe9")}, ErrMalformed, "user_id"},
		{"bad query", Request{URL: "https://h/?a=%", Body: []byte(shapeForm)}, ErrMalformed, "query"},
		{"too many", Request{Body: []byte(shapeForm + strings.Repeat("&a", 495))}, ErrTooLarge, "500"},
		{"multipart", Request{ContentType: "multipart/form-data; boundary=b", Body: []byte("--b")}, ErrContentType, "multipart"},
		{"no media type", Request{ContentType: "; charset=utf-8", Body: []byte(shapeForm)}, ErrContentType, ""},
		{"two media types", Request{ContentType: form + ", text/plain", Body: []byte(shapeForm)}, ErrContentType, ""},
		{"not a form", Request{ContentType: "text/plain", Body: []byte(shapeForm)}, ErrMissing, "oauth_consumer_key"},
		{"no method of HTTP", Request{Method: " ", Body: []byte(shapeForm)}, ErrMalformed, "method"},
		{"lower-case method", Request{Method: "post", Body: []byte(shapeForm)}, ErrMalformed, "method"},
		{"no host", Request{URL: "https:///x", Body: []byte(shapeForm)}, ErrMalformed, "host"},
		{"no scheme", Request{URL: "//h/x", Body: []byte(shapeForm)}, ErrMalformed, "absolute"},
		{"user in the URL", Request{URL: "https://u@h/x", Body: []byte(shapeForm)}, ErrMalformed, "host"},
		{"fragment", Request{URL: "https://h/x?a=b#&c=d", Body: []byte(shapeForm)}, ErrMalformed, "fragment"},
		{"blank in the URL", Request{URL: "https://h/x y", Body: []byte(shapeForm)}, ErrMalformed, "blank"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			req := tt.req
			if req.Method == "" {
				req.Method = "POST"
			}
			if req.URL == "" {
				req.URL = "https://h/"
			}
			if req.ContentType == "" {
				req.ContentType = form
			}
			m, err := Parse(req)
			if !errors.Is(err, tt.want) || m != nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("Parse = %v, %v, want %v with %q", m, err, tt.want, tt.says)
			}
		})
	}
}

func TestParseTakesWhatRealSendersSend(t *testing.T) {
	t.Parallel()
	const pairs = `oauth_consumer_key="k"%soauth_nonce="n"%[1]soauth_signature_method="HMAC-SHA1"%[1]soauth_timestamp="1700000000"%[1]soauth_signature="a/b%%2Bc+d%%3D"`
	for _, scheme := range []string{"OAuth ", "oauth ", "OAUTH   ", `OAuth realm="",`, `OAuth realm="http://lms.example.org/a,b", `, `OAuth Realm="a\"b" , `, "OAuth realm=x,"} {
		for _, comma := range []string{",", ", ", " ,\t", ",,"} {
			header := scheme + strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(pairs, "%[1]s", comma), "%s", comma), "%%", "%")
			m, err := Parse(Request{Method: "POST", URL: "https://h/x", ContentType: "application/xml", Authorization: []string{"Bearer t", header}, Body: []byte("<x/>")})
			if err != nil {
				t.Errorf("Parse(%s): %v", header, err)
				continue
			}
			if m.Key() != "k" || m.Nonce() != "n" || m.Method() != HMACSHA1 || !m.Timestamp().Equal(vectorTime) || m.signature != "a/b+c+d=" {
				t.Errorf("Parse(%s) = %+v", header, m)
			}
			if m.params.Count("realm") != 0 || string(m.PeekBody()) != "<x/>" {
				t.Errorf("Parse(%s): params %v", header, m.params)
			}
		}
	}
	m, err := Parse(Request{Method: "POST", URL: "https://h", ContentType: "application/x-www-form-urlencoded;charset=ISO-8859-1", Body: []byte("&&" + shapeForm + "&&=x&bare&a;b=1&")})
	if err != nil {
		t.Fatal(err)
	}
	if m.Peek("roles") != "Learner" || m.Peek("") != "x" || m.Peek("a;b") != "1" || m.params.Count("bare") != 1 || m.PeekBody() != nil {
		t.Errorf("Parse = %v", m.params)
	}
}

func TestParseLeavesTheBodyAlone(t *testing.T) {
	t.Parallel()
	req := launchVector()
	before := bytes.Clone(req.Body)
	m, err := Parse(req)
	if err != nil {
		t.Fatal(err)
	}
	req.Body[0] = 'X' // the message must not share the bytes it decoded
	if m.Key() != "key.one" || !bytes.Equal(before[1:], req.Body[1:]) {
		t.Errorf("Parse shares its input: key %q", m.Key())
	}
}
