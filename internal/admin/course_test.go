package admin_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// wantAll checks that a page holds each text.
func wantAll(t *testing.T, a reply, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("the page (%d) lacks %q", a.status, text)
		}
	}
}

// wantNone checks that a page holds none of the texts.
func wantNone(t *testing.T, a reply, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			t.Errorf("the page (%d) holds %q", a.status, text)
		}
	}
}

func TestCoursePageForStudents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.launched("bob", lti.Place{Course: phys}).get(web.CoursePath(phys))
	wantAll(t, a, "Week 1", "Quiz of phys", "Reading", "Quizzer", "<strong>8.5</strong>", "Campus LMS did not take it", "My results", `href="`+origin+`/back"`)
	wantNone(t, a, "Gradebook", "People", "/lti/launch", "The LMS refused it.", "Admin")
}

func TestCoursePageForTeachers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.launched("ada", lti.Place{Course: phys}).get(web.CoursePath(phys))
	wantAll(t, a, "1 of 1", "1 not taken by the LMS", "Gradebook", "People", "https://hub.example/lti/launch/uni/phys/l/quiz1")
	wantNone(t, a, "My results")
}

// A link without its tool, or with a closed one, says so and can't be opened.
func TestCoursePageWithClosedTools(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("bob", lti.Place{Course: phys})
	w.update(change(store.Tools, func(tool *lti.Tool) { tool.Disabled = true }, "uni", "quizzer"))
	wantNone(t, b.get(web.CoursePath(phys)), web.LinkPath(phys, "quiz1"))
	if a := b.get(web.LinkPath(phys, "quiz1")); a.status != forbidden {
		t.Errorf("a closed tool's link answers %d, want 403", a.status)
	}
	w.update(func(tx store.Tx) error { return store.Tools.Delete(tx, "uni", "quizzer") })
	wantAll(t, b.get(web.CoursePath(phys)), "its tool is not set up")
	a := b.get(web.LinkPath(phys, "quiz1"))
	refused := w.newestOutbound()
	wantAll(t, a, "The tool behind this link is missing", lti.Reference(refused.ID))
	if !refused.Refused || refused.Cause != "no_tool" || refused.Username != "bob" || refused.Link != "quiz1" {
		t.Errorf("the record is %+v", refused)
	}
	if a.status != missing {
		t.Errorf("a link without tool answers %d, want 404", a.status)
	}
}

// The menu of the tool consumer says what a launched page offers; rights stay.
func TestMenuOfTheToolConsumer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(change(store.ToolConsumers, func(c *lti.ToolConsumer) { c.Menu = lti.Menu{Header: true, Items: []string{"roster"}} }, "uni", "campus"))
	b := w.launched("ada", lti.Place{Course: phys})
	a := b.get(web.MembersPath(phys))
	wantAll(t, a, ">People</a>")
	wantNone(t, a, ">Gradebook</a>")
	w.update(change(store.ToolConsumers, func(c *lti.ToolConsumer) { c.Menu = lti.Menu{} }, "uni", "campus"))
	wantNone(t, b.get(web.CoursePath(phys)), "<header>")
	if a := b.get(web.GradebookPath(phys)); a.status != ok {
		t.Errorf("the gradebook answers %d, want 200", a.status)
	}
}

func TestLinkLaunch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("bob", lti.Place{Course: phys, Link: "quiz1"})
	a := b.get(web.LinkPath(phys, "quiz1"))
	wantAll(t, a, `action="https://tool.example/lti"`, `name="oauth_signature"`, `name="lis_result_sourcedid"`, `value="Learner"`,
		`name="launch_presentation_return_url" value="https://hub.example/lti/return/`, `<iframe name="tool"`, "in=tab&amp;s="+b.session)
	if a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control is %q", a.header.Get("Cache-Control"))
	}
	wantNone(t, a, "tool-secret")
	a = b.get(web.LinkPath(phys, "quiz1") + "?in=tab")
	wantAll(t, a, `target="_self"`)
	wantNone(t, a, "<iframe")
	local := w.signIn("bob:uni")
	wantAll(t, local.get(web.LinkPath(phys, "reading")), `value="https://hub.example/lti/return/`)
}

func TestLaunchWithoutCourseLetsChoose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx store.Tx) error {
		return store.Memberships.Put(tx, lti.Membership{Domain: "uni", Course: "chem", Username: "ada", Role: lti.TA, Status: lti.MemberActive, Digest: "dada"})
	})
	b := w.launched("ada", lti.Place{})
	a := b.get("/")
	wantAll(t, a, "uni/phys instructor", "uni/chem ta", "/choose?s="+b.session)
	a = b.post("/choose", url.Values{"choice": {"uni/chem ta"}})
	if want := web.CoursePath(chem) + "?s=" + b.session; a.status != other || a.to != want {
		t.Errorf("the choice leads to %q (%d), want %q", a.to, a.status, want)
	}
	for _, choice := range []string{"far/phys student", "uni/none student", ""} {
		if a := b.post("/choose", url.Values{"choice": {choice}}); a.status/100 != 4 {
			t.Errorf("the choice %q answers %d", choice, a.status)
		}
	}
	w.update(change(store.Memberships, func(m *lti.Membership) { m.Status = lti.MemberDropped }, "uni", "chem", "ada"))
	wantNone(t, b.get("/"), "uni/chem ta")
}

