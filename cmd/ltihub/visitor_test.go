package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// visitor is a small browser: it keeps cookies by host, follows redirects and
// posts the forms that it finds.
type visitor struct {
	t      testing.TB
	client *http.Client
}

func newVisitor(t testing.TB) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, client: &http.Client{Jar: jar, Timeout: patience}}
}

// screen is what the visitor sees at the end.
type screen struct {
	status int
	header http.Header
	url    *url.URL
	body   string
}

func (v *visitor) get(target string) screen {
	v.t.Helper()
	answer, err := v.client.Get(target)
	return v.see(answer, err)
}

func (v *visitor) post(action string, fields url.Values) screen {
	v.t.Helper()
	answer, err := v.client.PostForm(action, fields)
	return v.see(answer, err)
}

func (v *visitor) see(answer *http.Response, err error) screen {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return screen{answer.StatusCode, answer.Header, answer.Request.URL, string(body)}
}

// form reads the form with the id: where it goes and what it sends.
func (s screen) form(t testing.TB, id string) (action string, fields url.Values) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(s.body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Data != "form" || attribute(n, "id") != id {
			continue
		}
		to, err := s.url.Parse(attribute(n, "action"))
		if err != nil {
			t.Fatal(err)
		}
		return to.String(), inputs(n)
	}
	t.Fatalf("%s (%d) holds no form %q:\n%s", s.url, s.status, id, s.body)
	return "", nil
}

func inputs(form *html.Node) url.Values {
	fields := url.Values{}
	for n := range form.Descendants() {
		if n.Data == "input" && attribute(n, "name") != "" {
			fields.Add(attribute(n, "name"), attribute(n, "value"))
		}
	}
	return fields
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
