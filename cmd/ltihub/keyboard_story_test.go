package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Whoever uses no mouse gets everywhere: by Tab to what is wanted, which shows
// that it has the focus, and by Enter or the space bar into it.

// tabTo presses Tab until what has the focus says the text, and holds that the
// focus can be seen.
func (b *browser) tabTo(text string) {
	b.t.Helper()
	const most = 150
	var passed []string
	for range most {
		b.do(chromedp.KeyEvent(kb.Tab))
		at := b.evaluate(`(() => { const e = document.activeElement; if (!e || e === document.body) return "";
			return (e.labels && e.labels.length ? e.labels[0].innerText : e.getAttribute("aria-label") || e.innerText || e.title || e.name || "").replace(/\s+/g, " ").trim(); })()`)
		passed = append(passed, at)
		if !strings.HasPrefix(at, text) {
			continue
		}
		if seen := b.evaluate(`(() => { const s = getComputedStyle(document.activeElement);
			return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none" ? "seen" : ""; })()`); seen == "" {
			b.t.Errorf("nobody sees that %q has the focus", text)
		}
		return
	}
	b.t.Fatalf("Tab never gets to %q, but to %q", text, passed)
}

// enterOn presses Enter on what Tab gets to.
func (b *browser) enterOn(text string) {
	b.t.Helper()
	b.tabTo(text)
	b.do(chromedp.KeyEvent(kb.Enter))
}

// fillIn types into the field that Tab gets to.
func (b *browser) fillIn(label, text string) {
	b.t.Helper()
	b.tabTo(label)
	b.do(chromedp.KeyEvent(text))
}

func TestKeyboardAloneSuffices(t *testing.T) {
	t.Parallel()
	d := newDemo(t, "127.0.0.1")
	b := newBrowser(t)

	// A student comes from the LMS, opens a quiz, and comes back to the course.
	b.open(d.lms + "/?user=" + ada)
	b.sees("Physics 101")
	b.click("#launch-rl-course")
	b.arrives(d.hub + "/courses/demo/phys101")
	b.sees("Quiz 2")
	b.enterOn("Open: Quiz 2: Forces")
	b.inside(d.tool).sees("Hello Ada Moss")

	// The instructor adds a folder and moves it up.
	b.open(d.lms + "/?user=" + ines)
	b.sees("Physics 101")
	b.click("#launch-rl-course")
	b.arrives(d.hub + "/courses/demo/phys101")
	b.sees("Edit the course")
	b.enterOn("Edit the course")
	b.sees("Add the folder")
	b.fillIn("Title", "Week 3: Things that swing")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.sees("Added.")
	b.enterOn("Up : Week 3: Things that swing")
	b.sees("Moved.")

	// An admin signs in and makes a tool consumer.
	b.open(d.hub + "/login")
	b.sees("Sign in")
	b.do(chromedp.KeyEvent("admin")) // the field has the focus already
	b.fillIn("Password", "demo-admin")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.sees("Overview")
	b.enterOn("Tool consumers")
	b.sees("New tool consumer")
	b.enterOn("New tool consumer")
	b.sees("Which LMS")
	b.fillIn("Name", "Evening LMS")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.sees("Of what it says, we believe")
	b.enterOn("Make key and secret")
	b.sees("Copy these into the LMS")
	if at := b.location(); !strings.Contains(at, "/admin/consumers/") {
		t.Errorf("the new tool consumer is shown at %s", at)
	}
}
