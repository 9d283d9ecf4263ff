package provider_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/store"
)

// seenRoles are the roles that are kept as without a meaning.
func (h *hub) seenRoles() map[string]lti.SeenRole {
	h.Helper()
	seen := map[string]lti.SeenRole{}
	h.change(func(tx store.Tx) error {
		clear(seen)
		return store.SeenRoles.All(tx, "", func(r lti.SeenRole) error {
			seen[r.Role] = r
			return nil
		})
	})
	return seen
}

func (h *hub) launchAs(roles string) (provider.Accepted, error) {
	h.Helper()
	return h.AcceptLaunch(context.Background(), h.launchWith(student, func(f url.Values) { f.Set("roles", roles) }), toQuiz)
}

func TestRolesWithoutMeaningAreKept(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	if _, err := h.launchAs("Mentor"); err == nil {
		t.Fatal("a role without a meaning was let in")
	}
	accepted, err := h.launchAs("Learner,Mentor,urn:lti:instrole:ims/lis/Student,two words,urn:x:y")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.launchAs("urn:lti:instrole:ims/lis/Faculty"); err == nil {
		t.Fatal("a role of the institution was let in")
	}
	seen := h.seenRoles()
	mentor, other := seen["Mentor"], seen["urn:x:y"]
	if _, ok := seen["urn:lti:instrole:ims/lis/Faculty"]; !ok || len(seen) != 3 || mentor.Count != 1 || !mentor.First.Equal(noon) {
		t.Errorf("kept %+v, want Mentor once within the minute, the unknown URN and the institution's role that kept somebody outside", seen)
	}
	if other.Launch != accepted.Record.ID {
		t.Errorf("the example is %s, want the launch %s", other.Launch, accepted.Record.ID)
	}
	h.clock.set(noon.Add(time.Minute))
	if _, err := h.launchAs("Mentor"); err == nil {
		t.Fatal("a role without a meaning was let in")
	}
	mentor = h.seenRoles()["Mentor"]
	if mentor.Count != 2 || !mentor.First.Equal(noon) || !mentor.Last.Equal(noon.Add(time.Minute)) {
		t.Errorf("after a minute it is %+v", mentor)
	}
}

func TestRolesOfWhoIsNotBelievedAreNotKept(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	req := h.launchWith(student, func(f url.Values) { f.Set("roles", "Mentor") })
	req.Body = []byte(strings.ReplaceAll(string(req.Body), "Mentor", "Mentors"))
	if _, err := h.AcceptLaunch(context.Background(), req, toQuiz); err == nil {
		t.Fatal("a forged launch was accepted")
	}
	h.configure(func(c *lti.ToolConsumer) { c.CourseIdentity = false })
	if _, err := h.launchAs("Mentor"); err == nil {
		t.Fatal("a stranger was let into a course")
	}
	if seen := h.seenRoles(); len(seen) != 0 {
		t.Errorf("kept %+v, want none", seen)
	}
}

func TestKeptRolesAreBounded(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	for i := range 30 {
		var roles []string
		for j := range 30 {
			roles = append(roles, fmt.Sprintf("Role-%d-%d", i, j))
		}
		if _, err := h.launchAs(strings.Join(roles, ",")); err == nil {
			t.Fatal("roles without a meaning were let in")
		}
	}
	if n := len(h.seenRoles()); n != 200 {
		t.Errorf("%d roles are kept, want 200", n)
	}
}

func TestMappedRoleLetsIn(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	if _, err := h.launchAs("Mentor"); err == nil {
		t.Fatal("a role without a meaning was let in")
	}
	h.configure(func(c *lti.ToolConsumer) { c.Users.CreateFor = append(c.Users.CreateFor, "Mentor") })
	meaning := provider.RoleMeaning{Role: "Mentor", To: lti.Observer, SelfEnrol: true}
	for range 2 { // the second changes nothing but says so in the log
		if err := h.MapRole(context.Background(), "uni", "campus", meaning, "root:uni"); err != nil {
			t.Fatal(err)
		}
	}
	accepted, err := h.launchAs("Mentor")
	if err != nil || accepted.Record.Role != lti.Observer {
		t.Errorf("the launch is %s, %v, want observer", accepted.Record.Role, err)
	}
	if seen := h.seenRoles(); len(seen) != 0 {
		t.Errorf("kept %+v, want none", seen)
	}
	h.change(func(tx store.Tx) error {
		c, err := store.ToolConsumers.Get(tx, "uni", "campus")
		if len(c.SelfEnrol) != 3 || c.Roles["Mentor"] != lti.Observer || c.Roles["Learner"] != lti.Student {
			t.Errorf("tool consumer has roles %v and self_enrol %v", c.Roles, c.SelfEnrol)
		}
		entries, _, errAudit := store.Audit.List(tx, "", "", 10)
		if len(entries) != 2 || entries[0].By != "root:uni" || entries[0].Detail != "Mentor is observer and may enrol itself" {
			t.Errorf("audit = %+v", entries)
		}
		return errors.Join(err, errAudit)
	})
}

func TestMapRoleRefuses(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	for _, m := range []provider.RoleMeaning{{Role: "", To: lti.Student}, {Role: "a b", To: lti.Student}, {Role: "Mentor"}, {Role: "Mentor", To: "king"}} {
		if err := h.MapRole(context.Background(), "uni", "campus", m, "root:uni"); err == nil {
			t.Errorf("MapRole(%+v) is taken", m)
		}
	}
	err := h.MapRole(context.Background(), "uni", "nowhere", provider.RoleMeaning{Role: "Mentor", To: lti.TA}, "root:uni")
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("MapRole() of an unknown LMS = %v, want ErrNotFound", err)
	}
}
