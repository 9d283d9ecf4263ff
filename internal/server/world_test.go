package server_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/enrol"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/server"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/internal/simulator"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/internal/vault"
	"github.com/ltihub/ltihub/web"
)

const (
	publicURL = "https://hub.example"
	lmsURL    = "https://lms.example"
	student   = "7f3a-ada" // people and links of the simulated LMS
	quiz      = "rl-quiz-1"
	toQuiz    = "/lti/launch/uni/phys101/l/quiz1"
)

// clock is a time that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// journal is a log that tests read.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// shelf is a store that fails when it is told to.
type shelf struct {
	store.Store
	mu   sync.Mutex
	down error
}

func (s *shelf) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = err
}

func (s *shelf) fault() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.down
}

func (s *shelf) View(ctx context.Context, fn func(store.Tx) error) error {
	if err := s.fault(); err != nil {
		return err
	}
	return s.Store.View(ctx, fn)
}

func (s *shelf) Update(ctx context.Context, fn func(store.Tx) error) error {
	if err := s.fault(); err != nil {
		return err
	}
	return s.Store.Update(ctx, fn)
}

func (s *shelf) Check(ctx context.Context) error {
	if err := s.fault(); err != nil {
		return err
	}
	return s.Store.Check(ctx)
}

// world is the door on a real store, with one LMS and one tool that it knows.
// The pages for people and for programs say only that they were reached.
type world struct {
	testing.TB
	*server.Server
	clock *clock
	log   *journal
	shelf *shelf
	lms   *simulator.LMS
	tool  *simulator.LMS // signs with the tool's key
}

// parsedPages are parsed once for all tests: that takes longer than most of them.
var parsedPages = sync.OnceValues(web.New)

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, clock: &clock{now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}, log: &journal{}}
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() }) // the test is over
	w.shelf = &shelf{Store: engine}
	sealed, _, err := vault.Create(vault.NewMasterKey(rand.Reader))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := parsedPages()
	if err != nil {
		t.Fatal(err)
	}
	public, err := url.Parse(publicURL)
	if err != nil {
		t.Fatal(err)
	}
	w.Server = &server.Server{
		Provider: &provider.Provider{
			Store: w.shelf, Vault: sealed, Enrol: (&enrol.Enroller{NewID: newID, Rand: rand.Reader}).Launch,
			TargetStored: func(store.Tx, lti.UpstreamTarget) error { return nil },
			Status:       server.Status, Now: w.clock.Now, NewID: newID, Rand: rand.Reader, SessionLifetime: time.Hour,
		},
		Consumer: &consumer.Consumer{
			Store: w.shelf, Vault: sealed, PublicURL: publicURL,
			Queue: func(store.Tx, lti.Result) error { return nil },
			Now:   w.clock.Now, NewID: newID, Rand: rand.Reader,
		},
		Sessions: session.New(session.Sessions{Store: w.shelf, Now: w.clock.Now, Rand: rand.Reader, Secure: true}, time.Hour),
		Store:    w.shelf, Pages: pages, People: says("people"), Programs: says("programs"),
		PublicURL: public, Budget: &server.Budget{Now: w.clock.Now}, Metrics: server.NewMetrics(), OwnMetrics: true,
		Log: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Now: w.clock.Now,
	}
	w.furnish(sealed)
	w.lms = simulator.NewLMS(lmsURL, publicURL+"/lti/launch", "lms-key", "lms-secret")
	w.tool = simulator.NewLMS("https://tool.example", publicURL, "tool-key", "tool-secret")
	w.lms.Now, w.tool.Now = w.clock.Now, w.clock.Now
	return w
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func says(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
}

