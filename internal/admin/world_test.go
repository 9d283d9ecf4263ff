package admin_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/admin"
	"github.com/ltihub/ltihub/internal/consumer"
	courses "github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/delivery"
	"github.com/ltihub/ltihub/internal/directory"
	"github.com/ltihub/ltihub/internal/enrol"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/roster"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/internal/vault"
	"github.com/ltihub/ltihub/web"
)

// Courses of the world. ada teaches phys, eve chem; bob is a student of phys,
// sam of chem. In the domain far another bob is a student of phys, and dean is
// its admin; root is an admin of uni. All have the password "password".
var (
	phys   = lti.CourseRef{Domain: "uni", ID: "phys"}
	chem   = lti.CourseRef{Domain: "uni", ID: "chem"}
	abroad = lti.CourseRef{Domain: "far", ID: "phys"}
)

const origin = "https://lms.example"

// world is the door for people on a real store, behind what the server puts
// around it.
type world struct {
	t        testing.TB
	store    store.Store
	carrier  *delivery.Carrier
	sessions *session.Sessions
	people   *admin.People
	server   *httptest.Server
	// ahead is how far the clock was set forward.
	ahead atomic.Int64
}

func (w *world) now() time.Time {
	return time.Now().UTC().Add(time.Duration(w.ahead.Load()))
}

// parsedPages are parsed once for all tests: that takes longer than most of them.
var parsedPages = sync.OnceValues(web.New)

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t}
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: w.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	w.store = engine
	sealed, _, err := vault.Create(vault.NewMasterKey(rand.Reader))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := parsedPages()
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	w.carrier = delivery.New(delivery.Carrier{Store: engine, Log: log, NewID: newID, GiveUp: time.Hour})
	w.sessions = session.New(session.Sessions{Store: engine, Now: w.now, Rand: rand.Reader}, 100*time.Hour)
	w.people = &admin.People{
		Store: engine, Sessions: w.sessions, Pages: pages,
		Consumer: &consumer.Consumer{
			Store: engine, Vault: sealed, PublicURL: "https://hub.example", Queue: w.carrier.Enqueue, Wake: w.carrier.Wake,
			Now: w.now, NewID: newID, Rand: rand.Reader,
		},
		Keeper:    &person.Keeper{Store: engine, NewID: newID, Requeue: w.carrier.TargetStored},
		Directory: &directory.Directory{Store: engine, NewID: newID},
		Retry:     w.carrier.Retry, RetryAnyway: w.carrier.RetryAnyway, Resend: w.carrier.Resend,
		Pending: w.provider(sealed).PendingLaunch, Resume: w.provider(sealed).ResumeLaunch,
		PublicURL: "https://hub.example", Log: log, Now: w.now,
	}
	copier := &courses.Copier{
		Store: engine, Vault: sealed, ContextID: consumer.ContextID, LinkID: consumer.ResourceLinkID, Now: w.now, NewID: newID, Rand: rand.Reader,
	}
	w.people.Editor = &courses.Editor{
		Store: engine, Vault: sealed, Copier: copier, Changed: w.carrier.CourseChanged, Now: w.now, NewID: newID, Rand: rand.Reader,
	}
	w.wireConfiguration(sealed)
	w.wireRosters()
	w.furnish(sealed)
	inner := http.NewCrossOriginProtection().Handler(w.sessions.Middleware(w.people.Handler()))
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(rw, r.Body, 5<<20)
		inner.ServeHTTP(rw, r)
	}))
	t.Cleanup(w.server.Close)
	return w
}

