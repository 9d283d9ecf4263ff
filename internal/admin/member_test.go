package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

func (w *world) member(username string) (m lti.Membership, entries []lti.AuditEntry) {
	w.t.Helper()
	w.update(func(tx store.Tx) (err error) {
		if m, err = store.Memberships.Get(tx, "uni", "phys", username); err != nil {
			return err
		}
		entries, _, err = store.Audit.List(tx, "", "", 100)
		return err
	})
	return m, entries
}

func TestTeacherChangesAMemberByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	teacher := w.launched("ada", lti.Place{Course: phys})
	fields := url.Values{"role": {"ta"}, "section": {"002"}, "status": {"active"}, "end": {"2030-01-31T23:59"}, "locked": {"1"}}
	if a := teacher.do(http.MethodPost, web.MemberPath(phys, "bob"), fields, nil); a.status != http.StatusSeeOther {
		t.Fatalf("change = %d %s", a.status, a.body)
	}
	m, entries := w.member("bob")
	if m.Role != lti.TA || m.Section != "002" || !m.Locked || m.Source != "campus" || m.End.Year() != 2030 {
		t.Errorf("membership = %+v", m)
	}
	last := entries[len(entries)-1]
	if last.By != "ada:uni" || last.Action != "change a member" || !strings.Contains(last.Detail, "role student to ta") {
		t.Errorf("audit entry = %+v", last)
	}
	if a := teacher.do(http.MethodGet, web.MemberPath(phys, "bob"), nil, nil); !strings.Contains(a.body, "What it was") {
		t.Error("the page does not tell what the membership was")
	}
}

func TestMergedPeopleStandNoMoreInTheCourse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m, _ := w.member("bob")
	m.Status, m.Into = lti.MemberDropped, "cyd"
	w.update(func(tx store.Tx) error { return store.Memberships.Put(tx, m) })
	teacher := w.launched("ada", lti.Place{Course: phys})
	if a := teacher.get(web.MembersPath(phys)); a.status != http.StatusOK || strings.Contains(a.body, web.MemberPath(phys, "bob")) {
		t.Errorf("the page of people answers %d and may list who was merged away", a.status)
	}
	if a := teacher.get(web.MemberPath(phys, "bob")); a.status != http.StatusNotFound {
		t.Errorf("the member's page answers %d, want 404", a.status)
	}
}

func TestMemberFormSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	teacher := w.launched("ada", lti.Place{Course: phys})
	before, _ := w.member("bob")
	tests := []struct {
		name   string
		fields url.Values
		status int
		want   string
	}{
		{"a role above", url.Values{"role": {"coordinator"}}, http.StatusUnprocessableEntity, "Choose one of the roles."},
		{"odd section", url.Values{"role": {"student"}, "section": {"lab a!"}}, http.StatusUnprocessableEntity, "lab a!"},
		{"odd date", url.Values{"role": {"student"}, "start": {"tomorrow"}}, http.StatusUnprocessableEntity, "Write a date"},
		{"end before start", url.Values{"role": {"student"}, "start": {"2030-01-02T00:00"}, "end": {"2030-01-01T00:00"}}, http.StatusUnprocessableEntity, "after the beginning"},
	}
	for _, tt := range tests {
		a := teacher.do(http.MethodPost, web.MemberPath(phys, "bob"), tt.fields, nil)
		if a.status != tt.status || !strings.Contains(a.body, tt.want) {
			t.Errorf("%s = %d, want %d with %q", tt.name, a.status, tt.status, tt.want)
		}
	}
	if a := teacher.do(http.MethodPost, web.MemberPath(phys, "ada"), url.Values{"role": {"student"}}, nil); a.status != http.StatusForbidden {
		t.Errorf("one's own membership = %d", a.status)
	}
	if a := teacher.do(http.MethodPost, web.MemberPath(phys, "nobody"), url.Values{"role": {"student"}}, nil); a.status != http.StatusNotFound {
		t.Errorf("nobody's membership = %d", a.status)
	}
	if m, _ := w.member("bob"); m != before {
		t.Errorf("membership = %+v, want %+v", m, before)
	}
}

func TestRosterFormsAskForWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	teacher := w.launched("ada", lti.Place{Course: phys})
	if a := teacher.do(http.MethodPost, web.MembersPath(phys)+"/sync", url.Values{"consumer": {"campus"}}, nil); a.status != http.StatusSeeOther {
		t.Fatalf("sync = %d", a.status)
	}
	w.update(func(tx store.Tx) error {
		s, err := store.RosterSources.Get(tx, "uni", "phys", "campus")
		if s.Job != lti.RosterSync || s.Ask != (lti.RosterAsk{By: "ada:uni", Role: lti.Instructor}) {
			t.Errorf("source = %+v", s)
		}
		return err
	})
	if a := teacher.do(http.MethodGet, web.MembersPath(phys), nil, nil); !strings.Contains(a.body, "about to be fetched") || !strings.Contains(a.body, `http-equiv="refresh"`) {
		t.Error("the page of people does not say that the roster is on its way")
	}
	if a := teacher.do(http.MethodPost, web.MembersPath(phys)+"/sync", url.Values{"consumer": {"annex"}}, nil); a.status != http.StatusNotFound {
		t.Errorf("sync of an unknown LMS = %d", a.status)
	}
}