// furnish stores the LMS, the tool, and a course with a link.
func (w *world) furnish(sealed *vault.Vault) {
	w.Helper()
	seal := func(secret, where string) lti.Secret {
		text, err := sealed.Seal(secret, where)
		if err != nil {
			w.Fatal(err)
		}
		return lti.Secret{Sealed: text}
	}
	w.change(func(tx store.Tx) error {
		return errors.Join(
			store.Domains.Put(tx, lti.Domain{ID: "uni"}),
			store.ToolConsumers.Put(tx, lti.ToolConsumer{
				Domain: "uni", ID: "campus", Name: "Campus LMS", Key: "lms-key", Secret: seal("lms-secret", "tool_consumer/uni/campus"),
				NonceLifetime: 5 * time.Minute, SignatureMethods: []string{"HMAC-SHA1"}, UserIdentity: true, CourseIdentity: true,
				Users:     lti.UserRules{Match: "lis_person_sourcedid", Create: lti.CreateAuto, CreateFor: []string{"Learner", "Instructor"}, Info: "lti"},
				Courses:   lti.CourseRules{Match: "context_id", StoreMapping: true},
				Roles:     map[string]lti.Role{"Learner": lti.Student, "Instructor": lti.Instructor},
				SelfEnrol: []string{"Learner", "Instructor"},
			}),
			store.Tools.Put(tx, lti.Tool{
				Domain: "uni", ID: "quizzer", Name: "Quizzer", URL: "https://tool.example/lti", Key: "tool-key",
				Secret: seal("tool-secret", "tool/uni/quizzer"), SignatureMethod: "HMAC-SHA1", NonceLifetime: 5 * time.Minute,
				Passback: lti.Service{Enabled: true, ValidFor: time.Hour}, Roster: lti.Service{Enabled: true, ValidFor: time.Hour},
				Setting: lti.Service{Enabled: true}, IDKey: []byte("id key"),
			}),
			store.Courses.Put(tx, course("phys101")),
		)
	})
}

func course(id string) lti.Course {
	return lti.Course{
		Domain: "uni", ID: id, Title: "Physics 101", DigestKey: []byte("digest key"),
		Folders: []lti.Folder{{ID: "week1", Links: []lti.ResourceLink{{ID: "quiz1", Tool: "quizzer", Title: "Quiz 1", Points: 10, Tiny: "q" + id}}}},
	}
}

func (w *world) change(fn func(tx store.Tx) error) {
	w.Helper()
	if err := w.shelf.Store.Update(context.Background(), fn); err != nil {
		w.Fatal(err)
	}
}

// configure changes the tool consumer.
func (w *world) configure(edit func(*lti.ToolConsumer)) {
	w.Helper()
	w.change(func(tx store.Tx) error {
		c, err := store.ToolConsumers.Get(tx, "uni", "campus")
		if err != nil {
			return err
		}
		edit(&c)
		return store.ToolConsumers.Put(tx, c)
	})
}

// addMembers puts students into the course, as the manifest would.
func (w *world) addMembers(n int) {
	w.Helper()
	w.change(func(tx store.Tx) error {
		for i := range n {
			name := "s" + strconv.Itoa(i)
			err := errors.Join(
				store.Users.Put(tx, lti.User{Domain: "uni", Username: name, Handle: "handle of " + name}),
				store.Memberships.Put(tx, lti.Membership{
					Domain: "uni", Course: "phys101", Username: name, Role: lti.Student, Status: lti.MemberActive, Source: "manifest",
					Digest: sourcedid.UserDigest([]byte("digest key"), name),
				}),
			)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// do sends one request through the route table.
func (w *world) do(req *http.Request) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	w.Handler().ServeHTTP(answer, req)
	return answer
}

// post is a form as a browser sends it from the LMS's page.
func post(path string, form url.Values) *http.Request {
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", lmsURL)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	return req
}

// launch is a fresh launch of the path that the LMS signs after the edits.
func (w *world) launch(path string, edits ...func(url.Values)) *http.Request {
	w.Helper()
	_, form, err := w.lms.LaunchForm(student, quiz)
	if err != nil {
		w.Fatal(err)
	}
	for _, edit := range edits {
		edit(form)
	}
	if err := w.lms.SignForm(publicURL+path, form); err != nil {
		w.Fatal(err)
	}
	return post(path, form)
}

// forged is a launch whose signature does not hold.
func (w *world) forged() *http.Request {
	w.Helper()
	honest := w.lms.Secret
	defer func() { w.lms.Secret = honest }()
	w.lms.Secret = "guessed"
	return w.launch(toQuiz)
}

// serviceIDs launches the tool and returns the parameters that it gets.
func (w *world) serviceIDs(username string) map[string]string {
	w.Helper()
	form, err := w.Consumer.Launch(context.Background(), consumer.LaunchRequest{
		Course: lti.CourseRef{Domain: "uni", ID: "phys101"}, Link: "quiz1", Username: username,
	})
	if err != nil {
		w.Fatal(err)
	}
	params := map[string]string{}
	for name, value := range form.Params.All() {
		params[name] = value
	}
	return params
}

// call is a form that the tool has signed.
func (w *world) call(path string, form url.Values) *http.Request {
	w.Helper()
	if err := w.tool.SignForm(publicURL+path, form); err != nil {
		w.Fatal(err)
	}
	return post(path, form)
}

// metric is the line of the metrics that begins with name and labels; "" if
// there is none.
func (w *world) metric(name string) string {
	w.Helper()
	text := w.do(httptest.NewRequest(http.MethodGet, "/metrics", nil)).Body.String()
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
