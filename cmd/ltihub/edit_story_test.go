package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// press clicks the button or link of the page with the text, which may have
// words for screen readers behind it.
func (b *browser) press(text string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.Search(`//main//*[self::a or self::button][starts-with(normalize-space(.), "` + text + `")]`)))
}

// write replaces what stands in a field.
func (b *browser) write(selector, text string) {
	b.t.Helper()
	b.do(chromedp.Clear(chromedp.CSS(selector), chromedp.NodeVisible), chromedp.SendKeys(chromedp.CSS(selector), text))
}

// forgive waits for a complaint of the browser that is meant to come, and drops
// it.
func (b *browser) forgive(text string) {
	b.t.Helper()
	until(b.t, "the browser complains of "+text, func() bool {
		b.faults.mu.Lock()
		defer b.faults.mu.Unlock()
		before := len(b.faults.list)
		b.faults.list = slices.DeleteFunc(b.faults.list, func(fault string) bool { return strings.Contains(fault, text) })
		return len(b.faults.list) < before
	})
}

// titles are the folders and links of the course in their order.
func (b *browser) titles() string {
	return b.evaluate(`[...document.querySelectorAll("main section :is(h2, h3)")].map(e => e.innerText).join(" | ")`)
}

// order waits until the titles hold what is wanted, next to each other.
func (b *browser) order(want string) {
	b.t.Helper()
	got := ""
	defer func() {
		if b.t.Failed() {
			b.t.Logf("the course has %s", got)
		}
	}()
	until(b.t, "the course has "+want, func() bool {
		got = b.titles()
		return strings.Contains(got, want)
	})
}

// An instructor comes from the LMS, and builds on the course with the keyboard
// and the mouse: a folder, a link in it, their order; then opens the link, as
// a student first, changes it and takes it away again.
func TestInstructorBuildsTheCourse(t *testing.T) {
	t.Parallel()
	d := newDemo(t, "127.0.0.1")
	b := newBrowser(t)
	b.open(d.lms + "/?user=" + ines)
	b.click("#launch-rl-course")
	b.arrives(d.hub + "/courses/demo/phys101")
	b.press("Edit the course")
	b.arrives(d.hub + "/courses/demo/phys101/edit")

	b.write("#folder-title", "Week 3: Things that swing")
	b.press("Add the folder")
	b.order("Quiz 2: Forces | Week 3: Things that swing | Other links")
	b.press("Add a link: Week 3")
	b.write("#title", "Quiz 3: Pendulums")
	b.write("#points", "five")
	b.do(chromedp.SetValue(chromedp.CSS("#tool"), "quizzer"))
	b.press("Add the link")
	b.sees("It must be a number from 0 to 1000000.")
	b.forgive("a status of 422") // the browser notes the status of the form that comes back
	if got := b.evaluate(`document.querySelector("#title").value`); got != "Quiz 3: Pendulums" {
		t.Errorf("the form has lost the title: %q", got)
	}
	b.write("#points", "5")
	b.press("Add the link")
	b.order("Week 3: Things that swing | Quiz 3: Pendulums")

	b.press("Up: Week 3: Things that swing")
	b.order("Week 3: Things that swing | Quiz 3: Pendulums | Week 2: Things that push | Quiz 2: Forces")
	// The button works by keyboard as well.
	b.evaluate(`[...document.querySelectorAll("button")].find(e => e.textContent.includes("Down: Week 3")).focus()`)
	b.do(chromedp.KeyEvent("\r"))
	b.order("Quiz 2: Forces | Week 3: Things that swing | Quiz 3: Pendulums")

	b.press("Edit Quiz 3: Pendulums")
	b.sees("Nobody has a result for it.")
	edit := b.location()
	b.press("Open as student")
	tool := b.inside(d.tool)
	tool.sees("Learner")
	b.open(edit)
	b.write("#title", "Quiz 3: Pendulums and springs")
	b.press("Save")
	b.order("Week 3: Things that swing | Quiz 3: Pendulums and springs")

	b.do(chromedp.Click(chromedp.CSS("header .tabs a:first-child")))
	b.order("Quiz 3: Pendulums and springs")
	b.click(`a[aria-label="Open: Quiz 3: Pendulums and springs"]`)
	tool = b.inside(d.tool)
	tool.sees("Instructor")

	b.open(edit)
	b.press("Delete the link")
	b.arrives(d.hub + "/courses/demo/phys101/edit?")
	b.sees("The link is gone.")
	if got := b.titles(); strings.Contains(got, "Quiz 3") {
		t.Errorf("the course still has it: %s", got)
	}
}
