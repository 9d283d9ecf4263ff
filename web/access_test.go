package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/ltihub/ltihub/internal/browsertest"
	"github.com/ltihub/ltihub/web"
)

// What a page must be to everybody, held in a browser: axe-core, whose rules are
// those of WCAG, finds nothing serious in light or dark; a phone's width and a
// zoom of 200 % make no line that has to be scrolled to be read.

const axeFile = "../.ci/npm/node_modules/axe-core/axe.min.js"

// patience is how long one page may take.
const patience = time.Minute

// findings runs axe-core and names each rule that a page breaks badly, with the
// first elements that do; contrastFindings looks at the colours alone.
const (
	findings         = axeBefore + `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]` + axeAfter
	contrastFindings = axeBefore + `{type: "rule", values: ["color-contrast"]}` + axeAfter
)

const (
	axeBefore = `(async () => {
	const got = await axe.run(document, {resultTypes: ["violations"], runOnly: `
	axeAfter = `});
	return got.violations.filter(v => v.impact === "serious" || v.impact === "critical")
		.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " (" + n.failureSummary.replace(/\s+/g, " ") + ")").join("; ")).join("\n");
})()`
)

// tooWide names what sticks out of the window to the right without a box of its
// own to scroll in.
const tooWide = `(() => {
	const room = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= room + 1) return "";
	const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > room + 1);
	return "scrolls to " + document.documentElement.scrollWidth + ": " + out.slice(-3).map(e => e.tagName + "." + e.className).join(", ");
})()`

// shelf serves the sample pages by their number, with what they load.
func shelf(t *testing.T, all []sample) http.Handler {
	t.Helper()
	pages := newPages(t)
	mux := http.NewServeMux()
	mux.Handle("GET "+web.StaticPath, pages.Static())
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }) // a page that wants to go on stays
	for i, s := range append(all, inGerman(all)...) {
		body := render(t, pages, s)
		mux.HandleFunc("GET /sample/"+strconv.Itoa(i), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "form-action 'none'") // launch forms post themselves
			_, _ = io.WriteString(w, body)                                  // the browser would miss it
		})
	}
	return mux
}

// inGerman are the same pages with words that are longer than English ones.
func inGerman(all []sample) []sample {
	german := make([]sample, len(all))
	for i, s := range all {
		german[i] = s.inLocale("de")
	}
	return german
}

// tab is a browser's tab that looks at one page after the other.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// look makes the window that wide, and the system's scheme light or dark.
func (b tab) look(width int64, scheme string) {
	b.t.Helper()
	run(b, chromedp.EmulateViewport(width, 900))
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"}, // or colours change slowly
		},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// run does one thing in the tab.
func run[T any](b tab, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	got, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return got
}

// finds nothing, or says what.
func (b tab) finds(script, when string) {
	b.t.Helper()
	if found := run(b, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise)); found != "" {
		b.t.Errorf("%s:\n%s", when, found)
	}
}

func TestPagesAreForEverybody(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatalf("axe-core is missing; run .ci/setup npm: %v", err)
	}
	all := samples()
	served := httptest.NewServer(shelf(t, all))
	t.Cleanup(served.Close)
	ctx := browsertest.Start(t, nil)
	for i, s := range all {
		t.Run(s.method+"/"+s.variant, func(t *testing.T) {
			b := tab{t, ctx}
			b.look(1280, "light")
			run(b, chromedp.Navigate(served.URL+"/sample/"+strconv.Itoa(i)))
			b.finds(string(axe)+`;""`, "axe-core can't be loaded")
			b.finds(findings, "1280 wide, light")
			b.look(640, "dark")
			b.finds(contrastFindings, "at 200 %, dark")
			b.finds(tooWide, "at 200 %")
			b.look(360, "dark")
			b.finds(tooWide, "360 wide")
			run(b, chromedp.Navigate(served.URL+"/sample/"+strconv.Itoa(len(all)+i)))
			b.finds(tooWide, "360 wide, in German")
		})
	}
}
