package oauth1

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// signedRequest is a random request, signed by specSender, and what it says.
type signedRequest struct {
	req    Request
	signed Params // sorted
}

func sortedParams(p Params) Params {
	p = slices.Clone(p)
	slices.SortFunc(p, func(a, b Param) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value))
	})
	return p
}

// textGen draws names and values with what senders stumble over.
func textGen() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", " ", "+", "%", "%20", "~", "*", "&", "=", "a=b&c", "\r\n", "é", "🙂", "roles", "a", "A", "key", "key2", "'()!"}),
		rapid.StringMatching(`[ -~]{0,12}`),
		rapid.String(),
	).Filter(func(s string) bool {
		return utf8.ValidString(s) && !strings.Contains(s, "\x00") && !strings.HasPrefix(s, "oauth_")
	})
}

func pairsGen(least int) *rapid.Generator[[][2]string] {
	pair := rapid.Custom(func(t *rapid.T) [2]string {
		return [2]string{textGen().Draw(t, "name"), textGen().Draw(t, "value")}
	})
	return rapid.SliceOfN(pair, least, 8)
}

func requestGen() *rapid.Generator[signedRequest] {
	return rapid.Custom(func(t *rapid.T) signedRequest {
		query, body := pairsGen(0).Draw(t, "query"), pairsGen(0).Draw(t, "body")
		method := rapid.SampledFrom([]string{HMACSHA1, HMACSHA256}).Draw(t, "method")
		inHeader := rapid.Bool().Draw(t, "header")
		protocol := [][2]string{
			{"oauth_consumer_key", "key.one"}, {"oauth_nonce", rapid.StringMatching(`[ -~]{1,40}`).Draw(t, "nonce")},
			{"oauth_signature_method", method}, {"oauth_timestamp", "1700000000"},
		}
		if rapid.Bool().Draw(t, "version") {
			protocol = append(protocol, [2]string{"oauth_version", "1.0"})
		}
		path := rapid.SampledFrom([]string{"", "/", "/lti/launch", "/a%20b/%7e", "/A//b/"}).Draw(t, "path")
		where := rapid.SampledFrom([][2]string{
			{"https://Tool.Example.org", "https://tool.example.org"},
			{"HTTP://tool.example.org:80", "http://tool.example.org"},
			{"http://tool.example.org:8080", "http://tool.example.org:8080"},
			{"https://[2001:DB8::1]:443", "https://[2001:db8::1]"},
		}).Draw(t, "host")
		all := slices.Concat(query, body, protocol)
		s := newSpecSender("POST", where[1]+cmp.Or(path, "/"), "s3cr&t", all)
		s.sha256 = method == HMACSHA256
		protocol = append(protocol, [2]string{"oauth_signature", s.sign()})
		r := signedRequest{req: Request{Method: "POST", URL: where[0] + path, ContentType: "application/x-www-form-urlencoded"}}
		if len(query) > 0 {
			r.req.URL += "?" + specForm(query)
		}
		if inHeader {
			r.req.Authorization = []string{specHeader(protocol)}
		} else {
			body = slices.Concat(body, protocol)
		}
		r.req.Body = []byte(specForm(body))
		for _, p := range all {
			r.signed = append(r.signed, Param{p[0], p[1]})
		}
		r.signed = sortedParams(r.signed)
		return r
	})
}

func bothMethods() Credential {
	return Credential{Secrets: []string{"s3cr&t"}, Methods: []string{HMACSHA1, HMACSHA256}}
}

func TestPropertyWhatWasSignedHoldsAndComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := requestGen().Draw(t, "request")
		v, err := verifyAt(r.req, bothMethods(), vectorTime)
		if err != nil {
			t.Fatalf("Verify: %v", err)
		}
		if got := sortedParams(v.Params); !slices.Equal(got, r.signed) {
			t.Fatalf("Params = %v, signed %v", got, r.signed)
		}
		if d := Explain(r.req, "s3cr&t", "", Clues{At: vectorTime}); !d.Valid {
			t.Fatalf("Explain = %q: %s", d.Cause, d.Detail)
		}
	})
}

