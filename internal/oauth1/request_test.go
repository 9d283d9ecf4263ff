package oauth1

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestReadKeepsThePathAsSent(t *testing.T) {
	t.Parallel()
	tests := []struct{ base, sent, want string }{
		{"https://hub.example.org", "/lti/launch", "https://hub.example.org/lti/launch"},
		{"https://hub.example.org/", "/", "https://hub.example.org/"},
		{"https://hub.example.org:8443", "/a%2Fb%7e/../c?x=%20+&y", "https://hub.example.org:8443/a%2Fb%7e/../c?x=%20+&y"},
		{"https://hub.example.org", "/a?", "https://hub.example.org/a?"},
		{"https://hub.example.org", "//a", "https://hub.example.org//a"},
		{"https://hub.example.org", "http://other.example:99/a?b", "https://hub.example.org/a?b"},
		{"https://hub.example.org", "http://other.example", "https://hub.example.org/"},
		{"https://hub.example.org", "/a?u=http://x/", "https://hub.example.org/a?u=http://x/"},
		{"https://hub.example.org/hub", "/lti/launch", "https://hub.example.org/hub/lti/launch"}, // the proxy cut the prefix
		{"https://hub.example.org/hub/", "/hub/lti/launch", "https://hub.example.org/hub/lti/launch"},
	}
	for _, tt := range tests {
		base, err := url.Parse(tt.base)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", "/", nil)
		r.RequestURI = tt.sent
		req, err := Read(r, base, MaxBody)
		if err != nil || req.URL != tt.want {
			t.Errorf("Read(%s) under %s = %s, %v, want %s", tt.sent, tt.base, req.URL, err, tt.want)
		}
	}
}

func TestReadWorksOnTheWire(t *testing.T) {
	t.Parallel()
	header, err := testSigner("").SignBody("POST", "http://hub.example.org/caf%C3%A9/%41?q=%20+", []byte("<x/>"))
	if err != nil {
		t.Fatal(err)
	}
	verdict := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		req, err := Read(r, &url.URL{Scheme: "http", Host: "hub.example.org"}, MaxBody)
		if err == nil {
			_, err = verifyAt(req, vectorCredential(), vectorTime)
		}
		verdict <- err
	}))
	t.Cleanup(server.Close)
	r, err := http.NewRequest("POST", server.URL+"/caf%C3%A9/%41?q=%20+", strings.NewReader("<x/>"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/xml")
	r.Header.Set("Authorization", header)
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-verdict; err != nil {
		t.Errorf("Verify: %v", err)
	}
}

// brokenBody ends with an error.
type brokenBody struct{ err error }

func (b brokenBody) Read([]byte) (int, error) { return 0, b.err }
func (b brokenBody) Close() error             { return nil }

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	base := &url.URL{Scheme: "https", Host: "hub.example.org"}
	tests := []struct {
		name  string
		spoil func(*http.Request)
		want  error
	}{
		{"nothing", func(*http.Request) {}, nil},
		{"identity", func(r *http.Request) { r.Header.Set("Content-Encoding", "Identity") }, nil},
		{"no body", func(r *http.Request) { r.Body, r.ContentLength = nil, 0 }, nil},
		{"unknown length", func(r *http.Request) { r.ContentLength = -1 }, nil},
		{"gzip", func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }, ErrEncoding},
		{"two content types", func(r *http.Request) { r.Header["Content-Type"] = []string{"a/b", "a/b"} }, ErrContentType},
		{"too long", func(r *http.Request) { r.Body, r.ContentLength = body(17), 17 }, ErrTooLarge},
		{"too long, not announced", func(r *http.Request) { r.Body, r.ContentLength = body(17), -1 }, ErrTooLarge},
		{"just long enough", func(r *http.Request) { r.Body, r.ContentLength = body(16), -1 }, nil},
		{"shorter than announced", func(r *http.Request) { r.Body, r.ContentLength = body(3), 4 }, io.ErrUnexpectedEOF},
		{"cut by the server", func(r *http.Request) { r.Body, r.ContentLength = brokenBody{&http.MaxBytesError{Limit: 4}}, -1 }, ErrTooLarge},
		{"broken", func(r *http.Request) { r.Body, r.ContentLength = brokenBody{io.ErrClosedPipe}, -1 }, io.ErrClosedPipe},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("POST", "/lti/launch", strings.NewReader("a=b"))
			tt.spoil(r)
			if _, err := Read(r, base, 16); !errors.Is(err, tt.want) {
				t.Errorf("Read: %v, want %v", err, tt.want)
			}
		})
	}
}

func body(n int) io.ReadCloser { return io.NopCloser(bytes.NewReader(make([]byte, n))) }
