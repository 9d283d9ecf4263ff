package admin

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// Where tools call our services, below the public URL.
const (
	passbackPath = "/service/passback"
	rosterPath   = "/service/roster"
	settingPath  = "/service/setting"
)

// tools lists the tools that we launch: those of domains, then those of single
// courses.
func (p *People) tools(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.ToolsPage{Frame: p.frame(r, v)}
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		page.Tools, page.All, err = listTools(tx)
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Tools(w, http.StatusOK, page))
	return nil
}

// listTools makes a row of each tool; all says that every launch there is was
// looked at for the last ones.
func listTools(tx store.Tx) (rows []web.ToolRow, all bool, err error) {
	at := map[string]int{}
	add := func(t lti.Tool) error {
		at[store.Join(t.Domain, t.Course, t.ID)] = len(rows)
		rows = append(rows, web.ToolRow{Tool: t})
		return nil
	}
	if err := store.Tools.All(tx, "", add); err != nil {
		return nil, false, err
	}
	owns := map[string]bool{}
	err = store.Courses.All(tx, "", func(c lti.Course) error {
		for _, t := range c.Tools {
			t.Domain, t.Course = c.Domain, c.ID
			owns[store.Join(c.Domain, c.ID, t.ID)] = true
			_ = add(t) // it never fails
		}
		for _, link := range c.AllLinks() {
			key := toolKey(c, link.Tool)
			if i, ok := at[key]; ok {
				rows[i].Links++
			}
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	all, err = lastLaunches(tx, rows, at, owns)
	return rows, all, err
}

// lastLaunches fills in when each tool was launched last. at finds a tool's
// row; owns has those that a course has for itself.
func lastLaunches(tx store.Tx, rows []web.ToolRow, at map[string]int, owns map[string]bool) (all bool, err error) {
	unseen := len(rows)
	return recentLaunches(tx, func(l lti.LaunchRecord) bool {
		key := store.Join(l.Domain, "", l.Tool)
		if own := store.Join(l.Domain, l.Course, l.Tool); owns[own] {
			key = own
		}
		if i, ok := at[key]; ok && l.Direction == lti.Outbound && rows[i].LastLaunch.IsZero() {
			rows[i].LastLaunch = l.At
			unseen--
		}
		return unseen > 0
	})
}

// toolKey names the tool that a link of the course means: the course's own
// before the domain's.
func toolKey(c lti.Course, id string) string {
	if _, own := c.CourseTool(id); own {
		return store.Join(c.Domain, c.ID, id)
	}
	return store.Join(c.Domain, "", id)
}

// tool shows one tool, of a domain or of one course.
func (p *People) tool(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := p.readTool(r, v, toolID{param(r, "domain"), param(r, "course"), param(r, "id")})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Tool(w, http.StatusOK, page))
	return nil
}

// toolID names a tool; course is empty for one of the whole domain.
type toolID struct{ domain, course, id string }

func (p *People) readTool(r *http.Request, v visit, of toolID) (web.ToolPage, error) {
	page := web.ToolPage{
		Frame:      p.frame(r, v),
		OutcomeURL: p.PublicURL + passbackPath, RosterURL: p.PublicURL + rosterPath, SettingURL: p.PublicURL + settingPath,
	}
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		if page.Tool, err = findTool(tx, of.domain, of.course, of.id); err != nil {
			return err
		}
		if page.Links, err = placements(tx, page.Tool); err != nil {
			return err
		}
		t := page.Tool
		if page.Edits = p.Edit != nil && t.Course == ""; page.Edits {
			used, err := manifest.Used(tx, manifest.Object{Section: manifest.Tools, Domain: t.Domain, ID: t.ID})
			if err != nil {
				return err
			}
			page.Removable = !used
		}
		if page.Secrets, err = secretUses(tx, v.now, "tool/"+toolPath(t), t.Secret, t.Previous); err != nil {
			return err
		}
		page.Launches, err = newestLaunches(tx, func(l lti.LaunchRecord) bool {
			return l.Direction == lti.Outbound && l.Domain == t.Domain && l.Tool == t.ID && (t.Course == "" || l.Course == t.Course)
		})
		return err
	})
	return page, err
}

// toolPath is domain/id, or domain/course/id for a tool of one course.
func toolPath(t lti.Tool) string {
	if t.Course == "" {
		return t.Domain + "/" + t.ID
	}
	return t.Domain + "/" + t.Course + "/" + t.ID
}

func findTool(tx store.Tx, domain, course, id string) (lti.Tool, error) {
	if course == "" {
		return store.Tools.Get(tx, domain, id)
	}
	c, err := store.Courses.Read(tx, domain, course)
	if err != nil {
		return lti.Tool{}, err
	}
	t, ok := c.CourseTool(id)
	if !ok {
		return lti.Tool{}, store.ErrNotFound
	}
	t.Domain, t.Course = domain, course
	return t, nil
}

// placements lists the links that launch the tool.
func placements(tx store.Tx, t lti.Tool) ([]web.ToolLink, error) {
	var links []web.ToolLink
	err := store.Courses.All(tx, store.Prefix(t.Domain), func(c lti.Course) error {
		for _, link := range c.AllLinks() {
			if toolKey(c, link.Tool) != store.Join(t.Domain, t.Course, t.ID) {
				continue
			}
			links = append(links, web.ToolLink{
				Course: c.Ref(), CourseTitle: c.Title, Link: link.ID, Title: link.Title, Points: max(link.Points, 0),
			})
		}
		return nil
	})
	return links, err
}
