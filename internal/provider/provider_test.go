package provider_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/egress"
	"github.com/ltihub/ltihub/internal/enrol"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/simulator"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/internal/vault"
)

const (
	hubURL  = "https://hub.example/lti/launch"
	lmsURL  = "https://lms.example"
	current = "canary-current-secret"
	former  = "canary-former-secret"
	student = "7f3a-ada" // people and links of the simulated LMS
	teacher = "2b96-ines"
	quiz    = "rl-quiz-1"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

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

func (c *clock) set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

// hub is a provider over a real store, with one LMS that it knows as campus.
type hub struct {
	testing.TB
	*provider.Provider
	lms   *simulator.LMS
	clock *clock

	mu      sync.Mutex
	targets []lti.UpstreamTarget // that TargetStored was told of
}

func newHub(t testing.TB) *hub {
	t.Helper()
	h := &hub{TB: t, clock: &clock{now: noon}}
	s, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: h.clock.Now})
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() }) // some tests close it themselves
	v, _, err := vault.Create(make([]byte, 32))
	if err != nil {
		t.Fatalf("make vault: %v", err)
	}
	h.lms = simulator.NewLMS(lmsURL, hubURL, "lms-key", current)
	h.lms.Now = h.clock.Now
	h.Provider = &provider.Provider{
		Store: s, Vault: v,
		Enrol:        (&enrol.Enroller{NewID: uuid.NewString, Rand: rand.Reader}).Launch,
		TargetStored: h.targetStored,
		Send:         egress.New(egress.Options{}).Do,
		Now:          h.clock.Now, NewID: newID, Rand: rand.Reader,
		SessionLifetime: time.Hour,
	}
	h.change(func(tx store.Tx) error {
		return errors.Join(store.Courses.PutNew(tx, physics()), store.ToolConsumers.PutNew(tx, h.campus()))
	})
	return h
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func (h *hub) targetStored(_ store.Tx, t lti.UpstreamTarget) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.targets = append(h.targets, t)
	return nil
}

func physics() lti.Course {
	return lti.Course{
		Domain: "uni", ID: "phys101", DigestKey: []byte("k"), Owner: "ines",
		Folders: []lti.Folder{{ID: "week1", Links: []lti.ResourceLink{{ID: "quiz1", Points: 10, Tiny: "q1"}}}},
	}
}

func (h *hub) campus() lti.ToolConsumer {
	return lti.ToolConsumer{
		Domain: "uni", ID: "campus", Key: "lms-key", Secret: h.sealed(current),
		NonceLifetime: 5 * time.Minute, SignatureMethods: []string{oauth1.HMACSHA1},
		UserIdentity: true, CourseIdentity: true,
		Users:     lti.UserRules{Match: "user_id", Create: lti.CreateAuto, CreateFor: []string{"Learner", "Instructor"}, Info: "lti"},
		Courses:   lti.CourseRules{Match: "context_id", StoreMapping: true},
		Roles:     map[string]lti.Role{"Learner": lti.Student, "Instructor": lti.Instructor},
		SelfEnrol: []string{"Learner", "Instructor"},
	}
}

func (h *hub) sealed(secret string) lti.Secret {
	h.Helper()
	text, err := h.Vault.Seal(secret, "tool_consumer/uni/campus")
	if err != nil {
		h.Fatalf("seal: %v", err)
	}
	return lti.Secret{Sealed: text}
}

func (h *hub) change(fn func(tx store.Tx) error) {
	h.Helper()
	if err := h.Store.Update(context.Background(), fn); err != nil {
		h.Fatalf("change the store: %v", err)
	}
}

// configure changes the tool consumer.
func (h *hub) configure(edit func(*lti.ToolConsumer)) {
	h.Helper()
	h.change(func(tx store.Tx) error {
		c, err := store.ToolConsumers.Get(tx, "uni", "campus")
		if err != nil {
			return err
		}
		edit(&c)
		return store.ToolConsumers.Put(tx, c)
	})
}

// the place of most launches.
var toQuiz = lti.Tail{Domain: "uni", Course: "phys101", Link: "quiz1"}

