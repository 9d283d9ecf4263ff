package admin_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

func TestToolFormMakesAToolThatLaunches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	fields := formOf(root.get(web.NewToolPath).body)
	fields.Set("name", "Quill")
	fields.Set("url", "ftp://quill.example/")
	fields.Set("passport", "broken")
	fields.Set("custom", "chapter=3\nnonsense")
	a := root.post(web.NewToolPath, fields)
	wantAll(t, a, `id="f-url-fault"`, `id="f-passport-fault"`, `id="f-custom-fault"`, "chapter=3\nnonsense")
	fields.Set("url", "https://quill.example/lti?a=b")
	fields.Set("passport", "quill:quill-key:quill-secret")
	fields.Set("custom", "chapter=3\r\nwho=$Person.name.full")
	fields["send"] = []string{"name"}
	fields.Set("width", "640")
	if a = root.post(web.NewToolPath, fields); a.status != http.StatusOK || !strings.Contains(a.body, "quill-key") {
		t.Fatalf("adding a tool answers %d: %s", a.status, a.body)
	}
	var tool lti.Tool
	w.view(func(tx store.Tx) (err error) {
		tool, err = store.Tools.Get(tx, "uni", "quill")
		return err
	})
	if tool.Key != "quill-key" || tool.Width != 640 || tool.Custom["chapter"] != "3" || !tool.Passback.Enabled || len(tool.Send) != 1 {
		t.Errorf("the tool is %+v", tool)
	}
	test := root.post(web.ToolPath("uni", "", "quill")+"/test", url.Values{"role": {"instructor"}})
	wantAll(t, test, `name="lis_person_name_full" value="Test Person"`, `name="custom_chapter" value="3"`, `name="oauth_signature"`, "quill.example/lti?a=b")
	wantAll(t, root.get(web.LaunchRecordsPath+"?tool=quill"), "test-person")
	if a := root.post(web.ToolPath("uni", "", "quill")+"/switch", url.Values{"do": {"disable"}}); a.status != http.StatusSeeOther {
		t.Errorf("disabling answers %d", a.status)
	}
	wantAll(t, root.get(web.ToolPath("uni", "", "quill")), "disabled", ">Enable<")
	if a := root.post(web.ToolPath("uni", "", "quill")+"/test", nil); a.status != http.StatusForbidden {
		t.Errorf("a test of a closed tool answers %d", a.status)
	}
	if a := root.post(web.ToolPath("uni", "", "quill")+"/remove", nil); a.status != http.StatusSeeOther {
		t.Errorf("removing answers %d", a.status)
	}
}

func TestTrialOfAToolConsumerSaysHowFarItCame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	path := web.ConsumerPath("uni", "campus")
	wantAll(t, root.post(path+"/try", nil), "The test ended", "its key is that of the tool consumer uni/campus")
	fields := formOf(root.get(path + "/edit").body)
	fields["users.create_for"], fields["courses.create_for"], fields["self_enrol"] = []string{"Instructor"}, []string{"Instructor"}, []string{"Instructor"}
	fields.Set("courses.types", "official")
	fields.Set("users.match", "user_id")
	fields.Set("courses.match", "context_id")
	fields.Set("users.create", "auto")
	fields.Add("roles.name", "Instructor")
	fields.Add("roles.value", "instructor")
	if a := root.post(path+"/edit", fields); a.status != http.StatusSeeOther {
		t.Fatalf("saving answers %d: %s", a.status, a.body)
	}
	wantAll(t, root.post(path+"/try", nil), "The test went through", "https://hub.example/lti/launch")
	wantNone(t, root.get(web.LaunchRecordsPath), "trial-")
}

