package provider_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/egress"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/simulator"
	"github.com/ltihub/ltihub/internal/store"
)

// puller is a hub that has noted where its LMS serves the roster.
type puller struct{ sender }

func newPuller(t *testing.T, edit func(*simulator.LMS)) puller {
	t.Helper()
	s := newSender(t)
	s.Stream = egress.New(egress.Options{AllowCIDRs: loopback()}).Stream
	s.configure(func(c *lti.ToolConsumer) { c.Roster = lti.RosterRules{Pull: true, OnInstructorLaunch: true} })
	if edit != nil {
		edit(s.lms)
	}
	s.accept(s.launch(teacher))
	return puller{s}
}

func (p puller) source() (found lti.RosterSource, err error) {
	p.Helper()
	err = p.Store.View(context.Background(), func(tx store.Tx) (err error) {
		all, _, err := store.RosterSources.List(tx, "", "", 10)
		if len(all) != 1 {
			return errors.Join(err, store.ErrNotFound)
		}
		found = all[0]
		return err
	})
	return found, err
}

// fetch gets the roster of what was noted.
func (p puller) fetch(change func(*lti.RosterSource)) (members []lti.RosterMember, err error) {
	p.Helper()
	s, err := p.source()
	if err != nil {
		p.Fatal(err)
	}
	if change != nil {
		change(&s)
	}
	err = p.FetchRoster(p.Context(), s,
		func() error { members = nil; return nil },
		func(m lti.RosterMember) error { members = append(members, m); return nil })
	return members, err
}

func TestLaunchNotesTheRosterOfThoseWhoMayManage(t *testing.T) {
	t.Parallel()
	p := newPuller(t, nil)
	s, err := p.source()
	if err != nil || s.Job != lti.RosterSync || s.By == "" || !strings.HasSuffix(s.URL, "/services/roster") || s.PagesURL == "" || s.OutcomeURL == "" {
		t.Fatalf("source = %+v, %v", s, err)
	}
	if strings.Contains(fmt.Sprint(s), "roster:rl-quiz-1") {
		t.Error("the roster's id lies open")
	}
	p.accept(p.launch(teacher))
	if again, _ := p.source(); again.SealedID != s.SealedID {
		t.Error("the same id was sealed anew")
	}
}

func TestLaunchNotesNoRosterUnasked(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.accept(h.launch(teacher)) // pull is off
	h.configure(func(c *lti.ToolConsumer) { c.Roster.Pull = true })
	h.accept(h.launch(student))
	h.accept(h.launchWith(teacher, func(f url.Values) {
		f.Set("ext_ims_lis_memberships_url", "javascript:alert(1)")
		f.Set("custom_context_memberships_url", "$ToolProxyBinding.memberships.url")
	}))
	if s, err := (puller{sender{hub: h}}).source(); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("source = %+v, %v", s, err)
	}
}

func TestFetchRosterByBothServices(t *testing.T) {
	t.Parallel()
	for _, pages := range []bool{false, true} {
		p := newPuller(t, func(l *simulator.LMS) { l.OnlyPages, l.PageSize = pages, 2 })
		members, err := p.fetch(nil)
		if err != nil || len(members) != 6 {
			t.Fatalf("pages %v: FetchRoster() = %d members, %v", pages, len(members), err)
		}
		ada := members[0]
		sourcedID, _ := p.lms.SourcedID(student, quiz)
		if ada.UserID != student || ada.Person.SourcedID != "ada" || ada.ResultSourcedID != sourcedID || ada.Gone || len(lti.ParseRoles(ada.Roles)) != 2 {
			t.Errorf("pages %v: ada = %+v", pages, ada)
		}
	}
}

func TestFetchRosterAsksForGroupsFirst(t *testing.T) {
	t.Parallel()
	for _, without := range []bool{false, true} {
		p := newPuller(t, func(l *simulator.LMS) { l.NoGroups = without })
		members, err := p.fetch(nil)
		if err != nil || len(members) != 6 {
			t.Fatalf("FetchRoster() = %d members, %v", len(members), err)
		}
		want := []lti.Group{{ID: "lab-a", Title: "Lab A (morning)", SetID: "labs", SetTitle: "Labs"}}
		if without {
			want = nil
		}
		if got := members[0]; !slices.Equal(got.Groups, want) || got.InGroups == without {
			t.Errorf("ada's groups are %+v (asked for: %v), want %+v", got.Groups, got.InGroups, want)
		}
	}
}

