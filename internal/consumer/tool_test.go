package consumer_test

import (
	"context"
	"errors"
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
