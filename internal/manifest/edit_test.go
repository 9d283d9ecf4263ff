package manifest_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/store"
)

func campus() manifest.Object {
	return manifest.Object{Section: manifest.ToolConsumers, Domain: "uni", ID: "campus"}
}

func TestEditChangesWhatTheDraftSays(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.apply(t, small)
	d := manifest.NewDraft(campus(), h.record(t, campus()).Base)
	d.Set("name", "yes: Campus\r\nLMS")
	d.Set("users.match", "custom_number")
	d.Set("users.bind_existing", true)
	d.Set("roles", [][2]string{{"Learner", "observer"}})
	d.Set("self_enrol", []string{"Learner"})
	d.Set("secret", "other-secret")
	change, err := h.Edit(t.Context(), d, "ada:uni")
	if err != nil {
		t.Fatal(err)
	}
	want := []manifest.FieldChange{
		{Path: "name", Before: "campus", After: "yes: Campus\r\nLMS"},
		{Path: "secret", Before: "(a secret)", After: "(another secret)"},
		{Path: "users.match", Before: "user_id", After: "custom_number"},
		{Path: "users.bind_existing", Before: "false", After: "true"},
		{Path: "roles.Learner", Before: "student", After: "observer"},
		{Path: "self_enrol", Before: "Learner, Instructor", After: "Learner"},
		{Path: "roles.Instructor", Before: "instructor"},
		{Path: "roles.TeachingAssistant", Before: "ta"},
	}
	if diff := cmp.Diff(want, change.Fields); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	c := get(t, h, store.ToolConsumers, "uni", "campus")
	if c.Roles["Learner"] != lti.Observer || !c.CourseIdentity || c.Users.Create != lti.CreateAuto {
		t.Errorf("the tool consumer is %+v", c)
	}
	entries := all(t, h, store.Audit)
	last := entries[len(entries)-1]
	if last.By != "ada:uni" || last.Action != "changed" || last.Object != "tool consumer uni/campus" || strings.Contains(last.Detail, "other-secret") {
		t.Errorf("audit entry %+v", last)
	}
}

func TestEditRefusesWhatHasChangedMeanwhile(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.apply(t, small)
	old := h.record(t, campus())
	first := manifest.NewDraft(campus(), old.Base)
	first.Set("name", "First")
	if _, err := h.Edit(t.Context(), first, "ada:uni"); err != nil {
		t.Fatal(err)
	}
	second := manifest.NewDraft(campus(), old.Base)
	second.Set("name", "Second")
	if _, err := h.Edit(t.Context(), second, "bob:uni"); !errors.Is(err, manifest.ErrStale) {
		t.Errorf("Edit = %v, want ErrStale", err)
	}
	now := h.record(t, campus())
	want := []manifest.FieldChange{{Path: "name", Before: "campus", After: "First"}}
	if diff := cmp.Diff(want, manifest.CompareBases(old.Base, now.Base)); diff != "" || now.Text("name") != "First" {
		t.Errorf("what has changed (-want +got):\n%s", diff)
	}
}

func TestEditFindsTheFaultsOfAManifest(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.apply(t, small)
	fresh := campus()
	fresh.ID = "other"
	tests := []struct {
		name string
		of   manifest.Object
		set  map[string]any
		want []string
	}{
		{"new without anything", fresh, nil, []string{"key"}},
		{"taken id", campus(), map[string]any{"key": "k", "secret": "s"}, []string{"id"}},
		{"taken key", fresh, map[string]any{"key": "lms-key", "secret": "s"}, []string{"key"}},
		{"several", fresh, map[string]any{"key": "k", "secret": "", "users.match": "x", "roles": [][2]string{{"Learner", "king"}}}, []string{"users.match", "roles.Learner", "secret"}},
		{"no domain", manifest.Object{Section: manifest.ToolConsumers, Domain: "far", ID: "x"}, map[string]any{"key": "k", "secret": "s"}, []string{"domain"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := h.state(t)
			d := manifest.NewDraft(tt.of, "")
			for path, v := range tt.set {
				d.Set(path, v)
			}
			_, err := h.Edit(t.Context(), d, "ada:uni")
			var faults manifest.Faults
			if !errors.As(err, &faults) {
				t.Fatalf("Edit = %v, want faults", err)
			}
			paths := make([]string, len(faults))
			for i, f := range faults {
				paths[i] = f.Path
			}
			slices.Sort(paths)
			slices.Sort(tt.want)
			if !slices.Equal(paths, tt.want) || h.state(t) != before {
				t.Errorf("faults at %q, want %q, and no change", paths, tt.want)
			}
		})
	}
}

