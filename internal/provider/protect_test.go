package provider_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/simulator"
	"github.com/ltihub/ltihub/internal/store"
)

// protect gives the physics course a protection key, and chemistry beside it.
func (h *hub) protect(key, secret string) {
	h.Helper()
	text, err := h.Vault.Seal(secret, "protection/uni/phys101/"+key)
	if err != nil {
		h.Fatal(err)
	}
	h.change(func(tx store.Tx) error {
		c, err := store.Courses.Get(tx, "uni", "phys101")
		if err != nil {
			return err
		}
		c.Protection = []lti.Protection{{Key: key, Secret: lti.Secret{Sealed: text}, Lifetime: time.Minute}}
		return errors.Join(store.Courses.Put(tx, c), store.Courses.Put(tx, lti.Course{
			Domain: "uni", ID: "chem", DigestKey: []byte("k2"), Links: []lti.ResourceLink{{ID: "lab", Tiny: "lab"}},
		}))
	})
}

// keyed is a launch signed with a key of its own.
func (h *hub) keyed(key, secret, tail string) oauth1.Request {
	h.Helper()
	lms := simulator.NewLMS(lmsURL, hubURL, key, secret)
	lms.Now = h.clock.Now
	lms.Links = []simulator.Link{{ID: "rl", Tail: tail}}
	action, form, err := lms.LaunchForm(student, "rl")
	if err != nil {
		h.Fatal(err)
	}
	return request(action, form)
}

func TestCourseKeyBringsAPass(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.protect("course-key", "course-secret")
	quiz := lti.Tail{Domain: "uni", Course: "phys101", Link: "quiz1"}
	req := h.keyed("course-key", "course-secret", "/uni/phys101/l/quiz1")
	a, err := h.AcceptLaunch(t.Context(), req, quiz)
	if err != nil {
		t.Fatal(err)
	}
	r := a.Record
	if a.Token != "" || a.Ticket != "" || r.Session != nil || r.Username != "" || a.PassToken == "" || a.PassTicket == "" {
		t.Errorf("AcceptLaunch() = %+v, want a pass and no session", a)
	}
	if r.Pass == nil || !r.CourseKey || r.Consumer != "" || r.Key != "course-key" || r.Place() != (lti.Place{Course: physics().Ref(), Link: "quiz1"}) ||
		!r.Pass.Expires.Equal(noon.Add(lti.PassLifetime)) || strings.Contains(everything(t, h.Store), a.PassToken) {
		t.Errorf("record = %+v, pass %+v", r, r.Pass)
	}
	h.refuse(req, lti.CauseNonceUsed)
	h.refuse(h.keyed("course-key", "wrong", "/uni/phys101/l/quiz1"), lti.CauseSignature)
	h.refuse(h.keyed("course-kez", "course-secret", "/uni/phys101/l/quiz1"), lti.CauseUnknownKey)
	h.clock.set(noon.Add(2 * time.Minute)) // the key's window is a minute
	h.refuse(req, lti.CauseTimestampOld)
}

func TestCourseKeyOpensItsCourseOnly(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.protect("course-key", "course-secret")
	for tail, to := range map[string]lti.Tail{
		"/uni/chem": {Domain: "uni", Course: "chem"}, "/uni/chem/l/lab": {Domain: "uni", Course: "chem", Link: "lab"},
		"/tiny/uni/lab": {Domain: "uni", Tiny: "lab"}, "/far/phys101": {Domain: "far", Course: "phys101"},
	} {
		_, err := h.AcceptLaunch(t.Context(), h.keyed("course-key", "course-secret", tail), to)
		if lti.Reason(err).Cause != lti.CauseUnknownCourse {
			t.Errorf("AcceptLaunch(%s) = %v, want unknown_course", tail, err)
		}
	}
	a, err := h.AcceptLaunch(t.Context(), h.keyed("course-key", "course-secret", ""), lti.Tail{})
	if err != nil || a.Place != (lti.Place{Course: physics().Ref()}) {
		t.Errorf("AcceptLaunch() without a tail = %+v, %v, want the course itself", a.Place, err)
	}
}

