package egress_test

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/egress"
)

func serve(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func local(o egress.Options) *egress.Client {
	o.AllowCIDRs = cidrs("127.0.0.0/8")
	return egress.New(o)
}

func TestDoSendsAndReads(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, strings.Join([]string{r.Method, r.URL.RequestURI(), string(body),
			r.Header.Get("Authorization"), r.UserAgent(), r.Header.Get("Accept-Encoding")}, "|"))
	})
	req := request(t, http.MethodPost, url+"/a%2Fb?c=d", "score")
	req.Header.Set("Authorization", "OAuth x")
	got, err := local(egress.Options{UserAgent: "ltihub/1.2"}).Do(t.Context(), req)
	if err != nil {
		t.Fatalf("Do: %v", err)
	}
	if want := "POST|/a%2Fb?c=d|score|OAuth x|ltihub/1.2|"; string(got.Body) != want || got.Status != 422 || got.Header.Get("Content-Type") != "application/xml" {
		t.Errorf("Do = %d %v %q, want 422 and %q", got.Status, got.Header, got.Body, want)
	}
	if req.Header.Get("User-Agent") != "" {
		t.Error("Do changed the caller's request")
	}
}

func TestDoKeepsNoCookies(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "1", Path: "/"})
		_, _ = io.WriteString(w, r.Header.Get("Cookie"))
	})
	c := local(egress.Options{})
	for range 2 {
		if got, err := get(t, c, url); err != nil || len(got.Body) != 0 {
			t.Errorf("Do = %q, %v, want no cookie", got.Body, err)
		}
	}
}

func TestDoBoundsTheAnswer(t *testing.T) {
	t.Parallel()
	const limit = 1000
	endless := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	}
	tests := []struct {
		name    string
		handler http.HandlerFunc
		ok      bool
	}{
		{"just fits", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, limit)) }, true},
		{"just fits in chunks", func(w http.ResponseWriter, _ *http.Request) { chunks(w, limit) }, true},
		{"one more", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, limit+1)) }, false},
		{"one more in chunks", func(w http.ResponseWriter, _ *http.Request) { chunks(w, limit+1) }, false},
		{"claims 10 GB", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "10000000000") }, false},
		{"never ends", endless, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := get(t, local(egress.Options{MaxBody: limit}), serve(t, tt.handler))
			if tt.ok && (err != nil || len(got.Body) != limit) {
				t.Errorf("Do = %d bytes, %v, want %d", len(got.Body), err, limit)
			}
			if !tt.ok && (!errors.Is(err, egress.ErrTooLarge) || got.Body != nil) {
				t.Errorf("Do = %d bytes, %v, want ErrTooLarge", len(got.Body), err)
			}
		})
	}
}

func chunks(w http.ResponseWriter, n int) {
	for range n {
		_, _ = w.Write([]byte("x")) // an error ends the client's part of the test
		_ = http.NewResponseController(w).Flush()
	}
}

func TestDoRefusesLongHeader(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for i := range 100 {
			w.Header().Set("X-"+strconv.Itoa(i), strings.Repeat("x", 1000))
		}
	})
	if _, err := get(t, local(egress.Options{}), url); err == nil {
		t.Error("Do took a header of 100 kB")
	}
}

func TestDoNeverUnpacks(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write(make([]byte, 8<<20)) // into memory
	_ = z.Close()
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb.Bytes())
	})
	got, err := get(t, local(egress.Options{}), url)
	if err != nil || !bytes.Equal(got.Body, bomb.Bytes()) {
		t.Errorf("Do = %d bytes, %v, want the %d packed ones", len(got.Body), err, bomb.Len())
	}
}

func TestStreamHasItsOwnLimits(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { chunks(w, 3000) })
	c := local(egress.Options{MaxBody: 1000})
	count := func(limit int64) (n int64, err error) {
		err = c.Stream(t.Context(), request(t, http.MethodGet, url, ""), egress.Limits{MaxBody: limit}, func(answer egress.Response, body io.Reader) error {
			if answer.Status != http.StatusOK || answer.Body != nil {
				t.Errorf("Stream gives %+v", answer)
			}
			n, err = io.Copy(io.Discard, body)
			return err
		})
		return n, err
	}
	if n, err := count(3000); n != 3000 || err != nil {
		t.Errorf("Stream = %d, %v, want 3000", n, err)
	}
	if n, err := count(0); n != 1000 || !errors.Is(err, egress.ErrTooLarge) {
		t.Errorf("Stream = %d, %v, want 1000 and ErrTooLarge", n, err)
	}
	halt := errors.New("halt")
	err := c.Stream(t.Context(), request(t, http.MethodGet, url, ""), egress.Limits{}, func(egress.Response, io.Reader) error { return halt })
	if !errors.Is(err, halt) {
		t.Errorf("Stream error = %v, want the reader's", err)
	}
}

func TestTLSIsVerified(t *testing.T) {
	t.Parallel()
	quiet := log.New(io.Discard, "", 0)
	start := func(config *tls.Config) *httptest.Server {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		server.TLS, server.Config.ErrorLog = config, quiet
		server.StartTLS()
		t.Cleanup(server.Close)
		return server
	}
	modern, old := start(nil), start(&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
	pool := x509.NewCertPool()
	pool.AddCert(modern.Certificate())
	pool.AddCert(old.Certificate())
	trusting := local(egress.Options{RootCAs: pool, Resolver: loopback(t)})
	if _, err := get(t, trusting, modern.URL); err != nil {
		t.Errorf("Do: %v", err)
	}
	var unknown x509.UnknownAuthorityError
	if _, err := get(t, local(egress.Options{}), modern.URL); !errors.As(err, &unknown) {
		t.Errorf("Do error = %v, want an unknown authority", err)
	}
	var wrongName x509.HostnameError
	if _, err := get(t, trusting, strings.Replace(modern.URL, "127.0.0.1", "other.example.", 1)); !errors.As(err, &wrongName) {
		t.Errorf("Do error = %v, want another host's certificate", err)
	}
	if _, err := get(t, trusting, old.URL); err == nil {
		t.Error("Do spoke TLS 1.1")
	}
}
