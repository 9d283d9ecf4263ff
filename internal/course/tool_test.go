package course_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestAddedToolIsSealedForTheCourse(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	full := course.NewToolForm()
	full.Name, full.URL, full.Key, full.Secret, full.Send = "Lab bench", "https://lab.example/", "lab-key", "s3cret", []string{lti.SendRoles, lti.SendName, "soul"}
	edx := course.NewToolForm()
	edx.Name, edx.URL, edx.Passport = "From edX", "https://edx.example/", " edx:k:s:with:colons "
	made := course.NewToolForm()
	made.Name, made.URL = "Made", "https://made.example/"
	tests := []struct {
		form        course.ToolForm
		id          string
		key, secret string // "" for ones that are made
	}{{full, "lab-bench", "lab-key", "s3cret"}, {edx, "edx", "k", "s:with:colons"}, {made, "made", "", ""}}
	for _, tt := range tests {
		got, err := d.AddTool(t.Context(), by("ada", ""), tt.form)
		if err != nil {
			t.Fatal(err)
		}
		tool, ok := d.course().CourseTool(tt.id)
		plain, err := d.hub.Vault.Open(tool.Secret.Sealed, "tool/uni/phys101/"+tt.id)
		if !ok || err != nil || plain != got.Secret || tool.Key != got.Key || got.Owner != tt.id || len(tool.IDKey) != 32 {
			t.Errorf("%s: tool %+v, secret %q (%v), told %+v", tt.id, tool, plain, err, got)
		}
		if tt.secret != "" && (got.Secret != tt.secret || got.Key != tt.key) || len(got.Key) == 0 || len(got.Secret) == 0 {
			t.Errorf("%s: made %+v", tt.id, got)
		}
	}
	tool, _ := d.course().CourseTool("lab-bench")
	want := lti.NewTool("uni", "phys101", "lab-bench")
	want.Name, want.URL, want.Key, want.Secret, want.IDKey, want.Send = "Lab bench", "https://lab.example/", "lab-key", tool.Secret, tool.IDKey, []string{lti.SendName, lti.SendRoles}
	if diff := cmp.Diff(want, tool); diff != "" {
		t.Errorf("the tool (-want +got):\n%s", diff)
	}
}

func TestToolFormsThatAreRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	tests := []struct {
		name   string
		change func(f *course.ToolForm)
		fields []string
	}{
		{"nothing", func(f *course.ToolForm) { *f = course.ToolForm{} }, []string{"method", "name", "url"}},
		{"an id of the course", func(f *course.ToolForm) { f.ID = "own" }, []string{"id"}},
		{"an id of the domain", func(f *course.ToolForm) { f.ID = "quizzer" }, []string{"id"}},
		{"an id that is none", func(f *course.ToolForm) { f.ID = "a:b" }, []string{"id"}},
		{"a passport that is none", func(f *course.ToolForm) { f.Passport = "key-and-secret" }, []string{"passport"}},
		{"a passport and a key", func(f *course.ToolForm) { f.Passport, f.Key = "a:b:c", "d" }, []string{"passport"}},
		{"a long secret", func(f *course.ToolForm) { f.Secret = strings.Repeat("x", 1025) }, []string{"secret"}},
		{"a method that is none", func(f *course.ToolForm) { f.Method = "PLAINTEXT" }, []string{"method"}},
		{"custom, sizes, target", func(f *course.ToolForm) { f.Custom, f.Width, f.Target = "x", "x", "x" }, []string{"custom", "target", "width"}},
	}
	before := d.course()
	for _, tt := range tests {
		form := course.NewToolForm()
		form.Name, form.URL = "T", "https://t.example/"
		tt.change(&form)
		_, err := d.AddTool(t.Context(), by("ada", ""), form)
		t.Run(tt.name, func(t *testing.T) { wantFaults(t, err, tt.fields...) })
		if err != nil && strings.Contains(err.Error(), "key-and-secret") {
			t.Errorf("%s: the error repeats the secret: %v", tt.name, err)
		}
	}
	if diff := cmp.Diff(before, d.course()); diff != "" {
		t.Errorf("a refused form changes\n%s", diff)
	}
}