func TestRemovedCourseKeyIsUnknown(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.protect("course-key", "course-secret")
	h.change(func(tx store.Tx) error { return store.Courses.Put(tx, physics()) })
	h.refuse(h.keyed("course-key", "course-secret", "/uni/phys101/l/quiz1"), lti.CauseUnknownKey)
}

func TestProtectionLaunchesSignNobodyIn(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.protect("course-key", "course-secret")
	h.configure(func(c *lti.ToolConsumer) { c.UserIdentity = false })
	people := func() string {
		text := ""
		for key := range dump(h, h.Store) {
			name, _, _ := strings.Cut(key, " ")
			for _, c := range []string{store.Users.Name(), store.Bindings.Name(), store.Memberships.Name(), store.Targets.Name(), store.CourseMaps.Name()} {
				if name == c {
					text += key + "\n"
				}
			}
		}
		return text
	}
	tails := map[string]lti.Tail{
		"": {}, "/uni/phys101": {Domain: "uni", Course: "phys101"}, "/uni/phys101/f/week1": {Domain: "uni", Course: "phys101", Folder: "week1"},
		"/uni/phys101/l/quiz1": toQuiz, "/tiny/uni/q1": {Domain: "uni", Tiny: "q1"}, "/uni/chem/l/lab": {Domain: "uni", Course: "chem", Link: "lab"},
	}
	rapid.Check(t, func(t *rapid.T) {
		keys := map[string]string{"course-key": "course-secret", "lms-key": current}
		for range rapid.IntRange(1, 4).Draw(t, "launches") {
			key := rapid.SampledFrom([]string{"course-key", "lms-key"}).Draw(t, "key")
			tail := rapid.SampledFrom([]string{"", "/uni/phys101", "/uni/phys101/f/week1", "/uni/phys101/l/quiz1", "/tiny/uni/q1", "/uni/chem/l/lab"}).Draw(t, "tail")
			a, err := h.AcceptLaunch(h.Context(), h.keyed(key, keys[key], tail), tails[tail])
			if err != nil {
				continue
			}
			if a.Token != "" || a.Ticket != "" || a.Logout != nil || a.Pending != "" || a.Record.Session != nil || a.Record.Username != "" || a.Record.Role != "" {
				t.Fatalf("AcceptLaunch(%s by %s) = %+v", tail, key, a)
			}
			if got := a.Record.Place(); a.Record.Pass != nil && (got != a.Place || key == "course-key" && got.Course != physics().Ref()) {
				t.Fatalf("the pass of %s by %s is for %+v", tail, key, got)
			}
		}
		if found := people(); found != "" {
			t.Fatalf("they left\n%s", found)
		}
	})
}

func TestDatesAndPinOfAToolConsumer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		edit func(*lti.ToolConsumer)
		guid string
		want lti.Cause // "" accepts
	}{
		{"open", func(c *lti.ToolConsumer) { c.Enabled = lti.Period{Start: noon, End: noon.Add(time.Second)} }, "", ""},
		{"not begun", func(c *lti.ToolConsumer) { c.Enabled.Start = noon.Add(time.Second) }, "", lti.CauseNotEnabled},
		{"over", func(c *lti.ToolConsumer) { c.Enabled.End = noon }, "", lti.CauseNotEnabled},
		{"pinned, right", func(c *lti.ToolConsumer) { c.InstanceGUID = "a.example" }, "a.example", ""},
		{"pinned, another", func(c *lti.ToolConsumer) { c.InstanceGUID = "a.example" }, "b.example", lti.CauseInstance},
		{"pinned, none sent", func(c *lti.ToolConsumer) { c.InstanceGUID = "a.example" }, "", lti.CauseInstance},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.configure(tt.edit)
			req := h.launchWith(student, func(f url.Values) { f.Set("tool_consumer_instance_guid", tt.guid) })
			if tt.want == "" {
				h.accept(req)
				return
			}
			record, refused := h.refuse(req, tt.want)
			if record.Hint == "" || refused.ReturnURL == "" || (tt.want == lti.CauseNotEnabled) != (refused.Enabled != lti.Period{}) {
				t.Errorf("record hint %q, refusal %+v", record.Hint, refused)
			}
		})
	}
}

