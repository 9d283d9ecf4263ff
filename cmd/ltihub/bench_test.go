package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/internal/config"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
)

// benchUsers are the returning users of the benchmarks.
const benchUsers = 200

const benchManifest = `
version: 1
domains: [{id: uni}]
tool_consumers:
  - {domain: uni, id: campus, name: Campus, key: lms-key, secret: lms-secret, nonce_lifetime: 30m}
tools:
  - {domain: uni, id: quizzer, name: Quizzer, url: "http://127.0.0.1:9000/lti", key: tool-key, secret: tool-secret, nonce_lifetime: 30m}
courses:
  - domain: uni
    id: phys101
    title: Physics 101
    links:
      - {id: quiz1, tool: quizzer, title: Quiz 1, points: 10}
`

// benchHub is a hub on a real file, without its delivery loop: what is measured
// is what a browser or tool waits for.
func benchHub(b *testing.B) (*hub, *httptest.Server) {
	b.Helper()
	cfg, err := config.Load(config.Options{})
	if err != nil {
		b.Fatal(err)
	}
	cfg.Data = b.TempDir()
	srv := httptest.NewUnstartedServer(nil)
	h := benchNode(b, cfg, "http://"+srv.Listener.Addr().String())
	srv.Config.Handler = h.server.Handler()
	srv.Start()
	b.Cleanup(srv.Close)
	return h, srv
}

// benchNode wires a hub on the configured store and gives it the manifest.
func benchNode(b *testing.B, cfg config.Config, public string) *hub {
	b.Helper()
	engine, err := openStore(b.Context(), cfg, now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = engine.Close() })
	v, err := openVault(context.Background(), cfg, engine)
	if err != nil {
		b.Fatal(err)
	}
	h, err := wire(cfg, engine, v, public, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := h.applyManifest(context.Background(), []byte(benchManifest), "benchmark"); err != nil {
		b.Fatal(err)
	}
	return h
}

// bare is the yardstick: a chi handler that parses the same form, or reads the
// same XML, keeps nothing and answers 303.
func bare(b *testing.B) *httptest.Server {
	b.Helper()
	r := chi.NewRouter()
	r.Post("/lti/launch/{domain}/{course}/l/{link}", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		form, err := url.ParseQuery(string(body))
		if err != nil || form.Get("user_id") == "" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, "/courses/uni/phys101/l/quiz1", http.StatusSeeOther)
	})
	r.Post("/service/passback", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			_, err = outcome.ParseRequest(body)
		}
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, "/done", http.StatusSeeOther)
	})
	srv := httptest.NewServer(r)
	b.Cleanup(srv.Close)
	return srv
}

// shot is one request, signed before the clock starts.
type shot struct {
	path, contentType, authorization string
	body                             []byte
}

func launchShots(b *testing.B, base string, n int) []shot {
	b.Helper()
	const path = "/lti/launch/uni/phys101/l/quiz1"
	signer := oauth1.Signer{Key: "lms-key", Secret: "lms-secret", Now: now}
	shots := make([]shot, n)
	for i := range shots {
		user := i % benchUsers
		signed, err := signer.SignForm(base+path, launchParams(user))
		if err != nil {
			b.Fatal(err)
		}
		form := url.Values{}
		for _, p := range signed {
			form.Add(p.Name, p.Value)
		}
		shots[i] = shot{path: path, contentType: "application/x-www-form-urlencoded", body: []byte(form.Encode())}
	}
	return shots
}

