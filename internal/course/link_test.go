package course_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestAddedLinkIsWhatTheFormSays(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	form := course.LinkForm{
		Title: " Quiz 3 ", Description: "one\r\ntwo", Tool: "quizzer", Folder: "week1", Points: "7.5", Custom: "quiz=3\r\n level = hard = er ",
		Policy: lti.PolicyBest, Due: "2026-12-01T10:00", URL: "https://quizzer.example/3", Target: lti.TargetTab, Width: "800", Height: "0", Tiny: "q3", Protected: true,
	}
	id, err := d.AddLink(t.Context(), by("ada", ""), form)
	if err != nil || !strings.HasPrefix(id, "quiz-3-") {
		t.Fatalf("AddLink() = %q, %v", id, err)
	}
	got, folder, _ := d.course().Link(id)
	want := lti.ResourceLink{
		ID: id, Tool: "quizzer", Title: "Quiz 3", Description: "one\ntwo", Points: 7.5, Custom: map[string]string{"quiz": "3", "level": "hard = er"},
		Policy: lti.PolicyBest, Due: time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC), URL: "https://quizzer.example/3", Target: lti.TargetTab, Width: 800, Tiny: "q3", Protected: true,
	}
	if diff := cmp.Diff(want, got); diff != "" || folder != "week1" {
		t.Errorf("in %q (-want +got):\n%s", folder, diff)
	}
	if want := []lti.Scope{{Kind: lti.ScopeLink, ID: id}, {Kind: lti.ScopeCourse}, {Kind: lti.ScopeFolder, ID: "week1"}}; !slices.Equal(d.touched, want) {
		t.Errorf("touched %v, want %v", d.touched, want)
	}
}

func TestLinkFormsThatAreRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.update(func(tx store.Tx) error {
		return store.Courses.Put(tx, lti.Course{Domain: "uni", ID: "chem", Links: []lti.ResourceLink{{ID: "l", Tiny: "taken"}}})
	})
	tests := []struct {
		name   string
		change func(f *course.LinkForm)
		fields []string
	}{
		{"nothing", func(f *course.LinkForm) { *f = course.LinkForm{} }, []string{"policy", "title", "tool"}},
		{"negative points", func(f *course.LinkForm) { f.Points = "-1" }, []string{"points"}},
		{"points that are none", func(f *course.LinkForm) { f.Points = "NaN" }, []string{"points"}},
		{"too many points", func(f *course.LinkForm) { f.Points = "1e7" }, []string{"points"}},
		{"a date that is none", func(f *course.LinkForm) { f.Due = "tomorrow" }, []string{"due"}},
		{"a line without =", func(f *course.LinkForm) { f.Custom = "a=1\nb" }, []string{"custom"}},
		{"a URL of another kind", func(f *course.LinkForm) { f.URL = "javascript:alert(1)" }, []string{"url"}},
		{"a URL without TLS", func(f *course.LinkForm) { f.URL = "http://quizzer.example/" }, []string{"url"}},
		{"sizes and target", func(f *course.LinkForm) { f.Width, f.Height, f.Target = "wide", "-5", "moon" }, []string{"height", "target", "width"}},
		{"a tool that is not there", func(f *course.LinkForm) { f.Tool = "gone" }, []string{"tool"}},
		{"a tool that can't be", func(f *course.LinkForm) { f.Tool = strings.Repeat("x", 3000) }, []string{"tool"}},
		{"a folder that is not there", func(f *course.LinkForm) { f.Folder = "gone" }, []string{"folder"}},
		{"a code of this course", func(f *course.LinkForm) { f.Tiny = "q1" }, []string{"tiny"}},
		{"a code of another course", func(f *course.LinkForm) { f.Tiny = "taken" }, []string{"tiny"}},
		{"a code that is none", func(f *course.LinkForm) { f.Tiny = "a/b" }, []string{"tiny"}},
		{"a policy that is none", func(f *course.LinkForm) { f.Policy = "worst" }, []string{"policy"}},
	}
	before := d.course()
	for _, tt := range tests {
		form := course.LinkForm{Title: "T", Tool: "quizzer", Policy: lti.PolicyLatest}
		tt.change(&form)
		_, err := d.AddLink(t.Context(), by("ada", ""), form)
		t.Run(tt.name, func(t *testing.T) { wantFaults(t, err, tt.fields...) })
	}
	if diff := cmp.Diff(before, d.course()); diff != "" {
		t.Errorf("a refused form changes\n%s", diff)
	}
}