// provider accepts launches of the world's LMSs.
func (w *world) provider(sealed *vault.Vault) *provider.Provider {
	return &provider.Provider{
		Store: w.store, Vault: sealed, PublicURL: "https://hub.example", Now: w.now, NewID: newID, Rand: rand.Reader, SessionLifetime: time.Hour,
		Enrol:        (&enrol.Enroller{NewID: newID, Rand: rand.Reader}).Launch,
		TargetStored: func(store.Tx, lti.UpstreamTarget) error { return nil },
	}
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// wireRosters gives the door what fetches rosters; nothing works it off.
func (w *world) wireRosters() {
	w.people.Rosters = roster.New(roster.Puller{Store: w.store, NewID: newID})
	enroller := &enrol.Enroller{NewID: newID, Rand: rand.Reader}
	w.people.ChangeMember = func(ctx context.Context, c enrol.MemberChange) error {
		return w.store.Update(ctx, func(tx store.Tx) error { return enroller.ChangeMember(tx, c) })
	}
}

// wireConfiguration gives the door what changes the configuration.
func (w *world) wireConfiguration(sealed *vault.Vault) {
	w.people.SetMenu = (&courses.Menus{Store: w.store, Now: w.now, NewID: newID}).Set
	w.people.MapRole = (&provider.Provider{Store: w.store, NewID: newID}).MapRole
	exporter := &manifest.Exporter{Store: w.store, Vault: sealed}
	applier := &manifest.Applier{Store: w.store, Vault: sealed, Now: w.now, NewID: newID, Rand: rand.Reader}
	w.people.Export, w.people.Record = exporter.Export, exporter.Record
	w.people.Edit, w.people.Remove = applier.Edit, applier.Remove
	w.people.TryLaunch = (&provider.Provider{
		Store: w.store, Vault: sealed, PublicURL: "https://hub.example", Enrol: (&enrol.Enroller{NewID: newID, Rand: rand.Reader}).Launch,
		TargetStored: w.carrier.TargetStored, Now: w.now, NewID: newID, Rand: rand.Reader,
	}).TryLaunch
	w.people.Apply = func(ctx context.Context, data []byte, by string) (manifest.Report, error) {
		m, err := manifest.Parse(data)
		if err != nil {
			return manifest.Report{}, err
		}
		return applier.Apply(ctx, m, by)
	}
	w.people.NewSecret = func(ctx context.Context, domain, id, _ string) (string, error) {
		text := vault.NewSecret(rand.Reader)
		kept, err := sealed.Seal(text, "tool_consumer/"+domain+"/"+id)
		if err != nil {
			return "", err
		}
		return text, w.store.Update(ctx, func(tx store.Tx) error {
			c, err := store.ToolConsumers.Get(tx, domain, id)
			if err != nil {
				return err
			}
			c.Previous, c.Secret = c.Secret, lti.Secret{Sealed: kept}
			return store.ToolConsumers.Put(tx, c)
		})
	}
	w.people.NewToken = func(ctx context.Context, name, role, _ string) (string, error) {
		text := "lh_" + newID()
		return text, w.store.Update(ctx, func(tx store.Tx) error {
			return store.APITokens.PutNew(tx, lti.APIToken{Hash: digest(text), Name: name, Role: role, Created: w.now()})
		})
	}
	w.people.RevokeToken = func(ctx context.Context, hash, _ string) error {
		return w.store.Update(ctx, func(tx store.Tx) error {
			token, err := store.APITokens.GetKey(tx, hash)
			if err != nil {
				return err
			}
			token.Revoked = w.now()
			return store.APITokens.Put(tx, token)
		})
	}
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// update changes the store, and must succeed.
func (w *world) update(fn func(tx store.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(w.t.Context(), fn); err != nil {
		w.t.Fatalf("Update() = %v", err)
	}
}

// view reads the store, and must succeed.
func (w *world) view(fn func(tx store.Tx) error) {
	w.t.Helper()
	if err := w.store.View(w.t.Context(), fn); err != nil {
		w.t.Fatalf("View() = %v", err)
	}
}

func (w *world) furnish(sealed *vault.Vault) {
	w.t.Helper()
	hash, err := argon2id.CreateHash("password", &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		w.t.Fatal(err)
	}
	secret, err := sealed.Seal("tool-secret", "tool/uni/quizzer")
	if err != nil {
		w.t.Fatal(err)
	}
	w.update(func(tx store.Tx) error {
		for _, domain := range []string{"uni", "far"} {
			put(w.t, store.Domains, tx, lti.Domain{ID: domain, Name: "University " + domain})
		}
		for name, admin := range map[string]bool{"root": true, "ada": false, "eve": false, "bob": false, "sam": false} {
			put(w.t, store.Users, tx, lti.User{Domain: "uni", Username: name, GivenName: strings.ToUpper(name[:1]) + name[1:], Admin: admin, PasswordHash: hash, Handle: "h" + name})
		}
		for name, admin := range map[string]bool{"dean": true, "bob": false} {
			put(w.t, store.Users, tx, lti.User{Domain: "far", Username: name, Admin: admin, PasswordHash: hash, Handle: "h" + name})
		}
		for _, domain := range []string{"uni", "far"} {
			secret, err := sealed.Seal("lms-secret", "tool_consumer/"+domain+"/campus")
			if err != nil {
				return err
			}
			put(w.t, store.ToolConsumers, tx, lti.ToolConsumer{
				Secret: lti.Secret{Sealed: secret},
				Domain: domain, ID: "campus", Name: "Campus LMS", Key: "key-" + domain, UserIdentity: true, CourseIdentity: true,
				SignatureMethods: []string{"HMAC-SHA1"}, NonceLifetime: 5 * time.Minute, Roles: map[string]lti.Role{"Learner": lti.Student},
				Menu: lti.Menu{Header: true, Items: []string{"grades", "roster"}}, Roster: lti.RosterRules{Pull: true},
			})
		}
		put(w.t, store.Tools, tx, lti.Tool{
			Domain: "uni", ID: "quizzer", Name: "Quizzer", URL: "https://tool.example/lti", Key: "tool-key",
			Secret: lti.Secret{Sealed: secret}, SignatureMethod: "HMAC-SHA1", NonceLifetime: 5 * time.Minute,
			Send: []string{lti.SendRoles}, Passback: lti.Service{Enabled: true, ValidFor: time.Hour}, IDKey: []byte("0123456789abcdef0123456789abcdef"),
		})
		put(w.t, store.RosterSources, tx, lti.RosterSource{Domain: "uni", Course: "phys", Consumer: "campus", URL: "https://lms.example/roster", By: "ada"})
		for ref, people := range map[lti.CourseRef]map[string]lti.Role{
			phys: {"ada": lti.Instructor, "bob": lti.Student}, chem: {"eve": lti.Instructor, "sam": lti.Student}, abroad: {"bob": lti.Student},
		} {
			put(w.t, store.Courses, tx, courseOf(ref))
			for name, role := range people {
				put(w.t, store.Memberships, tx, lti.Membership{
					Domain: ref.Domain, Course: ref.ID, Username: name, Role: role, Status: lti.MemberActive, Source: "campus", Digest: "d" + name, Section: "001",
				})
			}
		}
		return nil
	})
	w.score(phys, "bob", 0.85)
	w.score(chem, "sam", 0.4)
}

func put[T any](t testing.TB, c *store.Collection[T], tx store.Tx, v T) {
	t.Helper()
	if err := c.Put(tx, v); err != nil {
		t.Fatalf("Put(%s) = %v", c.Key(v), err)
	}
}

func courseOf(ref lti.CourseRef) lti.Course {
	return lti.Course{
		Domain: ref.Domain, ID: ref.ID, Title: "Course of " + ref.String(), Label: strings.ToUpper(ref.ID), DigestKey: []byte("0123456789abcdef0123456789abcdef"),
		Tools:   []lti.Tool{{ID: "own", Name: "Own tool", URL: "https://own.example/lti", SignatureMethod: "HMAC-SHA1"}},
		Folders: []lti.Folder{{ID: "week1", Title: "Week 1", Links: []lti.ResourceLink{{ID: "quiz1", Tool: "quizzer", Title: "Quiz of " + ref.ID, Points: 10}}}},
		Links:   []lti.ResourceLink{{ID: "reading", Tool: "quizzer", Title: "Reading"}},
	}
}

// score stores a result with an upstream target that has refused it.
func (w *world) score(ref lti.CourseRef, username string, score float64) {
	w.t.Helper()
	w.update(func(tx store.Tx) error {
		target := lti.UpstreamTarget{
			Domain: ref.Domain, Course: ref.ID, Username: username, Scope: lti.Scope{Kind: lti.ScopeLink, ID: "quiz1"},
			Consumer: "campus", Placement: "p1", URL: origin + "/outcomes", SourcedID: "s1", Updated: w.now(), Live: refusedID(ref),
		}
		put(w.t, store.Targets, tx, target)
		put(w.t, store.Results, tx, lti.Result{
			Domain: ref.Domain, Course: ref.ID, Link: "quiz1", Username: username, Score: &score, SubmittedAt: w.now(), Version: 1,
			History: []lti.Submission{{At: w.now(), Score: &score, By: "quizzer", MessageID: "m1"}},
		})
		put(w.t, store.Deliveries, tx, lti.Delivery{
			ID: refusedID(ref), Target: store.Targets.Key(target), Domain: ref.Domain, Course: ref.ID, Username: username, Scope: target.Scope,
			Consumer: "campus", Score: &score, State: lti.Refused, Created: w.now(), Finished: w.now(), Attempts: 1,
			LastError: "The LMS refused it.", Log: []lti.Attempt{{At: w.now(), Status: 422, Error: "The LMS refused it."}},
		})
		put(w.t, store.Batches, tx, lti.Batch{ID: batchID, By: "root:uni", At: w.now(), Total: 1, Done: true})
		return nil
	})
}

// batchID is the id of a resending.
const batchID = "019e0000-0000-7000-8000-000000000001"

// refusedID is the id of the refused delivery of a course.
func refusedID(ref lti.CourseRef) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(ref.String())).String()
}

// browser keeps cookies, and does not follow redirects.
type browser struct {
	*world
	client *http.Client
	// session goes along as the query s, as links of the pages do.
	session string
}

func (w *world) browser() *browser {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{world: w, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// signIn gives a browser with the local sign-in of a person.
func (w *world) signIn(name string) *browser {
	w.t.Helper()
	b := w.browser()
	if a := b.post("/login", url.Values{"username": {name}, "password": {"password"}}); a.status != http.StatusSeeOther {
		w.t.Fatalf("signing %s in answers %d", name, a.status)
	}
	return b
}

// ticketOf is the one-time ticket of a launch that record has made.
func ticketOf(id string) string { return "ticket-of-" + id }

// record stores the launch of a person of uni into a place, as an accepted one.
func (w *world) record(username string, place lti.Place) lti.LaunchRecord {
	w.t.Helper()
	id := newID()
	record := lti.LaunchRecord{
		ID: id, At: w.now(), Direction: lti.Inbound, Domain: "uni", Consumer: "campus", Username: username,
		Course: place.Course.ID, Folder: place.Folder, Link: place.Link,
		Params: [][2]string{{"user_id", username}, {"custom_note", "<script>alert(1)</script>"}},
		Session: &lti.Session{
			Token: digest("token-of-" + id), Ticket: digest(ticketOf(id)), Expires: w.now().Add(time.Hour),
			ReturnURL: origin + "/back", Origins: []string{origin},
		},
	}
	w.update(func(tx store.Tx) error { return store.Launches.PutNew(tx, record) })
	return record
}

// launched gives a browser that a launch has opened a session for.
func (w *world) launched(username string, place lti.Place) *browser {
	w.t.Helper()
	b := w.browser()
	b.launch(username, place)
	return b
}

// launch opens the session of one more launch in the browser.
func (b *browser) launch(username string, place lti.Place) lti.LaunchRecord {
	b.t.Helper()
	record := b.record(username, place)
	at, err := url.Parse(b.server.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	b.sessions.Open(answer, httptest.NewRequest(http.MethodGet, "/", nil), record, "token-of-"+record.ID)
	b.client.Jar.SetCookies(at, answer.Result().Cookies())
	b.session = record.ID
	return record
}

// reply is what a browser got.
type reply struct {
	status int
	body   string
	header http.Header
	// to is where it is sent on.
	to string
}

func (b *browser) get(path string) reply {
	b.t.Helper()
	return b.do(http.MethodGet, path, nil, nil)
}

func (b *browser) post(path string, fields url.Values) reply {
	b.t.Helper()
	return b.do(http.MethodPost, path, fields, nil)
}

func (b *browser) do(method, path string, fields url.Values, header http.Header) reply {
	b.t.Helper()
	if b.session != "" && !strings.Contains(path, "s="+b.session) {
		mark := "?"
		if strings.Contains(path, "?") {
			mark = "&"
		}
		path += mark + "s=" + b.session
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.server.URL+path, strings.NewReader(fields.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return reply{answer.StatusCode, string(body), answer.Header, answer.Header.Get("Location")}
}
