package oauth1

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// The attacks of this file are those that a student who holds one valid launch
// can try. Each was an accepted forgery, or a crash, with a well-known verifier.

const attackBase = "https://hub.example.org"

// attackForm is the student's own valid launch.
func attackForm(t *testing.T) Params {
	t.Helper()
	fields, err := testSigner("").SignForm(attackBase+"/lti/launch", Params{
		{"resource_link_id", "rl-7"}, {"roles", "Learner"}, {"user_id", "student"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return fields
}

// wantRefused fails unless the whole way from Parse to Verify refuses req.
func wantRefused(t *testing.T, req Request, want error) {
	t.Helper()
	v, err := verifyAt(req, vectorCredential(), vectorTime)
	if !errors.Is(err, want) {
		t.Errorf("error = %v, want %v", err, want)
	}
	if len(v.Params) != 0 {
		t.Errorf("a refused request gave parameters: %v", v.Params)
	}
}

func TestAttackATrueLaunchInQueryForgedBody(t *testing.T) {
	t.Parallel()
	forged := Params{{"user_id", "admin"}, {"roles", "urn:lti:sysrole:ims/lis/Administrator"}}
	signed := string(formBody(attackForm(t)))
	wantRefused(t, formRequest(attackBase+"/lti/launch?"+signed, forged), ErrMisplaced)
	// The same without any oauth_ parameter in the query.
	fields := attackForm(t)
	var query, body Params
	for _, f := range fields {
		if strings.HasPrefix(f.Name, "oauth_") {
			body = append(body, f)
		} else {
			query = append(query, f)
		}
	}
	moved := formRequest(attackBase+"/lti/launch?"+string(formBody(query)), append(body, forged...))
	wantRefused(t, moved, ErrSignature)
}

func TestAttackBTrueValueInQueryForgedInBody(t *testing.T) {
	t.Parallel()
	fields := attackForm(t)
	for i := range fields {
		if fields[i].Name == "roles" {
			fields[i].Value = "Instructor"
		}
	}
	wantRefused(t, formRequest(attackBase+"/lti/launch?roles=Learner", fields), ErrSignature)
}

func TestAttackCSecondValueAppended(t *testing.T) {
	t.Parallel()
	wantRefused(t, formRequest(attackBase+"/lti/launch", append(attackForm(t), Param{"roles", "Instructor"})), ErrSignature)
	wantRefused(t, formRequest(attackBase+"/lti/launch", append(Params{{"roles", "Instructor"}}, attackForm(t)...)), ErrSignature)
	wantRefused(t, formRequest(attackBase+"/lti/launch", append(attackForm(t), Param{"roles", "Learner"})), ErrSignature)
}

func TestAttackDQueryAppended(t *testing.T) {
	t.Parallel()
	wantRefused(t, formRequest(attackBase+"/lti/launch?custom_admin=1", attackForm(t)), ErrSignature)
	// A pair copied into the query is refused too, unless the body alone was signed.
	v, err := verifyAt(formRequest(attackBase+"/lti/launch?roles=Learner", attackForm(t)), vectorCredential(), vectorTime)
	if err != nil || v.Params.Count("roles") != 1 || !slices.Equal(v.Notes, []string{NoteCopiedQuery}) {
		t.Errorf("copied pair: %v, %v, want roles once and a note", v, err)
	}
	wantRefused(t, formRequest(attackBase+"/lti/launch?roles=Learner&roles=Learner", attackForm(t)), ErrSignature)
	wantRefused(t, formRequest(attackBase+"/lti/launch?roles=Learner&x", attackForm(t)), ErrSignature)
}

func TestAttackEBrokenAuthorizationHeader(t *testing.T) {
	t.Parallel()
	for _, header := range []string{
		"OAuth realm", "OAuth =", `OAuth ="x"`, `OAuth a="`, `OAuth a="b" c="d"`, `OAuth a b="c"`, `OAuth a="b\"`, "OAuth nonsense", `OAuth a=b"c`,
		`OAuth a="%zz"`, `OAuth a="%00"`, `OAuth a="%ff"`, "OAuth a=b c",
	} {
		req := formRequest(attackBase+"/lti/launch", attackForm(t))
		req.Authorization = []string{header}
		wantRefused(t, req, ErrMalformed)
	}
}

func TestAttackFChangedBody(t *testing.T) {
	t.Parallel()
	req := bodyVector()
	req.Body = bytes.ReplaceAll(req.Body, []byte("<x/>"), []byte("<y/>"))
	wantRefused(t, req, ErrBodyHash)
	// Nor does a form content type get a body by unsigned, or a hash that is not signed.
	req.ContentType = "application/x-www-form-urlencoded"
	wantRefused(t, req, ErrBodyHash)
	req = bodyVector()
	req.Authorization[0] = strings.Replace(req.Authorization[0], `oauth_body_hash="A3Y0xRwvsBq1gIaQbQRcempWZD0%3D",`, "", 1)
	wantRefused(t, req, ErrBodyHash)
}

func TestAttackGForwardedHeaders(t *testing.T) {
	t.Parallel()
	base, err := url.Parse(attackBase)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "http://evil.example/lti/launch", bytes.NewReader(formBody(attackForm(t))))
	r.Host = "evil.example"
	r.Header.Set("X-Forwarded-Proto", "http")
	r.Header.Set("X-Forwarded-Host", "evil.example")
	r.Header.Set("Forwarded", "host=evil.example;proto=http")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req, err := Read(r, base, MaxBody)
	if err != nil {
		t.Fatal(err)
	}
	if req.URL != attackBase+"/lti/launch" {
		t.Errorf("URL = %s", req.URL)
	}
	if _, err := verifyAt(req, vectorCredential(), vectorTime); err != nil {
		t.Errorf("Verify: %v", err)
	}
}

// TestAttackH covers what lies in one request; replays are the nonce store's.
func TestAttackHWeakProtocolParameters(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, field, value string
		want               error
	}{
		{"no nonce", "oauth_nonce", "", ErrMissing},
		{"version", "oauth_version", "1.1", ErrVersion},
		{"empty version", "oauth_version", "", ErrVersion},
		{"plain text", "oauth_signature_method", "PLAINTEXT", ErrMethod},
		{"RSA", "oauth_signature_method", "RSA-SHA1", ErrMethod},
		{"method not configured", "oauth_signature_method", "HMAC-SHA256", ErrMethod},
		{"13 digits", "oauth_timestamp", "1700000000000", ErrTimestampSyntax},
	} {
		query := [][2]string{
			{"oauth_consumer_key", "key.one"}, {"oauth_nonce", "n"}, {"oauth_timestamp", "1700000000"},
			{"oauth_signature_method", "HMAC-SHA1"}, {"oauth_version", "1.0"}, {"roles", "Learner"},
		}
		for i := range query {
			if query[i][0] == tt.field {
				query[i][1] = tt.value
			}
		}
		signature := newSpecSender("POST", attackBase+"/lti/launch", "s3cr&t", query).sign()
		body := specForm(append(query, [2]string{"oauth_signature", signature}))
		wantRefused(t, Request{Method: "POST", URL: attackBase + "/lti/launch", ContentType: "application/x-www-form-urlencoded", Body: []byte(body)}, tt.want)
	}
}

// TestAttackI is no attack: good requests that the same verifier refuses.
func TestAttackIGoodRequestsHold(t *testing.T) {
	t.Parallel()
	fields, err := testSigner("").SignForm("http://hub.example.org/lti/launch/a%20b%2Fc?tag=x&tag=&tag&e=+%20", Params{{"a", "1"}, {"a", "2"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, public := range []string{"http://hub.example.org", "http://HUB.Example.ORG:80", "HTTP://hub.example.org:80/"} {
		base, err := url.Parse(public)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", "/lti/launch/a%20b%2Fc?tag=x&tag=&tag&e=+%20", bytes.NewReader(formBody(fields)))
		r.Header.Set("Content-Type", `Application/X-WWW-Form-Urlencoded; charset="utf-8"`)
		req, err := Read(r, base, MaxBody)
		if err != nil {
			t.Fatal(err)
		}
		v, err := verifyAt(req, vectorCredential(), vectorTime)
		if err != nil || v.Params.Count("tag") != 3 || v.Params.Count("a") != 2 {
			t.Errorf("Verify under %s = %v, %v", public, v.Params, err)
		}
	}
}

func TestAttackSignatureSpareBits(t *testing.T) {
	t.Parallel()
	req := launchVector()
	if bytes.Count(req.Body, []byte("NAo2E%3D")) != 1 {
		t.Fatal("the vector has changed")
	}
	req.Body = bytes.ReplaceAll(req.Body, []byte("NAo2E%3D"), []byte("NAo2F%3D")) // decodes to the same bytes
	wantRefused(t, req, ErrSignature)
}

func TestAttackEmptySecret(t *testing.T) {
	t.Parallel()
	pairs := [][2]string{
		{"oauth_consumer_key", "key.one"}, {"oauth_nonce", "n"}, {"oauth_timestamp", "1700000000"}, {"oauth_signature_method", "HMAC-SHA1"},
	}
	signature := newSpecSender("POST", attackBase+"/", "", pairs).sign()
	req := Request{Method: "POST", URL: attackBase, ContentType: "application/x-www-form-urlencoded", Body: []byte(specForm(append(pairs, [2]string{"oauth_signature", signature})))}
	for _, secrets := range [][]string{nil, {""}, {"s3cr&t", ""}} {
		if _, err := verifyAt(req, Credential{Secrets: secrets}, vectorTime); !errors.Is(err, ErrSignature) {
			t.Errorf("Verify under %q: %v, want ErrSignature", secrets, err)
		}
	}
}
