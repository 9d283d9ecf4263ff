package admin_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// outbound are the records of launches of tools, oldest first.
func (w *world) outbound() (found []lti.LaunchRecord) {
	w.t.Helper()
	w.view(func(tx store.Tx) error {
		found = nil
		return store.Launches.All(tx, "", func(l lti.LaunchRecord) error {
			if l.Direction == lti.Outbound {
				found = append(found, l)
			}
			return nil
		})
	})
	return found
}

func (w *world) newestOutbound() lti.LaunchRecord {
	w.t.Helper()
	all := w.outbound()
	if len(all) == 0 {
		w.t.Fatal("no launch of a tool is on record")
	}
	return all[len(all)-1]
}

// Who only looks, as HEAD does, leaves no record and is handed nothing out.
func TestHeadLaunchesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	student, teacher := w.launched("bob", lti.Place{Course: phys}), w.launched("ada", lti.Place{Course: phys})
	for path, b := range map[string]*browser{web.LinkPath(phys, "quiz1"): student, web.AddPath(phys, "quizzer", ""): teacher} {
		if a := b.do(http.MethodHead, path, nil, nil); a.status != ok {
			t.Errorf("HEAD of %s answers %d", path, a.status)
		}
	}
	w.update(change(store.Tools, func(tool *lti.Tool) { tool.Disabled = true }, "uni", "quizzer"))
	if a := student.do(http.MethodHead, web.LinkPath(phys, "quiz1"), nil, nil); a.status != forbidden {
		t.Errorf("HEAD of a closed link answers %d", a.status)
	}
	if got := w.outbound(); len(got) != 0 {
		t.Errorf("records = %+v, want none", got)
	}
}

func TestLaunchRefusedAtTheDoorIsOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("bob", lti.Place{Course: phys})
	w.update(change(store.Memberships, func(m *lti.Membership) { m.End = w.now().Add(-time.Hour) }, "uni", "phys", "bob"))
	a := b.get(web.LinkPath(phys, "quiz1"))
	refused := w.newestOutbound()
	wantAll(t, a, "The course is not open to you now", lti.Reference(refused.ID))
	if refused.Cause != "not_open" || !refused.Refused {
		t.Errorf("record = %+v", refused)
	}
	page := w.signIn("root:uni").get(web.LaunchRecordPath(refused.ID))
	wantAll(t, page, "utside the dates")
	far := w.signIn("dean:far").get(web.LinkPath(phys, "quiz1"))
	if far.status != forbidden || w.newestOutbound().Cause != "no_role" {
		t.Errorf("an admin from elsewhere: %d, %+v", far.status, w.newestOutbound())
	}
}

func TestAdminAddsFromATool(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.signIn("root:uni")
	wantAll(t, b.get(web.CoursePath(phys)), "Add from Quizzer")
	wantAll(t, b.get(web.AddPath(phys, "quizzer", "")), `value="ContentItemSelectionRequest"`, `value="Instructor"`)
	far := w.signIn("dean:far")
	wantNone(t, far.get(web.CoursePath(phys)), "Add from")
	wantAll(t, far.get(web.AddPath(phys, "quizzer", "")), "You have no account in this institution")

	w.update(change(store.Tools, func(tool *lti.Tool) { tool.ContentItems.Off = true }, "uni", "quizzer"))
	wantNone(t, b.get(web.CoursePath(phys)), "Add from Quizzer")
	wantAll(t, b.get(web.AddPath(phys, "quizzer", "")), "Nothing is chosen in this tool")
}

func TestServiceIDsOfAToolAreChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	student := w.launched("bob", lti.Place{Course: phys})
	student.get(web.LinkPath(phys, "quiz1"))
	rings := func() (n int) {
		w.view(func(tx store.Tx) error {
			n = 0
			return store.Rings.All(tx, "", func(r lti.ServiceRing) error { n += len(r.Secrets); return nil })
		})
		return n
	}
	b, path := w.signIn("root:uni"), web.ToolPath("uni", "", "quizzer")
	wantAll(t, b.get(path), "Service ids", "Revoke the ids", "phys/quiz1")
	bad := b.post(path+"/ids", url.Values{"do": {"revoke"}, "link": {"phys/none"}, "service": {"grade"}})
	wantAll(t, bad, "The tool has no such link.", `value="phys/none"`, `<option value="grade" selected>`)
	if n := rings(); bad.status != http.StatusUnprocessableEntity || n != 1 {
		t.Errorf("a link that is not there answers %d and leaves %d secrets", bad.status, n)
	}
	if a := b.post(path+"/ids", url.Values{"do": {"renew"}, "link": {"phys/quiz1"}}); a.status != other || rings() != 2 {
		t.Errorf("new secrets: %d, %d secrets, want two", a.status, rings())
	}
	if a := b.post(path+"/ids", url.Values{"do": {"revoke"}}); a.status != other || rings() != 0 {
		t.Errorf("revoking: %d, %d secrets, want none", a.status, rings())
	}
	wantAll(t, b.get(web.AuditPath), "service ids revoked", "service secrets made anew", "root:uni")
}