func TestEditedLinkMovesAndKeepsItsHistory(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	form := course.LinkFormOf(d.course().Folders[0].Links[0], "week1")
	form.Folder, form.Points = "", "20"
	if err := d.EditLink(t.Context(), by("ada", course.LinkVersion(d.course(), "quiz1")), "quiz1", form); err != nil {
		t.Fatal(err)
	}
	link, folder, _ := d.course().Link("quiz1")
	if folder != "" || link.Points != 20 || !slices.Equal(link.History, []string{"quiz0"}) || link.Tiny != "q1" || !link.Due.Equal(noon) {
		t.Errorf("in %q: %+v", folder, link)
	}
	if len(d.touched) != 3 {
		t.Errorf("touched %v", d.touched)
	}
	if err := d.EditLink(t.Context(), by("ada", ""), "none", form); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a link that is not there: %v", err)
	}
}

func TestLinkWithResultsIsDeletedOnlyWhenSure(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	edit := by("ada", course.LinkVersion(d.course(), "quiz1"))
	if err := d.DeleteLink(t.Context(), edit, "quiz1", false); !errors.Is(err, course.ErrResults) {
		t.Fatalf("DeleteLink() = %v, want ErrResults", err)
	}
	if _, _, there := d.course().Link("quiz1"); !there {
		t.Fatal("it is gone all the same")
	}
	if err := d.DeleteLink(t.Context(), edit, "quiz1", true); err != nil {
		t.Fatal(err)
	}
	if _, _, there := d.course().Link("quiz1"); there {
		t.Error("it is still there")
	}
	d.update(func(tx store.Tx) error {
		_, err := store.Results.Get(tx, "uni", "phys101", "quiz1", "bob")
		if err != nil {
			t.Errorf("the result: %v", err)
		}
		return nil
	})
	if err := d.DeleteLink(t.Context(), by("ada", course.LinkVersion(d.course(), "essay")), "essay", false); err != nil {
		t.Errorf("a link without results: %v", err)
	}
	if got := d.audits(); !slices.Equal(got, []string{"ada:uni link deleted", "ada:uni link deleted"}) {
		t.Errorf("audit %v", got)
	}
}

func TestCopiedLinkStandsBehindWithANewID(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, err := d.Editor.CopyLink(t.Context(), by("ada", ""), "quiz1")
	if err != nil {
		t.Fatal(err)
	}
	twin := d.course().Folders[0].Links[1]
	if twin.ID != id || twin.Title != "Quiz 1 (copy)" || twin.Tiny != "" || !slices.Equal(twin.History, []string{"link uni/phys101/quiz1", "quiz0"}) {
		t.Errorf("the copy %q is %+v", id, twin)
	}
	if _, err := d.Editor.CopyLink(t.Context(), by("ada", ""), "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a copy of nothing: %v", err)
	}
}

// TestFormsChangeNothingByThemselves: what a form shows, sent back as it is,
// leaves the link as it was.
func TestFormsChangeNothingByThemselves(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`[ -~é]{0,12}`)
		link := lti.ResourceLink{
			ID: "essay", Tool: rapid.SampledFrom([]string{"own", "quizzer"}).Draw(rt, "tool"), Title: "T" + strings.TrimSpace(text.Draw(rt, "title")),
			Points: rapid.Float64Range(0, lti.MaxPoints).Draw(rt, "points"), Custom: map[string]string{"a b": text.Draw(rt, "value"), "lines": "x\ny=z"},
			Due:    time.Unix(rapid.Int64Range(0, 4e9).Draw(rt, "due"), 0).UTC(),
			Policy: rapid.SampledFrom(lti.Policies()).Draw(rt, "policy"), Target: rapid.SampledFrom(append(lti.Targets(), "")).Draw(rt, "target"),
			Width: rapid.IntRange(0, lti.MaxPixels).Draw(rt, "width"), History: []string{"old"},
		}
		d.amend(func(c *lti.Course) {
			c.Links[0] = link
		})
		form := course.LinkFormOf(link, "")
		form.Custom = strings.ReplaceAll(form.Custom, "\n", "\r\n") // as browsers send it
		if err := d.EditLink(t.Context(), by("ada", course.LinkVersion(d.course(), "essay")), "essay", form); err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(link, d.course().Links[0]); diff != "" {
			rt.Errorf("the form changes\n%s", diff)
		}
	})
}
