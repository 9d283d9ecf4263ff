package admin

import (
	"cmp"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/web"
)

// courseGroups are the settings of a course that are an admin's.
func courseGroups() []web.FieldGroup {
	return []web.FieldGroup{
		{Title: "Course", Fields: []web.Field{
			text("title", "Title", "What people read."),
			text("label", "Label", "A short code, such as PHYS101."),
			suggesting(text("type", "Type", "LMSs may make courses of certain types only."), "official", "unofficial", "community", "textbook", "placement"),
			text("owner", "Owner", "A user name. Only the owner can become coordinator by a launch."),
			flag("disabled", "Closed", "Nobody gets in, nothing is lost."),
		}},
		{Title: "Members", Folded: true, Fields: []web.Field{
			text("enrolment.start", "New members may come in from", "A date such as 2026-09-01, or with time: 2026-09-01T08:00:00Z. Empty: at once."),
			text("enrolment.end", "New members may come in until", "Empty: for ever."),
			lines("sections", "Sections", "One a line."),
			lines("groups", "Groups", "One a line; tools with access to the list of members learn them."),
		}},
		{Title: "Copies", Folded: true, Fields: []web.Field{
			lines("history", "LMS courses that this one was copied from", "A context_id a line, newest first. Launches from the copy find their way by it."),
		}},
	}
}

func courseEditor(ref lti.CourseRef) editor {
	e := editor{
		object: manifest.Object{Section: manifest.Courses, Domain: ref.Domain, ID: ref.ID}, after: web.AdminCoursePath(ref),
		page: web.EditPage{
			Crumb: "Courses", CrumbPath: web.AdminCoursesPath, Sub: ref.String(),
			More: []web.NamedURL{
				{Name: "Course page", URL: web.CoursePath(ref)}, {Name: "People", URL: web.MembersPath(ref)}, {Name: "Gradebook", URL: web.GradebookPath(ref)},
				{Name: "Menu", URL: web.MenuPath(ref)},
			},
			Form: web.Form{Groups: courseGroups(), Cancel: web.AdminCoursesPath},
		},
	}
	e.page.Title = "Course settings"
	return e
}

// editCourse shows an admin's form of a course.
func (p *People) editCourse(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.askEdit(w, r, v, courseEditor(courseRef(r)))
}

// saveCourse changes a course.
func (p *People) saveCourse(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.saveEdit(w, r, v, courseEditor(courseRef(r)))
}

func (p *People) newCourseEditor(r *http.Request) (editor, error) {
	domain, err := p.domainField(r.Context(), "Its people can be members.")
	e := courseEditor(lti.CourseRef{})
	e.page.Title, e.page.Sub, e.page.More, e.page.Form.Submit = "New course", "", nil, "Make it"
	id := text("id", "Id", "It stands in launch URLs and does not change. Empty: made of the label or title.")
	first := &e.page.Form.Groups[0]
	first.Fields = append([]web.Field{domain, first.Fields[0], id}, first.Fields[1:4]...)
	return e, err
}

// askCourse asks for a new course.
func (p *People) askCourse(w http.ResponseWriter, r *http.Request, v visit) error {
	e, err := p.newCourseEditor(r)
	if err != nil {
		return err
	}
	fill(&e.page.Form, "domain", v.User.Domain)
	fill(&e.page.Form, "type", "official")
	return p.showEdit(w, r, v, http.StatusOK, e.page)
}

// newCourse makes a course.
func (p *People) newCourse(w http.ResponseWriter, r *http.Request, v visit) error {
	e, err := p.newCourseEditor(r)
	if err != nil {
		return err
	}
	e.after = web.AdminCoursesPath
	return p.makeByForm(w, r, v, e, func(sent form) manifest.Object {
		return manifest.Object{
			Section: manifest.Courses, Domain: sent.text("domain"),
			ID: cmp.Or(sent.text("id"), idFrom(cmp.Or(sent.text("label"), sent.text("title")), "course")),
		}
	})
}
