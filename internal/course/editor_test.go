package course_test

import (
	"context"
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

// desk is a hub with an editor, and people: ada teaches, des designs, bob
// learns, root is an admin.
type desk struct {
	*hub
	*course.Editor
	// touched are the scopes that edits have changed.
	touched []lti.Scope
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{hub: newHub(t)}
	d.Editor = &course.Editor{
		Store: d.hub.Store, Vault: d.hub.Vault, Copier: d.hub.Copier, Now: now, NewID: d.hub.NewID, Rand: d.hub.Rand,
		Changed: func(_ store.Tx, _ lti.CourseRef, scopes []lti.Scope) error {
			d.touched = scopes
			return nil
		},
	}
	d.update(func(tx store.Tx) error {
		var errs []error
		for name, role := range map[string]lti.Role{"ada": lti.Coordinator, "des": lti.Designer, "bob": lti.Student, "tia": lti.TA, "gone": lti.Instructor, "late": lti.Instructor, "shut": lti.Instructor} {
			m := lti.Membership{Domain: "uni", Course: "phys101", Username: name, Role: role, Status: lti.MemberActive, Digest: "d" + name}
			if name == "gone" {
				m.Status = lti.MemberDropped
			}
			if name == "late" {
				m.End = noon
			}
			errs = append(errs, store.Users.Put(tx, lti.User{Domain: "uni", Username: name, Disabled: name == "shut"}), store.Memberships.Put(tx, m))
		}
		return errors.Join(append(errs,
			store.Users.Put(tx, lti.User{Domain: "uni", Username: "root", Admin: true}),
			store.Users.Put(tx, lti.User{Domain: "far", Username: "dean", Admin: true}),
			store.Tools.Put(tx, lti.Tool{Domain: "uni", ID: "quizzer", Name: "Quizzer", URL: "https://quizzer.example/"}),
		)...)
	})
	return d
}

func (d *desk) update(fn func(tx store.Tx) error) {
	d.t.Helper()
	d.hub.update(fn)
}

// by is an edit in the name of a person of uni, who has seen version.
func by(name, version string) course.Edit {
	return course.Edit{Course: original, By: course.Author{Domain: "uni", Username: name}, Version: version}
}

func (d *desk) course() *lti.Course {
	d.t.Helper()
	c := d.stored("phys101")
	return &c
}

// amend changes the course behind the editor's back.
func (d *desk) amend(change func(c *lti.Course)) {
	d.t.Helper()
	d.update(func(tx store.Tx) error {
		c, err := store.Courses.Get(tx, "uni", "phys101")
		if err != nil {
			return err
		}
		change(&c)
		return store.Courses.Put(tx, c)
	})
}

// audits are the actions that the audit holds, oldest first.
func (d *desk) audits() (actions []string) {
	d.t.Helper()
	d.update(func(tx store.Tx) error {
		actions = nil
		return store.Audit.All(tx, "", func(e lti.AuditEntry) error {
			actions = append(actions, e.By+" "+e.Action)
			return nil
		})
	})
	return actions
}

func TestOnlyThoseWhoMayEdit(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	tests := []struct {
		name string
		by   course.Author
		want error
	}{
		{"coordinator", course.Author{Domain: "uni", Username: "ada"}, nil},
		{"designer", course.Author{Domain: "uni", Username: "des"}, nil},
		{"admin", course.Author{Domain: "uni", Username: "root", Admin: true}, nil},
		{"admin of another domain", course.Author{Domain: "far", Username: "dean", Admin: true}, nil},
		{"admin who came by a launch", course.Author{Domain: "uni", Username: "root"}, course.ErrForbidden},
		{"who only says so", course.Author{Domain: "uni", Username: "bob", Admin: true}, course.ErrForbidden},
		{"student", course.Author{Domain: "uni", Username: "bob"}, course.ErrForbidden},
		{"assistant", course.Author{Domain: "uni", Username: "tia"}, course.ErrForbidden},
		{"dropped", course.Author{Domain: "uni", Username: "gone"}, course.ErrForbidden},
		{"outside the dates", course.Author{Domain: "uni", Username: "late"}, course.ErrForbidden},
		{"closed account", course.Author{Domain: "uni", Username: "shut"}, course.ErrForbidden},
		{"namesake elsewhere", course.Author{Domain: "far", Username: "ada"}, course.ErrForbidden},
		{"nobody", course.Author{Domain: "uni", Username: "who"}, course.ErrForbidden},
	}
	for _, tt := range tests {
		before := d.course()
		_, err := d.AddFolder(t.Context(), course.Edit{Course: original, By: tt.by}, course.FolderForm{Title: "Week 9"})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: AddFolder() = %v, want %v", tt.name, err, tt.want)
		}
		if diff := cmp.Diff(before, d.course()); tt.want != nil && diff != "" {
			t.Errorf("%s: a refused edit changes\n%s", tt.name, diff)
		}
		if _, err := d.CopyCourse(t.Context(), course.Edit{Course: original, By: tt.by}, course.Wanted{ID: "c-" + tt.by.Username + tt.by.Domain}); tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: CopyCourse() = %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := d.AddFolder(t.Context(), course.Edit{Course: lti.CourseRef{Domain: "uni", ID: "none"}, By: tests[2].by}, course.FolderForm{Title: "Week"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a course that is not there: %v", err)
	}
}

func TestFoldersAreArranged(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx := t.Context()
	id, err := d.AddFolder(ctx, by("ada", ""), course.FolderForm{Title: "  Week 2: <b>  "})
	if err != nil || !strings.HasPrefix(id, "week-2-b-") {
		t.Fatalf("AddFolder() = %q, %v", id, err)
	}
	if err := d.MoveFolder(ctx, by("ada", course.OrderVersion(d.course())), id, true); err != nil {
		t.Fatal(err)
	}
	if err := d.MoveFolder(ctx, by("ada", course.OrderVersion(d.course())), id, true); err != nil {
		t.Errorf("moving the first one up = %v", err)
	}
	if err := d.EditFolder(ctx, by("ada", course.FolderVersion(d.course(), id)), id, course.FolderForm{Title: "Start", Protected: true}); err != nil {
		t.Fatal(err)
	}
	if f := d.course().Folders; len(f) != 2 || f[0].Title != "Start" || !f[0].Protected || f[1].ID != "week1" {
		t.Errorf("folders %+v", f)
	}
	if err := d.MoveLink(ctx, by("ada", course.OrderVersion(d.course())), "quiz2", true); err != nil {
		t.Fatal(err)
	}
	if l := d.course().Folders[1].Links; l[0].ID != "quiz2" || l[1].ID != "quiz1" {
		t.Errorf("links %+v", l)
	}
	if d.touched != nil {
		t.Errorf("reordering changes the worth of %v", d.touched)
	}
	if err := d.DeleteFolder(ctx, by("ada", course.FolderVersion(d.course(), "week1")), "week1"); err != nil {
		t.Fatal(err)
	}
	c := d.course()
	if got := []string{c.Links[0].ID, c.Links[1].ID, c.Links[2].ID}; !slices.Equal(got, []string{"essay", "quiz2", "quiz1"}) || len(c.Folders) != 1 {
		t.Errorf("after deleting the folder: %v in %d folders", got, len(c.Folders))
	}
	if want := []lti.Scope{{Kind: lti.ScopeLink, ID: "quiz1"}, {Kind: lti.ScopeCourse}, {Kind: lti.ScopeFolder, ID: "week1"}}; !slices.Equal(d.touched, want) {
		t.Errorf("touched %v, want %v", d.touched, want)
	}
	want := []string{"folder added", "folder moved", "folder moved", "folder changed", "link moved", "folder deleted"}
	for i, action := range d.audits() {
		if action != "ada:uni "+want[i] {
			t.Errorf("audit %d is %q, want %q", i, action, want[i])
		}
	}
}

func TestStaleEditsAreRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.course()
	unprotected := by("ada", course.FolderVersion(c, "week1"))
	d.amend(func(c *lti.Course) { c.Folders[0].Protected = true })
	if course.FolderVersion(d.course(), "week1") == unprotected.Version {
		t.Error("a folder that is protected has the version that it had before")
	}
	c = d.course()
	link, folder, order := by("ada", course.LinkVersion(c, "quiz1")), by("ada", course.FolderVersion(c, "week1")), by("ada", course.OrderVersion(c))
	settings, tool := by("ada", course.SettingsVersion(c)), by("ada", course.ToolVersion(c.Tools[0]))
	d.amend(func(c *lti.Course) {
		c.Folders[0].Title, c.Label, c.Tools[0].Name = "Changed", "Changed", "Changed"
		c.Folders[0].Links = append(c.Folders[0].Links, lti.ResourceLink{ID: "new"})
		c.Folders[0].Links[0].Points = 11
	})
	before := d.course()
	form := course.LinkFormOf(before.Folders[0].Links[0], "week1")
	for name, edit := range map[string]func(ctx context.Context) error{
		"link":        func(ctx context.Context) error { return d.EditLink(ctx, link, "quiz1", form) },
		"delete link": func(ctx context.Context) error { return d.DeleteLink(ctx, link, "quiz1", true) },
		"folder": func(ctx context.Context) error {
			return d.EditFolder(ctx, folder, "week1", course.FolderForm{Title: "Mine"})
		},
		"delete folder": func(ctx context.Context) error { return d.DeleteFolder(ctx, folder, "week1") },
		"move folder":   func(ctx context.Context) error { return d.MoveFolder(ctx, order, "week1", true) },
		"move link":     func(ctx context.Context) error { return d.MoveLink(ctx, order, "quiz1", false) },
		"settings":      func(ctx context.Context) error { return d.EditSettings(ctx, settings, course.Settings{Title: "Mine"}) },
		"tool":          func(ctx context.Context) error { return d.EditTool(ctx, tool, "own", course.NewToolForm()) },
	} {
		if err := edit(t.Context()); !errors.Is(err, course.ErrStale) {
			t.Errorf("%s: %v, want ErrStale", name, err)
		}
	}
	if diff := cmp.Diff(before, d.course()); diff != "" || len(d.audits()) > 0 {
		t.Errorf("a stale edit changes %v\n%s", d.audits(), diff)
	}
}

func TestSettingsKeepWhatFormsCannotSay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.amend(func(c *lti.Course) {
		c.Enrolment.Start = noon.Add(17 * time.Second)
	})
	c := d.course()
	s := course.SettingsOf(c)
	s.Sections, s.End = "002\r\n\r\n 001 \r\n", "2027-01-02T03:04"
	if err := d.EditSettings(t.Context(), by("des", course.SettingsVersion(c)), s); err != nil {
		t.Fatal(err)
	}
	want := *c
	want.Sections, want.Enrolment.End = []string{"002", "001"}, time.Date(2027, 1, 2, 3, 4, 0, 0, time.UTC)
	if diff := cmp.Diff(&want, d.course()); diff != "" {
		t.Errorf("the course (-want +got):\n%s", diff)
	}
	bad := course.Settings{Label: strings.Repeat("x", lti.MaxText+1), Start: "2027-01-02", End: "2026-01-02", Sections: "a\na", Groups: "\x01"}
	err := d.EditSettings(t.Context(), by("des", course.SettingsVersion(d.course())), bad)
	wantFaults(t, err, "end", "groups", "label", "sections", "title")
}

