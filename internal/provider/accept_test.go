package provider_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/simulator"
	"github.com/ltihub/ltihub/internal/store"
)

func TestAcceptLaunchWritesItWhole(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.accept(h.launch(student))
	if want := (lti.Place{Course: physics().Ref(), Link: "quiz1"}); a.Place != want {
		t.Errorf("Place = %+v, want %+v", a.Place, want)
	}
	r := h.record(lti.Reference(a.Record.ID))
	if diff := cmp.Diff(a.Record, r); diff != "" {
		t.Errorf("stored record (-told +stored):\n%s", diff)
	}
	if r.Refused || r.Username != student || r.Role != lti.Student || r.Link != "quiz1" || r.Consumer != "campus" || !r.At.Equal(noon) || len(r.Steps) == 0 {
		t.Errorf("record = %+v", r)
	}
	want := lti.Session{
		Token: r.Session.Token, Ticket: r.Session.Ticket, Expires: noon.Add(time.Hour), Locale: "en-GB",
		ReturnURL: r.Session.ReturnURL, Origins: []string{lmsURL},
	}
	if diff := cmp.Diff(&want, r.Session); diff != "" || !strings.HasPrefix(want.ReturnURL, lmsURL+"/return?") {
		t.Errorf("session (-want +got):\n%s", diff)
	}
	if a.Token == a.Ticket || len(a.Token) < 32 || len(a.Ticket) < 32 {
		t.Error("token and ticket are not two long random texts")
	}
	h.change(func(tx store.Tx) error {
		_, err := store.Users.Get(tx, "uni", student)
		_, err2 := store.Memberships.Get(tx, "uni", "phys101", student)
		return errors.Join(err, err2)
	})
}

