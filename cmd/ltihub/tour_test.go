package main

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// demoSite is a running "ltihub serve --demo".
type demoSite struct{ hub, lms, tool string }

// newDemo starts the demonstration; host is how browsers reach the hub, which
// with "localhost" is another site than the LMS.
func newDemo(t *testing.T, host string) demoSite {
	t.Helper()
	hub, lms, tool := freeAddress(t), freeAddress(t), freeAddress(t)
	site := demoSite{hub: "http://" + strings.Replace(hub, "127.0.0.1", host, 1), lms: "http://" + lms, tool: "http://" + tool}
	p := begin(t, []string{"LTIHUB_DELIVERY_RETRY_BASE=100ms", "LTIHUB_DELIVERY_RETRY_MAX=300ms"}, "serve", "--demo", "--data", t.TempDir(),
		"--listen", hub, "--public-url", site.hub, "--demo-lms-listen", lms, "--demo-tool-listen", tool)
	for _, url := range []string{site.hub, site.lms} {
		if !strings.Contains(p.ready, url) {
			t.Errorf("the line at the start does not name %s: %s", url, p.ready)
		}
	}
	return site
}

const (
	ada  = "7f3a-ada"
	ines = "2b96-ines"
)

// TestTourOfTheDemo is what the README tells a newcomer to do.
func TestTourOfTheDemo(t *testing.T) {
	t.Parallel()
	d := newDemo(t, "127.0.0.1")
	b := newBrowser(t)

	// A student opens a quiz and gets a score.
	b.open(d.lms + "/?user=" + ada)
	b.sees("Physics 101")
	b.click("#launch-rl-quiz-1")
	tool := b.inside(d.tool)
	tool.sees("Hello Ada Moss")
	if at := b.location(); !strings.HasPrefix(at, d.hub+"/courses/demo/phys101/l/quiz1") {
		t.Errorf("the browser is at %s, want the link's page", at)
	}
	tool.fill("#score", "0.85")
	tool.click("#post-score")
	tool.sees("success")
	b.open(d.lms + "/gradebook?user=" + ada)
	b.sees("8.5")

	// The LMS goes down; the tool does not notice.
	b.click("#services-switch")
	b.sees("LMS services are down")
	b.open(d.lms + "/?user=" + ada)
	b.click("#launch-rl-quiz-1")
	tool = b.inside(d.tool)
	tool.fill("#score", "0.95")
	tool.click("#post-score")
	tool.sees("success")

	// The instructor sees it wait, in ltihub's gradebook.
	b.open(d.lms + "/?user=" + ines)
	b.click("#launch-rl-course")
	b.arrives(d.hub + "/courses/demo/phys101")
	b.do(chromedp.Click(chromedp.Search(`//a[contains(., "Gradebook")]`)))
	b.arrives(d.hub + "/courses/demo/phys101/gradebook")
	b.cell("9.5", "waiting")
	gradebook := b.location()

	// The LMS comes back, and the score arrives by itself.
	b.open(d.lms + "/gradebook?user=" + ada)
	b.click("#services-switch")
	b.sees("9.5")
	until(t, "ltihub has heard that it arrived", func() bool {
		b.open(gradebook)
		got := b.cells()
		return strings.HasPrefix(got, "9.5 ") && strings.Contains(got, "delivered")
	})
}

// cells are the scores in ltihub's gradebook with what became of them.
func (b *browser) cells() string {
	return b.evaluate(`[...document.querySelectorAll("tbody td a:has(i)")]
		.map(a => a.innerText.trim() + " " + a.querySelector("i").title).join(", ")`)
}

// cell waits until the gradebook's one score stands so.
func (b *browser) cell(score, state string) {
	b.t.Helper()
	got := ""
	defer func() {
		if b.t.Failed() {
			b.t.Logf("the gradebook at %s shows %q", b.location(), got)
		}
	}()
	until(b.t, "the gradebook shows one score, "+score+" "+state, func() bool {
		got = b.cells()
		return strings.HasPrefix(got, score+" ") && strings.Contains(got, state)
	})
}

// In a frame of another site the browser keeps no cookie of ours: one button
// opens the page in a tab of its own.
func TestFrameWithoutCookiesOffersATab(t *testing.T) {
	t.Parallel()
	d := newDemo(t, "localhost")
	b := newBrowser(t)
	b.open(d.lms + "/?user=" + ada)
	b.click("#frame-rl-quiz-1")
	hub := b.inside(d.hub)
	hub.sees("keeps no cookie")
	tab := b.newTab(func() { hub.click(`form[action^="/open"] button`) })
	tool := tab.inside(d.tool)
	tool.sees("Hello Ada Moss")
	tool.click("#post-score")
	tool.sees("success")
	if at := tab.location(); !strings.HasPrefix(at, d.hub+"/courses/demo/phys101/l/quiz1") {
		t.Errorf("the tab is at %s, want the link's page", at)
	}
}

func TestFrameOfTheSameSiteShowsTheTool(t *testing.T) {
	t.Parallel()
	d := newDemo(t, "127.0.0.1")
	b := newBrowser(t)
	b.open(d.lms + "/?user=" + ada)
	b.click("#frame-rl-quiz-1")
	b.inside(d.hub).sees("Quiz 1")
	b.inside(d.tool).sees("Hello Ada Moss")
}

func TestLaunchWorksWithoutJavaScript(t *testing.T) {
	t.Parallel()
	d := newDemo(t, "127.0.0.1")
	b := newBrowser(t)
	tell(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.open(d.lms + "/?user=" + ada)
	b.click("#launch-rl-quiz-1")
	b.click("#continue")
	b.click("#launch [data-launch]")
	tool := b.inside(d.tool)
	tool.sees("Hello Ada Moss")
	tool.click("#post-score")
	tool.sees("success")
}

// A browser rewrites line ends and encodes in its own way; what we signed must
// hold after that (RFC 5849, 3.4.1.3).
func TestOddValuesSurviveARealBrowser(t *testing.T) {
	t.Parallel()
	const odd = "a\nb\rc\r\nd + %20 ~ * & = ' \" < > 😀 é שלום \u202ex"
	w := newWorld(t, func(m string) string {
		return strings.Replace(m, `custom: {quiz: "1"}`, `custom: {quiz: "1", odd: "a\nb\rc\r\nd + %20 ~ * & = ' \" < > 😀 é שלום \u202Ex", submit: "x", action: "y"}`, 1)
	})
	b := newBrowser(t)
	b.open(w.lms.PublicURL + "/?user=" + ada)
	b.click("#launch-rl-quiz-1")
	b.inside(w.tool.PublicURL).sees("Hello Ada Moss")
	launches := w.tool.Launches()
	if len(launches) != 1 {
		t.Fatalf("%d launches, refused: %v", len(launches), w.tool.Refusals())
	}
	want := strings.ReplaceAll(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(odd), "\n", "\r\n")
	if got := launches[0].Param("custom_odd"); got != want {
		t.Errorf("custom_odd = %q, want %q", got, want)
	}
}
