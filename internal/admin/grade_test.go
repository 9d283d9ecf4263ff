package admin_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// bobs reads bob's result for the quiz and the newest delivery of it.
func (w *world) bobs() (r lti.Result, d lti.Delivery) {
	w.t.Helper()
	w.view(func(tx store.Tx) error {
		var err error
		if r, err = store.Results.Get(tx, "uni", "phys", "quiz1", "bob"); err != nil {
			return err
		}
		t, err := store.Targets.Get(tx, "uni", "phys", "bob", lti.ScopeLink, "quiz1", "campus", "p1")
		if err != nil {
			return err
		}
		d, err = store.Deliveries.Get(tx, t.Live)
		return err
	})
	return r, d
}

func TestOverrideCountsAndGoesUpstream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	cell := web.GradePath(phys, "quiz1", "bob")
	a := b.post(cell+"/override", url.Values{"score": {" 7.5 "}})
	if want := cell + "?done=overridden&s=" + b.session; a.status != other || a.to != want {
		t.Fatalf("override answers %d to %q, want 303 to %q", a.status, a.to, want)
	}
	wantAll(t, b.get(a.to), "The score is set", "Set by hand by ada", "7.5", "Lift it", "waiting")
	r, d := w.bobs()
	if r.Override == nil || r.Override.Score != 0.75 || r.Override.By != "ada" || d.State != lti.Waiting || d.Score == nil || *d.Score != 0.75 {
		t.Errorf("after the override the result is %+v, its delivery %+v", r, d)
	}

	if a = b.post(cell+"/lift", nil); a.to != cell+"?done=lifted&s="+b.session {
		t.Errorf("lift answers %d to %q", a.status, a.to)
	}
	r, d = w.bobs()
	if r.Override != nil || d.State != lti.Waiting || d.Score == nil || *d.Score != 0.85 {
		t.Errorf("after the lift the result is %+v, its delivery %+v", r, d)
	}
}

func TestOverrideRefusesWhatIsNoScore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	cell := web.GradePath(phys, "quiz1", "bob")
	for _, typed := range []string{"", "1,234.5", "7,5,0", "-1", "+1", "10.01", "1e1", "0x5", "NaN", "Inf", ".", "1.2.3", "7.5 points", "٧", "0000000000000000000000000000000000001"} {
		a := b.post(cell+"/override", url.Values{"score": {typed}})
		if a.status != 422 {
			t.Errorf("%q answers %d, want 422", typed, a.status)
		}
		wantAll(t, a, "Write a number from 0 to 10")
	}
	if r, d := w.bobs(); r.Override != nil || d.ID != refusedID(phys) {
		t.Errorf("refused overrides changed the result to %+v, its delivery to %+v", r, d)
	}
	for _, typed := range []string{"0", "10", "10.0", ".5", "3.", "7,5"} {
		if a := b.post(cell+"/override", url.Values{"score": {typed}}); a.status != other {
			t.Errorf("%q answers %d, want 303", typed, a.status)
		}
	}
}

// A score may be set for somebody who has none yet.
func TestOverrideWithoutResult(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx store.Tx) error { return store.Results.Delete(tx, "uni", "phys", "quiz1", "bob") })
	b := w.launched("ada", lti.Place{Course: phys})
	cell := web.GradePath(phys, "quiz1", "bob")
	wantAll(t, b.get(cell), "no score yet")
	if a := b.post(cell+"/override", url.Values{"score": {"2"}}); a.status != other {
		t.Errorf("override answers %d, want 303", a.status)
	}
	if r, _ := w.bobs(); r.Counts() == nil || *r.Counts() != 0.2 {
		t.Errorf("the result is %+v", r)
	}
}

func TestResendFromTheGradebook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.launched("ada", lti.Place{Course: phys})
	cell := web.GradePath(phys, "quiz1", "bob")
	wantAll(t, b.get(cell), "The LMS refused it.", "Resend")
	a := b.post(cell+"/resend", url.Values{"delivery": {refusedID(phys)}})
	if a.to != cell+"?done=resent&s="+b.session {
		t.Errorf("resend answers %d to %q", a.status, a.to)
	}
	if _, d := w.bobs(); d.State != lti.Waiting {
		t.Errorf("the delivery is %s, want waiting", d.State)
	}
	w.update(change(store.Deliveries, func(d *lti.Delivery) { d.State = lti.Sending }, refusedID(phys)))
	if a := b.post(cell+"/resend", url.Values{"delivery": {refusedID(phys)}}); a.to != cell+"?done=busy&s="+b.session {
		t.Errorf("resend of what is being sent answers %d to %q", a.status, a.to)
	}
}

func TestAdminResends(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	path := web.DeliveryPath(refusedID(phys))
	if a := root.post(path+"/resend", nil); a.to != path+"?done=resent" {
		t.Errorf("resend answers %d to %q", a.status, a.to)
	}
	if a := root.post(web.DeliveryPath(newID())+"/resend", nil); a.status != missing {
		t.Errorf("resend of nothing answers %d, want 404", a.status)
	}
	state := func(id string) (s lti.State) {
		w.view(func(tx store.Tx) error {
			d, err := store.Deliveries.Get(tx, id)
			s = d.State
			return err
		})
		return s
	}
	if a := root.post(web.DeliveriesPath+"/resend", url.Values{"state": {"dead"}}); a.to != web.DeliveriesPath+"?done=nothing" || state(refusedID(chem)) != lti.Refused {
		t.Errorf("resend of the dead answers %q; what was refused is %s", a.to, state(refusedID(chem)))
	}
	for _, filter := range []url.Values{{"consumer": {"uni/other"}}, {"course": {"phys"}}, {"cause": {"key"}}} {
		if a := root.post(web.DeliveriesPath+"/resend", filter); a.to != web.DeliveriesPath+"?done=nothing" || state(refusedID(chem)) != lti.Refused {
			t.Errorf("resend of %v answers %q; what was refused is %s", filter, a.to, state(refusedID(chem)))
		}
	}
	a := root.post(web.DeliveriesPath+"/resend", url.Values{"consumer": {"uni/campus"}, "course": {"chem"}})
	if !strings.HasPrefix(a.to, web.DeliveriesPath+"/batches/") || state(refusedID(chem)) != lti.Waiting {
		t.Fatalf("resend of a course's answers %d to %q; what was refused is %s", a.status, a.to, state(refusedID(chem)))
	}
	if a = root.get(a.to); a.status != ok || !strings.Contains(a.body, "0 of 1 done") {
		t.Errorf("the batch's page answers %d without how far it is", a.status)
	}
	if a := root.post(web.DeliveriesPath+"/resend", url.Values{"consumer": {"campus"}}); a.status != 400 {
		t.Errorf("resend to no tool consumer answers %d, want 400", a.status)
	}
	if a := root.post(web.DeliveriesPath+"/resend", url.Values{"state": {"delivered"}}); a.status != 400 {
		t.Errorf("resend of the delivered answers %d, want 400", a.status)
	}
}

func TestAdminFindsDeliveries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	for query, want := range map[string][2]bool{ // of phys, of chem
		"":                                 {true, true},
		"state=refused":                    {true, true},
		"state=dead":                       {false, false},
		"course=phys":                      {true, false},
		"course=phys&state=refused":        {true, false},
		"consumer=uni%2Fcampus":            {true, true},
		"consumer=uni%2Fnone":              {false, false},
		"cause=key":                        {false, false},
		"q=" + refusedID(phys):             {true, false},
		"q=sam":                            {false, true},
		"q=SAM&state=refused":              {false, true},
		"q=sam&course=phys":                {false, false},
		"q=nobody":                         {false, false},
		"consumer=nonsense&after=%00%2F..": {true, true},
	} {
		a := root.get(web.DeliveriesPath + "?" + query)
		got := [2]bool{strings.Contains(a.body, web.DeliveryPath(refusedID(phys))), strings.Contains(a.body, web.DeliveryPath(refusedID(chem)))}
		if a.status != ok || got != want {
			t.Errorf("%q: %d with %v, want %v", query, a.status, got, want)
		}
	}
}