func TestRefusalsHaveCauseRecordAndReference(t *testing.T) {
	t.Parallel()
	usual := func(*hub) {}
	set := func(name, value string) func(url.Values) {
		return func(f url.Values) { f.Set(name, value) }
	}
	signed := func(edit func(url.Values)) func(*hub) oauth1.Request {
		return func(h *hub) oauth1.Request { return h.launchWith(student, edit) }
	}
	// unsigned edits the body after it was signed.
	unsigned := func(edit func(body string) string) func(*hub) oauth1.Request {
		return func(h *hub) oauth1.Request {
			req := h.launch(student)
			req.Body = []byte(edit(string(req.Body)))
			return req
		}
	}
	at := func(skew time.Duration) func(*hub) oauth1.Request {
		return func(h *hub) oauth1.Request {
			h.lms.SetFaults(simulator.Faults{ClockSkew: skew})
			return h.launch(student)
		}
	}
	tests := []struct {
		name    string
		prepare func(*hub)
		launch  func(*hub) oauth1.Request
		want    lti.Cause
	}{
		{"bad escape", usual, unsigned(func(b string) string { return b + "&x=%zz" }), lti.CauseMalformed},
		{"no nonce", usual, unsigned(func(b string) string { return strings.Replace(b, "oauth_nonce=", "x=", 1) }), lti.CauseMissing},
		{"two keys", usual, unsigned(func(b string) string { return b + "&oauth_consumer_key=lms-key" }), lti.CauseRepeated},
		{"multipart", usual, func(h *hub) oauth1.Request {
			req := h.launch(student)
			req.ContentType = "multipart/form-data; boundary=x"
			return req
		}, lti.CauseContentType},
		{"another message", usual, signed(set("lti_message_type", "ContentItemSelection")), lti.CauseMessageType},
		{"another version", usual, signed(set("lti_version", "LTI-2p0")), lti.CauseVersion},
		{"another OAuth version", usual, unsigned(func(b string) string { return strings.Replace(b, "oauth_version=1.0", "oauth_version=2.0", 1) }), lti.CauseVersion},
		{"unknown key", func(h *hub) { h.lms.Key = "nobody" }, signed(set("x", "y")), lti.CauseUnknownKey},
		{"key in another case", func(h *hub) { h.lms.Key = "LMS-KEY" }, signed(set("x", "y")), lti.CauseUnknownKey},
		{"method not allowed", func(h *hub) { h.lms.SignatureMethod = simulator.HMACSHA256 }, signed(set("x", "y")), lti.CauseMethod},
		{"PLAINTEXT", usual, unsigned(func(b string) string { return strings.Replace(b, "=HMAC-SHA1", "=PLAINTEXT", 1) }), lti.CauseMethod},
		{"timestamp in milliseconds", usual, unsigned(func(b string) string { return strings.Replace(b, "oauth_timestamp=", "oauth_timestamp=100", 1) }), lti.CauseTimestamp},
		{"too old", usual, at(-301 * time.Second), lti.CauseTimestampOld},
		{"too new", usual, at(301 * time.Second), lti.CauseTimestampFuture},
		{"tampered", func(h *hub) { h.lms.SetFaults(simulator.Faults{Tamper: true}) }, func(h *hub) oauth1.Request { return h.launch(student) }, lti.CauseSignature},
		{"wrong secret", func(h *hub) { h.lms.Secret = "guess" }, signed(set("x", "y")), lti.CauseSignature},
		{"unsigned second role", usual, unsigned(func(b string) string { return b + "&roles=Instructor" }), lti.CauseSignature},
		{"signed second role", usual, signed(func(f url.Values) { f.Add("roles", "Instructor") }), lti.CauseRepeated},
		{"no resource_link_id", usual, signed(set("resource_link_id", "")), lti.CauseMissing},
		{"long user_id", usual, signed(set("user_id", strings.Repeat("x", 256))), lti.CauseTooLarge},
		{"NUL in a name", usual, signed(set("lis_person_name_given", "A\x00")), lti.CauseMalformed},
		{"consumer closed", func(h *hub) { h.configure(func(c *lti.ToolConsumer) { c.Disabled = true }) }, signed(set("x", "y")), lti.CauseDisabled},
		{"no user", usual, signed(set("user_id", "")), lti.CauseNoUser},
		{"no account", usual, signed(set("roles", "Mentor")), lti.CauseNoAccount},
		{"no role", func(h *hub) { h.configure(func(c *lti.ToolConsumer) { c.SelfEnrol = nil }) }, signed(set("x", "y")), lti.CauseNoRole},
		{"unknown course", usual, signed(set("custom_coursedomain", "uni/nowhere")), lti.CauseUnknownCourse},
		{"enrolment breaks", func(h *hub) {
			h.Enrol = func(store.Tx, lti.Believed) (lti.Arrival, error) { return lti.Arrival{}, errors.New("broken") }
		}, signed(set("x", "y")), lti.CauseInternal},
		{"no chance", func(h *hub) { h.Rand = strings.NewReader("short") }, signed(set("x", "y")), lti.CauseInternal},
		{"vault of another key", func(h *hub) {
			h.configure(func(c *lti.ToolConsumer) { c.Secret.Sealed = c.Secret.Sealed[1:] })
		}, signed(set("x", "y")), lti.CauseInternal},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			tt.prepare(h)
			record, refused := h.refuse(tt.launch(h), tt.want)
			if record.Detail == "" {
				t.Error("the record has no detail")
			}
			early := slices.Contains([]lti.Cause{lti.CauseSignature, lti.CauseUnknownKey, lti.CauseMethod, lti.CauseTimestampOld}, tt.want)
			if early && refused.ReturnURL != "" {
				t.Errorf("ReturnURL = %q before anybody is believed", refused.ReturnURL)
			}
			late := slices.Contains([]lti.Cause{lti.CauseDisabled, lti.CauseNoRole, lti.CauseNoUser, lti.CauseUnknownCourse}, tt.want)
			if late && !strings.HasPrefix(refused.ReturnURL, lmsURL+"/") {
				t.Errorf("ReturnURL = %q, want the way back to the LMS", refused.ReturnURL)
			}
		})
	}
}

