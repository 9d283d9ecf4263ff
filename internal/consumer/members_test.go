package consumer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/memberships"
	"github.com/ltihub/ltihub/internal/oauth1"
)

// membersURLs launches with variables for both services and gives what they
// became.
func (h *hub) membersURLs() (course, link string) {
	h.t.Helper()
	h.changeTool("quizzer", func(tool *lti.Tool) {
		tool.Custom = map[string]string{"course": "$ToolProxyBinding.memberships.url", "link": "$LtiLink.memberships.url"}
	})
	p := h.launch("ada", "quiz1").Params
	return p.Value("custom_course"), p.Value("custom_link")
}

func (h *hub) members(s oauth1.Signer, target string) consumer.Answer {
	h.t.Helper()
	header, err := s.SignBody("GET", target, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	path, _, _ := strings.Cut(target, "?")
	return h.ServeMembers(context.Background(), oauth1.Request{Method: "GET", URL: target, Authorization: []string{header}},
		strings.TrimPrefix(path, publicURL+"/service/memberships/"))
}

func TestMembersComeInPages(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	course, _ := h.membersURLs()
	h.changeTool("quizzer", func(tool *lti.Tool) { tool.Send = nil })
	seen := map[string]bool{}
	next, pages := course+"?limit=2", 0
	for ; next != ""; pages++ {
		a := h.members(h.signer("quizzer"), next)
		if a.Status != 200 || a.ContentType != memberships.PageType {
			t.Fatalf("%s: %d %s", next, a.Status, a.Detail)
		}
		for _, secret := range []string{"ada", "bob", "cyd", "Given", "mail.example", "Learner"} {
			if strings.Contains(string(a.Body), secret) {
				t.Errorf("the page holds %q: %s", secret, a.Body)
			}
		}
		page, err := memberships.ParsePage(a.Body)
		if err != nil || len(page.Members) > 2 {
			t.Fatalf("%s: %d members, %v", next, len(page.Members), err)
		}
		for _, m := range page.Members {
			seen[m.UserID] = true
			if m.ResultSourcedID != "" {
				t.Errorf("a sourcedid without rlid: %+v", m)
			}
		}
		next = page.Next
	}
	if len(seen) != 3 || pages != 2 || !seen[h.launch("bob", "quiz1").Params.Value("user_id")] {
		t.Errorf("%d members in %d pages", len(seen), pages)
	}
}

func TestMembersOfTheLinkCarrySourcedIDs(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	_, link := h.membersURLs()
	page, err := memberships.ParsePage(h.members(h.signer("quizzer"), link+"&role=Learner").Body)
	if err != nil || len(page.Members) != 2 {
		t.Fatalf("page = %+v, %v", page, err)
	}
	for _, m := range page.Members {
		if want := h.launch(m.Person.SourcedID, "quiz1").Params.Value("lis_result_sourcedid"); m.ResultSourcedID != want {
			t.Errorf("sourcedid of %s = %q, want %q", m.Person.SourcedID, m.ResultSourcedID, want)
		}
	}
}

// With rlid each member comes with the parameters that a launch would carry.
func TestMembersOfTheLinkCarryTheirCustomParameters(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	_, link := h.membersURLs()
	h.changeTool("quizzer", func(tool *lti.Tool) {
		tool.Custom = map[string]string{
			"who": "$Person.name.full", "id": "$User.id", "grade": "$Result.resultScore", "cell": "$Result.sourcedId",
			"link": "$ResourceLink.id", "roster": "$LtiLink.memberships.url", "none": "$No.such", "level": "tool",
		}
	})
	h.mustSend(replace(h.sourcedID("bob", "quiz1"), "0.5"))
	page, err := memberships.ParsePage(h.members(h.signer("quizzer"), link).Body)
	if err != nil || len(page.Members) != 3 {
		t.Fatalf("page = %+v, %v", page, err)
	}
	for _, m := range page.Members {
		p := h.launch(m.Person.SourcedID, "quiz1").Params
		for _, name := range []string{"who", "id", "grade", "cell", "link", "roster", "none", "level", "quiz"} {
			if want := p.Value("custom_" + name); m.Custom[name] != want {
				t.Errorf("%s of %s = %q, a launch has %q", name, m.Person.SourcedID, m.Custom[name], want)
			}
		}
		if want := p.Value("ext_user_username"); m.Ext["user_username"] != want || want == "" {
			t.Errorf("username = %q, want %q", m.Ext["user_username"], want)
		}
	}
	h.changeTool("quizzer", func(tool *lti.Tool) { tool.Send = nil })
	if body := string(h.members(h.signer("quizzer"), link).Body); strings.Contains(body, "Given") || strings.Contains(body, "user_username") {
		t.Errorf("a tool that is told nothing reads %s", body)
	}
}

func TestMembersRefuse(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	course, _ := h.membersURLs()
	forged := h.signer("quizzer")
	forged.Secret = "guess"
	tests := []struct {
		name, target string
		signer       oauth1.Signer
		want         int
	}{
		{"forged", course, forged, 401},
		{"another tool", course, h.signer("other"), 401},
		{"no id", publicURL + "/service/memberships/!", h.signer("quizzer"), 404},
		{"cut id", course[:len(course)-12], h.signer("quizzer"), 404},
		{"limit", course + "?limit=none", h.signer("quizzer"), 400},
		{"another link", course + "?rlid=other", h.signer("quizzer"), 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if a := h.members(tt.signer, tt.target); a.Status != tt.want || a.Cause == "" || a.ContentType != "application/json" {
				t.Errorf("answer %d %s (%s), want %d", a.Status, a.ContentType, a.Detail, tt.want)
			}
		})
	}
	h.changeTool("quizzer", func(tool *lti.Tool) { tool.Roster.Enabled = false })
	if a := h.members(h.signer("quizzer"), course); a.Status != 403 {
		t.Errorf("service off: %d", a.Status)
	}
}
