package browsertest

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// Start starts a Chromium with an empty profile and gives its tab, for
// chromedp. Flags are set beside those that make it quiet and quick, a value of
// false takes one of them away. When the test ends, so does the browser. Without
// a Chromium the test fails: it is not to be skipped unseen.
func Start(t testing.TB, flags map[string]any) context.Context {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(program(t)), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 900),
	}
	for _, flag := range []string{
		"headless", "hide-scrollbars", "mute-audio", "no-first-run", "disable-gpu", "disable-quic", "disable-background-networking",
		"disable-component-update", "disable-sync", "disable-default-apps", "disable-extensions", "disable-dev-shm-usage",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	for name, value := range flags {
		options = append(options, chromedp.Flag(name, value))
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	tab, end := chromedp.NewContext(alloc)
	t.Cleanup(end)
	// The first thing done in a tab starts the browser, and the end of that
	// thing's context is the browser's.
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return tab
}

func program(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("this test needs Chromium: install it, on Debian with \"apt-get install chromium\"")
	return ""
}