// TestPropertyNothingUnsignedIsAccepted spoils a request anywhere: it is refused,
// or what it says is still exactly what was signed (an escape in lower case, a
// pair of the body copied into the query).
func TestPropertyNothingUnsignedIsAccepted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := requestGen().Draw(t, "request")
		spoilt := spoil(t, r.req)
		v, err := verifyAt(spoilt, bothMethods(), vectorTime)
		if err != nil {
			if len(v.Params) > 0 {
				t.Fatalf("a refused request gave %v", v.Params)
			}
			return
		}
		if got := sortedParams(v.Params); !slices.Equal(got, r.signed) {
			t.Fatalf("accepted %+v\nwith %v\nsigned %v", spoilt, got, r.signed)
		}
	})
}

// spoil changes one thing.
func spoil(t *rapid.T, req Request) Request {
	req.Body = slices.Clone(req.Body)
	pair := specForm(pairsGen(1).Draw(t, "pairs")[:1])
	switch kind := rapid.IntRange(0, 8).Draw(t, "kind"); kind {
	case 0, 1:
		if len(req.Body) > 0 {
			i := rapid.IntRange(0, len(req.Body)-1).Draw(t, "at")
			req.Body[i] ^= byte(1 << rapid.IntRange(0, 7).Draw(t, "bit"))
		}
	case 2:
		i := rapid.IntRange(0, len(req.URL)-1).Draw(t, "at")
		req.URL = req.URL[:i] + string(rapid.Byte().Draw(t, "byte")) + req.URL[i+1:]
	case 3:
		req.Body = append([]byte(pair+"&"), req.Body...)
	case 4:
		req.Body = append(req.Body, "&"+pair...)
	case 5:
		req.URL += map[bool]string{true: "&", false: "?"}[strings.Contains(req.URL, "?")] + pair
	case 6:
		pairs := strings.Split(string(req.Body), "&")
		i := rapid.IntRange(0, len(pairs)-1).Draw(t, "at")
		req.Body = []byte(strings.Join(slices.Delete(pairs, i, i+1), "&"))
	case 7:
		pairs := strings.Split(string(req.Body), "&")
		i := rapid.IntRange(0, len(pairs)-1).Draw(t, "at")
		if where, query, ok := strings.Cut(req.URL, "?"); ok && rapid.Bool().Draw(t, "replace") {
			req.URL = where + "?" + query + "&" + pairs[i]
		} else {
			req.URL = where + "?" + pairs[i]
		}
	default:
		if len(req.Authorization) == 1 {
			header := []byte(req.Authorization[0])
			header[rapid.IntRange(0, len(header)-1).Draw(t, "at")] ^= byte(1 << rapid.IntRange(0, 7).Draw(t, "bit"))
			req.Authorization = []string{string(header)}
		} else {
			req.Authorization = []string{`OAuth ` + url.QueryEscape(textGen().Draw(t, "name")) + `="` + strconv.Itoa(kind) + `"`}
		}
	}
	return req
}

func TestPropertyOrderIsThatOfTheEncodedTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		got := compareEncoded(a, b)
		if want := strings.Compare(specEncode(a), specEncode(b)); cmp.Compare(got, 0) != want {
			t.Fatalf("compareEncoded(%q, %q) = %d, want %d", a, b, got, want)
		}
	})
}

func TestPropertySignFormHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var params Params
		for _, p := range pairsGen(0).Draw(t, "params") {
			if p[0] != "" {
				params = append(params, Param{p[0], p[1]})
			}
		}
		target := "https://tool.example.org/launch"
		if query := specForm(pairsGen(0).Draw(t, "query")); query != "" {
			target += "?" + query
		}
		fields, err := testSigner(HMACSHA256).SignForm(target, params)
		if err != nil {
			t.Fatalf("SignForm: %v", err)
		}
		if _, err := verifyAt(formRequest(target, fields), bothMethods(), vectorTime); err != nil {
			t.Fatalf("Verify: %v", err)
		}
	})
}
