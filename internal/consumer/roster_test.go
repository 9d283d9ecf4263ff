package consumer_test

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/ltixml"
	"github.com/ltihub/ltihub/internal/memberships"
	"github.com/ltihub/ltihub/internal/oauth1"
)

func (h *hub) rosterID(link string) string {
	h.t.Helper()
	return h.launch("ada", link).Params.Value("ext_ims_lis_memberships_id")
}

func (h *hub) rosterRequest(tool, id string, groups bool) oauth1.Request {
	h.t.Helper()
	return h.form(h.signer(tool), rosterURL, memberships.BuildRequest(memberships.Request{ID: id, Groups: groups}))
}

// roster asks as the quizzer and reads the members.
func (h *hub) roster(id string, groups bool) (found []memberships.Member, raw string) {
	h.t.Helper()
	r, a := h.ServeRoster(context.Background(), h.rosterRequest("quizzer", id, groups))
	if r == nil {
		h.t.Fatalf("ServeRoster: %d %s", a.Status, a.Detail)
	}
	var b bytes.Buffer
	if err := r.WriteTo(context.Background(), &b); err != nil {
		h.t.Fatal(err)
	}
	raw = b.String()
	err := memberships.ParseResponse(&b, 1<<30, func(m memberships.Member) error {
		found = append(found, m)
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return found, raw
}

func TestRosterKnowsMembersAsLaunchesDo(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	members, _ := h.roster(h.rosterID("quiz1"), true)
	if len(members) != 3 {
		t.Fatalf("%d members, want 3", len(members))
	}
	for i, name := range []string{"ada", "bob", "cyd"} {
		p, m := h.launch(name, "quiz1").Params, members[i]
		if m.UserID != p.Value("user_id") || m.ResultSourcedID != p.Value("lis_result_sourcedid") {
			t.Errorf("%s is %q with %q in the roster, %q with %q in a launch", name, m.UserID, m.ResultSourcedID, p.Value("user_id"), p.Value("lis_result_sourcedid"))
		}
		if m.Person.FullName != p.Value("lis_person_name_full") || m.Person.Email != p.Value("lis_person_contact_email_primary") || m.Person.SourcedID != name {
			t.Errorf("%s is told as %+v", name, m.Person)
		}
		if len(m.Groups) != 1 || m.Groups[0].ID != "001" || m.Groups[0].Set.ID != "sections" {
			t.Errorf("groups of %s = %+v", name, m.Groups)
		}
	}
	if members[0].ResultSourcedID != "" || members[0].Roles[0].Name != "Instructor" || members[1].Roles[0].Name != "Learner" {
		t.Errorf("ada = %+v, bob's roles %+v", members[0], members[1].Roles)
	}
	h.mustSend(replace(members[1].ResultSourcedID, "0.5"))
	if got := h.result("bob", "quiz1"); text(got.Score) != "0.5" {
		t.Errorf("a score by the roster's sourcedid: %+v", got)
	}
}

func TestRosterIDUnderEitherName(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.rosterID("quiz1")
	for _, name := range []string{"id", "ext_ims_lis_memberships_id"} {
		req := h.form(h.signer("quizzer"), rosterURL, oauth1.Params{
			{Name: "lti_message_type", Value: "basic-lis-readmembershipsforcontext"}, {Name: "lti_version", Value: "LTI-1p0"}, {Name: name, Value: id},
		})
		if r, a := h.ServeRoster(context.Background(), req); r == nil {
			t.Errorf("under %s: %d %s", name, a.Status, a.Detail)
		}
	}
}

func TestRosterListsTheActiveOnly(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.rosterID("reading1")
	h.changeMember("bob", func(m *lti.Membership) { m.Status = lti.MemberDropped })
	h.changeMember("cyd", func(m *lti.Membership) { m.Start = h.clock.now().Add(time.Hour) })
	members, raw := h.roster(id, false)
	if len(members) != 1 || members[0].Person.SourcedID != "ada" {
		t.Errorf("members = %+v", members)
	}
	if strings.Contains(raw, "<groups>") || strings.Contains(raw, "lis_result_sourcedid") {
		t.Errorf("a roster without groups or grades says %s", raw)
	}
}

func TestRosterListsMergedPeopleOnce(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.rosterID("reading1")
	before, _ := h.roster(id, false)
	// Not even one that was made active again leads two ways to one person.
	h.changeMember("bob", func(m *lti.Membership) { m.Into = "ada" })
	after, _ := h.roster(id, false)
	for _, m := range after {
		if m.Person.SourcedID == "bob" {
			t.Errorf("the roster lists %+v, who was merged into ada", m)
		}
	}
	if len(after) != len(before)-1 {
		t.Errorf("%d of %d members are listed", len(after), len(before))
	}
}

func TestRosterReleasesNothingUnasked(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.changeTool("quizzer", func(tool *lti.Tool) { tool.Send = nil })
	members, raw := h.roster(h.rosterID("quiz1"), true)
	for _, secret := range []string{"bob", "ada", "Given", "Family", "mail.example", "Learner", "Instructor", "handle of"} {
		if regexp.MustCompile(`\b` + secret + `\b`).MatchString(raw) { // whole words: digests may spell "ada"
			t.Errorf("the roster holds %q:\n%s", secret, raw)
		}
	}
	if len(members) != 3 || members[1].UserID != h.launch("bob", "quiz1").Params.Value("user_id") {
		t.Errorf("members = %+v", members)
	}
}

func TestRosterRefuses(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.rosterID("quiz1")
	grade := h.sourcedID("bob", "quiz1")
	forged := h.signer("quizzer")
	forged.Secret = "guess"
	replayed := h.rosterRequest("quizzer", id, false)
	if r, a := h.ServeRoster(context.Background(), replayed); r == nil {
		t.Fatal(a.Detail)
	}
	xml := h.rosterRequest("quizzer", id, false)
	xml.ContentType = "application/xml"
	tests := []struct {
		name   string
		req    oauth1.Request
		status int
		number string
		major  string
	}{
		{"missing", h.form(h.signer("quizzer"), rosterURL, oauth1.Params{{Name: "lti_message_type", Value: "basic-lis-readmembershipsforcontext"}}), 200, "(cause 3)", ltixml.Failure},
		{"shape", h.rosterRequest("quizzer", "cell-77", false), 200, "(cause 4)", ltixml.Failure},
		{"a grade's", h.rosterRequest("quizzer", grade, false), 200, "(cause 4)", ltixml.Failure},
		{"another tool", h.rosterRequest("other", id, false), 401, "(cause 11)", ltixml.Failure},
		{"forged", h.form(forged, rosterURL, memberships.BuildRequest(memberships.Request{ID: id})), 401, "(cause 15)", ltixml.Failure},
		{"replayed", replayed, 401, "(cause 16)", ltixml.Failure},
		{"seal", h.rosterRequest("quizzer", "0000"+id[4:], false), 200, "(cause 19)", ltixml.Failure},
		{"other message", h.form(h.signer("quizzer"), rosterURL, oauth1.Params{{Name: "lti_message_type", Value: "basic-lis-purge"}, {Name: "id", Value: id}}), 200, "", ltixml.Unsupported},
		{"no form", xml, 415, "(cause 17)", ltixml.Failure},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, a := h.ServeRoster(context.Background(), tt.req)
			if r != nil || a.Status != tt.status || !strings.HasSuffix(a.Detail, tt.number) || a.Cause == "" {
				t.Fatalf("roster %v, answer %d %s; want %d %s", r != nil, a.Status, a.Detail, tt.status, tt.number)
			}
			if s, _, err := ltixml.ParseMessage(a.Body); err != nil || s.CodeMajor != tt.major {
				t.Errorf("answer %q", a.Body)
			}
		})
	}
	h.clock.step(48*time.Hour + time.Second)
	if r, a := h.ServeRoster(context.Background(), h.rosterRequest("quizzer", id, false)); r != nil || !strings.HasSuffix(a.Detail, "(cause 20)") {
		t.Errorf("secret gone: %d %s", a.Status, a.Detail)
	}
	h.changeTool("quizzer", func(tool *lti.Tool) { tool.Roster.Enabled = false })
	if r, a := h.ServeRoster(context.Background(), h.rosterRequest("quizzer", id, false)); r != nil || a.Cause != lti.CauseServiceOff {
		t.Errorf("service off: %d %s", a.Status, a.Detail)
	}
}

func TestRosterBreaksOffWithItsReader(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	r, a := h.ServeRoster(context.Background(), h.rosterRequest("quizzer", h.rosterID("quiz1"), true))
	if r == nil {
		t.Fatal(a.Detail)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.WriteTo(ctx, io.Discard); err == nil {
		t.Error("WriteTo succeeds after its context ended")
	}
}