func (h *hub) ask() {
	h.Helper()
	h.configure(func(c *lti.ToolConsumer) { c.Users.Create = lti.CreateAsk })
}

func TestPendingLaunchResumesOnce(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.ask()
	req := h.launch(student)
	a := h.accept(req)
	if a.Pending == "" || a.Token != "" || a.Record.Session != nil || !a.Record.Asks {
		t.Fatalf("AcceptLaunch() = %+v, want a pending launch", a)
	}
	h.refuse(req, lti.CauseNonceUsed)
	var kept string
	h.change(func(tx store.Tx) error {
		items, err := tx.Scan(store.PendingLaunches.Name(), "", "", 10)
		for _, it := range items {
			kept += it.Key + string(it.Value)
		}
		return err
	})
	for _, secret := range []string{a.Pending, "Moss", "Ada", "sourcedid"} {
		if kept == "" || strings.Contains(kept, secret) {
			t.Errorf("the pending launch tells %q: %s", secret, kept)
		}
	}
	p, err := h.PendingLaunch(t.Context(), a.Pending)
	if err != nil || p.Person.FullName != "Ada Moss" || !p.MayCreate || p.Domain != "uni" {
		t.Errorf("PendingLaunch() = %+v, %v", p, err)
	}
	if len(h.targets) != 0 {
		t.Error("TargetStored was called before the answer")
	}
	h.clock.set(noon.Add(lti.PendingLifetime - time.Second))
	got, err := h.ResumeLaunch(t.Context(), a.Pending, lti.Answer{})
	if err != nil || got.Record.Username == "" || got.Token == "" || got.Record.Session == nil || got.Place.Link != "quiz1" || len(h.targets) != 1 {
		t.Fatalf("ResumeLaunch() = %+v, %v, %d targets", got, err, len(h.targets))
	}
	if _, err := h.ResumeLaunch(t.Context(), a.Pending, lti.Answer{}); lti.Reason(err).Cause != lti.CausePending {
		t.Errorf("ResumeLaunch() again = %v, want pending", err)
	}
	if _, err := h.PendingLaunch(t.Context(), a.Pending); lti.Reason(err).Cause != lti.CausePending {
		t.Errorf("PendingLaunch() again = %v, want pending", err)
	}
}

func TestPendingLaunchIsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		after  func(*hub)
		answer lti.Answer
		want   lti.Cause
		record bool
	}{
		{"too old", func(h *hub) { h.clock.set(noon.Add(lti.PendingLifetime)) }, lti.Answer{}, lti.CausePending, false},
		{"closed meanwhile", func(h *hub) { h.configure(func(c *lti.ToolConsumer) { c.Disabled = true }) }, lti.Answer{}, lti.CauseDisabled, true},
		{"out of dates meanwhile", func(h *hub) { h.configure(func(c *lti.ToolConsumer) { c.Enabled.End = noon }) }, lti.Answer{}, lti.CauseNotEnabled, true},
		{"removed meanwhile", func(h *hub) {
			h.change(func(tx store.Tx) error { return store.ToolConsumers.Delete(tx, "uni", "campus") })
		}, lti.Answer{}, lti.CausePending, false},
		{"no such account", func(*hub) {}, lti.Answer{Username: "nobody"}, lti.CauseNoAccount, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.ask()
			a := h.accept(h.launch(student))
			tt.after(h)
			_, err := h.ResumeLaunch(t.Context(), a.Pending, tt.answer)
			var refused *provider.Refused
			if lti.Reason(err).Cause != tt.want || !errors.As(err, &refused) || (refused.Reference != "") != tt.record {
				t.Errorf("ResumeLaunch() = %v, %+v, want %s", err, refused, tt.want)
			}
			if text := everything(t, h.Store); strings.Contains(text, store.Users.Name()+" uni") {
				t.Error("an account was made")
			}
		})
	}
}