func TestFetchRosterTriesTheOtherServiceAndTheOtherSecret(t *testing.T) {
	t.Parallel()
	p := newPuller(t, nil)
	members, err := p.fetch(func(s *lti.RosterSource) { s.URL += "/nowhere" })
	if err != nil || len(members) != 6 {
		t.Errorf("with the first service gone: %d members, %v", len(members), err)
	}
	p.configure(func(c *lti.ToolConsumer) { c.Previous, c.Secret = c.Secret, p.sealed("brand-new") })
	if members, err := p.fetch(nil); err != nil || len(members) != 6 {
		t.Errorf("while the LMS has the old secret: %d members, %v", len(members), err)
	}
}

func TestFetchRosterSaysWhy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		pages  bool
		answer func(w http.ResponseWriter, r *http.Request)
		want   string
		again  bool
	}{
		{"gone", false, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, "the link is gone there", false},
		{"busy", false, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, "status 503", true},
		{"nothing", false, func(http.ResponseWriter, *http.Request) {}, "is no roster", true},
		{"a page", false, func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<!doctype html><p>Sign in") }, "is no roster", true},
		{"no", false, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(w, "<message_response><statusinfo><codemajor>Failure</codemajor><description>not \x1b[31myours</description></statusinfo></message_response>")
		}, "is no roster", true},
		{"no, politely", false, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(w, "<message_response><statusinfo><codemajor>Failure</codemajor><description>not yours</description></statusinfo></message_response>")
		}, "“not yours”", false},
		{"elsewhere", false, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://elsewhere.example/", http.StatusFound)
		}, "redirected", false},
		{"no JSON", true, func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "{") }, "breaks off", true},
		{"next page elsewhere", true, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(w, `{"nextPage":"https://elsewhere.example/","pageOf":{"membershipSubject":{"membership":[{"member":{"userId":"1"}}]}}}`)
		}, "another server", true},
		{"pages without end", true, func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, `{"nextPage":"?n=%s1","pageOf":{"membershipSubject":{"membership":[]}}}`, r.URL.Query().Get("n"))
		}, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPuller(t, nil)
			server := httptest.NewServer(http.HandlerFunc(tt.answer))
			t.Cleanup(server.Close)
			members, err := p.fetch(func(s *lti.RosterSource) {
				s.URL, s.PagesURL = server.URL, ""
				if tt.pages {
					s.URL, s.PagesURL = "", server.URL+"/pages"
				}
			})
			var told *lti.RosterError
			if !errors.As(err, &told) || !strings.Contains(told.Reason, tt.want) || told.Again != tt.again {
				t.Errorf("FetchRoster() = %d members, %+v; want %q, again %v", len(members), err, tt.want, tt.again)
			}
			for _, secret := range []string{current, "roster:rl-quiz-1"} {
				if err != nil && strings.Contains(err.Error(), secret) {
					t.Errorf("the reason tells a secret: %v", err)
				}
			}
		})
	}
}

func TestFetchRosterPassesTheTakersErrorOn(t *testing.T) {
	t.Parallel()
	p := newPuller(t, nil)
	s, err := p.source()
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("full")
	for _, pages := range []bool{false, true} {
		if pages {
			s.URL = ""
		}
		err := p.FetchRoster(t.Context(), s, func() error { return nil }, func(lti.RosterMember) error { return full })
		if !errors.Is(err, full) {
			t.Errorf("pages %v: FetchRoster() = %v, want the taker's error", pages, err)
		}
	}
}

func TestRefusedLaunchTakesBackInItsRecordsTransaction(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.accept(h.launch(student))
	h.TakeBack = func(tx store.Tx, b lti.Believed) error {
		m, err := store.Memberships.Get(tx, "uni", "phys101", b.Launch.UserID)
		if err != nil {
			return err
		}
		m.Status = lti.MemberDropped
		return store.Memberships.Put(tx, m)
	}
	_, err := h.AcceptLaunch(t.Context(), h.launchWith(student, func(f url.Values) { f.Set("roles", "Mentor") }), lti.Tail{Domain: "uni", Course: "phys101", Link: "quiz1"})
	if lti.Reason(err).Cause != lti.CauseNoRole {
		t.Fatalf("AcceptLaunch() = %v", err)
	}
	h.change(func(tx store.Tx) error {
		m, err := store.Memberships.Get(tx, "uni", "phys101", student)
		if m.Status != lti.MemberDropped {
			t.Errorf("membership = %+v", m)
		}
		return err
	})
}
