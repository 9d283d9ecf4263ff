package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/simulator"
)

// openCourse launches the course's own page and follows where that leads.
func (w *world) openCourse(v *visitor, user string) screen {
	w.t.Helper()
	action, fields, err := w.lms.LaunchForm(user, "rl-course")
	if err != nil {
		w.t.Fatal(err)
	}
	return v.post(action, fields)
}

func TestLogoutAtTheLMSEndsTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(manifest string) string {
		return strings.Replace(manifest, "    nonce_lifetime: 5m\n", "    nonce_lifetime: 5m\n    logout: {callback_param: custom_logout_service_url}\n", 1)
	})
	const ada = "7f3a-ada"
	v, other := newVisitor(t), newVisitor(t)
	page := w.openCourse(v, ada)
	kept := w.openCourse(other, "19c2-bo")
	if page.status != http.StatusOK || kept.status != http.StatusOK {
		t.Fatalf("the course's page = %d and %d, want 200", page.status, kept.status)
	}
	if err := w.lms.Until(soon(t), func() bool { return len(w.lms.Callbacks(ada)) == 1 }); err != nil {
		t.Fatalf("the LMS holds %d callbacks, want 1", len(w.lms.Callbacks(ada)))
	}
	callback := w.lms.Callbacks(ada)[0]
	if statuses, err := w.lms.LogOut(soon(t), ada); err != nil || len(statuses) != 1 || statuses[0] != http.StatusOK {
		t.Fatalf("LogOut = %v, %v, want 200", statuses, err)
	}
	if again := v.get(page.url.String()); again.status != http.StatusUnauthorized {
		t.Errorf("after the logout the page = %d, want 401", again.status)
	}
	if still := other.get(kept.url.String()); still.status != http.StatusOK {
		t.Errorf("another person's page = %d after it, want 200", still.status)
	}
	for _, bad := range []string{callback, callback[:len(callback)-1] + "0", w.url + "/lti/logout/nonsense"} {
		if got := newVisitor(t).get(bad); got.status != http.StatusNotFound {
			t.Errorf("a used or made-up callback = %d, want 404", got.status)
		}
	}
}

func TestLogoutServiceThatIsAwayHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(manifest string) string {
		return strings.Replace(manifest, "    nonce_lifetime: 5m\n", "    nonce_lifetime: 5m\n    logout: {callback_param: custom_logout_service_url}\n", 1)
	})
	w.lms.SetFault(simulator.FaultHang)
	v := newVisitor(t)
	if page := w.openCourse(v, "7f3a-ada"); page.status != http.StatusOK {
		t.Errorf("the course's page = %d, want 200", page.status)
	}
}