func TestLinkForSupportShowsOneLaunchRedacted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root, stranger := w.signIn("root:uni"), w.browser()
	record := w.record("bob", lti.Place{Course: phys})
	made := root.post(web.LaunchRecordPath(record.ID)+"/share", nil)
	link := regexp.MustCompile(`https://hub\.example(/support/[^"]+)"`).FindStringSubmatch(made.body)
	if link == nil {
		t.Fatalf("no link is shown: %s", made.body)
	}
	shown := stranger.get(link[1])
	wantAll(t, shown, lti.Reference(record.ID), "user_id", "hidden")
	wantNone(t, shown, "bob", "custom_note value")
	if got := shown.header.Get("X-Robots-Tag"); !strings.Contains(got, "noindex") {
		t.Errorf("X-Robots-Tag is %q", got)
	}
	w.view(func(tx store.Tx) error {
		return store.SupportLinks.All(tx, "", func(l lti.SupportLink) error {
			if strings.Contains(link[1], l.Hash) {
				t.Error("the token itself is stored")
			}
			return nil
		})
	})
	if a := root.post(web.LaunchRecordPath(record.ID)+"/unshare", nil); a.status != http.StatusSeeOther {
		t.Errorf("closing it answers %d", a.status)
	}
	if a := stranger.get(link[1]); a.status != http.StatusNotFound {
		t.Errorf("a closed link answers %d", a.status)
	}
	again := regexp.MustCompile(`(/support/[^"]+)"`).FindStringSubmatch(root.post(web.LaunchRecordPath(record.ID)+"/share", nil).body)
	w.ahead.Store(int64(7*24*time.Hour + time.Second))
	if a := stranger.get(again[1]); a.status != http.StatusNotFound {
		t.Errorf("a link of last week answers %d", a.status)
	}
	w.ahead.Store(0)
	wantAll(t, root.get(web.AuditPath+"?q=shared"), "launch shared", "launch no longer shared")
	wantAll(t, root.get(web.AuditPath+"?q=nothing-such"), "No entry matches")
}

func TestManifestShowsWhatItWouldChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	applier := &manifest.Applier{Store: w.store, Now: w.now, NewID: newID, Rand: rand.Reader}
	w.people.Check = func(ctx context.Context, data []byte) (manifest.Report, error) {
		m, err := manifest.Parse(data)
		if err != nil {
			return manifest.Report{}, err
		}
		return applier.Check(ctx, m)
	}
	root := w.signIn("root:uni")
	a := root.post(web.ManifestPath, url.Values{"do": {"check"}, "manifest": {"version: 1\ndomains: [{id: far, name: Farther}, {id: new, name: New}]\n"}})
	wantAll(t, a, "domain far", "University far", "Farther", "domain new", "Apply these changes")
	wantNone(t, root.get(web.DomainsPath), "Farther")
}

func TestSettingsAndBackup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.people.Settings = func(context.Context) web.SettingsPage {
		return web.SettingsPage{File: "/data", Options: []web.OptionRow{{Key: "listen", Value: "127.0.0.1:1"}}}
	}
	root := w.signIn("root:uni")
	wantAll(t, root.get(web.SettingsPath), "One file", "/data", "127.0.0.1:1", "https://hub.example")
	if a := root.post(web.BackupPath, nil); a.status != http.StatusBadRequest {
		t.Errorf("a backup without the tick answers %d", a.status)
	}
	a := root.post(web.BackupPath, url.Values{"sure": {"yes"}})
	if a.status != http.StatusOK || len(a.body) < 1000 || !strings.Contains(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("a backup answers %d with %d bytes", a.status, len(a.body))
	}
	wantAll(t, root.get(web.AuditPath), "backup taken")
}

func TestCourseAndInstitutionForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	wantAll(t, root.post(web.NewDomainPath, url.Values{"name": {"Copy"}, "id": {"uni"}}), "Is taken already")
	if a := root.post(web.NewDomainPath, url.Values{"name": {"Hill College"}}); a.status != http.StatusSeeOther {
		t.Fatalf("a new institution answers %d: %s", a.status, a.body)
	}
	fields := formOf(root.get(web.NewCoursePath).body)
	fields.Set("title", "Botany for all")
	fields.Set("domain", "hill-college")
	if a := root.post(web.NewCoursePath, fields); a.status != http.StatusSeeOther {
		t.Fatalf("a new course answers %d: %s", a.status, a.body)
	}
	ref := lti.CourseRef{Domain: "hill-college", ID: "botany-for-all"}
	fields = formOf(root.get(web.AdminCoursePath(ref)).body)
	fields.Set("enrolment.start", "tomorrow")
	fields.Set("sections", "001\r\n\r\n002 ")
	wantAll(t, root.post(web.AdminCoursePath(ref), fields), `id="f-enrolment-start-fault"`)
	fields.Set("enrolment.start", "2026-09-01")
	if a := root.post(web.AdminCoursePath(ref), fields); a.status != http.StatusSeeOther {
		t.Fatalf("saving answers %d: %s", a.status, a.body)
	}
	var c lti.Course
	w.view(func(tx store.Tx) (err error) {
		c, err = store.Courses.Get(tx, ref.Domain, ref.ID)
		return err
	})
	if c.Type != "official" || len(c.Sections) != 2 || c.Sections[1] != "002" || c.Enrolment.Start.Day() != 1 {
		t.Errorf("the course is %+v", c)
	}
}