func TestHomeListsOwnCourses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wantAll(t, w.browser().get("/"), "https://hub.example/lti/launch", "Sign in")
	a := w.signIn("bob:uni").get("/")
	wantAll(t, a, "Course of uni/phys", "2 links")
	wantNone(t, a, "Course of uni/chem", "Course of far/phys")
	wantAll(t, w.signIn("dean:far").get("/"), "No courses yet")
}

// Names from an LMS are text, wherever they are shown.
func TestHostileNamesAreEscaped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	w.update(change(store.Users, func(u *lti.User) { u.FullName, u.Email = hostile, hostile }, "uni", "bob"))
	w.update(change(store.ToolConsumers, func(c *lti.ToolConsumer) { c.Name = hostile }, "uni", "campus"))
	w.update(change(store.Memberships, func(m *lti.Membership) { m.Section = hostile }, "uni", "phys", "bob"))
	w.update(change(store.Courses, func(c *lti.Course) {
		c.Title, c.Label, c.Folders[0].Title, c.Folders[0].Links[0].Title, c.Folders[0].Links[0].Description = hostile, hostile, hostile, hostile, hostile
	}, "uni", "phys"))
	student := w.launched("bob", lti.Place{Course: phys})
	w.update(change(store.Launches, func(l *lti.LaunchRecord) {
		l.Session.ReturnURL, l.Session.Locale, l.Detail, l.Refused = "javascript:alert(3)", hostile, hostile, true
		l.Steps, l.Params = []string{hostile}, [][2]string{{hostile, hostile}}
	}, student.session))
	teacher, root := w.launched("ada", lti.Place{Course: phys}), w.signIn("root:uni")
	for _, visit := range []struct {
		b     *browser
		paths []string
	}{
		{student, []string{"/", web.CoursePath(phys), web.ResultsPath(phys), web.LinkPath(phys, "quiz1"), web.GradebookPath(phys), "/?done=" + url.QueryEscape(hostile)}},
		{teacher, []string{web.CoursePath(phys), web.MembersPath(phys), web.GradebookPath(phys) + "?section=" + url.QueryEscape(hostile), web.GradePath(phys, "quiz1", "bob")}},
		{root, []string{
			web.AdminPath, web.LaunchRecordsPath, web.LaunchRecordPath(student.session), web.DeliveriesPath, web.DeliveryPath(refusedID(phys)), web.ConsumersPath,
			web.ConsumerPath("uni", "campus"), web.ToolPath("uni", "", "quizzer"), web.AdminCoursesPath + "?q=" + url.QueryEscape("<script>"), web.UsersPath, web.UserPath("uni", "bob"),
			web.ManifestPath, web.LaunchRecordsPath + "?q=" + url.QueryEscape(hostile),
		}},
	} {
		for _, path := range visit.paths {
			a := visit.b.get(path)
			if a.status >= 500 {
				t.Errorf("GET %s answers %d", path, a.status)
			}
			wantNone(t, a, "<script>alert", "<img src=x", `href="javascript:`)
		}
	}
}

func TestNoticeIsNeverTakenFromTheURL(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	wantAll(t, b.get("/?done=signed-out"), "You are signed out.")
	wantNone(t, b.get("/?done=You+owe+us+money"), "owe us")
}

func TestGradebook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx store.Tx) error {
		for i := range 120 {
			name := fmt.Sprintf("s%03d", i)
			put(t, store.Users, tx, lti.User{Domain: "uni", Username: name, FullName: fmt.Sprintf("Student %03d", i), Handle: name})
			put(t, store.Memberships, tx, lti.Membership{
				Domain: "uni", Course: "phys", Username: name, Role: lti.Student, Status: lti.MemberActive, Digest: "d" + name, Section: fmt.Sprintf("%03d", 1+i%2),
			})
		}
		return store.Memberships.Put(tx, lti.Membership{Domain: "uni", Course: "phys", Username: "sam", Role: lti.Student, Status: lti.MemberDropped, Digest: "dsam"})
	})
	b := w.launched("ada", lti.Place{Course: phys})
	a := b.get(web.GradebookPath(phys))
	wantAll(t, a, "121 students", "Bob", ">8.5<i class=\"refused\"", "1 score, mean 8.5", "Student 048", "of 10")
	wantNone(t, a, "Student 049", "Sam", "Ada</th>")
	wantAll(t, b.get(web.GradebookPath(phys)+"?page=2"), "Student 049", "Student 098")
	wantAll(t, b.get(web.GradebookPath(phys)+"?page=99999999999999999999"), "Student 048")
	wantAll(t, b.get(web.GradebookPath(phys)+"?page=99"), "Student 119")
	a = b.get(web.GradebookPath(phys) + "?section=002")
	wantAll(t, a, "60 students", "Student 001")
	wantNone(t, a, "Student 002", "Bob")
}

