package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// arrival is the URL that an accepted launch leads to.
func arrival(path string, record lti.LaunchRecord) string {
	return path + "?s=" + record.ID + "&t=" + ticketOf(record.ID)
}

func TestArrivalWithCookieDropsTheTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	record := b.launch("bob", lti.Place{Course: phys})
	a := b.get(arrival(web.CoursePath(phys), record))
	if want := web.CoursePath(phys) + "?s=" + record.ID; a.status != other || a.to != want {
		t.Errorf("arrival answers %d to %q, want 303 to %q", a.status, a.to, want)
	}
	a = b.get(a.to)
	if a.status != ok || !strings.Contains(a.body, "Course of uni/phys") || !strings.Contains(a.body, "<strong>Bob</strong>, student, from Campus LMS") {
		t.Errorf("the course answers %d: %s", a.status, a.body)
	}
}

func TestArrivalWithoutCookieOffersATab(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	record := w.record("bob", lti.Place{Course: phys, Folder: "week1"})
	frame, tab := w.browser(), w.browser()
	a := frame.get(arrival(web.CoursePath(phys), record))
	if a.status != ok || !strings.Contains(a.body, `target="_blank"`) || !strings.Contains(a.body, ticketOf(record.ID)) {
		t.Fatalf("arrival answers %d: %s", a.status, a.body)
	}
	if strings.Contains(a.body, "Course of") || strings.Contains(a.body, "Bob") {
		t.Error("the page tells of the launch before anybody has shown a right to it")
	}
	if csp := a.header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors 'self' "+origin) {
		t.Errorf("policy is %q", csp)
	}
	a = tab.post("/open?s="+record.ID, url.Values{"ticket": {ticketOf(record.ID)}})
	if a.status != other || !strings.HasPrefix(a.to, web.CoursePath(phys)+"?s="+record.ID) || !strings.HasSuffix(a.to, "#folder-week1") {
		t.Fatalf("open answers %d to %q", a.status, a.to)
	}
	a = tab.get(strings.TrimSuffix(a.to, "#folder-week1"))
	if a = tab.get(a.to); a.status != ok {
		t.Errorf("the course answers %d", a.status)
	}
	// Once, and not in another browser.
	for name, b := range map[string]*browser{"the same": tab, "another": w.browser()} {
		a := b.post("/open?s="+record.ID, url.Values{"ticket": {ticketOf(record.ID)}})
		if a.status != forbidden || !strings.Contains(a.body, "used before") {
			t.Errorf("the used ticket in %s browser answers %d", name, a.status)
		}
	}
}

func TestOpenRefusesAWrongOrOldTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	record := w.record("bob", lti.Place{Course: phys})
	b := w.browser()
	if a := b.post("/open?s="+record.ID, url.Values{"ticket": {"guess"}}); a.status != forbidden {
		t.Errorf("a wrong ticket answers %d, want 403", a.status)
	}
	w.ahead.Store(int64(session.TicketLifetime + time.Second))
	if a := b.post("/open?s="+record.ID, url.Values{"ticket": {ticketOf(record.ID)}}); a.status != forbidden {
		t.Errorf("an old ticket answers %d, want 403", a.status)
	}
	if len(b.client.Jar.Cookies(mustParse(t, w.server.URL))) != 0 {
		t.Error("a refused ticket left a cookie")
	}
}

