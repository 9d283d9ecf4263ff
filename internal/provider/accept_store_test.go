package provider_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/simulator"
	"github.com/ltihub/ltihub/internal/store"
)

// between is a store in which something happens just before the first change.
type between struct {
	store.Store
	happens func()
}

func (b *between) Update(ctx context.Context, fn func(tx store.Tx) error) error {
	if happens := b.happens; happens != nil {
		b.happens = nil
		happens()
	}
	return b.Store.Update(ctx, fn)
}

func TestConfigurationMayChangeUnderALaunch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(h *hub, c *lti.ToolConsumer)
		want   lti.Cause // "" for accepted
	}{
		{"name", func(_ *hub, c *lti.ToolConsumer) { c.Name = "New name" }, ""},
		{"closed", func(_ *hub, c *lti.ToolConsumer) { c.Disabled = true }, lti.CauseDisabled},
		{"secret", func(h *hub, c *lti.ToolConsumer) { c.Secret = h.sealed("another") }, lti.CauseSignature},
		{"secret, with the former kept", func(h *hub, c *lti.ToolConsumer) {
			c.Previous, c.Secret = c.Secret, h.sealed("another")
		}, ""},
		{"methods", func(_ *hub, c *lti.ToolConsumer) { c.SignatureMethods = []string{oauth1.HMACSHA256} }, lti.CauseMethod},
		{"window", func(_ *hub, c *lti.ToolConsumer) { c.NonceLifetime = time.Second }, lti.CauseTimestampOld},
		{"key", func(_ *hub, c *lti.ToolConsumer) { c.Key = "new-key" }, lti.CauseUnknownKey},
		{"no more user identity", func(_ *hub, c *lti.ToolConsumer) { c.UserIdentity = false }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			engine := h.Store
			h.lms.SetFaults(simulator.Faults{ClockSkew: -2 * time.Second})
			req := h.launch(student)
			h.Store = &between{engine, func() {
				watched := h.Store
				h.Store = engine
				h.configure(func(c *lti.ToolConsumer) { tt.change(h, c) })
				h.Store = watched
			}}
			_, err := h.AcceptLaunch(t.Context(), req, toQuiz)
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("AcceptLaunch() = %v, want it accepted", err)
			case tt.want != "" && (err == nil || lti.Reason(err).Cause != tt.want):
				t.Errorf("AcceptLaunch() = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestConsumerMayBeRemovedUnderALaunch(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	engine := h.Store
	req := h.launch(student)
	h.Store = &between{engine, func() {
		err := engine.Update(context.Background(), func(tx store.Tx) error { return store.ToolConsumers.Delete(tx, "uni", "campus") })
		if err != nil {
			t.Error(err)
		}
	}}
	if _, err := h.AcceptLaunch(t.Context(), req, toQuiz); lti.Reason(err).Cause != lti.CauseUnknownKey {
		t.Errorf("AcceptLaunch() = %v, want unknown_key", err)
	}
}

func TestTargetIsKeptWithTheNewestSourcedID(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	targets := func() (all []lti.UpstreamTarget) {
		h.change(func(tx store.Tx) error {
			all = nil
			return store.Targets.All(tx, "", func(t lti.UpstreamTarget) error {
				all = append(all, t)
				return nil
			})
		})
		return all
	}
	h.accept(h.launch(teacher)) // no sourcedid, no target
	if got := targets(); len(got) != 0 || len(h.targets) != 0 {
		t.Fatalf("targets after an instructor's launch = %+v", got)
	}
	h.accept(h.launch(student))
	sourcedID, _ := h.lms.SourcedID(student, quiz)
	want := lti.UpstreamTarget{
		Domain: "uni", Course: "phys101", Username: student, Scope: lti.Scope{Kind: lti.ScopeLink, ID: "quiz1"},
		Consumer: "campus", Placement: quiz, URL: lmsURL + "/services/outcomes", FormURL: lmsURL + "/services/outcomes10",
		SourcedID: sourcedID, UserID: student, Updated: noon,
	}
	if diff := cmp.Diff([]lti.UpstreamTarget{want}, targets()); diff != "" {
		t.Fatalf("targets (-want +got):\n%s", diff)
	}

	h.change(func(tx store.Tx) error { // a delivery has been made meanwhile
		want.Live = "delivery"
		return store.Targets.Put(tx, want)
	})
	h.clock.set(noon.Add(time.Minute))
	h.accept(h.launch(student)) // the same: nothing new to tell
	h.accept(h.launchWith(student, func(f url.Values) { f.Del("lis_result_sourcedid") }))
	if diff := cmp.Diff([]lti.UpstreamTarget{want}, targets()); diff != "" || len(h.targets) != 1 {
		t.Fatalf("targets after the same launch (-want +got), told %d times:\n%s", len(h.targets), diff)
	}
	h.accept(h.launchWith(student, func(f url.Values) { f.Set("lis_result_sourcedid", "newest") }))
	want.SourcedID, want.Updated = "newest", noon.Add(time.Minute)
	if diff := cmp.Diff([]lti.UpstreamTarget{want}, targets()); diff != "" {
		t.Errorf("targets after another sourcedid (-want +got):\n%s", diff)
	}
	if len(h.targets) != 2 || h.targets[1] != want {
		t.Errorf("TargetStored was told %+v", h.targets)
	}
	h.accept(h.launchWith(student, func(f url.Values) { f.Set("resource_link_id", "another placement") }))
	if got := targets(); len(got) != 2 {
		t.Errorf("%d targets of two placements, want 2", len(got))
	}
}

func TestFailureInsideTheTransactionLeavesNothing(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	req := h.launch(student)
	works := h.Enrol
	h.Enrol = func(tx store.Tx, b lti.Believed) (lti.Arrival, error) {
		a, err := works(tx, b)
		return a, errors.Join(err, errors.New("late failure"))
	}
	h.refuse(req, lti.CauseInternal)
	h.Enrol = works
	h.TargetStored = func(store.Tx, lti.UpstreamTarget) error { return errors.New("queue broken") }
	h.refuse(req, lti.CauseInternal)
	h.TargetStored = h.targetStored
	h.accept(req)
}

func TestRefusalWithoutAStoreHasNoReference(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	req := h.launch(student)
	if err := h.Store.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := h.AcceptLaunch(t.Context(), req, toQuiz)
	if lti.Reason(err).Cause != lti.CauseUnavailable {
		t.Errorf("AcceptLaunch() = %v, want unavailable", err)
	}
}

func TestRecordHasTheDoctorsHint(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.lms.LaunchURL = strings.Replace(hubURL, "https:", "http:", 1) // signed for http, arrived by https
	req := h.launch(student)
	req.URL = hubURL
	record, _ := h.refuse(req, lti.CauseSignature)
	if !strings.Contains(record.Detail+record.Hint, "http") || record.Hint == "" {
		t.Errorf("detail %q, hint %q: want the scheme named", record.Detail, record.Hint)
	}
}

// An unknown key is explained like a known one, so that the time taken does
// not tell them apart, but its record says nothing of a signature.
func TestUnknownKeyHintsAtTheKeyAlone(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.lms.Key = "nobody"
	if record, _ := h.refuse(h.launch(student), lti.CauseUnknownKey); !strings.Contains(record.Hint, "key") || strings.Contains(record.Hint, "signature") || record.Consumer != "" {
		t.Errorf("record = %+v, want a hint at the key and no consumer", record)
	}
}

func TestNoSecretReachesARecord(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.lms.NewID = func() string { return "fixed-nonce" }
	h.configure(func(c *lti.ToolConsumer) { c.Previous = h.sealed(former) })
	right := signatureOf(t, h.launch(student)) // what a wrong signature should have been
	h.lms.Secret = "guessed"
	wrong := h.launch(student)
	h.refuse(wrong, lti.CauseSignature)
	h.lms.Secret = current
	a := h.accept(h.launch(student))
	text := everything(t, h.Store)
	for what, secret := range map[string]string{
		"secret": current, "former secret": former, "right signature": right, "given signature": signatureOf(t, wrong),
		"token": a.Token, "ticket": a.Ticket, "signature parameter": "oauth_signature\"",
	} {
		if strings.Contains(text, secret) {
			t.Errorf("the store holds the %s in clear", what)
		}
	}
}

func signatureOf(t *testing.T, req oauth1.Request) string {
	t.Helper()
	form, err := url.ParseQuery(string(req.Body))
	if err != nil || form.Get("oauth_signature") == "" {
		t.Fatalf("no signature in the launch: %v", err)
	}
	return form.Get("oauth_signature")
}

func TestRecordsAreBounded(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.lms.Key = strings.Repeat("k", 2000)
	record, _ := h.refuse(h.launchWith(student, func(f url.Values) {
		f.Set("custom_long", strings.Repeat("é", 3000))
		for i := range 300 {
			f.Set("x"+strings.Repeat("y", i), "z")
		}
	}), lti.CauseUnknownKey)
	if len(record.Params) > 200 || len(record.Key) > 1100 || len(record.Detail) > 1200 {
		t.Errorf("record keeps %d parameters, a key of %d and a detail of %d bytes", len(record.Params), len(record.Key), len(record.Detail))
	}
	for _, p := range record.Params {
		if len(p[0]) > 1100 || len(p[1]) > 1100 {
			t.Errorf("parameter %.20q has %d bytes", p[0], len(p[1]))
		}
	}
}

func TestOnlyWebAddressesLeadBack(t *testing.T) {
	t.Parallel()
	tests := []struct{ address, want string }{
		{"https://lms.example/back?a=b", "https://lms.example/back?a=b"},
		{"http://lms.example:8000/", "http://lms.example:8000/"},
		{"javascript:alert(1)", ""},
		{"data:text/html,x", ""},
		{"//evil.example/", ""},
		{"https:evil.example", ""},
		{"https://good@evil.example/", ""},
		{`\evil.example`, ""},
		{"https://lms.example;script-src *", ""},
		{"", ""},
	}
	for _, tt := range tests {
		t.Run(tt.address, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			a := h.accept(h.launchWith(student, func(f url.Values) {
				f.Set("launch_presentation_return_url", tt.address)
				f.Set("tool_consumer_instance_url", tt.address)
			}))
			if got := a.Record.Session.ReturnURL; got != tt.want {
				t.Errorf("ReturnURL = %q, want %q", got, tt.want)
			}
			if got := a.Record.Session.Origins; (len(got) == 1) != (tt.want != "") {
				t.Errorf("Origins = %q", got)
			}
		})
	}
}

func TestHoldsJudgesTheSignatureAndWritesNothing(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	forged := func() oauth1.Request {
		h.lms.Secret = "guessed"
		defer func() { h.lms.Secret = current }()
		return h.launch(student)
	}
	unknown := func() oauth1.Request {
		h.lms.Key = "nobody"
		defer func() { h.lms.Key = "lms-key" }()
		return h.launch(student)
	}
	tests := []struct {
		name string
		req  oauth1.Request
		want bool
	}{
		{"good", h.launch(student), true},
		{"forged", forged(), false},
		{"unknown key", unknown(), false},
		{"unreadable", oauth1.Request{}, false},
	}
	before := dump(t, h.Store)
	for _, tt := range tests {
		if got := h.Holds(t.Context(), tt.req); got != tt.want {
			t.Errorf("Holds(%s) = %t, want %t", tt.name, got, tt.want)
		}
	}
	if diff := cmp.Diff(before, dump(t, h.Store)); diff != "" {
		t.Errorf("Holds changed the store:\n%s", diff)
	}
	h.accept(tests[0].req) // its nonce is not used up
}

func TestRefusalRepeatsTheRolesThatWereSaid(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.configure(func(c *lti.ToolConsumer) { c.SelfEnrol = nil })
	sent := "Learner,Mentor" + strings.Repeat(",urn:x:"+strings.Repeat("y", 60), 50)
	_, refused := h.refuse(h.launchWith(student, func(f url.Values) { f.Set("roles", sent) }), lti.CauseNoRole)
	if refused.Consumer != "campus" || refused.Unmapped || len(refused.Roles) != 20 || refused.Roles[1] != "Mentor" {
		t.Errorf("Refused has the consumer %q, unmapped %t, %d roles: %.200q", refused.Consumer, refused.Unmapped, len(refused.Roles), refused.Roles)
	}
	h.lms.Secret = "guessed"
	if _, refused := h.refuse(h.launch(student), lti.CauseSignature); refused.Consumer != "" || refused.Roles != nil {
		t.Errorf("an unbelieved launch is told %q, %q", refused.Consumer, refused.Roles)
	}
}
