package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestRosterIsAskedForAndTold(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	const path = "/courses/uni/phys101/roster"
	if a := h.call(t, configured, "POST", path+"/sync", ""); a.status != http.StatusConflict || !strings.Contains(a.body, "no launch") {
		t.Errorf("sync without a source = %d %s", a.status, a.body)
	}
	err := h.store.Update(context.Background(), func(tx store.Tx) error {
		c, err := store.ToolConsumers.Get(tx, "uni", "campus")
		if err != nil {
			return err
		}
		c.Roster.Pull = true
		if err := store.ToolConsumers.Put(tx, c); err != nil {
			return err
		}
		return store.RosterSources.Put(tx, lti.RosterSource{
			Domain: "uni", Course: "phys101", Consumer: "campus", URL: "https://lms.example/roster", SealedID: "canary",
			Last: lti.RosterCounts{Members: 9, New: 2, Role: 1, Dates: 1}, Error: "the LMS answered with status 503",
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	a := h.call(t, h.read, "GET", path, "")
	for _, want := range []string{`"state":"idle"`, `"changed":2`, `"error":"the LMS answered with status 503"`, `"pending":null`} {
		if a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("roster = %d %s, want %s", a.status, a.body, want)
		}
	}
	if strings.Contains(a.body, "canary") || strings.Contains(a.body, "lms.example") {
		t.Errorf("the roster's id or address is told: %s", a.body)
	}
	if a := h.call(t, h.read, "POST", path+"/sync", ""); a.status != http.StatusForbidden {
		t.Errorf("sync with a read token = %d", a.status)
	}
	for body, want := range map[string]int{`{"consumer":"annex"}`: http.StatusConflict, `{"consumer":"campus"}`: http.StatusOK, "": http.StatusOK, `{"x":1}`: http.StatusUnprocessableEntity} {
		if a := h.call(t, configured, "POST", path+"/sync", body); a.status != want || want == http.StatusOK && !strings.Contains(a.body, `"state":"waiting"`) {
			t.Errorf("sync with %s = %d %s, want %d", body, a.status, a.body, want)
		}
	}
	if a := h.call(t, configured, "GET", "/courses/uni/none/roster", ""); a.status != http.StatusNotFound {
		t.Errorf("roster of no course = %d", a.status)
	}
}

func TestRosterIsPreviewedAndConfirmed(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	const path = "/courses/uni/phys101/roster"
	const run = "019ab000-0000-7000-8000-000000000000"
	waits := func(pending *lti.RosterPlan) {
		t.Helper()
		err := h.store.Update(context.Background(), func(tx store.Tx) error {
			c, err := store.ToolConsumers.Get(tx, "uni", "campus")
			if err != nil {
				return err
			}
			c.Roster.Pull = true
			if err := store.ToolConsumers.Put(tx, c); err != nil {
				return err
			}
			return store.RosterSources.Put(tx, lti.RosterSource{Domain: "uni", Course: "phys101", Consumer: "campus", URL: "https://lms.example/roster", SealedID: "x", Pending: pending})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	waits(&lti.RosterPlan{Run: run, Held: true, Expires: time.Now().AddDate(50, 0, 0)})
	if a := h.call(t, h.read, "GET", path, ""); !strings.Contains(a.body, `"run":"`+run+`"`) {
		t.Errorf("roster = %d %s, want the run to confirm", a.status, a.body)
	}
	for _, tt := range []struct {
		token, to, body string
		want            int
	}{
		{h.read, "/confirm", `{"consumer":"campus","run":"` + run + `"}`, http.StatusForbidden},
		{configured, "/confirm", `{"consumer":"campus","run":"another"}`, http.StatusConflict},
		{configured, "/confirm", `{"consumer":"annex","run":"` + run + `"}`, http.StatusConflict},
		{configured, "/confirm", `{"consumer":"campus"}`, http.StatusUnprocessableEntity},
		{configured, "/confirm", `{"consumer":"campus","run":"` + run + `"}`, http.StatusOK},
		{configured, "/preview", `{"consumer":"annex"}`, http.StatusConflict},
		{configured, "/preview", `{"consumer":"campus"}`, http.StatusOK},
	} {
		if a := h.call(t, tt.token, "POST", path+tt.to, tt.body); a.status != tt.want || tt.want == http.StatusOK && !strings.Contains(a.body, `"state":"waiting"`) {
			t.Errorf("POST %s %s = %d %s, want %d", tt.to, tt.body, a.status, a.body, tt.want)
		}
	}
}