// asked stores that campus asked for a total of bob's, with its delivery.
func (w *world) asked(scope lti.Scope, score float64, state lti.State) {
	w.t.Helper()
	w.update(func(tx store.Tx) error {
		target := lti.UpstreamTarget{Domain: "uni", Course: "phys", Username: "bob", Scope: scope, Consumer: "campus", Placement: "all", Live: newID()}
		put(w.t, store.Targets, tx, target)
		return store.Deliveries.Put(tx, lti.Delivery{
			ID: target.Live, Target: store.Targets.Key(target), Domain: "uni", Course: "phys", Username: "bob", Scope: scope,
			Consumer: "campus", Score: &score, State: state, Finished: w.now(),
		})
	})
}

// A total of the folder or the whole course shows at the total, with the worst
// state that there is; at a link stands the state of its own score.
func TestGradebookShowsWiderScopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.asked(lti.Scope{Kind: lti.ScopeFolder, ID: "week1"}, 0.75, lti.Dead)
	w.asked(lti.Scope{Kind: lti.ScopeCourse}, 0.5, lti.Waiting)
	b := w.launched("ada", lti.Place{Course: phys})
	wantAll(t, b.get(web.GradebookPath(phys)), `>8.5<i class="refused"`, `>8.5<i class="dead" role="img" title="Week 1 total: given up"`)
	wantAll(t, b.get(web.GradePath(phys, "quiz1", "bob")), "Week 1 total, 75 % to Campus LMS", "Course total, 50 % to Campus LMS", "given up", "refused")
	wantAll(t, b.get(web.CoursePath(phys)), "1 not taken by the LMS", "1 total not taken by the LMS", "2 scores have")
}

// Students see a total once and as one, never as the score of a link.
func TestStudentsSeeTotalsAsSuch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.asked(lti.Scope{Kind: lti.ScopeFolder, ID: "week1"}, 0.75, lti.Waiting)
	w.asked(lti.Scope{Kind: lti.ScopeCourse}, 0.5, lti.Delivered)
	b := w.launched("bob", lti.Place{Course: phys})
	a := b.get(web.ResultsPath(phys))
	wantAll(t, a, "Your score of 85 % was not taken by Campus LMS.", "Your Week 1 total of 75 % is waiting to go to Campus LMS.", "Your course total of 50 % reached Campus LMS on")
	for _, once := range []string{"waiting to go", "reached Campus LMS", "was not taken"} {
		if n := strings.Count(a.body, once); n != 1 {
			t.Errorf("the results say %q %d times, want once", once, n)
		}
	}
	a = b.get(web.CoursePath(phys))
	wantAll(t, a, ">Total 75 %: Waiting to go to Campus LMS", "Course total 50 %: Reached Campus LMS", ">Campus LMS did not take it")
}

// Where only a total goes to the LMS, a link does not say that none asked.
func TestResultThatGoesAsPartOfATotal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx store.Tx) error {
		return store.Targets.Delete(tx, "uni", "phys", "bob", lti.ScopeLink, "quiz1", "campus", "p1")
	})
	b := w.launched("bob", lti.Place{Course: phys})
	wantAll(t, b.get(web.ResultsPath(phys)), "no LMS asked for it")
	w.asked(lti.Scope{Kind: lti.ScopeCourse}, 0.5, lti.Waiting)
	a := b.get(web.ResultsPath(phys))
	wantAll(t, a, "as part of the total below")
	wantNone(t, a, "no LMS asked for it")
}

func TestGradebookCSV(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(change(store.Users, func(u *lti.User) { u.FullName = `=HYPERLINK("https://evil.example","x")` }, "uni", "bob"))
	a := w.launched("ada", lti.Place{Course: phys}).get(web.GradebookPath(phys) + ".csv")
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="gradebook.csv"` {
		t.Errorf("Content-Disposition is %q", got)
	}
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := "[[username name section Quiz of phys (quiz1, of 10)] [bob '=HYPERLINK(\"https://evil.example\",\"x\") 001 8.5]]"
	if got := fmt.Sprint(rows); got != want {
		t.Errorf("the file is %s, want %s", got, want)
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	wantAll(t, b.get(web.MembersPath(phys)), "Ada", "Bob", "Campus LMS")
	a := b.get(web.MembersPath(phys) + "?role=student")
	wantAll(t, a, "Bob", "1 person")
}
