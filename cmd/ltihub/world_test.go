package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/simulator"
)

const adminToken = "token-of-the-tests"

// world is a hub, as a process of its own, between a simulated LMS and a
// simulated tool.
type world struct {
	t    testing.TB
	url  string
	data string
	env  []string
	args []string
	hub  *process
	lms  *simulator.LMS
	tool *simulator.Tool
}

// newWorld starts the peers and a hub that was told of them by the manifest of
// the tests. change may edit that text; env adds variables.
func newWorld(t testing.TB, change func(manifest string) string, env ...string) *world {
	t.Helper()
	w := &world{t: t, url: "http://" + freeAddress(t), data: t.TempDir()}
	w.startPeers()
	text := strings.NewReplacer("TOOL_URL", w.tool.LaunchURL()).Replace(testManifest)
	if change != nil {
		text = change(text)
	}
	file := filepath.Join(t.TempDir(), "manifest.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w.args = []string{"serve", "--listen", strings.TrimPrefix(w.url, "http://"), "--data", w.data, "--apply", file}
	w.env = append([]string{
		"LTIHUB_API_TOKEN=" + adminToken, "LTIHUB_EGRESS_ALLOW_CIDRS=127.0.0.0/8",
		"LTIHUB_DELIVERY_RETRY_BASE=20ms", "LTIHUB_DELIVERY_RETRY_MAX=100ms", "LTIHUB_DELIVERY_LEASE=1s",
		"LTIHUB_LIMITS_REFUSALS_PER_MINUTE=0", "LTIHUB_SHUTDOWN_DRAIN=0s",
	}, env...)
	w.start()
	return w
}

func (w *world) startPeers() {
	lms, tool := httptest.NewUnstartedServer(nil), httptest.NewUnstartedServer(nil)
	w.lms = simulator.NewLMS("http://"+lms.Listener.Addr().String(), w.url+"/lti/launch", "lms-key", "lms-secret")
	w.tool = simulator.NewTool("http://"+tool.Listener.Addr().String(), "tool-key", "tool-secret")
	w.lms.Links = testLinks()
	lms.Config.Handler, tool.Config.Handler = w.lms, w.tool
	lms.Start()
	tool.Start()
	w.t.Cleanup(func() {
		w.lms.SetFaults(simulator.Faults{}) // lets go of calls that hang
		lms.Close()
		tool.Close()
	})
}

// testLinks are the placements in the LMS, each with the launch URL's tail.
func testLinks() []simulator.Link {
	return []simulator.Link{
		{ID: "rl-quiz-1", Title: "Quiz 1", Tail: "/uni/phys101/l/quiz1", Points: 10, Gradable: true},
		{ID: "rl-lab-1", Title: "Lab 1", Tail: "/tiny/uni/lab1", Points: 30, Gradable: true},
		{ID: "rl-week-1", Title: "Week 1", Tail: "/uni/phys101/f/week1", Points: 40, Gradable: true},
		{ID: "rl-course", Title: "All of it", Tail: "/uni/phys101", Points: 100, Gradable: true},
		{ID: "rl-plain", Title: "By context", Gradable: false},
	}
}

const testManifest = `
version: 1
domains:
  - {id: uni, name: Example University}
users:
  - {domain: uni, username: root, given_name: Robin, family_name: Root, admin: true, password: correct-horse}
tool_consumers:
  - domain: uni
    id: campus
    name: Campus LMS
    key: lms-key
    secret: lms-secret
    nonce_lifetime: 5m
    users: {match: lis_person_sourcedid, create: auto, create_for: [Learner, Instructor, TeachingAssistant], info: lti}
    courses: {match: context_id, store_mapping: true, create_for: [Instructor]}
    roles: {Learner: student, Instructor: instructor, TeachingAssistant: ta}
    self_enrol: [Learner, Instructor, TeachingAssistant]
tools:
  - domain: uni
    id: quizzer
    name: Quizzer
    url: TOOL_URL
    key: tool-key
    secret: tool-secret
    passback: {enabled: true, valid_for: 720h}
    roster: {enabled: true, valid_for: 24h}
    setting: {enabled: true}
    send: [name, email, roles]
    custom: {chapter: "3", who: $Person.name.full}
courses:
  - domain: uni
    id: phys101
    title: Physics 101
    label: PHYS101
    folders:
      - id: week1
        title: Week 1
        links:
          - {id: quiz1, tool: quizzer, title: Quiz 1, points: 10, custom: {quiz: "1"}, tiny: q1}
          - {id: lab1, tool: quizzer, title: Lab 1, points: 30, tiny: lab1}
    links:
      - {id: essay, tool: quizzer, title: Essay, points: 60}
      - {id: reader, tool: quizzer, title: Reader}
`

// start runs the hub on the world's data and port.
func (w *world) start() {
	w.t.Helper()
	w.hub = begin(w.t, w.env, w.args...)
	want := w.url
	for _, v := range w.env {
		if public, ok := strings.CutPrefix(v, "LTIHUB_PUBLIC_URL="); ok {
			want = public
		}
	}
	if !strings.Contains(w.hub.ready, want) {
		w.t.Fatalf("the line at the start is %q, want the URL %s in it", w.hub.ready, want)
	}
}

// crash kills the hub and starts it again on the same data and port.
func (w *world) crash() {
	w.t.Helper()
	w.hub.kill()
	w.start()
}

// freeAddress picks a port that nothing listens on. It lies below those that
// the system gives to outgoing connections, so it is still free for a restart.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprintf("127.0.0.1:%d", 10000+rand.IntN(20000))
		l, err := net.Listen("tcp", addr)
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return addr
	}
	t.Fatal("no port is free")
	return ""
}

// soon bounds what a test waits for.
func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// until asks again and again, as another process can't tell when it is done.
func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("it does not come to pass that %s", what)
		}
	}
}

// graded waits until the LMS's gradebook holds the score.
func (w *world) graded(user, link string, want float64) {
	w.t.Helper()
	err := w.lms.Until(soon(w.t), func() bool {
		got, ok := w.lms.Grade(user, link)
		return ok && near(got, want)
	})
	if err != nil {
		got, ok := w.lms.Grade(user, link)
		w.t.Fatalf("the LMS holds %v (%v) for %s on %s, want %v", got, ok, user, link, want)
	}
}

func near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }
