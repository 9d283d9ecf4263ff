package provider_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// opens launches the teacher from one of the LMS's links.
func (p puller) opens(placement string, edit func(url.Values)) lti.RosterSource {
	p.Helper()
	p.accept(p.launchWith(teacher, func(f url.Values) {
		f.Set("resource_link_id", placement)
		f.Set("ext_ims_lis_memberships_id", "roster:"+placement)
		if edit != nil {
			edit(f)
		}
	}))
	s, err := p.source()
	if err != nil {
		p.Fatal(err)
	}
	return s
}

func placements(s lti.RosterSource) (names []string) {
	for _, other := range s.Others {
		names = append(names, other.Placement)
	}
	return names
}

func TestLaunchesKeepTheLinksThatWereOpened(t *testing.T) {
	t.Parallel()
	p := newPuller(t, nil)
	first, err := p.source()
	if err != nil || len(first.Others) != 0 {
		t.Fatalf("source = %+v, %v", first, err)
	}
	s := p.opens("rl-two", nil)
	if s.Placement != "rl-two" || len(s.Others) != 1 || s.Others[0].Placement != quiz || s.Others[0].SealedID != first.SealedID {
		t.Fatalf("source = %+v, want %s among the others", s, quiz)
	}
	if s.Others[0].PagesURL != first.LinkPagesURL || s.Others[0].OutcomeURL != first.OutcomeURL {
		t.Errorf("other = %+v, want that of %+v", s.Others[0], first)
	}
	if s = p.opens("rl-two", nil); len(s.Others) != 1 {
		t.Errorf("the same link again: %v", placements(s))
	}
	s = p.opens("rl-no-grades", func(f url.Values) {
		f.Del("lis_outcome_service_url")
		f.Del("ext_ims_lis_basic_outcome_url")
	})
	if got := fmt.Sprint(placements(s)); got != "[rl-two "+quiz+"]" {
		t.Errorf("others = %s", got)
	}
	if s = p.opens(quiz, nil); fmt.Sprint(placements(s)) != "[rl-two]" {
		t.Errorf("others = %v, want neither itself nor what takes no grades", placements(s))
	}
	for i := range lti.MaxRosterPlaces + 3 {
		s = p.opens(fmt.Sprintf("rl-%d", i), nil)
	}
	if len(s.Others) != lti.MaxRosterPlaces {
		t.Errorf("%d others", len(s.Others))
	}
}

func TestLaunchNotesNoRosterOfWhoIsNotBelieved(t *testing.T) {
	t.Parallel()
	p := newPuller(t, nil)
	before, err := p.source()
	if err != nil {
		t.Fatal(err)
	}
	p.change(func(tx store.Tx) error { // by hand, so that it stands without course identity
		m, err := store.Memberships.Get(tx, "uni", "phys101", before.By)
		m.Source = "admin"
		if err != nil {
			return err
		}
		return store.Memberships.Put(tx, m)
	})
	p.configure(func(c *lti.ToolConsumer) { c.CourseIdentity = false })
	p.clock.set(noon.Add(time.Minute))
	if after := p.opens("rl-two", nil); after.Placement != before.Placement || !after.Noted.Equal(before.Noted) {
		t.Errorf("source = %+v, want it as it was", after)
	}
}

func TestTargetKeepsItsUserID(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.accept(h.launch(student))
	told := len(h.targets)
	var kept lti.UpstreamTarget
	h.change(func(tx store.Tx) error {
		err := store.Targets.All(tx, "", func(t lti.UpstreamTarget) error {
			kept = t
			return nil
		})
		if err != nil {
			return err
		}
		bare := kept
		bare.UserID = "" // a roster that has none
		return h.StoreTarget(tx, bare)
	})
	h.change(func(tx store.Tx) error {
		now, err := store.Targets.Read(tx, store.Split(store.Targets.Key(kept))...)
		if err == nil && *now != kept {
			t.Errorf("target = %+v, want %+v", *now, kept)
		}
		return err
	})
	if len(h.targets) != told {
		t.Error("TargetStored was told of a target that is the same")
	}
}

func TestSettleNeedsAnOpenLMS(t *testing.T) {
	t.Parallel()
	h := copiedHub(t)
	a := h.held()
	h.configure(func(c *lti.ToolConsumer) { c.Enabled.End = noon })
	if _, err := h.Settle(t.Context(), a.Record.ID, lti.ChooseFresh); lti.Reason(err).Cause != lti.CauseDisabled {
		t.Errorf("Settle() after the LMS's time = %v", err)
	}
}

// A launch that waits for the account goes on to wait for the course, and each
// is answered once.
func TestQuestionOfTheAccountLeadsToThatOfTheCourse(t *testing.T) {
	t.Parallel()
	h := copiedHub(t)
	h.configure(func(c *lti.ToolConsumer) { c.Users.Create = lti.CreateAsk })
	asked, err := h.AcceptLaunch(t.Context(), h.launchWith(teacher, func(f url.Values) { f.Set("custom_context_id_history", "old") }), lti.Tail{})
	if err != nil || asked.Pending == "" || asked.Record.Offer != nil {
		t.Fatalf("AcceptLaunch() = %+v, %v, want the question of the account", asked, err)
	}
	if _, err := h.Settle(t.Context(), asked.Record.ID, lti.ChooseFresh); err == nil {
		t.Error("the question of the course was answered before it was put")
	}
	resumed, err := h.ResumeLaunch(t.Context(), asked.Pending, lti.Answer{})
	if err != nil || resumed.Record.Offer == nil || resumed.Token == "" {
		t.Fatalf("ResumeLaunch() = %+v, %v, want the question of the course", resumed, err)
	}
	if _, err := h.ResumeLaunch(t.Context(), asked.Pending, lti.Answer{}); lti.Reason(err).Cause != lti.CausePending {
		t.Errorf("ResumeLaunch() again = %v", err)
	}
	first, err := h.Settle(t.Context(), resumed.Record.ID, lti.ChooseFresh)
	if err != nil || first.Course == "" || first.Username != resumed.Record.Username {
		t.Fatalf("Settle() = %+v, %v", first, err)
	}
	if again, err := h.Settle(t.Context(), resumed.Record.ID, lti.ChooseCopy); err != nil || again.Course != first.Course {
		t.Errorf("Settle() again = %+v, %v", again, err)
	}
}

// Whose identity an admin unlinks between the two questions gets no course.
func TestUnlinkedBetweenTheQuestions(t *testing.T) {
	t.Parallel()
	for _, create := range []string{lti.CreateAuto, lti.CreateAsk} {
		h := copiedHub(t)
		a := h.held()
		h.configure(func(c *lti.ToolConsumer) { c.Users.Create = create })
		h.change(func(tx store.Tx) error { return store.Bindings.Delete(tx, "uni", "campus", teacher) })
		if got, err := h.Settle(t.Context(), a.Record.ID, lti.ChooseFresh); err == nil || got.Course != "" {
			t.Errorf("%s: Settle() = %+v, %v, want a refusal", create, got, err)
		}
	}
}
