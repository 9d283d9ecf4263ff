package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/ltihub/ltihub/internal/config"
	"github.com/ltihub/ltihub/internal/store/postgres/pgtest"
)

// mostNodes is up to how many nodes are compared with one.
const mostNodes = 3

// nodesURL is the public URL that the nodes of the benchmark share.
const nodesURL = "http://hub.example"

// spread sends requests to nodes in turn, as a proxy in front of them does.
type spread struct {
	nodes []string
	turn  atomic.Int64
	under *http.Transport
}

// CloseIdleConnections is what http.Client asks of a transport.
func (s *spread) CloseIdleConnections() { s.under.CloseIdleConnections() }

func (s *spread) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Host = s.nodes[int(s.turn.Add(1))%len(s.nodes)]
	return s.under.RoundTrip(r)
}

// benchNodes starts nodes on one new PostgreSQL with the settings, each with a
// pool of connections of its own, and returns one of them and the addresses of
// all. options are added to the database's address.
func benchNodes(b *testing.B, options string, settings ...string) (h *hub, addresses []string) {
	b.Helper()
	c, err := pgtest.Start(settings...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.Remove() })
	cfg, err := config.Load(config.Options{})
	if err != nil {
		b.Fatal(err)
	}
	cfg.Store, cfg.Data = config.Secret(c.Database(b)+options), b.TempDir()
	for range mostNodes {
		srv := httptest.NewUnstartedServer(nil)
		h = benchNode(b, cfg, nodesURL)
		srv.Config.Handler = h.server.Handler()
		srv.Start()
		b.Cleanup(srv.Close)
		addresses = append(addresses, srv.Listener.Addr().String())
	}
	return h, addresses
}

// BenchmarkLoadNodes measures launches and results at one, two and three nodes
// on one database, in turns: nodes-N-of-1 is the throughput of N nodes as a
// ratio to that of one. All run on this machine. With fast commits its
// processors are the limit, which more nodes do not widen; with commits that
// take 20 ms, as to a standby far away, and four connections a node, the
// nodes are.
func BenchmarkLoadNodes(b *testing.B) {
	b.Run("fast", func(b *testing.B) {
		h, addresses := benchNodes(b, "")
		loadNodes(b, h, addresses)
	})
	b.Run("slow", func(b *testing.B) {
		h, addresses := benchNodes(b, "&pool_max_conns=4", "commit_delay = 20000", "commit_siblings = 0")
		loadNodes(b, h, addresses)
	})
}

func loadNodes(b *testing.B, h *hub, addresses []string) {
	b.Helper()
	fire(b, nodesClient(addresses, 8), nodesURL, launchShots(b, nodesURL, benchUsers), 8, http.StatusSeeOther)
	ids := sourcedids(b, h)
	b.Run("launches", func(b *testing.B) {
		compareNodes(b, addresses, func(n int) []shot { return launchShots(b, nodesURL, n) }, http.StatusSeeOther)
	})
	b.Run("results", func(b *testing.B) {
		compareNodes(b, addresses, func(n int) []shot { return resultShots(b, ids, nodesURL, n) }, http.StatusOK)
	})
}

// How many requests are sent at a time, and in one volley.
const (
	nodesSenders = 32
	nodesVolley  = 400
)

// compareNodes lets one, two and three nodes take turns; the median ratio counts.
func compareNodes(b *testing.B, addresses []string, shots func(n int) []shot, want int) {
	b.Helper()
	var ones []float64
	ratios := make([][]float64, mostNodes+1)
	for b.Loop() {
		for range rounds {
			one := 0.0
			for n := 1; n <= mostNodes; n++ {
				client := nodesClient(addresses[:n], nodesSenders)
				rate, _ := fire(b, client, nodesURL, shots(nodesVolley), nodesSenders, want)
				client.CloseIdleConnections()
				if n == 1 {
					one = rate
					ones = append(ones, one)
				}
				ratios[n] = append(ratios[n], rate/one)
			}
		}
	}
	b.ReportMetric(median(ones), "node-1-req/s")
	for n := 2; n <= mostNodes; n++ {
		b.ReportMetric(median(ratios[n]), fmt.Sprintf("nodes-%d-of-1", n))
	}
	b.ReportMetric(0, "ns/op")
}

func nodesClient(addresses []string, c int) *http.Client {
	return &http.Client{
		Transport:     &spread{nodes: addresses, under: &http.Transport{MaxIdleConnsPerHost: c}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