// request is the form as it arrives at the URL.
func request(action string, form url.Values) oauth1.Request {
	return oauth1.Request{
		Method: "POST", URL: action, ContentType: "application/x-www-form-urlencoded", Body: []byte(form.Encode()),
	}
}

// launch is a fresh signed launch of the quiz.
func (h *hub) launch(user string) oauth1.Request {
	h.Helper()
	action, form, err := h.lms.LaunchForm(user, quiz)
	if err != nil {
		h.Fatalf("launch: %v", err)
	}
	return request(action, form)
}

// launchWith is a launch that the LMS signs after an edit.
func (h *hub) launchWith(user string, edit func(url.Values)) oauth1.Request {
	h.Helper()
	action, form, err := h.lms.LaunchForm(user, quiz)
	if err != nil {
		h.Fatalf("launch: %v", err)
	}
	edit(form)
	if err := h.lms.SignForm(action, form); err != nil {
		h.Fatalf("sign: %v", err)
	}
	return request(action, form)
}

func (h *hub) accept(req oauth1.Request) provider.Accepted {
	h.Helper()
	a, err := h.AcceptLaunch(context.Background(), req, toQuiz)
	if err != nil {
		h.Fatalf("AcceptLaunch() = %v", err)
	}
	return a
}

// refuse wants a refusal for the cause that leaves nothing but its record,
// which it returns.
func (h *hub) refuse(req oauth1.Request, want lti.Cause) (lti.LaunchRecord, *provider.Refused) {
	h.Helper()
	before := dump(h, h.Store)
	accepted, err := h.AcceptLaunch(context.Background(), req, toQuiz)
	var refused *provider.Refused
	if !errors.As(err, &refused) {
		h.Fatalf("AcceptLaunch() = %v, want a *Refused", err)
	}
	if cause := lti.Reason(err).Cause; cause != want {
		h.Fatalf("AcceptLaunch() = %v, want cause %s", err, want)
	}
	if accepted.Token != "" || accepted.Ticket != "" {
		h.Error("a refused launch has a token")
	}
	after := dump(h, h.Store)
	var fresh []string
	for key := range after {
		if _, ok := before[key]; !ok && strings.HasPrefix(key, store.Launches.Name()+" ") {
			fresh = append(fresh, key)
		}
	}
	if len(fresh) != 1 {
		h.Fatalf("the refusal left %d records, want 1", len(fresh))
	}
	delete(after, fresh[0])
	if diff := cmp.Diff(before, after); diff != "" {
		h.Errorf("a refused launch changed the store:\n%s", diff)
	}
	record := h.record(refused.Reference)
	if !record.Refused || record.Cause != string(want) || record.Direction != lti.Inbound || record.Session != nil {
		h.Errorf("record = %+v, want a refusal for %s", record, want)
	}
	return record, refused
}

// record finds a launch record by its reference, as a person would.
func (h *hub) record(ref string) lti.LaunchRecord {
	h.Helper()
	prefix, err := lti.ParseReference(ref)
	if err != nil {
		h.Fatalf("reference %q: %v", ref, err)
	}
	var found []lti.LaunchRecord
	h.change(func(tx store.Tx) (err error) {
		found, _, err = store.Launches.List(tx, prefix, "", 10)
		return err
	})
	if len(found) != 1 {
		h.Fatalf("reference %s leads to %d records, want 1", ref, len(found))
	}
	return found[0]
}

// dump lists every record of every collection that a launch may touch.
func dump(t testing.TB, s store.Store) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := s.View(context.Background(), func(tx store.Tx) error {
		for _, name := range []string{
			store.Users.Name(), store.Bindings.Name(), store.ToolConsumers.Name(), store.Courses.Name(), store.CourseMaps.Name(),
			store.Memberships.Name(), store.Launches.Name(), store.Targets.Name(), store.Deliveries.Name(), store.Results.Name(),
		} {
			items, err := tx.Scan(name, "", "", store.MaxScan)
			if err != nil {
				return err
			}
			for _, it := range items {
				all[name+" "+it.Key] = string(it.Value)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("dump store: %v", err)
	}
	return all
}

// everything is the whole dump as one text.
func everything(t testing.TB, s store.Store) string {
	return fmt.Sprint(maps.Clone(dump(t, s)))
}
