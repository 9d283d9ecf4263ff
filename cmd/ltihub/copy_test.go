package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/internal/vault"
)

// pressroom copies courses and launches what it copies, in this process.
type pressroom struct {
	t        testing.TB
	store    store.Store
	consumer *consumer.Consumer
	copier   *course.Copier
}

func newPressroom(t *testing.T) *pressroom {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "hub.db"), bolt.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	v, _, err := vault.Create(vault.NewMasterKey(rand.Reader))
	if err != nil {
		t.Fatal(err)
	}
	p := &pressroom{t: t, store: s}
	p.consumer = &consumer.Consumer{
		Store: s, Vault: v, PublicURL: "https://hub.example", Now: now, NewID: newID, Rand: rand.Reader,
		Queue: func(store.Tx, lti.Result) error { return nil }, Wake: func() {},
	}
	p.copier = &course.Copier{
		Store: s, Vault: v, ContextID: consumer.ContextID, LinkID: consumer.ResourceLinkID, Now: now, NewID: newID, Rand: rand.Reader,
	}
	return p
}

func (p *pressroom) update(fn func(tx store.Tx) error) {
	p.t.Helper()
	if err := p.store.Update(context.Background(), fn); err != nil {
		p.t.Fatal(err)
	}
}

// cell is a student's grade for a link.
type cell struct {
	course lti.CourseRef
	link   string
}

// found puts a course with a tool and a link of its own into the store.
func (p *pressroom) found(ref lti.CourseRef) {
	p.t.Helper()
	sealed, err := p.consumer.Vault.Seal("secret", "tool/"+ref.String()+"/own")
	if err != nil {
		p.t.Fatal(err)
	}
	p.update(func(tx store.Tx) error {
		return store.Courses.PutNew(tx, lti.Course{
			Domain: ref.Domain, ID: ref.ID, DigestKey: []byte(ref.ID), Links: []lti.ResourceLink{{ID: "quiz", Tool: "own", Points: 10}},
			Tools: []lti.Tool{{
				Domain: ref.Domain, Course: ref.ID, ID: "own", URL: "https://tool.example/lti", Key: "key", Secret: lti.Secret{Sealed: sealed},
				NonceLifetime: time.Minute, Passback: lti.Service{Enabled: true}, IDKey: []byte("k"),
				Custom: map[string]string{"was": "$ResourceLink.id.history", "course": "$Context.id.history"},
			}},
		})
	})
	p.enrol(ref)
}

// enrol makes bob a student of the course.
func (p *pressroom) enrol(ref lti.CourseRef) {
	p.t.Helper()
	p.update(func(tx store.Tx) error {
		c, err := store.Courses.Read(tx, ref.Domain, ref.ID)
		if err != nil {
			return err
		}
		if err := store.Users.Put(tx, lti.User{Domain: ref.Domain, Username: "bob", Handle: "h"}); err != nil {
			return err
		}
		return store.Memberships.Put(tx, lti.Membership{
			Domain: ref.Domain, Course: ref.ID, Username: "bob", Role: lti.Student, Status: lti.MemberActive,
			Digest: sourcedid.UserDigest(c.DigestKey, "bob"),
		})
	})
}

func (p *pressroom) launch(c cell) oauth1.Params {
	p.t.Helper()
	form, err := p.consumer.Launch(context.Background(), consumer.LaunchRequest{Course: c.course, Link: c.link, Username: "bob"})
	if err != nil {
		p.t.Fatalf("launch %v: %v", c, err)
	}
	return form.Params
}

// give sends a score for a service id, as the tool would.
func (p *pressroom) give(id string, score float64) bool {
	p.t.Helper()
	body := outcome.BuildRequest(outcome.Request{
		Operation: outcome.Replace, MessageID: newID(), SourcedID: id, HasScore: true, ScoreText: lti.FormatScore(score),
	})
	target := "https://hub.example/service/passback"
	header, err := oauth1.Signer{Key: "key", Secret: "secret", Now: now}.SignBody("POST", target, body)
	if err != nil {
		p.t.Fatal(err)
	}
	a := p.consumer.TakeResult(context.Background(), oauth1.Request{
		Method: "POST", URL: target, ContentType: "application/xml", Authorization: []string{header}, Body: body,
	})
	r, err := outcome.ParseResponse(a.Body, a.ContentType)
	if err != nil {
		p.t.Fatal(err)
	}
	return r.CodeMajor == outcome.Success
}

