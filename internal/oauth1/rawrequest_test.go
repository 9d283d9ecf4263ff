package oauth1

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestReadRawReadsRecordings(t *testing.T) {
	t.Parallel()
	want := Request{Method: "POST", URL: "https://h.example/x?y", ContentType: "application/x-www-form-urlencoded", Body: []byte("a=b&c=d")}
	const form = "Content-Type: application/x-www-form-urlencoded\r\n"
	tests := []struct {
		name, text, url string
	}{
		{"absolute", "POST https://h.example/x?y HTTP/1.1\r\nHost: other\r\n" + form + "Content-Length: 7\r\n\r\na=b&c=d", want.URL},
		{"origin form", "POST /x?y HTTP/1.1\r\nhost:h.example\r\n" + form + "\r\na=b&c=d", "//h.example/x?y"},
		{"LF, line break at the end", "POST https://h.example/x?y HTTP/1.1\n" + strings.ReplaceAll(form, "\r", "") + "\na=b&c=d\n", want.URL},
		{"CRLF at the end", "\r\nPOST https://h.example/x?y\r\n" + form + "\r\na=b&c=d\r\n", want.URL},
		{"longer than announced", "POST https://h.example/x?y HTTP/1.1\r\n" + form + "Content-Length: 7\r\n\r\na=b&c=d\r\n\r\n", want.URL},
		{"shorter than announced", "POST https://h.example/x?y HTTP/1.1\r\n" + form + "Content-Length: 70\r\n\r\na=b&c=d", want.URL},
		{"chunked", "POST https://h.example/x?y HTTP/1.1\r\n" + form + "Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n4\r\n&c=d\r\n0\r\n\r\n", want.URL},
		{"byte order mark", "\ufeffPOST https://h.example/x?y HTTP/1.1\r\nContent-Type:\r\n application/x-www-form-urlencoded\r\n\r\na=b&c=d", want.URL},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadRaw([]byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if got.Method != want.Method || got.URL != tt.url || trimSpace(got.ContentType) != want.ContentType || string(got.Body) != string(want.Body) || got.Authorization != nil {
				t.Errorf("ReadRaw = %+v", got)
			}
		})
	}
}

func TestReadRawRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       error
	}{
		{"nothing", "", ErrMalformed},
		{"no request line", "hello", ErrMalformed},
		{"a response", "HTTP/1.1 200 OK\r\n\r\n", ErrMalformed},
		{"no host", "POST /x HTTP/1.1\r\n\r\n", ErrMalformed},
		{"two hosts", "POST /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", ErrMalformed},
		{"bad host", "POST /x HTTP/1.1\r\nHost: a b\r\n\r\n", ErrMalformed},
		{"other scheme", "POST ftp://h/ HTTP/1.1\r\n\r\n", ErrMalformed},
		{"nameless header", "POST http://h/ HTTP/1.1\r\nhello\r\n\r\n", ErrMalformed},
		{"bad length", "POST http://h/ HTTP/1.1\r\nContent-Length: -1\r\n\r\n", ErrMalformed},
		{"bad chunks", "POST http://h/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz", ErrMalformed},
		{"other coding", "POST http://h/ HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", ErrEncoding},
		{"gzip", "POST http://h/ HTTP/1.1\r\nContent-Encoding: gzip\r\n\r\n", ErrEncoding},
		{"two types", "POST http://h/ HTTP/1.1\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n\r\n", ErrContentType},
		{"huge", "POST http://h/ HTTP/1.1\r\n\r\n" + strings.Repeat("x", maxRaw), ErrTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if req, err := ReadRaw([]byte(tt.text)); !errors.Is(err, tt.want) {
				t.Errorf("ReadRaw = %+v, %v, want %v", req, err, tt.want)
			}
		})
	}
}

// TestReadRawAgreesWithRead holds a recording against what a server reads.
func TestReadRawAgreesWithRead(t *testing.T) {
	t.Parallel()
	vector := launchVector()
	text := "POST /lti/launch?mode=a%20b&tag=x&tag= HTTP/1.1\r\nHost: tool.example.org\r\nContent-Type: " + vector.ContentType + "\r\n\r\n" + string(vector.Body)
	req, err := ReadRaw([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if d := Explain(req, "s3cr&t", "", Clues{At: vectorTime}); !d.Valid {
		t.Errorf("Explain = %+v", d)
	}
	r := httptest.NewRequest("POST", "/lti/launch?mode=a%20b&tag=x&tag=", strings.NewReader(string(req.Body)))
	if sentURI(r) != strings.TrimPrefix(req.URL, "//tool.example.org") {
		t.Errorf("ReadRaw URL = %s, Read sees %s", req.URL, sentURI(r))
	}
}