// A launch with two faults is refused for the one that is looked for first.
func TestChecksComeInOrder(t *testing.T) {
	t.Parallel()
	type fault struct {
		want    lti.Cause
		prepare func(*hub)
		edit    func(url.Values)
		after   func(url.Values)
	}
	faults := []fault{
		{want: lti.CauseMissing, after: func(f url.Values) { f.Del("oauth_timestamp") }},
		{want: lti.CauseMessageType, edit: func(f url.Values) { f.Set("lti_message_type", "hello") }},
		{want: lti.CauseUnknownKey, prepare: func(h *hub) { h.lms.Key = "nobody" }},
		{want: lti.CauseMethod, prepare: func(h *hub) { h.lms.SignatureMethod = simulator.HMACSHA256 }},
		{want: lti.CauseTimestampOld, prepare: func(h *hub) { h.lms.Now = func() time.Time { return noon.Add(-time.Hour) } }},
		{want: lti.CauseSignature, after: func(f url.Values) { f.Set("user_id", "somebody") }},
		{want: lti.CauseTooLarge, edit: func(f url.Values) { f.Set("context_id", strings.Repeat("x", 256)) }},
		{want: lti.CauseNonceUsed, prepare: func(h *hub) {
			h.lms.NewID = func() string { return "once" }
			h.accept(h.launch(teacher))
		}},
		{want: lti.CauseDisabled, prepare: func(h *hub) { h.configure(func(c *lti.ToolConsumer) { c.Disabled = true }) }},
		{want: lti.CauseNoAccount, edit: func(f url.Values) { f.Set("roles", "Mentor") }},
	}
	for i, first := range faults[:len(faults)-1] {
		second := faults[i+1]
		t.Run(string(first.want)+" before "+string(second.want), func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			for _, f := range []fault{first, second} {
				if f.prepare != nil {
					f.prepare(h)
				}
			}
			req := h.launchWith(student, func(form url.Values) {
				for _, f := range []fault{first, second} {
					if f.edit != nil {
						f.edit(form)
					}
				}
			})
			form, err := url.ParseQuery(string(req.Body))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range []fault{first, second} {
				if f.after != nil {
					f.after(form)
				}
			}
			h.refuse(request(req.URL, form), first.want)
		})
	}
}

func TestReplayIsRefused(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	req := h.launch(student)
	h.accept(req)
	h.refuse(req, lti.CauseNonceUsed)
	h.clock.set(noon.Add(5 * time.Minute))
	h.refuse(req, lti.CauseNonceUsed)
	h.accept(h.launch(student))
}

func TestOf64LaunchesAtOnceOneIsAccepted(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	req := h.launch(student)
	causes := make([]lti.Cause, 64)
	var all sync.WaitGroup
	for i := range causes {
		all.Go(func() {
			if _, err := h.AcceptLaunch(context.Background(), req, toQuiz); err != nil {
				causes[i] = lti.Reason(err).Cause
			}
		})
	}
	all.Wait()
	count := make(map[lti.Cause]int)
	for _, cause := range causes {
		count[cause]++
	}
	if count[""] != 1 || count[lti.CauseNonceUsed] != 63 {
		t.Errorf("outcomes = %v, want one accepted and 63 replays", count)
	}
	sessions := 0
	h.change(func(tx store.Tx) error {
		sessions = 0
		return store.Launches.All(tx, "", func(r lti.LaunchRecord) error {
			if r.Session != nil {
				sessions++
			}
			return nil
		})
	})
	if sessions != 1 {
		t.Errorf("%d sessions, want 1", sessions)
	}
}

