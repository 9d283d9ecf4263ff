package consumer_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/store"
)

// signature computes oauth_signature of a POST form as RFC 5849 section 3.4
// puts it, apart from the code under test.
func signature(target string, p oauth1.Params, secret string, method func() hash.Hash) string {
	escape := func(s string) string {
		return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(s))
	}
	base, query, _ := strings.Cut(target, "?")
	var pairs []string
	for name, values := range must(url.ParseQuery(query)) {
		for _, v := range values {
			pairs = append(pairs, escape(name)+"="+escape(v))
		}
	}
	for name, value := range p.All() {
		if name != "oauth_signature" {
			pairs = append(pairs, escape(name)+"="+escape(value))
		}
	}
	slices.Sort(pairs)
	mac := hmac.New(method, []byte(escape(secret)+"&"))
	mac.Write([]byte("POST&" + escape(base) + "&" + escape(strings.Join(pairs, "&"))))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func must(v url.Values, err error) url.Values {
	if err != nil {
		panic(err)
	}
	return v
}

func TestLaunchIsSigned(t *testing.T) {
	t.Parallel()
	for method, hash := range map[string]func() hash.Hash{oauth1.HMACSHA1: sha1.New, oauth1.HMACSHA256: sha256.New} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.changeTool("quizzer", func(tool *lti.Tool) { tool.SignatureMethod = method })
			h.changeCourse(func(c *lti.Course) { c.Title = "Äther & *Licht* ~ 100%\nzwei" })
			form := h.launch("bob", "quiz1")
			if form.URL != "https://tool.example/lti?room=7" {
				t.Errorf("URL = %q", form.URL)
			}
			want := signature(form.URL, form.Params, "quizzer-secret", hash)
			if got := form.Params.Value("oauth_signature"); got != want {
				t.Errorf("signature = %q, want %q", got, want)
			}
			if got := form.Params.Value("oauth_callback"); got != "about:blank" {
				t.Errorf("oauth_callback = %q", got)
			}
		})
	}
}

