package admin

import (
	"errors"
	"net/http"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// maxAddFrom is how many tools a course page offers to add from.
const maxAddFrom = 50

// toolsToAddFrom lists the open tools of a course: its own, then the domain's,
// but for those that one of its own hides.
func toolsToAddFrom(tx store.Tx, course *lti.Course) ([]web.AddTool, error) {
	var tools []web.AddTool
	add := func(t lti.Tool) {
		if !t.Disabled && !t.ContentItems.Off && len(tools) < maxAddFrom {
			tools = append(tools, web.AddTool{ID: t.ID, Name: nameOr(t.Name, t.ID), About: t.About.Description})
		}
	}
	for _, t := range course.Tools {
		add(t)
	}
	found, _, err := store.Tools.List(tx, store.Prefix(course.Domain), "", store.MaxScan)
	for _, t := range found {
		if _, hidden := course.CourseTool(t.ID); !hidden {
			add(t)
		}
	}
	return tools, err
}

// addFrom sends somebody who edits the course to a tool, to choose content for
// it: the answer is a signed form that posts itself.
func (p *People) addFrom(w http.ResponseWriter, r *http.Request, v visit) error {
	ref := courseRef(r)
	s, err := p.launchSeat(r, v, ref)
	if err != nil {
		return err
	}
	if !s.adds(v) {
		return errForbidden
	}
	frame := p.courseFrame(r, v, s)
	req := consumer.SelectRequest{
		Course: ref, Folder: r.URL.Query().Get("folder"), Tool: param(r, "tool"), Username: v.User.Username,
		Session: v.session(), Locale: frame.Locale, DocumentTarget: lti.TargetWindow,
	}
	if r.Method == http.MethodHead { // who only looks is not sent there
		return p.Consumer.MaySelect(r.Context(), req)
	}
	if frame.Framed {
		req.DocumentTarget = lti.TargetIframe
	}
	form, err := p.Consumer.Select(r.Context(), req)
	if err != nil {
		return err
	}
	return p.showLaunch(w, r, web.LaunchFormPage{
		Frame: frame, LinkTitle: "Add from " + nameOr(form.Tool.Name, form.Tool.ID), ToolName: form.Tool.Name,
		Action: form.URL, Params: params(form),
		Target: lti.TargetTab, // the tool leads back into this same page
	})
}

// told takes what a tool said when it sent the visitor back here; nil for
// nothing. It is told once.
func (p *People) told(r *http.Request, v visit) (*web.Told, error) {
	id := r.URL.Query().Get(web.ToldQuery)
	ref := courseRef(r)
	if id == "" || v.User.Domain != ref.Domain {
		return nil, nil
	}
	record, err := p.Consumer.Told(r.Context(), ref, v.User.Username, id)
	if err != nil || record == nil {
		return nil, err
	}
	told := &web.Told{
		Tool: record.Tool, Message: record.Returned.Message, Error: record.Returned.ErrorMessage,
		Added: record.Returned.Added, LeftOut: record.Returned.LeftOut, Chosen: record.Link == "",
	}
	err = p.Store.View(r.Context(), func(tx store.Tx) error {
		course, err := store.Courses.Read(tx, ref.Domain, ref.ID)
		if err != nil {
			return err
		}
		tool, err := toolOf(tx, course, record.Tool)
		if err == nil {
			told.Tool = nameOr(tool.Name, tool.ID)
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) { // the page says so itself, or shows the id
		err = nil
	}
	return told, err
}
