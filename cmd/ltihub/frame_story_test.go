package main

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/browsertest"
)

// Most LMSs show a tool in a frame, so the hub stands on another site's page:
// here that of 127.0.0.1, where the hub is localhost. Over https browsers keep
// its cookies there, partitioned by that site, even where they keep no other
// third-party cookies. (Over http they keep none: the tour has that.)

// framed is a world whose hub is reached over https, from an LMS's page over
// https that shows it in a frame.
type framed struct {
	*world
	browser *browser
	page    string // the LMS's page with the frame
}

func newFramed(t *testing.T) *framed {
	t.Helper()
	proxy := httptest.NewUnstartedServer(nil)
	t.Cleanup(proxy.Close)
	hub := "https://" + strings.Replace(proxy.Listener.Addr().String(), "127.0.0.1", "localhost", 1)
	f := &framed{world: newWorld(t, nil, "LTIHUB_PUBLIC_URL="+hub)}
	to, err := url.Parse(f.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy.Config.Handler = httputil.NewSingleHostReverseProxy(to)
	proxy.StartTLS()
	f.url, f.lms.LaunchURL = hub, hub+"/lti/launch"
	f.tool.Client = proxy.Client()
	if transport, ok := f.tool.Client.Transport.(*http.Transport); ok {
		transport.TLSClientConfig.ServerName = "example.com" // a name in its certificate
	}

	lms := httptest.NewTLSServer(http.HandlerFunc(f.lmsPage))
	t.Cleanup(lms.Close)
	f.page = lms.URL
	f.browser = newTabOf(browsertest.Start(t, map[string]any{
		"ignore-certificate-errors": true, "disable-site-isolation-trials": true, "test-third-party-cookie-phaseout": true,
		"disable-features": "IsolateOrigins,site-per-process,Translate,MediaRouter",
	}), t)
	return f
}

// lmsPage shows an activity in a frame, by a form that the page posts there.
func (f *framed) lmsPage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	action, fields, err := f.lms.LaunchForm(r.URL.Query().Get("user"), r.URL.Query().Get("link"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>LMS</title><link rel="icon" href="data:,"><h1>LMS</h1>
<iframe name="activity" width="1000" height="700"></iframe><form target="activity" method="post" action="%s">`, html.EscapeString(action)) // the browser would miss it
	for name := range fields {
		_, _ = fmt.Fprintf(w, `<input type="hidden" name="%s" value="%s">`, html.EscapeString(name), html.EscapeString(fields.Get(name)))
	}
	_, _ = fmt.Fprint(w, `</form><script>document.forms[0].submit()</script>`)
}

func TestHubWorksInAFrameOfAnotherSite(t *testing.T) {
	t.Parallel()
	f := newFramed(t)

	// A student goes from the course's page to a quiz, and scores.
	f.browser.open(f.page + "/?user=" + ada + "&link=rl-course")
	course := f.browser.inside(f.url + "/courses/uni/phys101")
	course.sees("Quiz 1")
	if got := course.evaluate(`document.cookie = "own=1; Secure; SameSite=None; Partitioned"; document.cookie = "plain=1; Secure; SameSite=None"; document.cookie`); got != "own=1" {
		t.Errorf("the browser keeps %q: it should keep partitioned cookies in frames and no others", got)
	}
	course.click(`a[href*="/l/quiz1"]`)
	tool := f.browser.inside(f.tool.PublicURL)
	tool.sees("Hello Ada Moss")
	tool.fill("#score", "0.85")
	tool.click("#post-score")
	tool.sees("success")
	f.graded(ada, "rl-course", 0.085)

	// So does the instructor, to the gradebook, on the same browser.
	f.browser.open(f.page + "/?user=" + ines + "&link=rl-course")
	course = f.browser.inside(f.url + "/courses/uni/phys101")
	course.sees("Quiz 1")
	course.click(`a[href*="/gradebook"]`)
	f.browser.inside("/gradebook").sees("8.5")
}

// The cookies are of one LMS's site alone: another site's frame has none.
func TestSessionStaysInTheFrameOfItsSite(t *testing.T) {
	t.Parallel()
	f := newFramed(t)
	f.browser.open(f.page + "/?user=" + ada + "&link=rl-course")
	course := f.browser.inside(f.url + "/courses/uni/phys101")
	course.sees("Quiz 1")
	at := course.evaluate("location.href")
	f.browser.open(at)
	f.browser.sees("Sign in")
	f.browser.faults.forget() // it reports the 401
	if text := f.browser.evaluate("document.body.innerText"); strings.Contains(text, "Quiz 1") {
		t.Errorf("%s shows the course without its session:\n%s", at, text)
	}
}
