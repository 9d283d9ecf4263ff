package delivery

import (
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// edit changes the course and says which scopes that touches.
func (d *desk) edit(change func(c *lti.Course), scopes ...lti.Scope) {
	d.Helper()
	d.change(func(tx store.Tx) error {
		c, err := store.Courses.Get(tx, "uni", "phys101")
		if err != nil {
			return err
		}
		change(&c)
		if err := store.Courses.Put(tx, c); err != nil {
			return err
		}
		return d.CourseChanged(tx, c.Ref(), scopes)
	})
}

func TestChangedPointsAreSentAgain(t *testing.T) {
	t.Parallel()
	folder, course := lti.Scope{Kind: lti.ScopeFolder, ID: "week1"}, lti.Scope{Kind: lti.ScopeCourse}
	d := newDesk(t)
	d.launch(target("ada", folder, "campus"))
	d.launch(target("ada", course, "campus"))
	d.launch(target("bo", course, "campus"))
	d.score("ada", "quiz1", 0.6)
	for range 2 {
		d.finished(d.leased(1)[0], taken())
	}
	double := func(c *lti.Course) { c.Folders[0].Links[0].Points *= 2 }
	d.edit(double, folder) // the course was not said to change
	if got := d.states(); !strings.HasSuffix(got, "\nwaiting 0.48\n") || len(d.all()) != 3 {
		t.Errorf("deliveries:\n%s", got)
	}
	before := len(d.all())
	d.edit(func(*lti.Course) {}, folder)
	if got := len(d.all()); got != before {
		t.Errorf("an edit that changes no value queues %d deliveries", got-before)
	}
	d.edit(func(*lti.Course) {}, course)
	last := d.all()[len(d.all())-1]
	if last.Scope != course || last.Username != "ada" || last.Total != 12 || last.Possible != 45 {
		t.Errorf("the course's total is queued as %+v", last)
	}
}

func TestRefusedGradeIsNotSentAgainByAnEditElsewhere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.launch(target("ada", forLink("quiz1"), "campus"))
	d.score("ada", "quiz1", 0.5)
	d.finished(d.next(), lti.SendResult{Verdict: lti.RefusedBy, Status: 422, Reason: "no"})
	d.edit(func(*lti.Course) {}, forLink("quiz1"))
	if got := d.states(); got != "refused 0.5\n" {
		t.Errorf("deliveries:\n%s", got)
	}
}

func TestRemovedLinkTakesNoGradeAway(t *testing.T) {
	t.Parallel()
	course := lti.Scope{Kind: lti.ScopeCourse}
	d := newDesk(t)
	d.launch(target("ada", forLink("quiz1"), "campus"))
	d.launch(target("ada", course, "campus"))
	d.score("ada", "quiz1", 1)
	d.edit(func(c *lti.Course) { c.Folders[0].Links = c.Folders[0].Links[1:] }, forLink("quiz1"), lti.Scope{Kind: lti.ScopeFolder, ID: "week1"}, course)
	jobs := d.leased(10)
	if len(jobs) != 2 {
		t.Errorf("%d deliveries go, want the 2 that waited:\n%s", len(jobs), d.states())
	}
	for _, j := range jobs {
		d.finished(j, taken())
		if j.target.Scope.Kind != lti.ScopeLink {
			continue
		}
		if err := d.Retry(t.Context(), j.delivery.ID, "root:uni"); err != nil { // somebody presses "Resend"
			t.Errorf("Retry() = %v", err)
		}
	}
	for _, scope := range []lti.Scope{forLink("quiz1"), course} { // the LMS launches once more
		d.launch(target("ada", scope, "campus"))
	}
	for _, v := range d.all() {
		if v.Score == nil {
			t.Errorf("a grade is taken away: %+v", v)
		}
	}
}
