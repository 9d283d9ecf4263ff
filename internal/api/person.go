package api

import (
	"context"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/store"
)

// binding is how a tool consumer knows a user, now or until it was unlinked.
type binding struct {
	Consumer  string     `json:"consumer"`
	Value     string     `json:"value" doc:"The matched value, as the LMS sends it."`
	UserID    string     `json:"user_id"`
	How       string     `json:"how" doc:"How it was made; empty for old ones."`
	Created   *time.Time `json:"created"`
	Seen      *time.Time `json:"seen" doc:"The newest launch, to the day."`
	Confirmed *time.Time `json:"confirmed" doc:"When an admin found it right."`
	Unlinked  *time.Time `json:"unlinked" doc:"When an admin took it away; null while it holds."`
}

func newBinding(b lti.Binding, unlinked time.Time) binding {
	return binding{
		Consumer: b.Consumer, Value: b.Value, UserID: b.UserID, How: b.How, Created: moment(b.Created),
		Seen: moment(b.Seen), Confirmed: moment(b.Confirmed), Unlinked: moment(unlinked),
	}
}

// bindings lists all of them; a person has few, so there is one page.
func (s *Server) bindings(ctx context.Context, in *userPath) (*listed[binding], error) {
	var items []binding
	err := s.Store.View(ctx, func(tx store.Tx) error {
		items = nil
		if _, err := store.Users.Read(tx, in.Domain, in.Username); err != nil {
			return err
		}
		prefix := store.Prefix(in.Domain, in.Username)
		held, _, err := store.Bindings.ListBy(tx, "user", prefix, "", store.MaxScan)
		if err != nil {
			return err
		}
		for _, b := range held {
			items = append(items, newBinding(b, time.Time{}))
		}
		gone, _, err := store.Unlinked.ListBy(tx, "user", prefix, "", store.MaxScan)
		for _, u := range gone {
			if u.Undone.IsZero() {
				items = append(items, newBinding(u.Binding, u.At))
			}
		}
		return err
	})
	return newList(items, ""), err
}

type mergeInput struct {
	UserPath
	DryRun bool `query:"dry_run" doc:"Say what would happen and change nothing."`
	Body   struct {
		Into string `json:"into" minLength:"1" maxLength:"100" doc:"The username that remains."`
	}
}

// UserPath names an account. It is exported because huma reads embedded fields
// only then.
type UserPath struct {
	Domain   string `path:"domain"`
	Username string `path:"username"`
}

type merged struct {
	ID       string         `json:"id" doc:"Takes the merge back; empty for a dry run."`
	From     string         `json:"from"`
	Into     string         `json:"into"`
	Bindings []binding      `json:"bindings" nullable:"false" doc:"Those that moved."`
	Results  []mergedResult `json:"results" nullable:"false"`
	Places   int            `json:"places" doc:"How many places of LMSs get the grades of the account that remains from now on."`
}

type mergedResult struct {
	Course string   `json:"course"`
	Link   string   `json:"link"`
	From   *float64 `json:"from"`
	Into   *float64 `json:"into"`
	After  *float64 `json:"after" doc:"The score that counts now."`
}

func newMerged(o person.Outcome, dry bool) merged {
	m := merged{From: o.From.Username, Into: o.Into.Username, Places: o.Places, Bindings: []binding{}, Results: []mergedResult{}}
	if !dry {
		m.ID = o.Record.ID
	}
	for _, b := range o.Bindings {
		m.Bindings = append(m.Bindings, newBinding(b, time.Time{}))
	}
	for _, c := range o.Courses {
		for _, r := range c.Results {
			m.Results = append(m.Results, mergedResult{Course: c.Course.ID, Link: r.Link, From: r.From, Into: r.Into, After: r.After})
		}
	}
	return m
}

func (s *Server) mergeUser(ctx context.Context, in *mergeInput) (*found[merged], error) {
	var o person.Outcome
	var err error
	if in.DryRun {
		o, err = s.Keeper.Preview(ctx, in.Domain, in.Username, in.Body.Into)
	} else {
		o, err = s.Keeper.Merge(ctx, in.Domain, in.Username, in.Body.Into, operatorOf(ctx).name)
	}
	if err != nil {
		return nil, err
	}
	return &found[merged]{newMerged(o, in.DryRun)}, nil
}

type mergePath struct {
	ID string `path:"id"`
}

type undone struct {
	ID     string   `json:"id"`
	From   string   `json:"from"`
	Into   string   `json:"into"`
	Stayed []string `json:"stayed" nullable:"false" doc:"Results, as course/link, that came after the merge and stayed with the other account."`
}

func (s *Server) undoMerge(ctx context.Context, in *mergePath) (*found[undone], error) {
	m, err := s.Keeper.Undo(ctx, in.ID, operatorOf(ctx).name)
	if err != nil {
		return nil, err
	}
	out := undone{ID: m.ID, From: m.From, Into: m.Into, Stayed: m.Stayed}
	if out.Stayed == nil {
		out.Stayed = []string{}
	}
	return &found[undone]{out}, nil
}