// launchParams is a launch of some thirty parameters, as LMSs send them.
func launchParams(user int) oauth1.Params {
	id := fmt.Sprintf("user-%04d", user)
	return oauth1.Params{
		{Name: "lti_message_type", Value: "basic-lti-launch-request"}, {Name: "lti_version", Value: "LTI-1p0"},
		{Name: "resource_link_id", Value: "rl-quiz-1"}, {Name: "resource_link_title", Value: "Quiz 1: Motion"},
		{Name: "resource_link_description", Value: "A short quiz on motion along a line."},
		{Name: "user_id", Value: id}, {Name: "roles", Value: "Learner,urn:lti:instrole:ims/lis/Student"},
		{Name: "lis_person_sourcedid", Value: id}, {Name: "lis_person_name_given", Value: "Ada"},
		{Name: "lis_person_name_family", Value: "Moss"}, {Name: "lis_person_name_full", Value: "Ada Moss"},
		{Name: "lis_person_contact_email_primary", Value: id + "@uni.example"},
		{Name: "lis_result_sourcedid", Value: "cell-" + id}, {Name: "lis_outcome_service_url", Value: "http://127.0.0.1:9/outcomes"},
		{Name: "context_id", Value: "ctx-phys-101"}, {Name: "context_type", Value: "CourseSection"},
		{Name: "context_title", Value: "Physics 101"}, {Name: "context_label", Value: "PHYS101"},
		{Name: "launch_presentation_locale", Value: "en-GB"}, {Name: "launch_presentation_document_target", Value: "iframe"},
		{Name: "launch_presentation_return_url", Value: "https://lms.example/return"},
		{Name: "tool_consumer_info_product_family_code", Value: "moodle"}, {Name: "tool_consumer_info_version", Value: "2024100700"},
		{Name: "tool_consumer_instance_guid", Value: "lms.example"}, {Name: "tool_consumer_instance_name", Value: "Campus"},
	}
}

// sourcedids are the ids that the tool is handed for the users' cells.
func sourcedids(b *testing.B, h *hub) []string {
	b.Helper()
	ids := make([]string, benchUsers)
	for user := range ids {
		ids[user] = sourcedidOf(b, h, user)
	}
	return ids
}

func resultShots(b *testing.B, ids []string, base string, n int) []shot {
	b.Helper()
	signer := oauth1.Signer{Key: "tool-key", Secret: "tool-secret", Now: now}
	shots := make([]shot, n)
	for i := range shots {
		body := outcome.BuildRequest(outcome.Request{
			Operation: outcome.Replace, MessageID: fmt.Sprintf("m-%d", i), SourcedID: ids[i%len(ids)],
			HasScore: true, ScoreText: lti.FormatScore(float64(i%100) / 100),
		})
		header, err := signer.SignBody(http.MethodPost, base+"/service/passback", body)
		if err != nil {
			b.Fatal(err)
		}
		shots[i] = shot{path: "/service/passback", contentType: "application/xml", authorization: header, body: body}
	}
	return shots
}

// fire sends shots over c connections and returns how many were answered with
// want each second, and the time within which 99 of 100 were.
func fire(b *testing.B, client *http.Client, base string, shots []shot, c, want int) (rate float64, p99 time.Duration) {
	b.Helper()
	var next, failed atomic.Int64
	took := make([]time.Duration, len(shots))
	start := time.Now()
	var group sync.WaitGroup
	for range c {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(shots)); i = next.Add(1) - 1 {
				begin := time.Now()
				if status, err := shots[i].send(client, base); err != nil || status != want {
					failed.Add(1)
				}
				took[i] = time.Since(begin)
			}
		})
	}
	group.Wait()
	elapsed := time.Since(start)
	if n := failed.Load(); n > 0 {
		b.Fatalf("%d of %d requests to %s were not answered with %d", n, len(shots), base, want)
	}
	slices.Sort(took)
	return float64(len(shots)) / elapsed.Seconds(), took[len(took)*99/100]
}