func TestCheckSaysWhatWouldChange(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.apply(t, small)
	before := h.state(t)
	text := strings.NewReplacer("secret: lms-secret", "secret: changed-one, section: S1", "points: 10", "points: 20",
		"role: student", "role: ta", "given_name: Ada", "password: correct-horse").Replace(small)
	m, err := manifest.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	report, err := h.Check(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	want := []manifest.Change{
		{Object: "user ada:uni", Fields: []manifest.FieldChange{{Path: "password", After: "(a secret)"}}},
		{Object: "tool consumer uni/campus", Fields: []manifest.FieldChange{{Path: "secret", Before: "(a secret)", After: "(another secret)"}, {Path: "section", After: "S1"}}},
		{Object: "course uni/phys101", Fields: []manifest.FieldChange{{Path: "folders[week1].links[quiz1].points", Before: "10", After: "20"}}},
		{Object: "member uni/phys101/bob", Fields: []manifest.FieldChange{{Path: "role", Before: "student", After: "ta"}}},
	}
	if diff := cmp.Diff(want, report.Changes); diff != "" || h.state(t) != before {
		t.Errorf("changes (-want +got), and nothing may be written:\n%s", diff)
	}
}

func TestRemoveKeepsWhatIsUsed(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.apply(t, small)
	quizzer := manifest.Object{Section: manifest.Tools, Domain: "uni", ID: "quizzer"}
	if err := h.Remove(t.Context(), quizzer, "ada:uni"); !errors.Is(err, manifest.ErrUsed) {
		t.Errorf("Remove of a placed tool = %v, want ErrUsed", err)
	}
	if err := h.Remove(t.Context(), campus(), "ada:uni"); err != nil {
		t.Errorf("Remove of a fresh tool consumer = %v", err)
	}
	if err := h.Remove(t.Context(), campus(), "ada:uni"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Remove of what is gone = %v, want ErrNotFound", err)
	}
}

func TestNewRecordHasTheDefaults(t *testing.T) {
	t.Parallel()
	r, err := manifest.NewRecord(campus())
	if err != nil {
		t.Fatal(err)
	}
	if r.Text("users.match") != "user_id" || !r.Flag("user_identity") || len(r.Pairs("roles")) != 3 || !slices.Equal(r.List("self_enrol"), []string{"Learner", "Instructor"}) {
		t.Errorf("a new tool consumer is\n%s", r.Base)
	}
}

func (h *hub) record(t *testing.T, o manifest.Object) manifest.Record {
	t.Helper()
	r, err := h.Record(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Whatever somebody types into a form is what the record then says, or a fault.
func TestEditKeepsEveryText(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.apply(t, small)
	rapid.Check(t, func(rt *rapid.T) {
		name, section := rapid.String().Draw(rt, "name"), rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(rt, "section")
		d := manifest.NewDraft(campus(), h.record(t, campus()).Base)
		d.Set("name", name)
		d.Set("section", string(section))
		_, err := h.Edit(t.Context(), d, "ada:uni")
		var faults manifest.Faults
		if errors.As(err, &faults) {
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		r := h.record(t, campus())
		if r.Text("name") != strings.ToValidUTF8(name, "\uFFFD") || r.Text("section") != strings.ToValidUTF8(string(section), "\uFFFD") {
			rt.Errorf("typed %q and %q, stored %q and %q", name, section, r.Text("name"), r.Text("section"))
		}
	})
}