func TestEditedToolKeepsItsSecret(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	before := d.course().Tools[0]
	form := course.ToolFormOf(before)
	form.Name, form.Disabled, form.Method, form.Custom = "Mine", true, "HMAC-SHA256", "a=1"
	if err := d.EditTool(t.Context(), by("ada", course.ToolVersion(before)), "own", form); err != nil {
		t.Fatal(err)
	}
	want := before
	want.Name, want.Disabled, want.SignatureMethod, want.Custom, want.Target = "Mine", true, "HMAC-SHA256", map[string]string{"a": "1"}, lti.TargetIframe
	if diff := cmp.Diff(want, d.course().Tools[0]); diff != "" {
		t.Errorf("the tool (-want +got):\n%s", diff)
	}

	made, err := d.NewToolSecret(t.Context(), by("ada", ""), "own", "")
	if err != nil || made.Key != "k" {
		t.Fatalf("NewToolSecret() = %+v, %v", made, err)
	}
	tool := d.course().Tools[0]
	plain, _ := d.hub.Vault.Open(tool.Secret.Sealed, "tool/uni/phys101/own")
	older, _ := d.hub.Vault.Open(tool.Previous.Sealed, "tool/uni/phys101/own")
	if plain != made.Secret || older != "plain" || !tool.Previous.Until.Equal(noon.Add(30*24*time.Hour)) {
		t.Errorf("secrets %q and %q until %s", plain, older, tool.Previous.Until)
	}
	if _, err := d.NewToolSecret(t.Context(), by("ada", ""), "none", "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a tool that is not there: %v", err)
	}
}

func TestProtectionKeysComeAndGo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.update(func(tx store.Tx) error {
		return errors.Join(
			store.ToolConsumers.Put(tx, lti.ToolConsumer{Domain: "uni", ID: "campus", Key: "lms-key"}),
			store.Courses.Put(tx, lti.Course{Domain: "uni", ID: "chem", Protection: []lti.Protection{{Key: "theirs"}}}),
		)
	})
	made, err := d.AddProtection(t.Context(), by("ada", ""), course.ProtectionForm{Minutes: "90"})
	if err != nil {
		t.Fatal(err)
	}
	kept := d.course().Protection[1]
	plain, err := d.hub.Vault.Open(kept.Secret.Sealed, "protection/uni/phys101/"+made.Key)
	if err != nil || plain != made.Secret || kept.Key != made.Key || kept.Lifetime != 90*time.Minute {
		t.Errorf("kept %+v, %q (%v), told %+v", kept, plain, err, made)
	}
	for _, key := range []string{"lms-key", "theirs", "open", "a\x00"} {
		_, err := d.AddProtection(t.Context(), by("ada", ""), course.ProtectionForm{Key: key})
		wantFaults(t, err, "key")
	}
	_, err = d.AddProtection(t.Context(), by("ada", ""), course.ProtectionForm{Minutes: "1441"})
	wantFaults(t, err, "minutes")
	if err := d.RemoveProtection(t.Context(), by("ada", ""), "open"); err != nil {
		t.Fatal(err)
	}
	if got := d.course().Protection; len(got) != 1 || got[0].Key != made.Key {
		t.Errorf("left are %+v", got)
	}
	if err := d.RemoveProtection(t.Context(), by("ada", ""), "open"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a key that is not there: %v", err)
	}
}

func TestWhoCopiesACourseIsInTheCopy(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for name, want := range map[string]lti.Role{"ada": lti.Coordinator, "des": lti.Designer} {
		made, err := d.CopyCourse(t.Context(), by(name, ""), course.Wanted{ID: "copy-" + name})
		if err != nil {
			t.Fatal(err)
		}
		d.update(func(tx store.Tx) error {
			m, err := store.Memberships.Get(tx, "uni", made.ID, name)
			if err != nil || m.Role != want || m.Status != lti.MemberActive || m.Digest == "" || m.Source != "admin" {
				t.Errorf("%s: membership %+v (%v)", name, m, err)
			}
			return nil
		})
	}
	d.amend(func(c *lti.Course) { // ada does not own it any more
		c.Owner = "owen"
	})
	if _, err := d.CopyCourse(t.Context(), by("ada", ""), course.Wanted{ID: "third"}); err != nil {
		t.Fatal(err)
	}
	d.update(func(tx store.Tx) error {
		m, err := store.Memberships.Get(tx, "uni", "third", "ada")
		if err != nil || m.Role != lti.Instructor {
			t.Errorf("membership %+v (%v)", m, err)
		}
		return nil
	})
	_, err := d.CopyCourse(t.Context(), by("ada", ""), course.Wanted{ID: "phys101"})
	wantFaults(t, err, "id")
	_, err = d.CopyCourse(t.Context(), by("ada", ""), course.Wanted{ID: "a/b", Title: "\x00"})
	wantFaults(t, err, "id", "title")
	if got := d.audits(); !slices.Contains(got, "ada:uni copy course") {
		t.Errorf("audit %v", got)
	}
}
