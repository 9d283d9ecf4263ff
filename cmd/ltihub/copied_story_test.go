package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// clickCopy clicks the link without a tail in a copy of the LMS's course.
func (w *world) clickCopy(v *visitor, user, context, history string) screen {
	w.t.Helper()
	action, fields, err := w.lms.LaunchForm(user, "rl-plain")
	if err != nil {
		w.t.Fatal(err)
	}
	fields.Set("context_title", "Physics again")
	fields.Set("context_label", "PHYS-"+context)
	fields.Set("context_id", context)
	fields.Set("custom_context_id_history", history)
	if err := w.lms.SignForm(action, fields); err != nil {
		w.t.Fatal(err)
	}
	return v.post(action, fields)
}

// An LMS's course is copied for the next term. Its teacher says once what the
// copy opens; until then its students wait, and afterwards they are in the copy.
func TestCopiedCourseIsAskedAboutOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	teacher, student := newVisitor(t), newVisitor(t)
	if got := w.clickCopy(teacher, "2b96-ines", "autumn", ""); got.status != http.StatusOK || !strings.Contains(got.url.Path, "/courses/uni/phys-autumn") {
		t.Fatalf("the original's launch = %d at %s", got.status, got.url)
	}
	early := w.clickCopy(student, "7f3a-ada", "spring", "autumn")
	if early.status != http.StatusNotFound || !strings.Contains(early.body, "A teacher must open this link first") || !strings.Contains(early.body, "lti_errormsg=The") {
		t.Errorf("a student who comes first sees %d\n%s", early.status, early.body)
	}
	asked := w.clickCopy(teacher, "2b96-ines", "spring", "autumn")
	if asked.url.Path != "/copy" || !strings.Contains(asked.body, `value="copy"`) || !strings.Contains(asked.body, "lti_msg=") {
		t.Fatalf("the teacher sees %s\n%s", asked.url, asked.body)
	}
	made := teacher.post(w.url+"/copy?"+asked.url.RawQuery, url.Values{"choice": {"copy"}})
	if made.status != http.StatusOK || made.url.Path != "/courses/uni/phys-spring" || !strings.Contains(made.body, "Physics again") {
		t.Fatalf("the answer leads to %d at %s\n%s", made.status, made.url, made.body)
	}
	if got := w.clickCopy(student, "7f3a-ada", "spring", "autumn"); got.url.Path != "/courses/uni/phys-spring" {
		t.Errorf("afterwards the student is at %s", got.url)
	}
	if got := w.clickCopy(teacher, "2b96-ines", "spring", "autumn"); got.url.Path != "/courses/uni/phys-spring" {
		t.Errorf("the teacher is asked again at %s", got.url)
	}
}
