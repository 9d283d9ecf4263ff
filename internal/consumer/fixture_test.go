package consumer_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/internal/vault"
)

const (
	publicURL   = "https://hub.example/base"
	passbackURL = publicURL + "/service/passback"
	rosterURL   = publicURL + "/service/roster"
	settingURL  = publicURL + "/service/setting"
)

// clock is a clock that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// hub is a consumer over a real store, with a course that has students.
type hub struct {
	*consumer.Consumer
	t     testing.TB
	clock *clock
}

func newHub(t testing.TB) *hub {
	t.Helper()
	c := &clock{at: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
	db, err := bolt.Open(filepath.Join(t.TempDir(), "hub.db"), bolt.Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	v, _, err := vault.Create(vault.NewMasterKey(rand.Reader))
	if err != nil {
		t.Fatal(err)
	}
	newID := func() string { return uuid.Must(uuid.NewV7()).String() }
	h := &hub{t: t, clock: c, Consumer: &consumer.Consumer{
		Store: db, Vault: v, PublicURL: publicURL,
		Instance: lti.Instance{Name: "Hub", Version: "1"},
		// A delivery for each change shows what would go upstream.
		Queue: func(tx store.Tx, r lti.Result) error {
			return store.Deliveries.PutNew(tx, lti.Delivery{ID: newID(), Username: r.Username, Score: r.Counts(), State: lti.Delivered})
		},
		Wake: func() {}, Now: c.now, NewID: newID, Rand: rand.Reader,
	}}
	h.fill()
	return h
}

var courseRef = lti.CourseRef{Domain: "uni", ID: "phys101"}

// fill stores the course: quiz1 and quiz2 of the domain's tool, own1 of the
// course's tool, reading1 without points.
func (h *hub) fill() {
	course := lti.Course{
		Domain: "uni", ID: "phys101", Title: "Physics 101", Label: "PHYS101",
		DigestKey: []byte("course digest key"), Tools: []lti.Tool{h.tool("own", "phys101")},
		Folders: []lti.Folder{{ID: "week1", Links: []lti.ResourceLink{
			{ID: "quiz1", Tool: "quizzer", Title: "Quiz 1", Points: 10, Custom: map[string]string{"quiz": "1", "level": "link"}},
		}}},
		Links: []lti.ResourceLink{
			{ID: "quiz2", Tool: "quizzer", Title: "Quiz 2", Points: 20},
			{ID: "own1", Tool: "own", Title: "Own", Points: 5},
			{ID: "reading1", Tool: "quizzer", Title: "Reading"},
			{ID: "lost", Tool: "gone", Title: "Lost", Points: 1},
			{ID: "bare", Title: "Bare", Points: 1},
		},
	}
	h.update(func(tx store.Tx) error {
		if err := store.Domains.Put(tx, lti.Domain{ID: "uni"}); err != nil {
			return err
		}
		for _, id := range []string{"quizzer", "other"} {
			if err := store.Tools.Put(tx, h.tool(id, "")); err != nil {
				return err
			}
		}
		return store.Courses.Put(tx, course)
	})
	h.addMember("ada", lti.Coordinator)
	h.addMember("bob", lti.Student)
	h.addMember("cyd", lti.Student)
}

func (h *hub) tool(id, course string) lti.Tool {
	h.t.Helper()
	where := "tool/uni/" + id
	if course != "" {
		where = "tool/uni/" + course + "/" + id
	}
	sealed, err := h.Vault.Seal(id+"-secret", where)
	if err != nil {
		h.t.Fatal(err)
	}
	return lti.Tool{
		Domain: "uni", Course: course, ID: id, Name: id,
		URL: "https://tool.example/lti?room=7", Key: id + "-key", Secret: lti.Secret{Sealed: sealed},
		SignatureMethod: oauth1.HMACSHA1, NonceLifetime: 5 * time.Minute,
		Passback: lti.Service{Enabled: true, ValidFor: 720 * time.Hour},
		Roster:   lti.Service{Enabled: true, ValidFor: 24 * time.Hour},
		Setting:  lti.Service{Enabled: true},
		Send:     []string{lti.SendName, lti.SendEmail, lti.SendUsername, lti.SendRoles},
		Custom:   map[string]string{"level": "tool", "Who Am-I": "$Person.name.full", "unknown": "$No.such"},
		Target:   lti.TargetIframe, IDKey: []byte("id key of " + id),
	}
}

func (h *hub) addMember(name string, role lti.Role) {
	h.t.Helper()
	h.update(func(tx store.Tx) error { return h.putMember(tx, name, role) })
}

func (h *hub) putMember(tx store.Tx, name string, role lti.Role) error {
	u := lti.User{
		Domain: "uni", Username: name, GivenName: "Given-" + name, FamilyName: "Family-" + name,
		Email: name + "@mail.example", Handle: "handle of " + name,
	}
	if err := store.Users.Put(tx, u); err != nil {
		return err
	}
	return store.Memberships.Put(tx, lti.Membership{
		Domain: "uni", Course: "phys101", Username: name, Role: role, Section: "001",
		Status: lti.MemberActive, Source: "manifest",
		Digest: sourcedid.UserDigest([]byte("course digest key"), name),
	})
}

func (h *hub) update(fn func(tx store.Tx) error) {
	h.t.Helper()
	if err := h.Store.Update(context.Background(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hub) view(fn func(tx store.Tx) error) {
	h.t.Helper()
	if err := h.Store.View(context.Background(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// changeTool and changeCourse edit what is configured.
func (h *hub) changeTool(id string, change func(*lti.Tool)) {
	h.t.Helper()
	h.update(func(tx store.Tx) error {
		t, err := store.Tools.Get(tx, "uni", id)
		if err != nil {
			return err
		}
		change(&t)
		return store.Tools.Put(tx, t)
	})
}

func (h *hub) changeCourse(change func(*lti.Course)) {
	h.t.Helper()
	h.update(func(tx store.Tx) error {
		c, err := store.Courses.Get(tx, "uni", "phys101")
		if err != nil {
			return err
		}
		change(&c)
		return store.Courses.Put(tx, c)
	})
}

func (h *hub) launch(user, link string) consumer.Form {
	h.t.Helper()
	form, err := h.Launch(context.Background(), launchRequest(user, link))
	if err != nil {
		h.t.Fatalf("Launch(%s, %s): %v", user, link, err)
	}
	return form
}

func launchRequest(user, link string) consumer.LaunchRequest {
	return consumer.LaunchRequest{Course: courseRef, Link: link, Username: user}
}

func (h *hub) sourcedID(user, link string) string {
	h.t.Helper()
	id := h.launch(user, link).Params.Value("lis_result_sourcedid")
	if id == "" {
		h.t.Fatalf("the launch of %s by %s carries no sourcedid", link, user)
	}
	return id
}

func (h *hub) signer(tool string) oauth1.Signer {
	return oauth1.Signer{Key: tool + "-key", Secret: tool + "-secret", Now: h.clock.now}
}

// pox signs a message as the tool would.
func (h *hub) pox(s oauth1.Signer, m outcome.Request) oauth1.Request {
	h.t.Helper()
	body := outcome.BuildRequest(m)
	header, err := s.SignBody("POST", passbackURL, body)
	if err != nil {
		h.t.Fatal(err)
	}
	return oauth1.Request{Method: "POST", URL: passbackURL, ContentType: "application/xml", Authorization: []string{header}, Body: body}
}

func (h *hub) form(s oauth1.Signer, target string, params oauth1.Params) oauth1.Request {
	h.t.Helper()
	signed, err := s.SignForm(target, params)
	if err != nil {
		h.t.Fatal(err)
	}
	body := make(url.Values)
	for name, value := range signed.All() {
		body.Add(name, value)
	}
	return oauth1.Request{Method: "POST", URL: target, ContentType: "application/x-www-form-urlencoded", Body: []byte(body.Encode())}
}

func replace(id, score string) outcome.Request {
	return outcome.Request{Operation: outcome.Replace, MessageID: "m-" + score, SourcedID: id, HasScore: true, ScoreText: score}
}

// send takes a POX message of the quizzer and reads the answer.
func (h *hub) send(m outcome.Request) (consumer.Answer, outcome.Response) {
	h.t.Helper()
	return h.answer(h.pox(h.signer("quizzer"), m))
}

func (h *hub) answer(req oauth1.Request) (consumer.Answer, outcome.Response) {
	h.t.Helper()
	a := h.TakeResult(context.Background(), req)
	r, err := outcome.ParseResponse(a.Body, a.ContentType)
	if err != nil {
		h.t.Fatalf("answer %d %q: %v", a.Status, a.Body, err)
	}
	return a, r
}

func (h *hub) mustSend(m outcome.Request) {
	h.t.Helper()
	if a, r := h.send(m); a.Status != 200 || r.CodeMajor != outcome.Success {
		h.t.Fatalf("TakeResult(%+v) = %d %s: %s", m, a.Status, r.CodeMajor, a.Detail)
	}
}

func (h *hub) result(user, link string) lti.Result {
	h.t.Helper()
	r, _, err := h.History(context.Background(), ref(user, link), 0)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func ref(user, link string) consumer.ResultRef {
	return consumer.ResultRef{Course: courseRef, Link: link, Username: user}
}

// records are the inspector's records of one direction, oldest first.
func (h *hub) records(direction string) (found []lti.LaunchRecord) {
	h.t.Helper()
	h.view(func(tx store.Tx) error {
		found = nil
		return store.Launches.All(tx, "", func(r lti.LaunchRecord) error {
			if r.Direction == direction {
				found = append(found, r)
			}
			return nil
		})
	})
	return found
}

// queued are the scores that were put on their way upstream.
func (h *hub) queued() (found []string) {
	h.t.Helper()
	h.view(func(tx store.Tx) error {
		found = nil
		return store.Deliveries.All(tx, "", func(d lti.Delivery) error {
			found = append(found, d.Username+" "+text(d.Score))
			return nil
		})
	})
	return found
}

func text(score *float64) string {
	if score == nil {
		return "none"
	}
	return lti.FormatScore(*score)
}

// dump is everything that a launch or answer tells, as one text.
func dump(p oauth1.Params) string {
	var b strings.Builder
	for name, value := range p.All() {
		fmt.Fprintf(&b, "%s=%s\n", name, value)
	}
	return b.String()
}
