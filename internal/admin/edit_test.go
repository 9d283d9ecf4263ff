package admin_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// version is the one that a page's first form carries.
func version(t testing.TB, page reply) string {
	t.Helper()
	found := regexp.MustCompile(`name="version" value="([0-9a-f]+)"`).FindStringSubmatch(page.body)
	if found == nil {
		t.Fatalf("the page (%d) has no version\n%s", page.status, page.body)
	}
	return found[1]
}

// phys reads the course of the tests.
func (w *world) phys() (c lti.Course) {
	w.t.Helper()
	w.view(func(tx store.Tx) (err error) {
		c, err = store.Courses.Get(tx, "uni", "phys")
		return err
	})
	return c
}

func TestTeacherBuildsACourse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	wantAll(t, b.get(web.CoursePath(phys)), "Edit the course", "Preview as student", web.EditPath(phys))
	if a := b.post(web.EditPath(phys)+"/folders", url.Values{"title": {"Week 2"}}); a.status != other {
		t.Fatalf("adding a folder answers %d\n%s", a.status, a.body)
	}
	folder := w.phys().Folders[1].ID
	wantAll(t, b.get(web.NewLinkPath(phys, folder)), `<option value="`+folder+`" selected>Week 2`, "Own tool", "Quizzer")
	sent := url.Values{"title": {"Quiz 2"}, "tool": {"quizzer"}, "folder": {folder}, "points": {"many"}, "policy": {"best"}, "custom": {"a=<b>"}}
	wrong := b.post(web.EditLinksPath(phys), sent)
	wantAll(t, wrong, "It must be a number from 0 to 1000000.", `value="many"`, `value="Quiz 2"`, "a=&lt;b&gt;", `aria-describedby="points-fault"`, `value="best" selected`)
	sent.Set("points", "5")
	if a := b.post(web.EditLinksPath(phys), sent); a.status != other || !strings.Contains(a.to, "done=added") {
		t.Fatalf("adding a link answers %d to %s\n%s", a.status, a.to, a.body)
	}
	order := b.get(web.EditPath(phys))
	wantAll(t, order, "Week 2", "Quiz 2", "5 points")
	move := url.Values{"kind": {"folder"}, "id": {folder}, "to": {"up"}, "version": {version(t, order)}}
	if a := b.post(web.EditPath(phys)+"/move", move); a.status != other || w.phys().Folders[0].ID != folder {
		t.Errorf("moving up answers %d; the folders are %+v", a.status, w.phys().Folders)
	}
	wantAll(t, b.post(web.EditPath(phys)+"/move", move), "Somebody else has changed the order")
	w.view(func(tx store.Tx) error {
		entries, _, err := store.Audit.List(tx, "", "", 10)
		if len(entries) != 3 || entries[0].By != "ada:uni" || entries[0].Action != "folder added" {
			t.Errorf("audit %+v", entries)
		}
		return err
	})
}

func TestStaleLinkFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	path := web.EditLinkPath(phys, "quiz1")
	seen := b.get(path)
	save := func(title, version string) reply {
		return b.post(path, url.Values{"title": {title}, "tool": {"quizzer"}, "folder": {"week1"}, "points": {"10"}, "policy": {"latest"}, "version": {version}})
	}
	if a := save("First", version(t, seen)); a.status != other {
		t.Fatalf("saving answers %d\n%s", a.status, a.body)
	}
	late := save("Second", version(t, seen))
	wantAll(t, late, "Somebody else has changed this link", `value="Second"`)
	if late.status != conflict || w.phys().Folders[0].Links[0].Title != "First" {
		t.Errorf("the late one answers %d, the title is %q", late.status, w.phys().Folders[0].Links[0].Title)
	}
	if a := save("Second", version(t, late)); a.status != other || w.phys().Folders[0].Links[0].Title != "Second" {
		t.Errorf("saving again answers %d", a.status)
	}
}

func TestDeletingALinkAsksAboutItsResults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	path := web.EditLinkPath(phys, "quiz1")
	sent := url.Values{"version": {version(t, b.get(path))}}
	asked := b.post(path+"/delete", sent)
	wantAll(t, asked, "1 person has a result for this link. Nothing was deleted yet.", "Delete it although it has results")
	sent.Set("sure", "yes")
	if a := b.post(path+"/delete", sent); a.status != other {
		t.Fatalf("deleting answers %d\n%s", a.status, a.body)
	}
	wantNone(t, b.get(web.CoursePath(phys)), "Quiz of phys")
	w.view(func(tx store.Tx) error {
		if _, err := store.Results.Get(tx, "uni", "phys", "quiz1", "bob"); err != nil {
			t.Errorf("the result: %v", err)
		}
		d, err := store.Deliveries.Get(tx, refusedID(phys))
		if d.Score == nil || d.State != lti.Refused {
			t.Errorf("the delivery is %+v", d)
		}
		return err
	})
}

func TestSettingsToolsAndKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	settings := b.get(web.EditSettingsPath(phys))
	saved := b.post(web.EditSettingsPath(phys), url.Values{"title": {"Physics"}, "sections": {"001\r\n002"}, "end": {"2027-01-01T00:00"}, "version": {version(t, settings)}})
	if c := w.phys(); saved.status != other || c.Title != "Physics" || len(c.Sections) != 2 || c.Enrolment.End.IsZero() {
		t.Errorf("saving answers %d: %+v", saved.status, c)
	}
	key := b.post(web.EditPath(phys)+"/keys", url.Values{"key": {"open-day"}})
	wantAll(t, key, "open-day", "shown this once", `id="new-secret"`)
	wantNone(t, b.get(web.EditSettingsPath(phys)), `id="new-secret"`)
	wantAll(t, b.post(web.EditPath(phys)+"/keys", url.Values{"key": {"open-day"}}), "It is taken", `value="open-day"`)

	read := b.post(web.EditPath(phys)+"/read-tool", url.Values{"xml": {linkFile}})
	wantAll(t, read, "http://pad.example/l", "mode=exam", "Nothing is saved yet", "must not carry keys or secrets")
	sent := url.Values{"name": {"Pad"}, "url": {"https://pad.example/l"}, "passport": {"pad:pad-key:pad-s3cret"}, "method": {"HMAC-SHA1"}, "target": {"iframe"}, "send": {"name"}, "custom": {"x"}}
	wrong := b.post(web.EditToolsPath(phys), sent)
	wantAll(t, wrong, "it should be name=value", "The secret has to be typed again", `value="name" checked`)
	wantNone(t, wrong, "pad-s3cret")
	sent.Del("custom")
	made := b.post(web.EditToolsPath(phys), sent)
	wantAll(t, made, `value="pad-key"`, `value="pad-s3cret"`, "id pad")
	shown := b.get(web.EditToolPath(phys, "pad"))
	wantNone(t, shown, "pad-s3cret")
	sent.Set("version", version(t, shown))
	sent.Set("disabled", "yes")
	sent.Set("key", "pad-key")
	if a := b.post(web.EditToolPath(phys, "pad"), sent); a.status != other || !w.phys().Tools[1].Disabled {
		t.Errorf("closing the tool answers %d\n%s", a.status, a.body)
	}
	for id, what := range map[string]string{"pad": "of this course", "quizzer": "of the institution"} {
		taken := url.Values{"id": {id}, "name": {"Pad"}, "url": {"https://pad.example/l"}, "method": {"HMAC-SHA1"}, "target": {"iframe"}}
		if a := b.post(web.EditToolsPath(phys), taken); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "id-fault") {
			t.Errorf("a tool with the id of one %s answers %d\n%s", what, a.status, a.body)
		}
	}
	fresh := b.post(web.EditToolPath(phys, "pad")+"/secret", url.Values{"secret": {"an&other"}})
	wantAll(t, fresh, html.EscapeString(`an&other`), "One before it is good until")
	wantNone(t, b.get(web.EditSettingsPath(phys)), "an&amp;other", "pad-s3cret")
}

func TestCopiedCourseOpensForItsAuthor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	wantAll(t, b.post(web.EditPath(phys)+"/copy", url.Values{"id": {"chem"}, "title": {"Mine"}}), "It is taken: choose another.", `value="Mine"`)
	made := b.post(web.EditPath(phys)+"/copy", url.Values{"id": {"phys-2"}, "title": {"Physics, again"}})
	if made.status != other {
		t.Fatalf("copying answers %d\n%s", made.status, made.body)
	}
	wantAll(t, b.get(strings.Split(made.to, "?")[0]), "Quiz of phys", "Physics, again")
}

func TestPreviewShowsWhatStudentsSee(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	preview := b.get(web.PreviewPath(phys))
	wantAll(t, preview, "as a student sees it", "Back to editing", "no score yet", web.LinkPath(phys, "quiz1")+"?as=student")
	wantNone(t, preview, "have a score", "Place it in an LMS", "Add from")
	launch := b.get(web.LinkPath(phys, "quiz1") + "?as=student")
	wantAll(t, launch, "The tool takes you for a student. No score is kept.", `name="roles" value="Learner"`, `name="lis_outcome_service_url"`)
	wantNone(t, launch, "lis_result_sourcedid")
	taught := b.get(web.LinkPath(phys, "quiz1"))
	wantAll(t, taught, `name="roles" value="Instructor"`)
	wantNone(t, taught, "The tool takes you for a student.")

	student := w.launched("bob", lti.Place{Course: phys})
	wantNone(t, student.get(web.PreviewPath(phys)), "as a student sees it", "Edit the course")
	wantAll(t, student.get(web.LinkPath(phys, "quiz1")+"?as=student"), "lis_result_sourcedid") // a student's launch stays one
}

