package admin_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

const wrongInput = http.StatusUnprocessableEntity

func (w *world) user(name string) (u lti.User) {
	w.t.Helper()
	w.view(func(tx store.Tx) (err error) {
		u, err = store.Users.Get(tx, "uni", name)
		return err
	})
	return u
}

func (w *world) bind(username, value string) {
	w.t.Helper()
	w.update(func(tx store.Tx) error {
		return store.Bindings.Put(tx, lti.Binding{Domain: "uni", Consumer: "campus", Value: value, UserID: value, Username: username})
	})
}

func TestEditingAPersonSaysWhatIsWrongAtItsField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	edit := web.UserPath("uni", "sam") + "/edit"
	a := root.post(edit, url.Values{"given_name": {"Samuel <b>"}, "email": {"nowhere"}})
	if a.status != wrongInput || !strings.Contains(a.body, "p-email-fault") || !strings.Contains(a.body, "Samuel &lt;b&gt;") {
		t.Errorf("a wrong address answers %d, want it at its field with what was typed", a.status)
	}
	if u := w.user("sam"); u.GivenName != "Sam" {
		t.Errorf("the name is %q after a fault", u.GivenName)
	}
	if a := root.post(edit, url.Values{"given_name": {"Samuel"}, "email": {"sam@uni.example"}}); a.status != other {
		t.Fatalf("saving answers %d", a.status)
	}
	if u := w.user("sam"); u.GivenName != "Samuel" || u.Email != "sam@uni.example" || u.PasswordHash == "" {
		t.Errorf("the account is %+v", u)
	}
}

// What a forgotten browser must not do wants the admin's own password.
func TestDelicateChangesWantThePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	edit := web.UserPath("uni", "sam") + "/edit"
	for name, fields := range map[string]url.Values{
		"no password":    {"admin": {"1"}},
		"wrong password": {"admin": {"1"}, "own": {"guess"}},
		"setting one":    {"password": {"a new password"}},
		"taking it away": {"clear_password": {"1"}},
	} {
		if a := root.post(edit, fields); a.status != wrongInput || !strings.Contains(a.body, "p-own-fault") {
			t.Errorf("%s answers %d, want 422 at the field", name, a.status)
		}
	}
	if a := root.post(web.UserPath("uni", "root")+"/edit", url.Values{"own": {"password"}}); a.status != other { // dean is an admin, too
		t.Errorf("resigning answers %d", a.status)
	}
	dean := w.signIn("dean:far")
	if a := dean.post(web.UserPath("far", "dean")+"/edit", url.Values{"own": {"password"}}); a.status != wrongInput || !strings.Contains(a.body, "p-admin-fault") {
		t.Errorf("the last admin's resigning answers %d, want 422 at the field", a.status)
	}
	if a := dean.post(edit, url.Values{"admin": {"1"}, "own": {"password"}}); a.status != other || !w.user("sam").Admin {
		t.Errorf("making an admin answers %d", a.status)
	}
}

func TestMakingAnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	if a := root.post(web.NewUserPath, url.Values{"domain": {"uni"}, "username": {"sam"}}); a.status != wrongInput || !strings.Contains(a.body, "p-username-fault") {
		t.Errorf("a taken name answers %d", a.status)
	}
	fields := url.Values{"domain": {"uni"}, "username": {"zoe"}, "password": {"a long one"}, "own": {"password"}}
	if a := root.post(web.NewUserPath, fields); a.status != other {
		t.Fatalf("making an account answers %d", a.status)
	}
	b := w.browser()
	if a := b.post("/login", url.Values{"username": {"zoe:uni"}, "password": {"a long one"}}); a.status != other {
		t.Errorf("signing in answers %d", a.status)
	}
	if a := root.post(web.UserPath("uni", "zoe")+"/sessions", nil); a.status != other {
		t.Errorf("closing sessions answers %d", a.status)
	}
	if a := b.get("/"); strings.Contains(a.body, "zoe") {
		t.Error("the session is still open")
	}
}

func TestBindingsOfAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bind("bob", "77")
	root := w.signIn("root:uni")
	page := web.UserPath("uni", "bob")
	act := func(fields url.Values, want int) reply {
		t.Helper()
		fields.Set("consumer", "campus")
		fields.Set("value", "77")
		a := root.post(page+"/bindings", fields)
		if a.status != want {
			t.Errorf("%v answers %d, want %d", fields, a.status, want)
		}
		return a
	}
	if a := act(url.Values{"do": {"move"}, "to": {"nobo<dy"}}, wrongInput); !strings.Contains(a.body, "nobo&lt;dy") {
		t.Error("what was typed is gone")
	}
	act(url.Values{"do": {"move"}, "to": {"root"}}, wrongInput)
	act(url.Values{"do": {"dance"}}, http.StatusBadRequest)
	act(url.Values{"do": {"confirm"}}, other)
	act(url.Values{"do": {"unlink"}}, other)
	act(url.Values{"do": {"unlink"}}, missing)
	var id string
	w.view(func(tx store.Tx) error {
		return store.Unlinked.All(tx, "", func(u lti.Unlinked) error { id = u.ID; return nil })
	})
	if a := root.get(page); !strings.Contains(a.body, id) {
		t.Error("the page does not offer to take it back")
	}
	act(url.Values{"do": {"relink"}, "id": {id}}, other)
	act(url.Values{"do": {"relink"}, "id": {id}}, wrongInput)
	act(url.Values{"do": {"move"}, "to": {"sam"}}, other)
	act(url.Values{"do": {"unlink"}}, missing) // it is sam's now
}

func TestMergingOnThePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bind("bob", "77")
	root := w.signIn("root:uni")
	page := web.UserPath("uni", "bob")
	if a := root.get(page + "/merge?into=sam"); a.status != ok || !strings.Contains(a.body, "85 %") || !strings.Contains(a.body, "Merge bob into sam") {
		t.Errorf("the preview answers %d", a.status)
	}
	if u := w.user("bob"); u.Disabled {
		t.Error("the preview changed something")
	}
	for _, into := range []string{"root", "bob", "nobody"} {
		if a := root.get(page + "/merge?into=" + into); a.status != wrongInput || !strings.Contains(a.body, "into-fault") {
			t.Errorf("a preview into %s answers %d, want 422 at the field", into, a.status)
		}
	}
	bob := w.signIn("bob:uni")
	if a := root.post(page+"/merge", url.Values{"into": {"sam"}}); a.status != other {
		t.Fatalf("merging answers %d", a.status)
	}
	if a := bob.get(web.CoursePath(phys)); a.status == ok {
		t.Error("who was merged away still sees the course")
	}
	if a := root.get(web.GradebookPath(phys)); strings.Contains(a.body, ">Bob<") || !strings.Contains(a.body, "Sam") {
		t.Error("the gradebook shows other people than the one that remains")
	}
	var id string
	w.view(func(tx store.Tx) error {
		return store.Merges.All(tx, "", func(m lti.Merge) error { id = m.ID; return nil })
	})
	if a := root.post(web.UserPath("uni", "eve")+"/undo", url.Values{"merge": {id}}); a.status != missing {
		t.Errorf("undoing on another's page answers %d", a.status)
	}
	if a := root.post(page+"/undo", url.Values{"merge": {id}}); a.status != other {
		t.Errorf("undoing answers %d", a.status)
	}
	if a := root.post(page+"/undo", url.Values{"merge": {id}}); a.status != wrongInput {
		t.Errorf("undoing again answers %d", a.status)
	}
}

func TestDirectoryFileOnThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	send := func(text string) int {
		t.Helper()
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", "people.csv")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte(text))
		_ = form.Close()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.server.URL+web.DirectoryPath("uni"), &body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", form.FormDataContentType())
		resp, err := root.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	if status := send("username\na\na\n"); status != wrongInput {
		t.Errorf("a faulty file answers %d", status)
	}
	if status := send("username,given_name\nada,Ada\n"); status != other {
		t.Errorf("a file answers %d", status)
	}
	var load string
	w.view(func(tx store.Tx) error {
		d, err := store.Directories.Get(tx, "uni")
		if err == nil {
			load = d.Staged.ID
		}
		return err
	})
	if a := root.get(web.DirectoriesPath); !strings.Contains(a.body, load) {
		t.Error("the page does not offer to put it in force")
	}
	if a := root.post(web.DirectoryPath("uni")+"/apply", url.Values{"load": {load}}); a.status != other {
		t.Errorf("putting it in force answers %d", a.status)
	}
	if a := root.post(web.DirectoryPath("uni")+"/test", url.Values{"value": {"ada"}}); a.status != ok || !strings.Contains(a.body, "Given name") {
		t.Errorf("looking up answers %d", a.status)
	}
}