func mustParse(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestAdminIsAskedBeforeALaunchGoesOn(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"switch", "stay"} {
		w := newWorld(t)
		b := w.signIn("root:uni")
		record := b.launch("bob", lti.Place{Course: phys})
		a := b.get(arrival(web.CoursePath(phys), record))
		if a.status != ok || !strings.Contains(a.body, "<strong>Root</strong>, admin") || !strings.Contains(a.body, "<strong>Bob</strong>, from Campus LMS") {
			t.Fatalf("arrival answers %d: %s", a.status, a.body)
		}
		a = b.post("/switch", url.Values{"ticket": {ticketOf(record.ID)}, "answer": {answer}})
		course := b.get(web.CoursePath(phys))
		switch answer {
		case "switch":
			if a.to != web.CoursePath(phys)+"?s="+record.ID || course.status != ok {
				t.Errorf("switch leads to %q, where the course answers %d", a.to, course.status)
			}
		case "stay":
			if a.to != "/" || course.status != unknown {
				t.Errorf("stay leads to %q, where the course answers %d", a.to, course.status)
			}
		}
		b.session = ""
		if a := b.get(web.AdminPath); a.status != ok {
			t.Errorf("after %s the admin's own page answers %d", answer, a.status)
		}
	}
}

// The admin's own launch, and one beside a person who is no admin, need no
// question.
func TestNobodyElseIsAsked(t *testing.T) {
	t.Parallel()
	for signedIn, launched := range map[string]string{"root:uni": "root", "ada:uni": "bob"} {
		w := newWorld(t)
		b := w.signIn(signedIn)
		record := b.launch(launched, lti.Place{Course: phys})
		if a := b.get(arrival(web.CoursePath(phys), record)); a.status != other {
			t.Errorf("%s beside %s: arrival answers %d, want 303", launched, signedIn, a.status)
		}
	}
}

func TestTicketInATabAsksTheAdminToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	record := w.record("bob", lti.Place{Course: phys})
	b := w.signIn("root:uni")
	a := b.post("/open?s="+record.ID, url.Values{"ticket": {ticketOf(record.ID)}})
	if a = b.get(a.to); a.status != ok || !strings.Contains(a.body, "Continue as someone else?") {
		t.Errorf("after the ticket comes %d: %s", a.status, a.body)
	}
}

// Two launches in one browser are two sessions: another course, another person.
func TestLaunchesInOneBrowserDoNotMix(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	first := b.launch("bob", lti.Place{Course: phys})
	second := b.launch("eve", lti.Place{Course: chem})
	for _, tt := range []struct {
		session, path string
		want          int
		who           string
	}{
		{first.ID, web.CoursePath(phys), ok, "<strong>Bob</strong>, student"},
		{first.ID, web.CoursePath(chem), missing, "<strong>Bob</strong>"},
		{second.ID, web.CoursePath(chem), ok, "<strong>Eve</strong>, instructor"},
		{second.ID, web.CoursePath(phys), missing, "<strong>Eve</strong>"},
	} {
		b.session = tt.session
		a := b.get(tt.path)
		if a.status != tt.want || !strings.Contains(a.body, tt.who) {
			t.Errorf("GET %s answers %d without %q: %s", tt.path, a.status, tt.who, a.body)
		}
		if strings.Contains(a.body, "s="+first.ID) == (tt.session == second.ID) {
			t.Errorf("the links of %s carry the other session", tt.path)
		}
	}
	b.session = first.ID
	if a := b.post("/logout", nil); a.status != other || a.to != "/?done=signed-out" {
		t.Errorf("logout answers %d to %q", a.status, a.to)
	}
	if a := b.get(web.CoursePath(phys)); a.status != unknown || !strings.Contains(a.body, "Your session is over") {
		t.Errorf("after logout the course answers %d", a.status)
	}
	b.session = second.ID
	if a := b.get(web.CoursePath(chem)); a.status != ok {
		t.Errorf("the other session answers %d after logout", a.status)
	}
}

// A session id alone opens nothing.
func TestSessionOfAnotherBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	record := w.browser().launch("bob", lti.Place{Course: phys})
	thief := w.launched("eve", lti.Place{Course: chem})
	thief.session = record.ID
	for _, path := range []string{"/", web.CoursePath(phys), web.ResultsPath(phys)} {
		if a := thief.get(path); a.status != unknown || strings.Contains(a.body, "Bob") {
			t.Errorf("GET %s answers %d", path, a.status)
		}
	}
	if a := thief.post("/logout", nil); a.status != unknown {
		t.Errorf("POST /logout answers %d", a.status)
	}
	thief.session = ""
	if a := thief.do(http.MethodGet, "/?s=..%2f..%00", nil, nil); a.status != unknown {
		t.Errorf("a strange session answers %d", a.status)
	}
}

func TestWhoMayFrameThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, tt := range map[string]struct {
		b    *browser
		path string
		want string
	}{
		"launched": {w.launched("bob", lti.Place{Course: phys}), web.CoursePath(phys), "'self' " + origin},
		"refused":  {w.launched("bob", lti.Place{Course: phys}), web.GradebookPath(phys), "'self' " + origin},
		"local":    {w.signIn("bob:uni"), web.CoursePath(phys), "'none'"},
		"admin":    {w.signIn("root:uni"), web.AdminPath, "'none'"},
		"stranger": {w.browser(), "/login", "'none'"},
	} {
		csp := tt.b.get(tt.path).header.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'none'; ") || !strings.HasSuffix(csp, "frame-ancestors "+tt.want) {
			t.Errorf("%s: policy is %q, want ancestors %s", name, csp, tt.want)
		}
	}
}

// What is closed or taken away stays shut from the next request on.
func TestSuspensionHoldsAtTheNextRequest(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		suspend func(tx store.Tx) error
		want    int
	}{
		"user":     {change(store.Users, func(u *lti.User) { u.Disabled = true }, "uni", "bob"), unknown},
		"consumer": {change(store.ToolConsumers, func(c *lti.ToolConsumer) { c.Disabled = true }, "uni", "campus"), unknown},
		"course":   {change(store.Courses, func(c *lti.Course) { c.Disabled = true }, "uni", "phys"), forbidden},
		"dropped":  {change(store.Memberships, func(m *lti.Membership) { m.Status = lti.MemberDropped }, "uni", "phys", "bob"), missing},
		"ended":    {change(store.Memberships, func(m *lti.Membership) { m.End = m.Start.Add(time.Second) }, "uni", "phys", "bob"), forbidden},
		"removed":  {func(tx store.Tx) error { return store.Memberships.Delete(tx, "uni", "phys", "bob") }, missing},
		"no role":  {change(store.Memberships, func(m *lti.Membership) { m.Role = "" }, "uni", "phys", "bob"), missing},
	} {
		w := newWorld(t)
		b := w.launched("bob", lti.Place{Course: phys})
		if a := b.get(web.CoursePath(phys)); a.status != ok {
			t.Fatalf("%s: before it the course answers %d", name, a.status)
		}
		w.update(tt.suspend)
		for _, path := range []string{web.CoursePath(phys), web.LinkPath(phys, "quiz1"), web.ResultsPath(phys)} {
			if a := b.get(path); a.status != tt.want {
				t.Errorf("%s: GET %s answers %d, want %d", name, path, a.status, tt.want)
			}
		}
	}
}

// change is a unit of work that changes one record.
func change[T any](c *store.Collection[T], fn func(*T), key ...string) func(store.Tx) error {
	return func(tx store.Tx) error {
		v, err := c.Get(tx, key...)
		if err != nil {
			return err
		}
		fn(&v)
		return c.Put(tx, v)
	}
}

func TestSuspendedLocalSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.signIn("root:uni")
	w.update(change(store.Users, func(u *lti.User) { u.Admin = false }, "uni", "root"))
	if a := b.get(web.AdminPath); a.status != forbidden {
		t.Errorf("without the right the admin's page answers %d, want 403", a.status)
	}
	w.update(change(store.Users, func(u *lti.User) { u.Disabled = true }, "uni", "root"))
	if a := b.get(web.AdminPath); a.status != other || !strings.HasPrefix(a.to, "/login?") {
		t.Errorf("a closed account's page answers %d to %q", a.status, a.to)
	}
}
