package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/ltihub/ltihub/internal/simulator"
)

// TestAdminSetsUpAnLMSAndATool is an admin who has read nothing: the wizard
// makes a tool consumer, the LMS launches with what it showed, the page says
// so; a form adds a tool, and its test launch is taken.
func TestAdminSetsUpAnLMSAndATool(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	b := newBrowser(t)
	b.open(w.url + "/login")
	b.typeInto("[name=username]", "root:uni")
	b.typeInto("[name=password]", "correct-horse")
	b.click("main button[type=submit]")
	b.arrives(w.url + "/admin")

	// The LMS, by the wizard.
	b.open(w.url + "/admin/consumers")
	b.press("New tool consumer")
	b.sees("Which LMS is it?")
	b.typeInto("#f-name", "Second Moodle")
	b.click(".save button")
	b.sees("Of what it says, we believe")
	b.click(".save button")
	b.sees("Waiting for the first launch from Second Moodle")
	b.sees("configure a tool manually")
	lms := simulator.NewLMS(w.lms.PublicURL, b.value("#new-url"), b.value("#new-key"), b.value("#new-secret"))
	w.sends(lms, ines)
	b.sees("First launch arrived, ")
	b.open(w.url + "/admin/consumers/uni/second-moodle")
	b.sees("accepted")
	b.press("Test it")
	b.sees("The test went through")

	// The tool, by its form.
	answers := httptest.NewUnstartedServer(nil)
	tool := simulator.NewTool("http://"+answers.Listener.Addr().String(), "quill-key", "quill-secret")
	answers.Config.Handler = tool
	answers.Start()
	t.Cleanup(answers.Close)
	b.open(w.url + "/admin/tools/new")
	b.typeInto("#f-name", "Quill")
	b.typeInto("#f-url", tool.LaunchURL())
	b.typeInto("#f-key", "quill-key")
	b.typeInto("#f-secret", "quill-secret")
	b.click(".save button")
	b.sees("Its key and secret")
	b.open(w.url + "/admin/tools/uni/quill")
	b.sees("not encrypted")
	test := b.newTab(func() { b.click(`form[action$="/test"] button`) })
	test.inside(tool.PublicURL).sees("Test launch")
	if launches := tool.Launches(); len(launches) != 1 || launches[0].Param("context_title") != "Test course" {
		t.Errorf("the tool has taken %+v, want one launch of the test course", launches)
	}
}

// sends posts a launch of the user as a browser would.
func (w *world) sends(lms *simulator.LMS, user string) {
	w.t.Helper()
	action, form, err := lms.LaunchForm(user, lms.Links[0].ID)
	if err != nil {
		w.t.Fatal(err)
	}
	answer, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).PostForm(action, form)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		w.t.Fatalf("the launch answers %d", answer.StatusCode)
	}
}

// typeInto writes into a field of the tab's page.
func (b *browser) typeInto(selector, text string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text, chromedp.NodeVisible))
}

// value is what a field of the tab's page holds.
func (b *browser) value(selector string) string {
	b.t.Helper()
	text := ""
	until(b.t, selector+" holds something", func() bool {
		text = strings.TrimSpace(b.evaluate(`document.querySelector("` + selector + `")?.value || ""`))
		return text != ""
	})
	return text
}