func TestNonceIsBurnedOnlyByWhatIsAccepted(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	good := h.launch(student)
	bad := good
	bad.Body = append(slices.Clone(good.Body), "&x=y"...)
	h.refuse(bad, lti.CauseSignature)
	h.configure(func(c *lti.ToolConsumer) { c.SelfEnrol = nil })
	h.refuse(good, lti.CauseNoRole)
	h.configure(func(c *lti.ToolConsumer) { c.SelfEnrol = []string{"Learner"} })
	h.accept(good)
	h.refuse(good, lti.CauseNonceUsed)
}

func TestBothSecretsOpenWhileTheLMSChangesOver(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	until := noon.Add(time.Hour)
	h.configure(func(c *lti.ToolConsumer) {
		c.Previous = h.sealed(former)
		c.Previous.Until = until
	})
	h.accept(h.launch(student))
	h.lms.Secret = former
	h.accept(h.launch(student))
	h.clock.set(until.Add(-time.Second))
	h.accept(h.launch(student))
	h.clock.set(until)
	h.refuse(h.launch(student), lti.CauseSignature)
	h.lms.Secret = current
	h.accept(h.launch(student))
}

func TestMethodsAreThoseOfTheConsumer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		allowed []string
		ok      []string
		no      []string
	}{
		{nil, []string{oauth1.HMACSHA1}, []string{oauth1.HMACSHA256}},
		{[]string{oauth1.HMACSHA256}, []string{oauth1.HMACSHA256}, []string{oauth1.HMACSHA1}},
		{[]string{oauth1.HMACSHA1, oauth1.HMACSHA256}, []string{oauth1.HMACSHA1, oauth1.HMACSHA256}, nil},
	} {
		h := newHub(t)
		h.configure(func(c *lti.ToolConsumer) { c.SignatureMethods = tt.allowed })
		for _, method := range tt.ok {
			h.lms.SignatureMethod = method
			h.accept(h.launch(student))
		}
		for _, method := range tt.no {
			h.lms.SignatureMethod = method
			h.refuse(h.launch(student), lti.CauseMethod)
		}
	}
}

func TestWindowHoldsBothWays(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	for _, lifetime := range []time.Duration{time.Minute, time.Hour} {
		h.configure(func(c *lti.ToolConsumer) { c.NonceLifetime = lifetime })
		for _, side := range []struct {
			sign time.Duration
			want lti.Cause
		}{{-1, lti.CauseTimestampOld}, {1, lti.CauseTimestampFuture}} {
			h.lms.SetFaults(simulator.Faults{ClockSkew: side.sign * lifetime})
			h.accept(h.launch(student))
			h.lms.SetFaults(simulator.Faults{ClockSkew: side.sign * (lifetime + time.Second)})
			h.refuse(h.launch(student), side.want)
		}
	}
}

func TestUserIdentityFalseMakesNoSession(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.configure(func(c *lti.ToolConsumer) { c.UserIdentity = false })
	req := h.launch(student)
	a := h.accept(req)
	if a.Token != "" || a.Ticket != "" || a.Record.Session != nil || a.Record.Username != "" {
		t.Errorf("AcceptLaunch() = %+v, want no session and no person", a)
	}
	if want := (lti.Place{Course: physics().Ref(), Link: "quiz1"}); a.Place != want {
		t.Errorf("Place = %+v, want %+v", a.Place, want)
	}
	h.refuse(req, lti.CauseNonceUsed)
	if text := everything(t, h.Store); strings.Contains(text, "users ") || strings.Contains(text, "targets ") {
		t.Error("a user or a target was stored")
	}
	before := len(h.targets)
	if _, err := h.AcceptLaunch(t.Context(), h.launch(student), lti.Tail{Domain: "uni", Course: "nowhere"}); lti.Reason(err).Cause != lti.CauseUnknownCourse {
		t.Errorf("AcceptLaunch() to a missing course = %v, want unknown_course", err)
	}
	if len(h.targets) != before {
		t.Error("TargetStored was called")
	}
}
