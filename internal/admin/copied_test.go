package admin_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

func TestCopyIsAskedAboutAndSettled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	teacher := w.launched("ada", lti.Place{})
	session := "?s=" + teacher.session
	var answered lti.CourseChoice
	w.people.Settle = func(ctx context.Context, id string, choice lti.CourseChoice) (record lti.LaunchRecord, err error) {
		answered = choice
		err = w.store.Update(ctx, func(tx store.Tx) error {
			if record, err = store.Launches.Get(tx, id); err != nil {
				return err
			}
			record.Offer, record.Course, record.Link = nil, "phys", "quiz1"
			return store.Launches.Put(tx, record)
		})
		return record, err
	}
	w.update(func(tx store.Tx) error {
		record, err := store.Launches.Get(tx, teacher.session)
		if err != nil {
			return err
		}
		record.Offer, record.Params = &lti.CourseOffer{From: phys, Fresh: true}, [][2]string{{"context_title", "Spring <1>"}}
		return store.Launches.Put(tx, record)
	})
	if a := teacher.get("/"); a.status != other || a.to != "/copy"+session {
		t.Errorf("the home page leads to %s, want the question", a.to)
	}
	a := teacher.get(web.CopyPath)
	wantAll(t, a, "Spring &lt;1&gt;", `value="copy"`, `value="fresh"`)
	wantNone(t, a, `value="same"`)
	for _, choice := range []string{"", "same", "mine"} {
		a := teacher.post(web.CopyPath, url.Values{"choice": {choice}})
		if a.status != http.StatusUnprocessableEntity || answered != "" {
			t.Errorf("the choice %q answers %d, want 422", choice, a.status)
		}
	}
	if a := teacher.post(web.CopyPath, url.Values{"choice": {"copy"}}); a.status != other || a.to != web.LinkPath(phys, "quiz1")+session {
		t.Errorf("the choice leads to %d %s, want the link", a.status, a.to)
	}
	if answered != lti.ChooseCopy {
		t.Errorf("settled with %q, want a copy", answered)
	}
	if a := teacher.get(web.CopyPath); a.status != other || a.to != web.LinkPath(phys, "quiz1")+session {
		t.Errorf("afterwards the question leads to %d %s, want the link", a.status, a.to)
	}
}