func TestMembersFollowTheDatesOfTheSettings(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	former := d.course().Enrolment
	d.update(func(tx store.Tx) error {
		var errs []error
		for name, period := range map[string]lti.Period{"eve": former, "fay": {End: noon.Add(48 * time.Hour)}} {
			m := lti.Membership{Domain: "uni", Course: "phys101", Username: name, Role: lti.Student, Status: lti.MemberActive, Digest: name}
			m.Period = period
			errs = append(errs, store.Memberships.Put(tx, m))
		}
		return errors.Join(errs...)
	})
	s := course.SettingsOf(d.course())
	s.End = "2027-01-02T03:04"
	s.Start = "2026-12-01T00:00" // ada is in without dates, and stays in
	if err := d.EditSettings(t.Context(), by("ada", course.SettingsVersion(d.course())), s); err != nil {
		t.Fatal(err)
	}
	if err := d.EditSettings(t.Context(), by("ada", course.SettingsVersion(d.course())), course.SettingsOf(d.course())); err != nil {
		t.Errorf("who changed the dates is shut out: %v", err)
	}
	d.update(func(tx store.Tx) error {
		for name, want := range map[string]time.Time{"eve": time.Date(2027, 1, 2, 3, 4, 0, 0, time.UTC), "fay": noon.Add(48 * time.Hour), "ada": {}} {
			m, err := store.Memberships.Get(tx, "uni", "phys101", name)
			if err != nil || !m.End.Equal(want) {
				t.Errorf("%s is in until %s (%v), want %s", name, m.End, err, want)
			}
		}
		return nil
	})
}

// wantFaults wants faults of just these fields, in the order of the alphabet.
func wantFaults(t testing.TB, err error, fields ...string) {
	t.Helper()
	var faults course.Faults
	if !errors.As(err, &faults) {
		t.Errorf("error %v, want faults of %v", err, fields)
		return
	}
	if got := "at fault: " + strings.Join(fields, ", "); faults.Error() != got {
		t.Errorf("%v, want %s", map[string]string(faults), got)
	}
}