func (p *pressroom) score(c cell) *float64 {
	p.t.Helper()
	r, _, err := p.consumer.History(context.Background(), consumer.ResultRef{Course: c.course, Link: c.link, Username: "bob"}, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	return r.Counts()
}

// TestNoServiceIDOpensForACopy holds that of a family of copies each id opens
// its own cell and no other, also when it is written over to name the other's
// course, link and user.
func TestNoServiceIDOpensForACopy(t *testing.T) {
	t.Parallel()
	p, runs := newPressroom(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		cells, ids := p.family(rt, fmt.Sprintf("run%d", runs)), map[cell]string{}
		for _, c := range cells {
			ids[c] = p.launch(c).Value("lis_result_sourcedid")
		}
		from := rapid.SampledFrom(cells).Draw(rt, "from")
		scores := map[cell]*float64{}
		for _, c := range cells {
			if c == from {
				continue
			}
			seal, _, _ := strings.Cut(ids[from], ":::")
			_, place, _ := strings.Cut(ids[c], ":::")
			if p.give(seal+":::"+place, 0.9) {
				rt.Errorf("the seal for %v opens %v", from, c)
			}
			scores[c] = p.score(c)
		}
		if !p.give(ids[from], 0.5) || p.score(from) == nil {
			rt.Errorf("the id for %v does not open it", from)
		}
		for c, before := range scores {
			if before != nil || p.score(c) != nil {
				rt.Errorf("a score for %v reached %v", from, c)
			}
		}
	})
}

// family makes a course, and copies of courses and of links out of it.
func (p *pressroom) family(rt *rapid.T, name string) []cell {
	first := lti.CourseRef{Domain: "uni", ID: name}
	p.found(first)
	cells := []cell{{first, "quiz"}}
	for i := range rapid.IntRange(1, 4).Draw(rt, "copies") {
		of := rapid.SampledFrom(cells).Draw(rt, "of")
		want := course.Wanted{ID: fmt.Sprintf("%s-%d", name, i)}
		if rapid.Bool().Draw(rt, "link") {
			if _, err := p.copier.CopyLink(rt.Context(), of.course, of.link, want, "test"); err != nil {
				rt.Fatal(err)
			}
			cells = append(cells, cell{of.course, want.ID})
			continue
		}
		made, err := p.copier.Copy(rt.Context(), of.course, want, "test")
		if err != nil {
			rt.Fatal(err)
		}
		p.enrol(made.Ref())
		cells = append(cells, cell{made.Ref(), of.link})
	}
	return cells
}

func TestCopiesTellToolsWhatTheyAreCopiesOf(t *testing.T) {
	t.Parallel()
	p := newPressroom(t)
	first := cell{lti.CourseRef{Domain: "uni", ID: "one"}, "quiz"}
	p.found(first.course)
	was := p.launch(first)
	if was.Value("custom_was") != "" || was.Value("custom_course") != "" {
		t.Errorf("a course that is no copy has the history %q, %q", was.Value("custom_was"), was.Value("custom_course"))
	}
	links, contexts := "", ""
	for i := range 3 {
		made, err := p.copier.Copy(t.Context(), first.course, course.Wanted{ID: fmt.Sprintf("copy%d", i)}, "test")
		if err != nil {
			t.Fatal(err)
		}
		p.enrol(made.Ref())
		links = strings.TrimSuffix(was.Value("resource_link_id")+","+links, ",")
		contexts = strings.TrimSuffix(was.Value("context_id")+","+contexts, ",")
		first.course = made.Ref()
		is := p.launch(first)
		if is.Value("custom_was") != links || is.Value("custom_course") != contexts {
			t.Errorf("copy %d has the history %q, %q, want %q, %q", i, is.Value("custom_was"), is.Value("custom_course"), links, contexts)
		}
		if is.Value("resource_link_id") == was.Value("resource_link_id") || is.Value("context_id") == was.Value("context_id") {
			t.Errorf("copy %d has an id of its original", i)
		}
		if is.Value("user_id") != was.Value("user_id") {
			t.Errorf("the tool meets another person in copy %d", i)
		}
		was = is
	}
}

func TestAPICopiesACourse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	s := stranger{t, w.url}
	ask := func(path, body string) (int, string) {
		status, _, text := s.ask("POST", "/api/v1/courses/uni/"+path, adminToken, "application/json", body)
		return status, text
	}
	if status, text := ask("phys101/copy", `{"id":"phys101-27","title":"Physics, 2027"}`); status != 201 || !strings.Contains(text, `"title":"Physics, 2027"`) || !strings.Contains(text, `"links":4`) {
		t.Fatalf("copy = %d %s", status, text)
	}
	if status, text := ask("phys101-27/links/quiz1/copy", `{"id":"quiz1b"}`); status != 201 || !strings.Contains(text, `"title":"Quiz 1"`) {
		t.Fatalf("copy of a link = %d %s", status, text)
	}
	links := s.object("/courses/uni/phys101-27/links")["items"].([]any)
	if len(links) != 5 {
		t.Errorf("the copy has %d links, want 5", len(links))
	}
	for path, tt := range map[string]struct {
		body string
		want int
	}{
		"none/copy":                {`{"id":"x"}`, 404},
		"phys101/links/none/copy":  {`{"id":"x"}`, 404},
		"phys101/copy":             {`{"id":"phys101-27"}`, 409},
		"phys101/links/quiz1/copy": {`{"id":"lab1"}`, 409},
		"phys101-27/copy":          {`{"id":"a b"}`, 422},
	} {
		if status, text := ask(path, tt.body); status != tt.want {
			t.Errorf("POST %s = %d %s, want %d", path, status, text, tt.want)
		}
	}
}
