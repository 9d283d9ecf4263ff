package provider_test

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/store"
)

// copiedHub has an LMS whose context "old" stands for phys101.
func copiedHub(t testing.TB) *hub {
	h := newHub(t)
	h.configure(func(c *lti.ToolConsumer) { c.Courses.CreateFor = []string{"Instructor"} })
	h.change(func(tx store.Tx) error {
		return store.CourseMaps.PutNew(tx, lti.CourseMap{
			Domain: "uni", Consumer: "campus", ContextID: "old", Course: lti.CourseRef{Domain: "uni", ID: "phys101"},
		})
	})
	return h
}

// held launches from a copy of the context "old".
func (h *hub) held() provider.Accepted {
	h.Helper()
	req := h.launchWith(teacher, func(f url.Values) {
		f.Set("custom_context_id_history", "old")
		f.Set("lis_result_sourcedid", "cell-1")
		f.Set("lis_outcome_service_url", lmsURL+"/outcomes")
	})
	a, err := h.AcceptLaunch(context.Background(), req, lti.Tail{})
	if err != nil || a.Record.Offer == nil || a.Token == "" || a.Place != (lti.Place{}) {
		h.Fatalf("AcceptLaunch() = %+v, %v, want a session and an offer", a, err)
	}
	return a
}

func TestSettledLaunchGoesOnOnce(t *testing.T) {
	t.Parallel()
	h := copiedHub(t)
	a := h.held()
	first, err := h.Settle(context.Background(), a.Record.ID, lti.ChooseFresh)
	if err != nil || first.Course == "" || first.Course == "phys101" || first.Role != lti.Instructor || first.Offer != nil {
		t.Fatalf("Settle() = %+v, %v, want a new course", first, err)
	}
	if first.Session == nil || first.Session.Token != a.Record.Session.Token {
		t.Errorf("the session is %+v, want the launch's", first.Session)
	}
	if len(h.targets) != 1 || h.targets[0].SourcedID != "cell-1" || h.targets[0].Course != first.Course {
		t.Errorf("targets = %+v, want the launch's cell", h.targets)
	}
	again, err := h.Settle(context.Background(), a.Record.ID, lti.ChooseCopy)
	if err != nil || again.Course != first.Course {
		t.Errorf("Settle() again = %s, %v, want %s as it stands", again.Course, err, first.Course)
	}
	h.change(func(tx store.Tx) error {
		if _, err := store.HeldLaunches.Get(tx, a.Record.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the launch is still held: %v", err)
		}
		entries, _, err := store.Audit.List(tx, "", "", 10)
		if len(entries) != 1 || entries[0].Detail != "fresh" {
			t.Errorf("audit = %+v, want one choice", entries)
		}
		return err
	})
}

// Two teachers of one copy are asked; the first answer holds for both.
func TestSecondAnswerFollowsTheFirst(t *testing.T) {
	t.Parallel()
	h := copiedHub(t)
	one, two := h.held(), h.held()
	first, err := h.Settle(context.Background(), one.Record.ID, lti.ChooseFresh)
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.Settle(context.Background(), two.Record.ID, lti.ChooseCopy)
	if err != nil || second.Course != first.Course {
		t.Errorf("Settle() = %s, %v, want %s", second.Course, err, first.Course)
	}
}

func TestSettleRefuses(t *testing.T) {
	t.Parallel()
	h := copiedHub(t)
	tests := []struct {
		name   string
		choice lti.CourseChoice
		change func(id string)
		want   lti.Cause // "" for not found
	}{
		{"no choice", "", func(string) {}, lti.CauseNoCourse},
		{"one that is not offered", lti.ChooseSame, func(string) {}, lti.CauseNoCourse},
		{"the LMS closed", lti.ChooseFresh, func(string) { h.configure(func(c *lti.ToolConsumer) { c.Disabled = true }) }, lti.CauseDisabled},
		{"the right to make courses gone", lti.ChooseFresh, func(string) {
			h.configure(func(c *lti.ToolConsumer) { c.Disabled, c.Courses.CreateFor = false, []string{"Administrator"} })
		}, lti.CauseNoCourse},
		{"the session over", lti.ChooseFresh, func(string) { h.clock.set(noon.Add(2 * time.Hour)) }, ""},
	}
	for _, tt := range tests { // one after the other: they change the same LMS
		h.configure(func(c *lti.ToolConsumer) { c.Disabled, c.Courses.CreateFor = false, []string{"Instructor"} })
		a := h.held()
		tt.change(a.Record.ID)
		_, err := h.Settle(context.Background(), a.Record.ID, tt.choice)
		if tt.want == "" && !errors.Is(err, store.ErrNotFound) || tt.want != "" && lti.Reason(err).Cause != tt.want {
			t.Errorf("%s: Settle() = %v, want %q", tt.name, err, tt.want)
		}
	}
	if _, err := h.Settle(context.Background(), newID(), lti.ChooseFresh); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Settle() of nothing = %v, want ErrNotFound", err)
	}
}

func TestSettleLeavesLaunchesThatHaveTheirPlace(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	plain := h.accept(h.launch(student))
	if r, err := h.Settle(context.Background(), plain.Record.ID, lti.ChooseFresh); err != nil || r.Course != "phys101" {
		t.Errorf("Settle() of a launch with a place = %s, %v, want it as it stands", r.Course, err)
	}
}
