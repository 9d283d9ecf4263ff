package course_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/internal/vault"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func now() time.Time { return noon }

// hub is a copier over a real store that holds one course.
type hub struct {
	*course.Copier
	t testing.TB
}

func newHub(t testing.TB) *hub {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "hub.db"), bolt.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	v, _, err := vault.Create(vault.NewMasterKey(rand.Reader))
	if err != nil {
		t.Fatal(err)
	}
	h := &hub{t: t, Copier: &course.Copier{
		Store: db, Vault: v, Now: now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Rand: rand.Reader,
		ContextID: func(c lti.CourseRef) string { return "context of " + c.String() },
		LinkID:    func(c lti.CourseRef, link string) string { return "link " + c.String() + "/" + link },
	}}
	h.update(func(tx store.Tx) error { return h.fill(tx) })
	return h
}

var original = lti.CourseRef{Domain: "uni", ID: "phys101"}

func (h *hub) seal(plain, context string) lti.Secret {
	h.t.Helper()
	sealed, err := h.Vault.Seal(plain, context)
	if err != nil {
		h.t.Fatal(err)
	}
	return lti.Secret{Sealed: sealed}
}

// fill stores a course that has all that a course may have.
func (h *hub) fill(tx store.Tx) error {
	own := lti.Tool{
		Domain: "uni", Course: "phys101", ID: "own", URL: "https://own.example/", Key: "k", IDKey: []byte("people"),
		Secret: h.seal("plain", "tool/uni/phys101/own"), Previous: h.seal("older", "tool/uni/phys101/own"),
	}
	own.Previous.Until = noon.Add(time.Hour)
	c := lti.Course{
		Domain: "uni", ID: "phys101", Title: "Physics 101", Label: "PHYS101", Type: "official", Owner: "ada",
		Enrolment: lti.Period{Start: noon, End: noon.Add(time.Hour)}, Sections: []string{"001"}, Groups: []string{"lab"},
		Protection: []lti.Protection{{Key: "open", Secret: h.seal("p", "protection/uni/phys101/open")}},
		Tools:      []lti.Tool{own}, DigestKey: []byte("digest key"), History: []string{"earlier"}, Source: "campus",
		Folders: []lti.Folder{{ID: "week1", Title: "Week 1", Links: []lti.ResourceLink{
			{ID: "quiz1", Tool: "quizzer", Title: "Quiz 1", Points: 10, Custom: map[string]string{"quiz": "1"}, Tiny: "q1", Due: noon, Policy: lti.PolicyBest, History: []string{"quiz0"}},
			{ID: "quiz2", Tool: "own", Title: "Quiz 2"},
		}}},
		Links: []lti.ResourceLink{{ID: "essay", Tool: "own", Title: "Essay"}},
	}
	return errors.Join(
		store.Courses.Put(tx, c),
		store.Memberships.Put(tx, lti.Membership{Domain: "uni", Course: "phys101", Username: "bob", Digest: "d"}),
		store.Rings.Put(tx, lti.ServiceRing{Domain: "uni", Course: "phys101", Link: "quiz1", Service: lti.ServiceGrade}),
		store.Settings.Put(tx, lti.ToolSetting{Domain: "uni", Course: "phys101", Link: "quiz1", Value: "kept"}),
		store.Results.Put(tx, lti.Result{Domain: "uni", Course: "phys101", Link: "quiz1", Username: "bob"}),
	)
}

