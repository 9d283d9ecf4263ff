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

func TestNewToolIsWhatFormAndFileSay(t *testing.T) {
	t.Parallel()
	full := course.NewToolForm()
	full.Name, full.URL, full.Key, full.Secret, full.Send = "Lab bench", "https://lab.example/", "lab-key", "s3cret", []string{lti.SendRoles, lti.SendName, "soul"}
	edx := course.NewToolForm()
	edx.Name, edx.URL, edx.Passport = "From edX", "https://edx.example/", " edx:k:s:with:colons "
	made := course.NewToolForm()
	made.Name, made.URL = "Made", "https://made.example/"
	tests := []struct {
		form            course.ToolForm
		id, key, secret string
	}{{full, "lab-bench", "lab-key", "s3cret"}, {edx, "edx", "k", "s:with:colons"}, {made, "made", "", ""}}
	for _, tt := range tests {
		tool, secret, err := tt.form.New(original, lti.Tool{})
		if err != nil || tool.ID != tt.id || tool.Key != tt.key || secret != tt.secret {
			t.Errorf("New() = %+v, %q, %v", tool, secret, err)
		}
	}
	read := lti.Tool{
		Name: "of the file", About: lti.ToolAbout{Description: "A bench."}, ContentItems: lti.ContentItems{URL: "https://lab.example/choose"},
		Placements: []lti.ToolPlacement{{Name: "course_navigation"}},
	}
	got, _, err := full.New(original, read)
	if err != nil {
		t.Fatal(err)
	}
	want := lti.NewTool("uni", "phys101", "lab-bench")
	want.Name, want.URL, want.Key, want.Send = "Lab bench", "https://lab.example/", "lab-key", []string{lti.SendName, lti.SendRoles}
	want.About, want.ContentItems, want.Placements = read.About, read.ContentItems, read.Placements
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the tool (-want +got):\n%s", diff)
	}
}

func TestToolFormsThatAreRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(f *course.ToolForm)
		fields []string
	}{
		{"nothing", func(f *course.ToolForm) { *f = course.ToolForm{} }, []string{"method", "name", "url"}},
		{"an id that is none", func(f *course.ToolForm) { f.ID = "a:b" }, []string{"id"}},
		{"a passport that is none", func(f *course.ToolForm) { f.Passport = "key-and-secret" }, []string{"passport"}},
		{"a passport and a key", func(f *course.ToolForm) { f.Passport, f.Key = "a:b:c", "d" }, []string{"passport"}},
		{"a key that is none", func(f *course.ToolForm) { f.Key = "a\x00" }, []string{"key"}},
		{"a long secret", func(f *course.ToolForm) { f.Secret = strings.Repeat("x", 1025) }, []string{"secret"}},
		{"a method that is none", func(f *course.ToolForm) { f.Method = "PLAINTEXT" }, []string{"method"}},
		{"custom, sizes, target", func(f *course.ToolForm) { f.Custom, f.Width, f.Target = "x", "x", "x" }, []string{"custom", "target", "width"}},
	}
	for _, tt := range tests {
		form := course.NewToolForm()
		form.Name, form.URL = "T", "https://t.example/"
		tt.change(&form)
		_, _, err := form.New(original, lti.Tool{})
		t.Run(tt.name, func(t *testing.T) { wantFaults(t, err, tt.fields...) })
		if err != nil && strings.Contains(err.Error(), "key-and-secret") {
			t.Errorf("%s: the error repeats the secret: %v", tt.name, err)
		}
	}
}

func TestToolThatNoLinkOpensIsDeleted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seen := by("ada", course.ToolVersion(d.course().Tools[0]))
	if err := d.DeleteTool(t.Context(), by("ada", "old"), "own"); !errors.Is(err, course.ErrStale) {
		t.Errorf("DeleteTool() of another version = %v, want ErrStale", err)
	}
	if err := d.DeleteTool(t.Context(), seen, "own"); !errors.Is(err, course.ErrUsed) || len(d.course().Tools) != 1 {
		t.Errorf("DeleteTool() of a tool in use = %v, want ErrUsed", err)
	}
	d.amend(func(c *lti.Course) { c.Folders[0].Links[1].Tool, c.Links[0].Tool = "quizzer", "quizzer" })
	if err := d.DeleteTool(t.Context(), seen, "own"); err != nil || len(d.course().Tools) != 0 {
		t.Errorf("DeleteTool() = %v; left are %+v", err, d.course().Tools)
	}
	if err := d.DeleteTool(t.Context(), seen, "own"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("DeleteTool() once more = %v", err)
	}
	if got := d.audits(); !slices.Equal(got, []string{"ada:uni course tool deleted"}) {
		t.Errorf("audit %v", got)
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

func TestKeyWithAWiderWindowTakesNothingOlder(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, err := d.AddProtection(t.Context(), by("ada", ""), course.ProtectionForm{Key: "wide", Minutes: "60"}); err != nil {
		t.Fatal(err)
	}
	key := func() lti.Protection {
		p, _ := d.course().ProtectionKey("wide")
		return p
	}
	if got := key().NotBefore; !got.Equal(noon.Add(-lti.DefaultWindow)) { // a key of that name may have been here before
		t.Errorf("a new key takes launches from %s on", got)
	}
	for _, tt := range []struct {
		minutes   string
		notBefore time.Duration // before noon
	}{{"120", lti.DefaultWindow}, {"1", lti.DefaultWindow}, {"1440", time.Minute}} {
		if err := d.EditProtection(t.Context(), by("ada", ""), course.ProtectionForm{Key: "wide", Minutes: tt.minutes}); err != nil {
			t.Fatal(err)
		}
		if got := key(); !got.NotBefore.Equal(noon.Add(-tt.notBefore)) || got.Secret.Sealed == "" {
			t.Errorf("%s minutes: %+v", tt.minutes, got)
		}
	}
	for _, minutes := range []string{"1441", "0", "-1", "1.5", "long"} {
		wantFaults(t, d.EditProtection(t.Context(), by("ada", ""), course.ProtectionForm{Key: "wide", Minutes: minutes}), "minutes")
	}
	if err := d.EditProtection(t.Context(), by("ada", ""), course.ProtectionForm{Key: "none"}); !errors.Is(err, store.ErrNotFound) {
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
