package admin_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

const linkFile = `<?xml version="1.0" encoding="UTF-8"?>
<cartridge_basiclti_link xmlns="http://www.imsglobal.org/xsd/imslticc_v1p0" xmlns:blti="http://www.imsglobal.org/xsd/imsbasiclti_v1p0"
  xmlns:lticm="http://www.imsglobal.org/xsd/imslticm_v1p0">
  <blti:title>Graph &lt;script&gt;alert(1)&lt;/script&gt; pad</blti:title>
  <blti:description>Draw graphs</blti:description>
  <blti:custom><lticm:property name="mode">exam</lticm:property></blti:custom>
  <blti:launch_url>http://pad.example/l</blti:launch_url>
  <blti:extensions platform="canvas.instructure.com">
    <lticm:property name="privacy_level">name_only</lticm:property>
    <lticm:property name="consumer_key">stolen</lticm:property>
  </blti:extensions>
</cartridge_basiclti_link>`

func TestImportedCartridgeBecomesATool(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.signIn("root:uni")
	preview := b.post(web.ImportToolPath, url.Values{"xml": {linkFile}})
	wantAll(t, preview, "http://pad.example/l", "mode=exam", "Draw graphs", "name, role in the course", "must not carry keys or secrets",
		"the launch URL is http", "Graph &lt;script&gt;alert(1)&lt;/script&gt; pad", `value="graph-script-alert-1-script-pad"`)
	wantNone(t, preview, "<script>alert")
	save := url.Values{"xml": {linkFile}, "domain": {"uni"}, "id": {"pad"}}
	saved := b.post(web.ImportToolPath+"/save", save)
	if saved.status != ok {
		t.Fatalf("saving answers %d\n%s", saved.status, saved.body)
	}
	wantAll(t, saved, "Its key and secret", "shown this once")
	var tool lti.Tool
	w.view(func(tx store.Tx) (err error) {
		tool, err = store.Tools.Get(tx, "uni", "pad")
		return err
	})
	if tool.Custom["mode"] != "exam" || tool.Sends(lti.SendEmail) || !tool.Sends(lti.SendName) || tool.Key == "" || tool.Key == "stolen" || len(tool.IDKey) == 0 {
		t.Errorf("the tool is %+v", tool)
	}
	wantAll(t, saved, tool.Key)
	page := b.get(web.ToolPath("uni", "", "pad"))
	wantNone(t, page, "Its key and secret")
	again := b.post(web.ImportToolPath+"/save", save)
	wantAll(t, again, "already. Choose another id.")

	entered := b.post(web.ImportToolPath+"/save", url.Values{"xml": {linkFile}, "domain": {"uni"}, "id": {"pad2"}, "key": {"vendors"}, "secret": {"theirs"}})
	wantAll(t, entered, `value="vendors"`, `value="theirs"`)
	file := b.get(web.ToolCartridgePath("uni", "", "pad2"))
	wantAll(t, file, "http://pad.example/l", "name_only", `<lticm:property name="mode">exam</lticm:property>`)
	wantNone(t, file, "vendors", "theirs")
	if file.header.Get("Content-Type") != "application/xml; charset=utf-8" {
		t.Errorf("the file is %q", file.header.Get("Content-Type"))
	}
}

func TestCartridgeBecomesAToolOfOneCourse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.signIn("root:uni")
	save := url.Values{"xml": {linkFile}, "domain": {"uni"}, "course": {"none"}, "id": {"pad"}}
	wantAll(t, b.post(web.ImportToolPath+"/save", save), "There is no course none in uni.", `value="none"`)
	save.Set("course", "phys")
	save.Set("id", "quizzer")
	wantAll(t, b.post(web.ImportToolPath+"/save", save), "There is a tool quizzer in uni already.")
	save.Set("id", "pad")
	saved := b.post(web.ImportToolPath+"/save", save)
	wantAll(t, saved, "this course alone", "Its key and secret", "Draw graphs", web.ToolCartridgePath("uni", "phys", "pad"))
	var c *lti.Course
	w.view(func(tx store.Tx) (err error) {
		c, err = store.Courses.Read(tx, "uni", "phys")
		return err
	})
	if tool, ok := c.CourseTool("pad"); !ok || tool.About.Description != "Draw graphs" || tool.Course != "phys" {
		t.Errorf("the course's tool is %+v, %t", tool, ok)
	}
	wantAll(t, b.get(web.ToolCartridgePath("uni", "phys", "pad")), "<blti:description>Draw graphs</blti:description>")
	wantAll(t, w.launched("ada", lti.Place{Course: phys}).get(web.CoursePath(phys)), "Add from Graph")
}

