package admin_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// guard protects links of phys: one by itself, two by their folder.
func (w *world) guard() {
	w.t.Helper()
	w.update(func(tx store.Tx) error {
		c, err := store.Courses.Get(tx, "uni", "phys")
		if err != nil {
			return err
		}
		c.Links = append(c.Links, lti.ResourceLink{ID: "alone", Tool: "quizzer", Title: "Alone", Protected: true}, lti.ResourceLink{ID: "free", Tool: "quizzer", Title: "Free"})
		c.Folders = append(c.Folders, lti.Folder{ID: "shut", Title: "Shut", Protected: true, Links: []lti.ResourceLink{
			{ID: "in1", Tool: "quizzer", Title: "In one"}, {ID: "in2", Tool: "quizzer", Title: "In two"},
		}})
		return store.Courses.Put(tx, c)
	})
}

// pass gives the browser the pass of a launch that states no user.
func (b *browser) pass(place lti.Place) lti.LaunchRecord {
	b.t.Helper()
	id := newID()
	record := lti.LaunchRecord{
		ID: id, At: b.now(), Direction: lti.Inbound, Domain: place.Course.Domain, Consumer: "campus",
		Course: place.Course.ID, Folder: place.Folder, Link: place.Link,
		Pass: &lti.Pass{Token: digest("pass-of-" + id), Ticket: digest(ticketOf(id)), Expires: b.now().Add(lti.PassLifetime), Origins: []string{origin}},
	}
	b.update(func(tx store.Tx) error { return store.Launches.PutNew(tx, record) })
	at, err := url.Parse(b.server.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	b.sessions.OpenPass(answer, httptest.NewRequest(http.MethodGet, "/", nil), record, "pass-of-"+id)
	b.client.Jar.SetCookies(at, answer.Result().Cookies())
	return record
}

// No sequence of passes opens anything but their places, whoever is signed in.
func TestPassesOpenTheirPlacesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.guard()
	links := map[string]string{"alone": "", "in1": "shut", "in2": "shut"} // with their folders
	places := []lti.Place{
		{Course: phys}, {Course: phys, Link: "alone"}, {Course: phys, Link: "in1"}, {Course: phys, Folder: "shut"},
		{Course: phys, Link: "free"}, {Course: phys, Folder: "none"}, {Course: chem, Link: "alone"}, {Course: abroad, Folder: "shut"}, {},
	}
	rapid.Check(t, func(t *rapid.T) {
		person := rapid.SampledFrom([]string{"bob:uni", "sam:uni", "bob:far", ""}).Draw(t, "person")
		b := w.browser()
		if person != "" {
			b = w.signIn(person)
		}
		var held []lti.Place
		for _, place := range rapid.SliceOfN(rapid.SampledFrom(places), 0, 4).Draw(t, "passes") {
			b.pass(place)
			held = append(held, place)
			for link, folder := range links {
				want := map[string]int{"bob:uni": forbidden, "": other}[person]
				for _, p := range held {
					if person == "bob:uni" && p.Opens(phys, folder, link) {
						want = ok
					}
				}
				if want == 0 {
					want = missing // no member of the course
				}
				if got := b.get(web.LinkPath(phys, link)).status; got != want {
					t.Fatalf("with %v %q gets %d for %s, want %d", held, person, got, link, want)
				}
			}
			if got := b.get(web.AdminPath).status; got == ok {
				t.Fatal("a pass opens the admin's pages")
			}
		}
	})
}

func TestProtectedLinksAreForPassesAndEditors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.guard()
	student, teacher := w.launched("bob", lti.Place{Course: phys}), w.launched("ada", lti.Place{Course: phys})
	for link, want := range map[string]int{"alone": forbidden, "in1": forbidden, "free": ok} {
		if got := student.get(web.LinkPath(phys, link)).status; got != want {
			t.Errorf("a student gets %d for %s, want %d", got, link, want)
		}
		if got := student.get(web.LinkPath(phys, link) + "?in=tab").status; got != want {
			t.Errorf("a student gets %d for %s in a tab, want %d", got, link, want)
		}
		if got := teacher.get(web.LinkPath(phys, link)).status; got != ok {
			t.Errorf("a teacher gets %d for %s, want 200", got, link)
		}
	}
	page := student.get(web.CoursePath(phys)).body
	if strings.Count(page, "open it from your LMS") != 4 || strings.Contains(page, web.LinkPath(phys, "in1")) || !strings.Contains(page, web.LinkPath(phys, "free")) {
		t.Errorf("the course's page for a student:\n%s", page)
	}
	if page := teacher.get(web.CoursePath(phys)).body; strings.Contains(page, "open it from your LMS") || !strings.Contains(page, "opens from an LMS only") {
		t.Errorf("the course's page for a teacher:\n%s", page)
	}
}

// A launch of an LMS that is believed about the course opens the place that it
// names, as a pass does and as long.
func TestOwnLaunchIsAPassForItsPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.guard()
	b := w.launched("bob", lti.Place{Course: phys, Link: "in1"})
	for link, want := range map[string]int{"in1": ok, "in2": forbidden, "alone": forbidden} {
		if got := b.get(web.LinkPath(phys, link)).status; got != want {
			t.Errorf("%s answers %d, want %d", link, got, want)
		}
	}
	w.ahead.Store(int64(lti.PassLifetime))
	if got := b.get(web.LinkPath(phys, "in1")).status; got != forbidden {
		t.Errorf("a quarter of an hour later it answers %d, want 403", got)
	}
	w.update(func(tx store.Tx) error {
		c, err := store.ToolConsumers.Get(tx, "uni", "campus")
		if err != nil {
			return err
		}
		c.CourseIdentity = false
		return store.ToolConsumers.Put(tx, c)
	})
	other := w.launched("bob", lti.Place{Course: phys, Link: "in1"})
	if got := other.get(web.LinkPath(phys, "in1")).status; got != forbidden {
		t.Errorf("by an LMS that states no course it answers %d, want 403", got)
	}
}

func TestPassExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.guard()
	b := w.signIn("bob:uni")
	record := b.pass(lti.Place{Course: phys, Link: "alone"})
	if got := b.get(web.PassPath(record.ID, "")); got.status != other {
		t.Fatalf("the pass answers %d, want the way to the link", got.status)
	}
	w.ahead.Store(int64(lti.PassLifetime + time.Second))
	if got := b.get(web.PassPath(record.ID, "")).status; got != forbidden {
		t.Errorf("an old pass answers %d, want 403", got)
	}
	if got := b.get(web.LinkPath(phys, "alone")).status; got != forbidden {
		t.Errorf("with an old pass the link answers %d, want 403", got)
	}
}