func (h *hub) update(fn func(tx store.Tx) error) {
	h.t.Helper()
	if err := h.Store.Update(context.Background(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hub) stored(id string) (c lti.Course) {
	h.t.Helper()
	h.update(func(tx store.Tx) (err error) {
		c, err = store.Courses.Get(tx, "uni", id)
		return err
	})
	return c
}

func TestCopyKeepsContentAndRemembersTheOriginal(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	before := h.stored("phys101")
	made, err := h.Copy(t.Context(), original, course.Wanted{ID: "phys101-27", Title: "Physics, 2027"}, "ada")
	if err != nil {
		t.Fatal(err)
	}
	stored := h.stored("phys101-27")
	if diff := cmp.Diff(stored, made); diff != "" {
		t.Errorf("what is returned differs from what is stored:\n%s", diff)
	}
	want := lti.Course{
		Domain: "uni", ID: "phys101-27", Title: "Physics, 2027", Label: "PHYS101", Type: "official", Owner: "ada",
		Sections: []string{"001"}, Groups: []string{"lab"}, Source: "admin", Created: noon,
		DigestKey: stored.DigestKey, Tools: stored.Tools, History: []string{"context of uni/phys101", "earlier"},
		Folders: []lti.Folder{{ID: "week1", Title: "Week 1", Links: []lti.ResourceLink{
			{ID: "quiz1", Tool: "quizzer", Title: "Quiz 1", Points: 10, Custom: map[string]string{"quiz": "1"}, Policy: lti.PolicyBest, History: []string{"link uni/phys101/quiz1", "quiz0"}},
			{ID: "quiz2", Tool: "own", Title: "Quiz 2", History: []string{"link uni/phys101/quiz2"}},
		}}},
		Links: []lti.ResourceLink{{ID: "essay", Tool: "own", Title: "Essay", History: []string{"link uni/phys101/essay"}}},
	}
	if diff := cmp.Diff(want, stored); diff != "" {
		t.Errorf("the copy (-want +got):\n%s", diff)
	}
	if len(stored.DigestKey) != 32 || bytes.Equal(stored.DigestKey, before.DigestKey) {
		t.Errorf("its digest key is %x", stored.DigestKey)
	}
	if diff := cmp.Diff(before, h.stored("phys101")); diff != "" {
		t.Errorf("the original changed:\n%s", diff)
	}

	again, err := h.Copy(t.Context(), made.Ref(), course.Wanted{ID: "phys101-28"}, "ada")
	if err != nil {
		t.Fatal(err)
	}
	link, _, _ := again.Link("quiz1")
	if got := strings.Join(again.History, ","); got != "context of uni/phys101-27,context of uni/phys101,earlier" || again.Title != "Physics, 2027" {
		t.Errorf("the copy's copy %q has the history %s", again.Title, got)
	}
	if got := strings.Join(link.History, ","); got != "link uni/phys101-27/quiz1,link uni/phys101/quiz1,quiz0" {
		t.Errorf("its link has the history %s", got)
	}
}

func TestCopySealsSecretsAnew(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	made, err := h.Copy(t.Context(), original, course.Wanted{ID: "c2"}, "ada")
	if err != nil {
		t.Fatal(err)
	}
	from, to := h.stored("phys101").Tools[0], made.Tools[0]
	if to.Course != "c2" || !to.Previous.Until.Equal(from.Previous.Until) || !bytes.Equal(to.IDKey, from.IDKey) {
		t.Errorf("the tool is %+v", to)
	}
	for _, tt := range []struct {
		from, to lti.Secret
		want     string
	}{{from.Secret, to.Secret, "plain"}, {from.Previous, to.Previous, "older"}} {
		if got, err := h.Vault.Open(tt.to.Sealed, "tool/uni/c2/own"); got != tt.want || err != nil {
			t.Errorf("the copy's secret is %q, %v, want %q", got, err, tt.want)
		}
		if _, err := h.Vault.Open(tt.from.Sealed, "tool/uni/c2/own"); err == nil {
			t.Error("the original's seal opens for the copy")
		}
	}
}

func TestCopyLeavesPeopleAndSecretsBehind(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	if _, err := h.Copy(t.Context(), original, course.Wanted{ID: "c2"}, "ada"); err != nil {
		t.Fatal(err)
	}
	h.update(func(tx store.Tx) error {
		for _, collection := range []string{
			store.Memberships.Name(), store.Rings.Name(), store.Settings.Name(), store.Results.Name(), store.History.Name(),
		} {
			if found, err := tx.Scan(collection, "uni/c2/", "", 10); err != nil || len(found) > 0 {
				t.Errorf("%s of the copy: %v (%v)", collection, found, err)
			}
		}
		entries, _, err := store.Audit.List(tx, "", "", 10)
		if err != nil || len(entries) != 1 || entries[0].By != "ada" || entries[0].Object != "course uni/phys101" {
			t.Errorf("audit %+v (%v)", entries, err)
		}
		return nil
	})
}

func TestCopyLinkStandsBehindTheOriginal(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	made, err := h.CopyLink(t.Context(), original, "quiz1", course.Wanted{ID: "quiz1b", Title: "Quiz 1, again"}, "ada")
	if err != nil {
		t.Fatal(err)
	}
	want := lti.ResourceLink{
		ID: "quiz1b", Tool: "quizzer", Title: "Quiz 1, again", Points: 10, Custom: map[string]string{"quiz": "1"},
		Policy: lti.PolicyBest, History: []string{"link uni/phys101/quiz1", "quiz0"},
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("the copy (-want +got):\n%s", diff)
	}
	var order []string
	for folder, l := range h.stored("phys101").AllLinks() {
		order = append(order, folder+"/"+l.ID)
	}
	if got := strings.Join(order, " "); got != "week1/quiz1 week1/quiz1b week1/quiz2 /essay" {
		t.Errorf("the links are %s", got)
	}
	if outside, err := h.CopyLink(t.Context(), original, "essay", course.Wanted{ID: "essay2"}, "ada"); err != nil || outside.Title != "Essay" {
		t.Errorf("the copy of a link outside a folder = %+v, %v", outside, err)
	}
}

func TestCopyRefuses(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	nowhere := lti.CourseRef{Domain: "uni", ID: "none"}
	copyTo := func(from lti.CourseRef, id string) error {
		_, err := h.Copy(t.Context(), from, course.Wanted{ID: id}, "ada")
		return err
	}
	linkTo := func(from lti.CourseRef, link, id string) error {
		_, err := h.CopyLink(t.Context(), from, link, course.Wanted{ID: id}, "ada")
		return err
	}
	before := h.stored("phys101")
	for name, tt := range map[string]struct{ got, want error }{
		"unknown course":    {copyTo(nowhere, "c2"), store.ErrNotFound},
		"taken":             {copyTo(original, "phys101"), store.ErrExists},
		"empty":             {copyTo(original, ""), course.ErrID},
		"no id":             {copyTo(original, "a/b"), course.ErrID},
		"link nowhere":      {linkTo(nowhere, "quiz1", "x"), store.ErrNotFound},
		"unknown link":      {linkTo(original, "none", "x"), store.ErrNotFound},
		"link taken":        {linkTo(original, "quiz1", "essay"), store.ErrExists},
		"link without name": {linkTo(original, "quiz1", ""), course.ErrID},
	} {
		if !errors.Is(tt.got, tt.want) {
			t.Errorf("%s: %v, want %v", name, tt.got, tt.want)
		}
	}
	if diff := cmp.Diff(before, h.stored("phys101")); diff != "" {
		t.Errorf("the course changed:\n%s", diff)
	}
}
