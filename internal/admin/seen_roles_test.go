package admin_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

func (w *world) seeRoles(roles ...string) {
	w.update(func(tx store.Tx) error {
		for _, role := range roles {
			seen := lti.SeenRole{Domain: "uni", Consumer: "campus", Role: role, Count: 3, First: w.now(), Last: w.now(), Launch: newID()}
			if err := store.SeenRoles.Put(tx, seen); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestConsumerPageListsRolesWithoutMeaning(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	path := web.ConsumerPath("uni", "campus")
	wantNone(t, root.get(path), "Roles without a meaning")
	w.seeRoles("Mentor", "Learner", "urn:lti:instrole:ims/lis/Staff")
	a := root.get(path)
	wantAll(t, a, "Roles without a meaning", "<code>Mentor</code>", "<code>urn:lti:instrole:ims/lis/Staff</code>", "Of the whole institution")
	wantNone(t, a, `value="Learner"`) // it has one
}

func TestRoleIsMappedWithOneClick(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	path := web.ConsumerPath("uni", "campus")
	w.seeRoles("Mentor", "Manager")
	if a := root.post(path+"/roles", url.Values{"role": {"Mentor"}, "to": {"observer"}}); a.status != other {
		t.Fatalf("the form answers %d, want 303", a.status)
	}
	a := root.get(path + "?done=mapped")
	wantAll(t, a, "<code>Mentor</code> → observer", "from the next launch on", `value="Manager"`)
	wantNone(t, a, `value="Mentor"`)
	wantAll(t, root.get(web.AuditPath), "map role", "Mentor is observer")
}

func TestRoleThatIsNotChosenIsAskedForAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	path := web.ConsumerPath("uni", "campus") + "/roles"
	w.seeRoles("Mentor")
	a := root.post(path, url.Values{"role": {"Mentor"}, "to": {""}})
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("a form without a role answers %d, want 422", a.status)
	}
	wantAll(t, a, "Choose which role it is to be")
	for _, fields := range []url.Values{nil, {"role": {"two words"}, "to": {"student"}}} {
		if a := root.post(path, fields); a.status != http.StatusBadRequest {
			t.Errorf("%v answers %d, want 400", fields, a.status)
		}
	}
	if a := root.post(web.ConsumerPath("uni", "nowhere")+"/roles", url.Values{"role": {"Mentor"}, "to": {"ta"}}); a.status != missing {
		t.Errorf("an unknown LMS answers %d, want 404", a.status)
	}
}
