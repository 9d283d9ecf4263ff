package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"github.com/ltihub/ltihub/internal/browsertest"
)

// browser is a headless Chromium with one tab in front.
type browser struct {
	t      testing.TB
	ctx    context.Context
	faults *complaints
}

// complaints are what the browser's console had to say against the pages:
// errors, exceptions and violations of the content security policy.
type complaints struct {
	mu   sync.Mutex
	list []string
}

func (c *complaints) add(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, fmt.Sprintf(format, args...))
}

// forget drops what was to be expected.
func (c *complaints) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = nil
}

// newBrowser starts a Chromium with an empty profile. When the test ends, so
// does the browser, and whatever it complained about fails the test.
func newBrowser(t testing.TB) *browser {
	t.Helper()
	ctx := browsertest.Start(t, map[string]any{
		// All frames in one process, so that a test reaches into them.
		"disable-site-isolation-trials": true,
		"disable-features":              "IsolateOrigins,site-per-process,Translate,MediaRouter",
	})
	return newTabOf(ctx, t)
}

// newTabOf listens to what a browser's tab complains about.
func newTabOf(ctx context.Context, t testing.TB) *browser {
	t.Helper()
	b := &browser{t: t, ctx: ctx, faults: &complaints{}}
	b.listen()
	t.Cleanup(func() {
		for _, fault := range b.faults.list {
			t.Errorf("the browser complains: %s", fault)
		}
	})
	return b
}

// listen collects complaints of the tab.
func (b *browser) listen() {
	b.t.Helper()
	err := chromedp.Listen(b.ctx, func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError || strings.Contains(e.Entry.Text, "Content Security") {
				b.faults.add("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			b.faults.add("exception: %s", e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError {
				b.faults.add("console: %s", e.Args[0].Value)
			}
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
	tell(b, log.Enable, cdp.Empty{})
}

// tell sends one command of the DevTools protocol to the tab.
func tell[P, R any](b *browser, c cdp.Command[P, R], params P) R {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	got, err := chromedp.Call(ctx, c, params)
	if err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
	return got
}

// do does things in the tab, within the tests' patience.
func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		again, stop := context.WithTimeout(b.ctx, time.Second)
		defer stop()
		at, _ := chromedp.Run(again, chromedp.Location()) // only to tell where we are
		text, _ := chromedp.Run(again, chromedp.Text(chromedp.CSS("body")))
		b.t.Fatalf("in the browser at %s: %v\n%s", at, err, text)
	}
}

func (b *browser) open(url string) { b.t.Helper(); b.do(chromedp.Navigate(url)) }

func (b *browser) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// sees waits until the tab's page holds the text.
func (b *browser) sees(text string) {
	b.t.Helper()
	seen := ""
	defer func() {
		if b.t.Failed() {
			b.t.Logf("the tab at %s shows\n%s", b.location(), seen)
		}
	}()
	until(b.t, fmt.Sprintf("the tab shows %q", text), func() bool {
		seen = b.evaluate("document.body ? document.body.innerText : ''")
		return strings.Contains(seen, text)
	})
}

// evaluate runs a script of the test in the tab's page; what goes wrong because
// the tab is on its way elsewhere gives "".
func (b *browser) evaluate(script string) string {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](script)) // the caller asks again
	return text
}

// arrives waits until the tab is at an address that begins with url.
func (b *browser) arrives(url string) {
	b.t.Helper()
	until(b.t, "the tab is at "+url, func() bool { return strings.HasPrefix(b.location(), url) })
}

func (b *browser) location() string {
	return b.evaluate("location.href")
}

// newTab follows what opens a tab of its own into that.
func (b *browser) newTab(opens func()) *browser {
	b.t.Helper()
	found := chromedp.WaitNewTarget(b.ctx, func(i *target.Info) bool { return i.Type == "page" })
	opens()
	select {
	case id := <-found:
		ctx, end := chromedp.NewContext(b.ctx, chromedp.WithTargetID(id))
		b.t.Cleanup(end)
		tab := &browser{t: b.t, ctx: ctx, faults: b.faults}
		tab.listen()
		return tab
	case <-time.After(patience):
		b.t.Fatal("no tab opens")
		return nil
	}
}

// frame is a document inside the tab, found by a part of its address.
type frame struct {
	*browser
	part string
}

// inside waits until a frame of the tab shows an address with part in it.
func (b *browser) inside(part string) frame {
	b.t.Helper()
	f := frame{b, part}
	until(b.t, "a frame shows "+part, func() bool { return f.find() != nil })
	return f
}

func (f frame) find() *cdp.Frame {
	f.t.Helper()
	return f.search(tell(f.browser, page.GetFrameTree, cdp.Empty{}).FrameTree)
}

func (f frame) search(t *page.FrameTree) *cdp.Frame {
	if t.Frame.ParentID != "" && strings.Contains(t.Frame.URL, f.part) {
		return t.Frame
	}
	for _, child := range t.ChildFrames {
		if found := f.search(child); found != nil {
			return found
		}
	}
	return nil
}

// addresses are those of all frames of a tab.
func addresses(t *page.FrameTree) string {
	text := t.Frame.URL
	for _, child := range t.ChildFrames {
		text += " > " + addresses(child)
	}
	return text
}

// evaluate runs a script of the test in the frame, in a world of its own; what
// goes wrong because the frame is on its way elsewhere gives "".
func (f frame) evaluate(script string) string {
	f.t.Helper()
	at := f.find()
	if at == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()
	world, err := chromedp.Call(ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: at.ID})
	if err != nil {
		return ""
	}
	got, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{
		Expression: script, ContextID: world.ExecutionContextID, ReturnByValue: new(true), UserGesture: new(true),
	})
	var text string
	if err == nil && got.Result != nil {
		_ = json.Unmarshal(got.Result.Value, &text) // what is no text is ""
	}
	return text
}

// sees waits until the frame's page holds the text.
func (f frame) sees(text string) {
	f.t.Helper()
	seen := ""
	defer func() {
		if f.t.Failed() {
			f.t.Logf("the frame %s shows\n%s\namong %s", f.part, seen, addresses(tell(f.browser, page.GetFrameTree, cdp.Empty{}).FrameTree))
		}
	}()
	until(f.t, fmt.Sprintf("the frame %s shows %q", f.part, text), func() bool {
		seen = f.evaluate("document.body.innerText")
		return strings.Contains(seen, text)
	})
}

// click presses the element that the selector finds in the frame.
func (f frame) click(selector string) {
	f.t.Helper()
	f.use(selector, "e.click()")
}

// fill writes into the field that the selector finds in the frame.
func (f frame) fill(selector, text string) {
	f.t.Helper()
	f.use(selector, fmt.Sprintf("e.value = %q", text))
}

// use does something with the element e once the frame's page is complete: its
// own scripts come first.
func (f frame) use(selector, do string) {
	f.t.Helper()
	script := fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		if (!e || document.readyState !== "complete") return "";
		%s;
		return "done";
	})()`, selector, do)
	until(f.t, "the frame "+f.part+" has "+selector, func() bool { return f.evaluate(script) == "done" })
}