// What a link file says beyond the fields of the form is kept with the tool.
func TestLinkFileOfACourseToolIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	const file = `<?xml version="1.0"?><cartridge_basiclti_link xmlns="http://www.imsglobal.org/xsd/imslticc_v1p0" xmlns:blti="http://www.imsglobal.org/xsd/imsbasiclti_v1p0">
<blti:title>Bench</blti:title><blti:description>Wood and iron.</blti:description><blti:launch_url>https://bench.example/l</blti:launch_url></cartridge_basiclti_link>`
	read := b.post(web.EditPath(phys)+"/read-tool", url.Values{"xml": {file}})
	wantAll(t, read, `name="file" value="`, `value="Bench"`)
	sent := url.Values{"name": {"My bench"}, "url": {"https://bench.example/l"}, "method": {"HMAC-SHA1"}, "target": {"iframe"}, "file": {file}}
	wantAll(t, b.post(web.EditToolsPath(phys), sent), `id="new-secret"`, "id my-bench")
	tool, _ := w.phys().CourseTool("my-bench")
	if tool.Name != "My bench" || tool.About.Description != "Wood and iron." || tool.Passback.Enabled || len(tool.IDKey) != 32 {
		t.Errorf("the tool is %+v", tool)
	}
	sent.Set("file", "<nothing>")
	if a := b.post(web.EditToolsPath(phys), sent); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a file that is none answers %d", a.status)
	}
	shown := b.get(web.EditToolPath(phys, "my-bench"))
	wantAll(t, shown, "No link opens this tool.")
	gone := b.post(web.EditToolPath(phys, "my-bench")+"/delete", url.Values{"version": {version(t, shown)}})
	if _, there := w.phys().CourseTool("my-bench"); gone.status != other || there {
		t.Errorf("deleting the tool answers %d\n%s", gone.status, gone.body)
	}
}

func TestAdminAddsACourseTool(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent := url.Values{"name": {"Pad"}, "url": {"https://pad.example/l"}, "method": {"HMAC-SHA1"}, "target": {"iframe"}}
	wantAll(t, w.signIn("root:uni").post(web.EditToolsPath(phys), sent), `id="new-secret"`)
	if _, there := w.phys().CourseTool("pad"); !there {
		t.Error("the tool is not there")
	}
}

func TestFoldersAndLinksAreProtected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	folder, link := web.EditFolderPath(phys, "week1"), web.EditLinkPath(phys, "quiz1")
	sent := url.Values{"title": {"Week 1"}, "protected": {"yes"}, "version": {version(t, b.get(folder))}}
	if a := b.post(folder, sent); a.status != other || !w.phys().Folders[0].Protected {
		t.Fatalf("protecting the folder answers %d\n%s", a.status, a.body)
	}
	wantAll(t, b.get(folder), `name="protected" value="yes" aria-describedby="protected-help" checked`)
	wantAll(t, b.get(web.EditPath(phys)), "opens from an LMS only")
	sent.Del("protected")
	late := b.post(folder, sent)
	wantAll(t, late, "Somebody else has changed this folder")
	if late.status != conflict || !w.phys().Folders[0].Protected {
		t.Errorf("a late form answers %d and takes the protection away", late.status)
	}
	quiz := url.Values{"title": {"Quiz"}, "tool": {"quizzer"}, "folder": {"week1"}, "policy": {"latest"}, "protected": {"yes"}, "version": {version(t, b.get(link))}}
	if a := b.post(link, quiz); a.status != other || !w.phys().Folders[0].Links[0].Protected {
		t.Errorf("protecting the link answers %d\n%s", a.status, a.body)
	}
}

func TestKeyGetsAnotherWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	b.post(web.EditPath(phys)+"/keys", url.Values{"key": {"open-day"}})
	wrong := b.post(web.EditPath(phys)+"/keys/change", url.Values{"key": {"open-day"}, "minutes": {"1441"}})
	wantAll(t, wrong, "It must be a whole number from 1 to 1440.", `value="1441"`, "<details class=\"sure calm\" open>")
	if a := b.post(web.EditPath(phys)+"/keys/change", url.Values{"key": {"open-day"}, "minutes": {"60"}}); a.status != other {
		t.Errorf("changing the key answers %d\n%s", a.status, a.body)
	}
	if key, _ := w.phys().ProtectionKey("open-day"); key.Lifetime != time.Hour || key.NotBefore.IsZero() {
		t.Errorf("the key is %+v", key)
	}
}