func TestLaunchSays(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	p := h.launch("bob", "quiz1").Params
	want := map[string]string{
		"lti_message_type": "basic-lti-launch-request", "lti_version": "LTI-1p0",
		"resource_link_title": "Quiz 1", "context_title": "Physics 101", "context_label": "PHYS101",
		"context_type": "CourseOffering", "roles": "Learner",
		"lis_person_name_given": "Given-bob", "lis_person_name_full": "Given-bob Family-bob",
		"lis_person_contact_email_primary": "bob@mail.example",
		"lis_person_sourcedid":             "bob", "ext_user_username": "bob",
		"launch_presentation_locale":             "en",
		"launch_presentation_document_target":    "iframe",
		"tool_consumer_info_product_family_code": "ltihub", "tool_consumer_info_version": "1",
		"tool_consumer_instance_name": "Hub", "tool_consumer_instance_guid": "hub.example",
		"lis_outcome_service_url": passbackURL, "ext_ims_lis_basic_outcome_url": passbackURL,
		"ext_ims_lis_resultvalue_sourcedids":           "decimal,percentage,ratio,passfail,letteraf,letterafplus",
		"ext_outcome_data_values_accepted":             "text,url,ltiLaunchUrl",
		"ext_outcome_submission_submitted_at_accepted": "true",
		"ext_ims_lis_memberships_url":                  rosterURL, "ext_ims_lti_tool_setting_url": settingURL,
		"custom_level": "link", "custom_quiz": "1", // the link wins over the tool
		"custom_who_am_i": "Given-bob Family-bob",
		"custom_unknown":  "$No.such",
	}
	for name, value := range want {
		if got := p.Value(name); got != value {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/"
	for _, name := range []string{"user_id", "context_id", "resource_link_id", "lis_result_sourcedid", "ext_ims_lis_memberships_id", "ext_ims_lti_tool_setting_id"} {
		if v := p.Value(name); v == "" || len(v) > 255 || strings.Trim(v, unreserved) != "" {
			t.Errorf("%s = %q, want a short id of unreserved characters", name, v)
		}
	}
}

func TestLaunchIDsAreStableAndApart(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	bob := h.launch("bob", "quiz1").Params
	h.clock.step(90 * 24 * time.Hour)
	again := h.launch("bob", "quiz1").Params
	for _, name := range []string{"user_id", "context_id", "resource_link_id"} {
		if bob.Value(name) != again.Value(name) {
			t.Errorf("%s changed from %q to %q", name, bob.Value(name), again.Value(name))
		}
	}
	if cyd := h.launch("cyd", "quiz1").Params; cyd.Value("user_id") == bob.Value("user_id") {
		t.Error("two people share a user_id")
	}
	if own := h.launch("bob", "own1").Params; own.Value("user_id") == bob.Value("user_id") {
		t.Error("two tools know a person under one user_id")
	}
	if two := h.launch("bob", "quiz2").Params; two.Value("resource_link_id") == bob.Value("resource_link_id") {
		t.Error("two links share a resource_link_id")
	}
}

func TestLaunchReleasesNothingUnasked(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.changeTool("quizzer", func(tool *lti.Tool) {
		tool.Send = nil
		tool.Custom = map[string]string{
			"a": "$Person.name.full", "b": "$User.username", "c": "$Person.email.primary", "d": "$Membership.role",
		}
	})
	p := h.launch("bob", "quiz1").Params
	for _, secret := range []string{"bob", "Given", "Family", "mail.example", "Learner", "handle of"} {
		if strings.Contains(dump(p), secret) {
			t.Errorf("the launch holds %q:\n%s", secret, dump(p))
		}
	}
	if p.Value("user_id") == "" || p.Count("roles") != 0 {
		t.Errorf("user_id = %q, roles = %q", p.Value("user_id"), p.Value("roles"))
	}
}

func TestLaunchHandsOutOnlyGrantedServices(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	tests := []struct {
		name, user, link string
		want             []string // of grade url, grade id, roster id, setting id
	}{
		{"student", "bob", "quiz1", []string{"lis_outcome_service_url", "lis_result_sourcedid", "ext_ims_lis_memberships_id", "ext_ims_lti_tool_setting_id"}},
		{"no student", "ada", "quiz1", []string{"lis_outcome_service_url", "ext_ims_lis_memberships_id", "ext_ims_lti_tool_setting_id"}},
		{"no points", "bob", "reading1", []string{"ext_ims_lis_memberships_id", "ext_ims_lti_tool_setting_id"}},
		{"none granted", "bob", "own1", nil},
	}
	h.changeCourse(func(c *lti.Course) {
		c.Tools[0].Passback.Enabled, c.Tools[0].Roster.Enabled, c.Tools[0].Setting.Enabled = false, false, false
	})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := h.launch(tt.user, tt.link).Params
			var got []string
			for _, name := range []string{"lis_outcome_service_url", "lis_result_sourcedid", "ext_ims_lis_memberships_id", "ext_ims_lti_tool_setting_id"} {
				if p.Count(name) > 0 {
					got = append(got, name)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("services = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLaunchRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		req    consumer.LaunchRequest
		change func(h *hub)
		want   lti.Cause
	}{
		{"course", consumer.LaunchRequest{Course: lti.CourseRef{Domain: "uni", ID: "none"}}, nil, lti.CauseUnknownCourse},
		{"link", consumer.LaunchRequest{Link: "none"}, nil, lti.CauseUnknownLink},
		{"account", consumer.LaunchRequest{Username: "nobody"}, nil, lti.CauseNoAccount},
		{"not a member", consumer.LaunchRequest{Username: "eve"}, func(h *hub) {
			h.update(func(tx store.Tx) error { return store.Users.Put(tx, lti.User{Domain: "uni", Username: "eve"}) })
		}, lti.CauseNoRole},
		{"dropped", consumer.LaunchRequest{}, func(h *hub) {
			h.changeMember("bob", func(m *lti.Membership) { m.Status = lti.MemberDropped })
		}, lti.CauseNotOpen},
		{"ended", consumer.LaunchRequest{}, func(h *hub) {
			h.changeMember("bob", func(m *lti.Membership) { m.End = h.clock.now() })
		}, lti.CauseNotOpen},
		{"closed course", consumer.LaunchRequest{}, func(h *hub) {
			h.changeCourse(func(c *lti.Course) { c.Disabled = true })
		}, lti.CauseDisabled},
		{"closed tool", consumer.LaunchRequest{}, func(h *hub) {
			h.changeTool("quizzer", func(tool *lti.Tool) { tool.Disabled = true })
		}, lti.CauseDisabled},
		{"closed account", consumer.LaunchRequest{}, func(h *hub) {
			h.update(func(tx store.Tx) error {
				return store.Users.Put(tx, lti.User{Domain: "uni", Username: "bob", Handle: "x", Disabled: true})
			})
		}, lti.CauseDisabled},
		{"lost tool", consumer.LaunchRequest{Link: "lost"}, nil, lti.CauseNoTool},
		{"no tool", consumer.LaunchRequest{Link: "bare"}, nil, lti.CauseNoTool},
		{"bad URL", consumer.LaunchRequest{}, func(h *hub) {
			h.changeTool("quizzer", func(tool *lti.Tool) { tool.URL = "javascript:alert(1)" })
		}, lti.CauseNoTool},
		{"dead secret", consumer.LaunchRequest{}, func(h *hub) {
			h.changeTool("quizzer", func(tool *lti.Tool) { tool.Secret.Until = h.clock.now() })
		}, lti.CauseNoTool},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			if tt.change != nil {
				tt.change(h)
			}
			req := tt.req
			if req.Course == (lti.CourseRef{}) {
				req.Course = courseRef
			}
			if req.Link == "" {
				req.Link = "quiz1"
			}
			if req.Username == "" {
				req.Username = "bob"
			}
			_, err := h.Launch(context.Background(), req)
			var refusal *lti.Refusal
			if !errors.As(err, &refusal) || refusal.Cause != tt.want {
				t.Fatalf("Launch error = %v, want cause %s", err, tt.want)
			}
			var told *consumer.Refused
			records := h.records(lti.Outbound)
			if len(records) != 1 || !errors.As(err, &told) || lti.Reference(records[0].ID) != told.Reference {
				t.Fatalf("records = %+v for %v, want one", records, err)
			}
			if r := records[0]; !r.Refused || r.Cause != string(tt.want) || r.Detail == "" || r.Username != req.Username || r.Link != req.Link || len(r.Params) != 0 {
				t.Errorf("record = %+v", r)
			}
			if err := h.MayLaunch(context.Background(), req); tt.name != "dead secret" && lti.Reason(err).Cause != tt.want {
				t.Errorf("MayLaunch() = %v, want %s", err, tt.want)
			}
			if n := len(h.records(lti.Outbound)); n != 1 {
				t.Errorf("%d records after MayLaunch, want the one", n)
			}
		})
	}
}

func (h *hub) changeMember(name string, change func(*lti.Membership)) {
	h.t.Helper()
	h.update(func(tx store.Tx) error {
		m, err := store.Memberships.Get(tx, "uni", "phys101", name)
		if err != nil {
			return err
		}
		change(&m)
		return store.Memberships.Put(tx, m)
	})
}

func TestLaunchIsRecorded(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	form := h.launch("bob", "quiz1")
	records := h.records(lti.Outbound)
	if len(records) != 1 || records[0].ID != form.RecordID {
		t.Fatalf("records = %+v, want the one with id %s", records, form.RecordID)
	}
	r := records[0]
	if r.Tool != "quizzer" || r.Course != "phys101" || r.Folder != "week1" || r.Link != "quiz1" || r.Username != "bob" || r.Role != lti.Student {
		t.Errorf("record = %+v", r)
	}
	if len(r.Params) != len(form.Params)-1 {
		t.Errorf("%d parameters recorded, want all %d but the signature", len(r.Params), len(form.Params))
	}
	for _, pair := range r.Params {
		if pair[0] == "oauth_signature" || strings.Contains(pair[1], "quizzer-secret") {
			t.Errorf("recorded %q", pair)
		}
	}
}

func TestLaunchPrefersTheCoursesTool(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.update(func(tx store.Tx) error { return store.Tools.Put(tx, h.tool("own", "")) })
	h.changeTool("own", func(tool *lti.Tool) { tool.Key = "of-the-domain" })
	if key := h.launch("bob", "own1").Params.Value("oauth_consumer_key"); key != "own-key" {
		t.Errorf("key = %q, want the course's tool", key)
	}
}

func TestLaunchWritesTheRingOnlyToRotate(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ring := func() (r lti.ServiceRing) {
		h.view(func(tx store.Tx) (err error) {
			r, err = store.Rings.Get(tx, "uni", "phys101", "quiz1", lti.ServiceRoster)
			return err
		})
		return r
	}
	h.launch("bob", "quiz1")
	first := ring()
	h.clock.step(24 * time.Hour)
	h.launch("cyd", "quiz1")
	if again := ring(); len(again.Secrets) != 1 || again.Secrets[0] != first.Secrets[0] {
		t.Errorf("ring = %+v, want it unchanged as %+v", again, first)
	}
	h.clock.step(time.Second)
	h.launch("bob", "quiz1")
	if next := ring(); len(next.Secrets) != 2 || next.Secrets[1] != first.Secrets[0] {
		t.Errorf("ring = %+v, want a new secret before the old one", next)
	}
	h.clock.step(24*time.Hour + time.Second)
	h.launch("bob", "quiz1")
	if pruned := ring(); len(pruned.Secrets) != 2 || pruned.Secrets[1] == first.Secrets[0] {
		t.Errorf("ring = %+v, want the first secret gone", pruned)
	}
	h.changeTool("quizzer", func(tool *lti.Tool) { tool.Roster.ValidFor = time.Hour })
	h.launch("bob", "quiz1")
	if r := ring(); r.Secrets[0].ValidFor != time.Hour {
		t.Errorf("the newest secret is valid for %s, want the new validity at once", r.Secrets[0].ValidFor)
	}
}

func TestConcurrentLaunchesAgreeOnOneSecret(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	const many = 16
	ids := make(chan string, many)
	for range many {
		go func() {
			form, err := h.Launch(context.Background(), consumer.LaunchRequest{Course: courseRef, Link: "quiz1", Username: "bob"})
			if err != nil {
				t.Error(err)
			}
			ids <- form.Params.Value("lis_result_sourcedid")
		}()
	}
	first := <-ids
	for range many - 1 {
		if id := <-ids; id != first {
			t.Errorf("sourcedid = %q, want %q of the one secret", id, first)
		}
	}
}

func TestLaunchCarriesTheSetting(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.update(func(tx store.Tx) error {
		return store.Settings.Put(tx, lti.ToolSetting{Domain: "uni", Course: "phys101", Link: "quiz1", Value: "colour=blue"})
	})
	if v := h.launch("bob", "quiz1").Params.Value("ext_ims_lti_tool_setting"); v != "colour=blue" {
		t.Errorf("setting = %q", v)
	}
}
