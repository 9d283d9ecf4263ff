package consumer_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// session stores the launch that a person came by, and gives its id.
func (h *hub) session(user string) string {
	h.t.Helper()
	record := lti.LaunchRecord{
		ID: h.NewID(), At: h.clock.now(), Direction: lti.Inbound, Domain: "uni", Course: "phys101", Username: user,
		Session: &lti.Session{Token: "t", Expires: h.clock.now().Add(time.Hour), ReturnURL: "https://lms.example/back"},
	}
	h.update(func(tx store.Tx) error { return store.Launches.PutNew(tx, record) })
	return record.ID
}

// launchFrom launches quiz1 from a session, and gives the token of its return
// URL and the id of its record.
func (h *hub) launchFrom(user, session string) (token, record string) {
	h.t.Helper()
	form, err := h.Launch(context.Background(), consumer.LaunchRequest{Course: courseRef, Link: "quiz1", Username: user, Session: session})
	if err != nil {
		h.t.Fatal(err)
	}
	token, ok := strings.CutPrefix(form.Params.Value("launch_presentation_return_url"), publicURL+"/lti/return/")
	if !ok || strings.Contains(token, session) && session != "" {
		h.t.Fatalf("the return URL's token is %q", token)
	}
	return token, form.RecordID
}

func TestReturnLeadsIntoTheSession(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	session := h.session("bob")
	token, record := h.launchFrom("bob", session)
	tests := []struct {
		name string
		said lti.ReturnMessages
		want consumer.Back
	}{
		{"nothing said", lti.ReturnMessages{}, consumer.Back{LMS: "https://lms.example/back"}},
		{"to the log alone", lti.ReturnMessages{Log: "done"}, consumer.Back{LMS: "https://lms.example/back"}},
		{"to the person", lti.ReturnMessages{Message: "Well done"}, consumer.Back{Record: record}},
		{"an error", lti.ReturnMessages{ErrorMessage: "Closed", ErrorLog: "quiz 17"}, consumer.Back{Record: record}},
	}
	for _, tt := range tests {
		tt.want.Course, tt.want.Session, tt.want.Tool = courseRef, session, "quizzer"
		got, err := h.Return(context.Background(), token, tt.said)
		if err != nil || got != tt.want {
			t.Errorf("%s: Return() = %+v, %v, want %+v", tt.name, got, err, tt.want)
		}
		if tt.said == (lti.ReturnMessages{}) {
			continue
		}
		want := &lti.Returned{At: h.clock.now(), ReturnMessages: tt.said}
		if diff := cmp.Diff(want, h.record(record).Returned); diff != "" {
			t.Errorf("%s: the record (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestReturnRefuses(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	session := h.session("bob")
	good, record := h.launchFrom("bob", session)
	alone, _ := h.launchFrom("bob", "")
	foreign, err := h.Vault.Seal(store.Join(record, session), "tool/uni/quizzer")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Return(context.Background(), alone, lti.ReturnMessages{}); err != nil {
		t.Errorf("a launch without a session: %v", err)
	}
	refused := func(name, token string) {
		t.Helper()
		if _, err := h.Return(context.Background(), token, lti.ReturnMessages{Message: "x"}); lti.Reason(err).Cause != lti.CauseTicket {
			t.Errorf("%s: Return() = %v, want a refusal", name, err)
		}
	}
	refused("empty", "")
	refused("a record's id", record)
	refused("changed", good[:len(good)-2]+"AA")
	refused("sealed for something else", foreign)
	h.clock.step(2 * time.Hour)
	refused("the session is over", good)
	h.clock.step(23 * time.Hour)
	refused("old, without a session", alone)
	if r := h.record(record).Returned; r != nil {
		t.Errorf("a refused return is kept: %+v", r)
	}
}

func TestToldOnceAndOnlyToWhomItIsFor(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	token, record := h.launchFrom("bob", h.session("bob"))
	told := func(username string, course lti.CourseRef, id string) bool {
		t.Helper()
		r, err := h.Told(context.Background(), course, username, id)
		if err != nil {
			t.Fatal(err)
		}
		return r != nil
	}
	if told("bob", courseRef, record) {
		t.Error("something is told before the tool said anything")
	}
	if _, err := h.Return(context.Background(), token, lti.ReturnMessages{Message: "Well done"}); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]bool{
		"somebody else":  told("cyd", courseRef, record),
		"another course": told("bob", lti.CourseRef{Domain: "uni", ID: "chem"}, record),
		"another domain": told("bob", lti.CourseRef{Domain: "far", ID: "phys101"}, record),
		"no record":      told("bob", courseRef, "x\x00"),
	} {
		if got {
			t.Errorf("%s is told", name)
		}
	}
	if !told("bob", courseRef, record) || told("bob", courseRef, record) {
		t.Error("bob is not told once")
	}
}

func FuzzReturn(f *testing.F) {
	h := newHub(f)
	token, _ := h.launchFrom("bob", "")
	f.Add(token)
	f.Add("")
	f.Add(token + "=")
	f.Fuzz(func(t *testing.T, other string) {
		_, err := h.Return(context.Background(), other, lti.ReturnMessages{})
		if (err == nil) != (other == token) {
			t.Errorf("Return(%q) = %v", other, err)
		}
	})
}
