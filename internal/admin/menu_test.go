package admin_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

func TestCourseHasAMenuOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	teacher, path := w.launched("ada", lti.Place{Course: phys}), web.MenuPath(phys)
	wantAll(t, teacher.get(path), `value="lms" checked`, "Campus")
	wantAll(t, teacher.get(web.CoursePath(phys)), "<header>", ">Gradebook</a>", ">People</a>")
	wantAll(t, teacher.get(web.EditSettingsPath(phys)), path, `href="#menu"`)

	if a := teacher.post(path, url.Values{"menu": {"own"}, "items": {"roster", "king"}, "inline": {"yes"}}); a.status != other {
		t.Fatalf("the form answers %d, want 303", a.status)
	}
	a := teacher.get(web.CoursePath(phys))
	wantAll(t, a, ">People</a>", "tabs inpage")
	wantNone(t, a, "<header>", ">Gradebook</a>")
	wantAll(t, teacher.get(path), `value="own" checked`)
	w.view(func(tx store.Tx) error {
		c, err := store.Courses.Get(tx, "uni", "phys")
		if c.Menu.Items == nil || len(*c.Menu.Items) != 1 {
			t.Errorf("menu = %+v, want the one item that there is", c.Menu)
		}
		return err
	})

	lock := func(c *lti.ToolConsumer) { c.Menu.Locked = true }
	w.update(change(store.ToolConsumers, lock, "uni", "campus"))
	wantAll(t, teacher.get(web.CoursePath(phys)), "<header>", ">Gradebook</a>")
	wantAll(t, teacher.get(path), "its admin keeps it so")

	w.update(change(store.ToolConsumers, func(c *lti.ToolConsumer) { c.Menu.Locked = false }, "uni", "campus"))
	if a := teacher.post(path, url.Values{"menu": {"lms"}}); a.status != other {
		t.Fatalf("the form answers %d, want 303", a.status)
	}
	wantAll(t, teacher.get(web.CoursePath(phys)), "<header>", ">Gradebook</a>")
	wantAll(t, w.signIn("root:uni").get(web.AuditPath), "change menu", "a menu of its own", "as each LMS has it")
}

func TestMenuIsAskedForAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	teacher := w.launched("ada", lti.Place{Course: phys})
	a := teacher.post(web.MenuPath(phys), url.Values{"menu": {"his"}})
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown menu answers %d, want 422", a.status)
	}
	wantAll(t, a, "Choose one of these.")
}
