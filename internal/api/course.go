package api

import (
	"context"
	"slices"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// CoursePath names a course. It is exported because huma reads embedded fields
// only then.
type CoursePath struct {
	Domain string `path:"domain"`
	Course string `path:"course"`
}

type courseListInput struct {
	CoursePath
	Page
}

type member struct {
	Username   string     `json:"username"`
	Role       lti.Role   `json:"role"`
	Section    string     `json:"section"`
	Status     string     `json:"status" enum:"active,dropped"`
	Start      *time.Time `json:"start"`
	End        *time.Time `json:"end"`
	Source     string     `json:"source" doc:"manifest, admin, or the id of the tool consumer that brought the membership."`
	Locked     bool       `json:"locked,omitempty" doc:"Present and true when set by hand: no launch and no roster changes it."`
	Identities []identity `json:"identities" nullable:"false"`
}

// identity is what a tool consumer calls a user.
type identity struct {
	Consumer string `json:"consumer"`
	Value    string `json:"value"`
}

func (s *Server) members(ctx context.Context, in *courseListInput) (*listed[member], error) {
	prefix := store.Prefix(in.Domain, in.Course)
	if err := in.check(prefix); err != nil {
		return nil, err
	}
	var items []member
	var next string
	err := s.Store.View(ctx, func(tx store.Tx) error {
		items = nil
		if _, err := store.Courses.Read(tx, in.Domain, in.Course); err != nil {
			return err
		}
		var memberships []lti.Membership
		var err error
		list := func(after string, limit int) ([]lti.Membership, string, error) {
			return store.Memberships.List(tx, prefix, after, limit)
		}
		if memberships, next, err = sift(in.Page, list, store.Memberships.Key, present); err != nil {
			return err
		}
		for _, m := range memberships {
			known, err := identities(tx, m.Domain, m.Username)
			if err != nil {
				return err
			}
			items = append(items, member{
				Username: m.Username, Role: m.Role, Section: m.Section, Status: m.Status,
				Start: moment(m.Start), End: moment(m.End), Source: m.Source, Locked: m.Locked, Identities: known,
			})
		}
		return nil
	})
	return newList(items, next), err
}

// present leaves out who was merged into another account, which is listed.
func present(m lti.Membership) bool { return m.Into == "" }

// identities lists what tool consumers call a user, store.MaxScan at the most.
func identities(tx store.Tx, domain, username string) ([]identity, error) {
	bindings, _, err := store.Bindings.ListBy(tx, "user", store.Prefix(domain, username), "", store.MaxScan)
	if err != nil {
		return nil, err
	}
	known := make([]identity, 0, len(bindings))
	for _, b := range bindings {
		known = append(known, identity{Consumer: b.Consumer, Value: b.Value})
	}
	return known, nil
}

type link struct {
	ID          string            `json:"id"`
	Folder      *string           `json:"folder" doc:"The folder's id; null outside any."`
	Tool        string            `json:"tool"`
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Points      float64           `json:"points" doc:"Points possible; 0 is not gradable."`
	Custom      map[string]string `json:"custom" nullable:"false"`
	Tiny        *string           `json:"tiny"`
	Policy      string            `json:"policy" enum:"latest,best,first"`
	Due         *time.Time        `json:"due"`
	URL         *string           `json:"url" doc:"Stands in for the tool's URL."`
}

func (s *Server) links(ctx context.Context, in *courseListInput) (*listed[link], error) {
	var items []link
	err := s.Store.View(ctx, func(tx store.Tx) error {
		items = nil
		course, err := store.Courses.Read(tx, in.Domain, in.Course)
		if err != nil {
			return err
		}
		for folder, l := range course.AllLinks() {
			items = append(items, newLink(folder, l))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if in.After != "" {
		i := slices.IndexFunc(items, func(l link) bool { return l.ID == in.After })
		if i < 0 {
			return nil, errAfter
		}
		items = items[i+1:]
	}
	if len(items) <= in.Limit {
		return newList(items, ""), nil
	}
	return newList(items[:in.Limit], items[in.Limit-1].ID), nil
}

func newLink(folder string, l lti.ResourceLink) link {
	out := link{
		ID: l.ID, Folder: optional(folder), Tool: l.Tool, Title: l.Title, Description: l.Description,
		Points: max(l.Points, 0), Custom: l.Custom, Tiny: optional(l.Tiny), Policy: l.Policy,
		Due: moment(l.Due), URL: optional(l.URL),
	}
	if out.Custom == nil {
		out.Custom = map[string]string{}
	}
	if out.Policy == "" {
		out.Policy = lti.PolicyLatest
	}
	return out
}

type launchInput struct {
	CoursePath
	Link string `path:"link"`
	Body struct {
		Username string `json:"username" minLength:"1" maxLength:"100" doc:"Who launches."`
	}
}

// launchForm is a signed launch: a form to be posted by the user's browser.
type launchForm struct {
	URL    string            `json:"url"`
	Params map[string]string `json:"params" nullable:"false"`
}

func (s *Server) launch(ctx context.Context, in *launchInput) (*found[launchForm], error) {
	url, params, err := s.Launch(ctx, lti.CourseRef{Domain: in.Domain, ID: in.Course}, in.Link, in.Body.Username)
	if err != nil {
		return nil, err
	}
	form := launchForm{URL: url, Params: make(map[string]string, len(params))}
	for name, value := range params.All() {
		form.Params[name] = value
	}
	return &found[launchForm]{form}, nil
}
