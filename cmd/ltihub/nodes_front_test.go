package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"sync/atomic"
	"testing"
)

// front is a reverse proxy before several nodes, which does what configs/nodes
// tells nginx and HAProxy to do: nodes take turns, and a request goes to the next
// one only if the first could not be connected to.
type front struct {
	nodes []string // host:port of each
	turn  atomic.Int64
	// passed counts requests that went on to the next node.
	passed atomic.Int64
	nodeTo http.Transport
}

// newFront starts the proxy and returns it with its address.
func newFront(t testing.TB, nodes ...string) (f *front, address string) {
	t.Helper()
	f = &front{nodes: nodes, nodeTo: http.Transport{DisableKeepAlives: true}}
	srv := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.Host = "http", r.In.Host },
		Transport:    f,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	})
	t.Cleanup(srv.Close)
	return f, strings.TrimPrefix(srv.URL, "http://")
}

// RoundTrip sends the request to the node whose turn it is.
func (f *front) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	first := f.turn.Add(1)
	for i := range f.nodes {
		to := r.Clone(r.Context())
		to.URL.Host = f.nodes[(int(first)+i)%len(f.nodes)]
		to.Body = io.NopCloser(bytes.NewReader(body))
		var answer *http.Response
		answer, err = f.nodeTo.RoundTrip(to)
		if unreached := new(net.OpError); err == nil || !errors.As(err, &unreached) || unreached.Op != "dial" {
			return answer, err
		}
		f.passed.Add(1)
	}
	return nil, err
}