func (s shot) send(client *http.Client, base string) (int, error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, base+s.path, bytes.NewReader(s.body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", s.contentType)
	if s.authorization != "" {
		req.Header.Set("Authorization", s.authorization)
	}
	answer, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}

// rounds is how often hub and yardstick take turns; the median ratio counts.
const rounds = 5

// duel reports the hub's throughput as a ratio to the yardstick's, taken in
// turns, so that a machine that changes its speed meanwhile does no harm.
func duel(b *testing.B, hubURL, bareURL string, shots func(n int) []shot, c, want int) {
	b.Helper()
	client := &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: c, DialContext: (&net.Dialer{}).DialContext},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	n := min(200+100*c, 4000)
	fire(b, client, hubURL, shots(benchUsers), c, want) // all users are returning ones from here on
	var ratios, tails, rates []float64
	for b.Loop() {
		for range rounds {
			volley := shots(n)
			rate, p99 := fire(b, client, hubURL, volley, c, want)
			bareRate, bareP99 := fire(b, client, bareURL, volley, c, http.StatusSeeOther)
			ratios = append(ratios, rate/bareRate)
			tails = append(tails, float64(p99)/float64(bareP99))
			rates = append(rates, rate)
		}
	}
	b.ReportMetric(median(ratios), "of-bare")
	b.ReportMetric(median(tails), "p99-of-bare")
	b.ReportMetric(median(rates), "req/s")
	b.ReportMetric(0, "ns/op")
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// BenchmarkLoadLaunch measures durable launches of returning users.
func BenchmarkLoadLaunch(b *testing.B) {
	_, srv := benchHub(b)
	yardstick := bare(b)
	for _, c := range []int{1, 32, 256} {
		b.Run(fmt.Sprintf("c=%d", c), func(b *testing.B) {
			duel(b, srv.URL, yardstick.URL, func(n int) []shot { return launchShots(b, srv.URL, n) }, c, http.StatusSeeOther)
		})
	}
}

// BenchmarkLoadResult measures durable results that queue a delivery each.
func BenchmarkLoadResult(b *testing.B) {
	h, srv := benchHub(b)
	yardstick := bare(b)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	fire(b, client, srv.URL, launchShots(b, srv.URL, benchUsers), 8, http.StatusSeeOther)
	ids := sourcedids(b, h)
	for _, c := range []int{1, 32, 256} {
		b.Run(fmt.Sprintf("c=%d", c), func(b *testing.B) {
			duel(b, srv.URL, yardstick.URL, func(n int) []shot { return resultShots(b, ids, srv.URL, n) }, c, http.StatusOK)
		})
	}
}

// BenchmarkLoadVerify measures the signature of a launch alone.
func BenchmarkLoadVerify(b *testing.B) {
	s := launchShots(b, "http://hub.example", 1)[0]
	req := oauth1.Request{Method: http.MethodPost, URL: "http://hub.example" + s.path, ContentType: s.contentType, Body: s.body}
	at := now()
	b.ReportAllocs()
	for b.Loop() {
		m, err := oauth1.Parse(req)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.Verify(oauth1.Credential{Secrets: []string{"lms-secret"}}, at); err != nil {
			b.Fatal(err)
		}
	}
}

// sourcedidOf is the id that the tool is handed for a user's cell.
func sourcedidOf(b *testing.B, h *hub, user int) string {
	b.Helper()
	_, params, err := h.launchForProgram(context.Background(), lti.CourseRef{Domain: "uni", ID: "phys101"}, "quiz1", fmt.Sprintf("user-%04d", user))
	if err != nil {
		b.Fatal(err)
	}
	id := params.Value("lis_result_sourcedid")
	if strings.TrimSpace(id) == "" {
		b.Fatal("the launch carries no sourcedid")
	}
	return id
}

// BenchmarkLaunchAlone measures what one launch of a returning user costs
// within the hub, one after the other and without a network.
func BenchmarkLaunchAlone(b *testing.B) {
	h, srv := benchHub(b)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	fire(b, client, srv.URL, launchShots(b, srv.URL, benchUsers), 8, http.StatusSeeOther)
	door, shots := h.server.Handler(), launchShots(b, srv.URL, 2000)
	if b.N > len(shots) {
		shots = append(shots, launchShots(b, srv.URL, b.N-len(shots))...)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		req := httptest.NewRequest(http.MethodPost, srv.URL+shots[i].path, bytes.NewReader(shots[i].body))
		req.Header.Set("Content-Type", shots[i].contentType)
		w := httptest.NewRecorder()
		if door.ServeHTTP(w, req); w.Code != http.StatusSeeOther {
			b.Fatalf("a launch was answered with %d", w.Code)
		}
	}
}
