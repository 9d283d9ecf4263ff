package consumer_test

import (
	"context"
	"crypto/sha1"
	"errors"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestAddedToolIsLaunched(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	tool := lti.Tool{Domain: "uni", ID: "pad", Name: "Graph pad", URL: "https://pad.example/lti", Send: []string{lti.SendName}}
	key, secret, err := h.AddTool(context.Background(), tool, "", "root:uni")
	if err != nil || len(key) < 20 || len(secret) < 40 {
		t.Fatalf("AddTool() = %q, %d bytes, %v", key, len(secret), err)
	}
	h.changeCourse(func(c *lti.Course) { c.Links = append(c.Links, lti.ResourceLink{ID: "pad1", Tool: "pad", Points: 1}) })
	form, err := h.Launch(context.Background(), consumer.LaunchRequest{Course: courseRef, Link: "pad1", Username: "bob"})
	if err != nil {
		t.Fatal(err)
	}
	if form.Params.Value("oauth_consumer_key") != key || form.Params.Value("lis_result_sourcedid") == "" || form.Target != lti.TargetIframe {
		t.Errorf("the launch is\n%s", dump(form.Params))
	}
	if form.Params.Value("lis_person_contact_email_primary") != "" {
		t.Error("the tool learns more than its file asks for")
	}
}

func TestAddToolRefuses(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	good := lti.Tool{Domain: "uni", ID: "pad", URL: "https://pad.example/lti", Key: "entered"}
	tests := []struct {
		name   string
		change func(*lti.Tool)
		want   error
		cause  lti.Cause
	}{
		{"taken", func(t *lti.Tool) { t.ID = "quizzer" }, store.ErrExists, ""},
		{"no domain", func(t *lti.Tool) { t.Domain = "nowhere" }, store.ErrNotFound, ""},
		{"no id", func(t *lti.Tool) { t.ID = "" }, nil, lti.CauseMalformed},
		{"an id with a slash", func(t *lti.Tool) { t.ID = "a/b" }, nil, lti.CauseMalformed},
		{"a key with a line end", func(t *lti.Tool) { t.Key = "a\nb" }, nil, lti.CauseMalformed},
		{"a script to choose in", func(t *lti.Tool) { t.ContentItems.URL = "javascript:alert(1)" }, nil, lti.CauseMalformed},
		{"a script as icon", func(t *lti.Tool) { t.About.Icon = "javascript:alert(1)" }, nil, lti.CauseMalformed},
		{"a nameless placement", func(t *lti.Tool) { t.Placements = make([]lti.ToolPlacement, 1) }, nil, lti.CauseMalformed},
		{"an endless description", func(t *lti.Tool) { t.About.Description = strings.Repeat("x", lti.MaxAbout+1) }, nil, lti.CauseMalformed},
		{"no such course", func(t *lti.Tool) { t.Course = "chem101" }, store.ErrNotFound, ""},
		{"taken in the course", func(t *lti.Tool) { t.Course, t.ID = "phys101", "own" }, store.ErrExists, ""},
		{"hides the domain's", func(t *lti.Tool) { t.Course, t.ID = "phys101", "quizzer" }, store.ErrExists, ""},
		{"a script", func(t *lti.Tool) { t.URL = "javascript:alert(1)" }, nil, lti.CauseMalformed},
	}
	for _, tt := range tests {
		tool := good
		tt.change(&tool)
		_, _, err := h.AddTool(context.Background(), tool, "secret", "root:uni")
		if tt.want != nil && !errors.Is(err, tt.want) || tt.cause != "" && lti.Reason(err).Cause != tt.cause {
			t.Errorf("%s: AddTool() = %v", tt.name, err)
		}
	}
	key, secret, err := h.AddTool(context.Background(), good, "secret", "root:uni")
	if err != nil || key != "entered" || secret != "secret" {
		t.Errorf("AddTool() = %q, %q, %v, want what was entered", key, secret, err)
	}
}

func TestCourseGetsAToolOfItsOwn(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.addMember("tom", lti.TA)
	h.update(func(tx store.Tx) error {
		if err := store.Users.Put(tx, lti.User{Domain: "uni", Username: "root", Admin: true, Handle: "r"}); err != nil {
			return err
		}
		return store.Users.Put(tx, lti.User{Domain: "uni", Username: "eve", Handle: "e"})
	})
	tool := lti.Tool{Domain: "uni", Course: "phys101", ID: "pad", URL: "https://pad.example/lti"}
	for _, tt := range []struct {
		by   consumer.Editor
		want lti.Cause
	}{
		{consumer.Editor{Username: "bob"}, lti.CauseNoRole},
		{consumer.Editor{Username: "tom", SignedIn: true}, lti.CauseNoRole},
		{consumer.Editor{Username: "eve", SignedIn: true}, lti.CauseNoRole},
		{consumer.Editor{Username: "root"}, lti.CauseNoRole},
		{consumer.Editor{Username: "nobody"}, lti.CauseNoAccount},
	} {
		if _, _, err := h.AddCourseTool(context.Background(), tool, "", tt.by); lti.Reason(err).Cause != tt.want {
			t.Errorf("AddCourseTool() by %+v = %v, want %s", tt.by, err, tt.want)
		}
	}
	if got := h.course(); len(got.Tools) != 1 {
		t.Fatalf("tools = %+v, want the first alone", got.Tools)
	}
	if _, _, err := h.AddCourseTool(context.Background(), tool, "entered", consumer.Editor{Username: "ada"}); err != nil {
		t.Fatal(err)
	}
	tool.ID = "pad2"
	if _, _, err := h.AddCourseTool(context.Background(), tool, "", consumer.Editor{Username: "root", SignedIn: true}); err != nil {
		t.Fatal(err)
	}
	h.changeCourse(func(c *lti.Course) { c.Links = append(c.Links, lti.ResourceLink{ID: "pad1", Tool: "pad", Points: 1}) })
	form := h.launch("bob", "pad1")
	if form.URL != tool.URL || form.Params.Value("oauth_signature") != signature(form.URL, form.Params, "entered", sha1.New) {
		t.Errorf("the launch of %s is not signed with the secret that was entered", form.URL)
	}
	if a := h.lastAudit(); a.By != "root:uni" || a.Object != "tool uni/phys101/pad2" {
		t.Errorf("audit = %+v", a)
	}
	h.changeCourse(func(c *lti.Course) { c.Disabled = true })
	tool.ID = "pad3"
	if _, _, err := h.AddCourseTool(context.Background(), tool, "", consumer.Editor{Username: "ada"}); lti.Reason(err).Cause != lti.CauseDisabled {
		t.Errorf("AddCourseTool() to a closed course = %v", err)
	}
}
