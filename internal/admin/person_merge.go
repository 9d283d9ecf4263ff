package admin

import (
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// askMerge asks which account another is to be merged into, and says what would
// happen.
func (p *People) askMerge(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.showMerge(w, r, v, mergeForm{status: http.StatusOK, into: strings.TrimSpace(r.URL.Query().Get("into"))})
}

// mergeForm is what was asked for, and what is wrong with it.
type mergeForm struct {
	status      int
	into, fault string
}

// showMerge shows the preview of a merge, or what is wrong with it.
func (p *People) showMerge(w http.ResponseWriter, r *http.Request, v visit, asked mergeForm) error {
	into, fault, status := asked.into, asked.fault, asked.status
	page := web.MergePage{Frame: p.frame(r, v), Typed: into, Fault: fault}
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		page.From, err = store.Users.Get(tx, param(r, "domain"), param(r, "username"))
		return err
	})
	if err != nil {
		return err
	}
	if into != "" && fault == "" {
		outcome, err := p.Keeper.Preview(r.Context(), page.From.Domain, page.From.Username, into)
		page.Fault = refusedText(err)
		switch {
		case page.Fault != "":
			status = http.StatusUnprocessableEntity
		case err != nil:
			return err
		default:
			fillMerge(&page, outcome)
		}
	}
	p.wrote(r, p.Pages.Merge(w, status, page))
	return nil
}

func fillMerge(page *web.MergePage, o person.Outcome) {
	page.Ready, page.Into, page.Bindings, page.Places, page.Password = true, o.Into, o.Bindings, o.Places, o.Password
	for _, c := range o.Courses {
		shown := web.MergeCourse{Ref: c.Course, Title: c.Title, Had: c.Had, Gets: c.Gets, Kept: c.Kept, Owner: c.Owner}
		for _, res := range c.Results {
			shown.Results = append(shown.Results, web.MergeResult{
				Title: nameOr(res.Title, res.Link), Points: res.Points, From: res.From, Into: res.Into, After: res.After,
			})
		}
		page.Courses = append(page.Courses, shown)
	}
}

// merge merges the account into another one.
func (p *People) merge(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	domain, into := param(r, "domain"), strings.TrimSpace(sent.text("into"))
	_, err = p.Keeper.Merge(r.Context(), domain, param(r, "username"), into, v.name())
	if fault := refusedText(err); fault != "" {
		return p.showMerge(w, r, v, mergeForm{http.StatusUnprocessableEntity, into, fault})
	}
	if err != nil {
		return err
	}
	v.goTo(w, r, web.UserPath(domain, into), doneMerged)
	return nil
}

// undoMerge takes a merge back that the person of the page has part in.
func (p *People) undoMerge(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	domain, username, id := param(r, "domain"), param(r, "username"), sent.text("merge")
	err = p.Store.View(r.Context(), func(tx store.Tx) error {
		m, err := store.Merges.GetKey(tx, id)
		if err == nil && (m.Domain != domain || m.From != username && m.Into != username) {
			err = store.ErrNotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	_, err = p.Keeper.Undo(r.Context(), id, v.name())
	if fault := refusedText(err); fault != "" {
		return p.showUser(w, r, v, http.StatusUnprocessableEntity, web.UserPage{Fault: fault})
	}
	if err != nil {
		return err
	}
	v.goTo(w, r, web.UserPath(domain, username), doneUndone)
	return nil
}

// alike lists accounts that may be one person's.
func (p *People) alike(w http.ResponseWriter, r *http.Request, v visit) error {
	groups, err := p.Keeper.Alike(r.Context())
	if err != nil {
		return err
	}
	page := web.AlikePage{Frame: p.frame(r, v)}
	for _, g := range groups {
		shown := web.AlikeGroup{By: g.By, Value: g.Value}
		for i, u := range g.Users {
			row := web.AlikeUser{User: u, Consumers: g.Consumers[i]}
			if i > 0 {
				row.Into = g.Users[0].Username
			}
			shown.Users = append(shown.Users, row)
		}
		page.Groups = append(page.Groups, shown)
	}
	p.wrote(r, p.Pages.Alike(w, http.StatusOK, page))
	return nil
}