func TestFaultyCartridgesAreNotImported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.signIn("root:uni")
	tests := []struct{ name, xml, want string }{
		{"nothing", "", "no XML"},
		{"no XML", "launch me", "no XML"},
		{"HTML", "<html></html>", "no LTI link file"},
		{"an entity bomb", `<!DOCTYPE x [<!ENTITY a "b">]>` + linkFile, "no XML"},
		{"nowhere to launch", "<cartridge_basiclti_link><title>x</title></cartridge_basiclti_link>", "no address to launch"},
		{"a script to launch", "<cartridge_basiclti_link><launch_url>javascript:alert(1)</launch_url></cartridge_basiclti_link>", "no address to launch"},
		{"large", "<cartridge_basiclti_link>" + strings.Repeat(" ", 300<<10), "larger than"},
	}
	for _, tt := range tests {
		for _, path := range []string{web.ImportToolPath, web.ImportToolPath + "/save"} {
			a := b.post(path, url.Values{"xml": {tt.xml}, "domain": {"uni"}, "id": {"x"}})
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, tt.want) {
				t.Errorf("%s to %s answers %d without %q", tt.name, path, a.status, tt.want)
			}
		}
	}
	for name, change := range map[string]url.Values{
		"no id": {"id": {""}}, "bad id": {"id": {"a/b"}}, "no domain": {"domain": {""}}, "unknown domain": {"domain": {"nowhere"}}, "bad key": {"key": {"a\x00"}},
	} {
		fields := url.Values{"xml": {linkFile}, "domain": {"uni"}, "id": {"x"}}
		for k, v := range change {
			fields[k] = v
		}
		if a := b.post(web.ImportToolPath+"/save", fields); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d", name, a.status)
		}
	}
}

func TestCartridgeIsFetched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.signIn("root:uni")
	wantNone(t, b.get(web.ImportToolPath), `name="url"`)
	w.people.Fetch = func(_ context.Context, address string) ([]byte, error) {
		if address != "https://pad.example/config.xml" {
			return nil, errors.New("guarded")
		}
		return []byte(linkFile), nil
	}
	wantAll(t, b.post(web.ImportToolPath, url.Values{"url": {" https://pad.example/config.xml "}}), "http://pad.example/l")
	for address, want := range map[string]string{
		"http://169.254.169.254/latest": "could not be fetched", "file:///etc/passwd": "can&#39;t be used", "https://u:p@pad.example/": "can&#39;t be used",
	} {
		a := b.post(web.ImportToolPath, url.Values{"url": {address}})
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, want) || strings.Contains(a.body, "guarded") {
			t.Errorf("%s answers %d without %q", address, a.status, want)
		}
	}
}

// Who edits a course is offered its tools, one own tool hiding the domain's.
func TestAddFromTools(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	wantAll(t, b.get(web.CoursePath(phys)), "Add from Quizzer", "Add from Own tool", "/add/quizzer?folder=week1&amp;s="+b.session)
	form := b.get(web.AddPath(phys, "quizzer", "week1"))
	wantAll(t, form, `value="ContentItemSelectionRequest"`, `target="_self"`, "https://hub.example/lti/content-items/")
	if a := b.get(web.AddPath(phys, "quizzer", "week9")); a.status != missing {
		t.Errorf("an unknown folder answers %d", a.status)
	}
	if a := b.get(web.AddPath(phys, "none", "")); a.status != missing {
		t.Errorf("an unknown tool answers %d", a.status)
	}
	w.update(change(store.Tools, func(t *lti.Tool) { t.Disabled = true }, "uni", "quizzer"))
	wantNone(t, b.get(web.CoursePath(phys)), "Add from Quizzer")
}
