package consumer_test

import (
	"context"
	"crypto/sha1"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestSelectAsksForItems(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.ask(selectRequest("ada", "week1"))
	for name, want := range map[string]string{
		"lti_message_type": "ContentItemSelectionRequest", "lti_version": "LTI-1p0",
		"accept_media_types": "application/vnd.ims.lti.v1.ltilink", "accept_unsigned": "false", "accept_multiple": "true",
		"context_title": "Physics 101", "roles": "Instructor", "custom_who_am_i": "Given-ada Family-ada",
		"user_id": h.launch("ada", "quiz1").Params.Value("user_id"),
	} {
		if got := a.params.Value(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{
		"resource_link_id", "resource_link_title", "lis_result_sourcedid", "lis_outcome_service_url",
		"launch_presentation_return_url", "ext_ims_lis_memberships_id", "ext_ims_lti_tool_setting_id",
	} {
		if v, there := a.params.Lookup(name); there {
			t.Errorf("%s = %q, want none", name, v)
		}
	}
	var kept []lti.Ticket
	h.view(func(tx store.Tx) error {
		kept = nil
		return store.Tickets.All(tx, "", func(k lti.Ticket) error { kept = append(kept, k); return nil })
	})
	all, err := json.Marshal(append([]any{kept}, h.records(lti.Outbound)[0]))
	if err != nil || len(kept) != 1 || strings.Contains(string(all), a.ticket) || strings.Contains(string(all), a.data) {
		t.Errorf("the store holds the ticket in clear: %s (%v)", all, err)
	}
}

func TestSelectRefuses(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.addMember("tom", lti.TA)
	tests := []struct {
		name string
		req  consumer.SelectRequest
		want lti.Cause
	}{
		{"a student", selectRequest("bob", ""), lti.CauseNoRole},
		{"an assistant", selectRequest("tom", ""), lti.CauseNoRole},
		{"nobody's account", selectRequest("eve", ""), lti.CauseNoAccount},
		{"unknown folder", selectRequest("ada", "week9"), lti.CauseUnknownFolder},
		{"unknown tool", consumer.SelectRequest{Course: courseRef, Tool: "gone", Username: "ada"}, lti.CauseNoTool},
		{"unknown course", consumer.SelectRequest{Course: lti.CourseRef{Domain: "uni", ID: "x"}, Tool: "quizzer", Username: "ada"}, lti.CauseUnknownCourse},
	}
	for _, tt := range tests {
		if _, err := h.Select(context.Background(), tt.req); lti.Reason(err).Cause != tt.want {
			t.Errorf("%s: Select() = %v, want %s", tt.name, err, tt.want)
		}
		if err := h.MaySelect(context.Background(), tt.req); lti.Reason(err).Cause != tt.want {
			t.Errorf("%s: MaySelect() = %v, want %s", tt.name, err, tt.want)
		}
	}
	records := h.records(lti.Outbound)
	if len(records) != len(tests) {
		t.Fatalf("%d records, want %d", len(records), len(tests))
	}
	for i, r := range records {
		if !r.Refused || r.Cause != string(tests[i].want) || r.Tool != tests[i].req.Tool {
			t.Errorf("record of %s = %+v", tests[i].name, r)
		}
	}
}

func TestToolMayHaveASelectionURLOfItsOwn(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	const choose = "https://tool.example/choose?for=hub"
	h.changeTool("quizzer", func(tool *lti.Tool) { tool.ContentItems.URL = choose })
	form, err := h.Select(context.Background(), selectRequest("ada", ""))
	if err != nil || form.URL != choose || form.Params.Value("oauth_signature") != signature(choose, form.Params, "quizzer-secret", sha1.New) {
		t.Errorf("Select() = %s, %v; want it signed for %s", form.URL, err, choose)
	}
	if got := h.launch("bob", "quiz1").URL; got == choose {
		t.Error("launches go there, too")
	}
	for cause, change := range map[lti.Cause]func(*lti.Tool){
		lti.CauseNoTool:     func(tool *lti.Tool) { tool.ContentItems.URL = "javascript:alert(1)" },
		lti.CauseServiceOff: func(tool *lti.Tool) { tool.ContentItems.Off = true },
	} {
		h.changeTool("quizzer", change)
		if _, err := h.Select(context.Background(), selectRequest("ada", "")); lti.Reason(err).Cause != cause {
			t.Errorf("Select() = %v, want %s", err, cause)
		}
		h.changeTool("quizzer", func(tool *lti.Tool) { tool.ContentItems = lti.ContentItems{} })
	}
	a := h.ask(selectRequest("ada", ""))
	h.changeTool("quizzer", func(tool *lti.Tool) { tool.ContentItems.Off = true })
	if _, err := h.take(h.form(h.signer("quizzer"), a.target, a.selection(quizItem("Late"))), a.ticket); lti.Reason(err).Cause != lti.CauseServiceOff {
		t.Errorf("an answer after it was switched off: %v", err)
	}
}

// An admin edits any course of the domain, when signed in here.
func TestAdminAddsToAnyCourse(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.update(func(tx store.Tx) error {
		return store.Users.Put(tx, lti.User{Domain: "uni", Username: "root", Admin: true, Handle: "handle of root"})
	})
	req := selectRequest("root", "week1")
	req.Session = h.recordSession(t)
	if _, err := h.Select(context.Background(), req); lti.Reason(err).Cause != lti.CauseNoRole {
		t.Errorf("an admin who was launched: %v, want no_role", err)
	}
	req.Session = ""
	a := h.ask(req)
	if got := a.params.Value("roles"); got != "Instructor" {
		t.Errorf("roles = %q", got)
	}
	back := h.answered(a, a.selection(quizItem("By the admin")))
	if back.Added != 1 || back.Session != "" {
		t.Errorf("back = %+v", back)
	}
	a = h.ask(req)
	h.update(func(tx store.Tx) error {
		return store.Users.Put(tx, lti.User{Domain: "uni", Username: "root", Handle: "handle of root"})
	})
	if _, err := h.take(h.form(h.signer("quizzer"), a.target, a.selection(quizItem("Later"))), a.ticket); lti.Reason(err).Cause != lti.CauseNoRole {
		t.Errorf("the answer of somebody who is no admin any more: %v", err)
	}
}

// recordSession is the id of an open session of a launch.
func (h *hub) recordSession(t *testing.T) string {
	t.Helper()
	id := h.NewID()
	h.update(func(tx store.Tx) error {
		return store.Launches.Put(tx, lti.LaunchRecord{
			ID: id, At: h.clock.now(), Direction: lti.Inbound, Domain: "uni", Session: &lti.Session{Expires: h.clock.now().Add(time.Hour)},
		})
	})
	return id
}
