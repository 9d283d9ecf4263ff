package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/ltihub/ltihub/internal/egress"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/ltixml"
	"github.com/ltihub/ltihub/internal/memberships"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/store"
)

// Bounds of one fetch: the time and size of one answer, and how many pages are
// followed.
const (
	rosterTime  = 2 * time.Minute
	rosterSize  = 64 << 20
	maxPages    = 1000
	maxFetching = 15 * time.Minute
)

// FetchRoster asks the LMS for a course's roster, by the LTI 1.0 extension
// service or else by Context Memberships, and hands the members to take as they
// are read. Only after a nil error is the roster whole: what was taken before
// an error is to be thrown away. An error of take comes back as it is; every
// other is a *lti.RosterError.
//
// restart is called before members are handed over anew, when a first way broke
// off and another is tried.
func (p *Provider) FetchRoster(ctx context.Context, s lti.RosterSource, restart func() error, take func(lti.RosterMember) error) error {
	ctx, cancel := context.WithTimeout(ctx, maxFetching)
	defer cancel()
	c, secrets, err := p.credential(ctx, lti.Delivery{Domain: s.Domain, Consumer: s.Consumer})
	if err != nil {
		return &lti.RosterError{Reason: err.Error(), Again: true}
	}
	var first error
	for _, way := range p.rosterWays(s) {
		for _, secret := range secrets { // while a secret changes over, the LMS may still have the old one
			if err := restart(); err != nil {
				return err
			}
			f := rosterFetch{
				Provider: p, source: s, taker: take, restart: restart,
				signer: oauth1.Signer{Key: c.Key, Secret: secret, Method: c.Passback.Signature, Now: p.Now, Nonce: p.NewID},
			}
			err := way(&f, ctx)
			if f.taken != nil {
				return f.taken
			}
			if err == nil {
				return nil
			}
			if first == nil {
				first = err
			}
			if !denied(err) {
				break
			}
		}
	}
	return plainly(first)
}

// rosterWays are the services of a source, in the order in which they are tried.
func (p *Provider) rosterWays(s lti.RosterSource) []func(*rosterFetch, context.Context) error {
	var ways []func(*rosterFetch, context.Context) error
	if s.URL != "" && s.SealedID != "" {
		ways = append(ways, (*rosterFetch).form)
	}
	if s.PagesURL != "" {
		ways = append(ways, (*rosterFetch).pages)
	}
	if len(ways) == 0 {
		ways = append(ways, func(*rosterFetch, context.Context) error {
			return &lti.RosterError{Reason: "no launch of an instructor has named a roster service of this LMS"}
		})
	}
	return ways
}

// rosterFetch is one attempt by one service under one secret.
type rosterFetch struct {
	*Provider
	source lti.RosterSource
	signer oauth1.Signer
	taker  func(lti.RosterMember) error
	// restart forgets what was taken; inGroups says that groups are asked for.
	restart  func() error
	inGroups bool
	// taken is the error of the taker, if it had one.
	taken error
}

func (f *rosterFetch) take(m memberships.Member) error {
	listed := rosterMember(m)
	listed.InGroups = f.inGroups
	f.taken = f.taker(listed)
	return f.taken
}

// rosterMember is a member as it is kept.
func rosterMember(m memberships.Member) lti.RosterMember {
	out := lti.RosterMember{
		UserID: m.UserID, Roles: memberships.JoinRoles(m.Roles), Person: m.Person, ResultSourcedID: m.ResultSourcedID,
		Gone: m.Status == memberships.Inactive || m.Status == memberships.Deleted,
	}
	for _, g := range m.Groups[:min(len(m.Groups), lti.MaxGroups)] {
		out.Groups = append(out.Groups, lti.Group{ID: clip(g.ID), Title: clip(g.Title), SetID: clip(g.Set.ID), SetTitle: clip(g.Set.Title)})
	}
	out.Custom, out.Ext = prefixed(lti.CustomPrefix, m.Custom), prefixed(lti.ExtPrefix, m.Ext)
	return out
}

// prefixed gives names the prefix that they have in a launch.
func prefixed(prefix string, values map[string]string) map[string]string {
	if len(values) == 0 {
		return nil
	}
	out := make(map[string]string, len(values))
	for name, value := range values {
		out[prefix+name] = value
	}
	return out
}

// form asks the LTI 1.0 extension service, with groups if the LMS knows them.
func (f *rosterFetch) form(ctx context.Context) error {
	id, err := f.Vault.Open(f.source.SealedID, rosterContext(f.source))
	if err != nil {
		return fmt.Errorf("open the roster id: %w", err)
	}
	f.inGroups = true
	err = f.ask(ctx, id)
	f.inGroups = false
	if f.taken != nil || !denied(err) {
		return err
	}
	if err := f.restart(); err != nil {
		f.taken = err
		return err
	}
	return f.ask(ctx, id)
}

// ask asks the extension service once.
func (f *rosterFetch) ask(ctx context.Context, id string) error {
	signed, err := f.signer.SignForm(f.source.URL, memberships.BuildRequest(memberships.Request{ID: id, Groups: f.inGroups}))
	if err != nil {
		return fmt.Errorf("the roster service URL can't be signed: %w", err)
	}
	req, err := postForm(ctx, f.source.URL, signed)
	if err != nil {
		return errors.New("the roster service URL is no URL")
	}
	return f.Stream(ctx, req, egress.Limits{Timeout: rosterTime, MaxBody: rosterSize}, func(answer egress.Response, body io.Reader) error {
		if err := judgeRoster(answer); err != nil {
			return err
		}
		return memberships.ParseResponse(body, rosterSize, f.take)
	})
}

// pages follows a Context Memberships service to its end, on its own origin.
func (f *rosterFetch) pages(ctx context.Context) error {
	start := f.source.PagesURL
	seen := map[string]bool{}
	for next := start; next != ""; {
		if seen[next] {
			return errors.New("the pages of the LMS's roster lead in a circle")
		}
		if len(seen) == maxPages {
			return fmt.Errorf("the LMS's roster has more than %d pages", maxPages)
		}
		seen[next] = true
		page, err := f.page(ctx, next)
		if err != nil {
			return err
		}
		if next, err = nextPage(next, page.Next); err != nil {
			return err
		}
		if next != "" && origin(next) != origin(start) {
			return errors.New("the next page of the LMS's roster is on another server, where we do not follow")
		}
	}
	return nil
}

// nextPage is the absolute URL of the page after the one at current.
func nextPage(current, next string) (string, error) {
	if next == "" {
		return "", nil
	}
	base, err := url.Parse(current)
	if err != nil {
		return "", errors.New("the roster service URL is no URL")
	}
	u, err := base.Parse(next)
	if err != nil || lti.CheckURL(u.String()) != nil {
		return "", errors.New("the next page of the LMS's roster has no usable address")
	}
	return u.String(), nil
}

func (f *rosterFetch) page(ctx context.Context, target string) (page memberships.Page, err error) {
	header, err := f.signer.SignBody(http.MethodGet, target, nil)
	if err != nil {
		return page, fmt.Errorf("the roster service URL can't be signed: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return page, errors.New("the roster service URL is no URL")
	}
	req.Header.Set("Accept", memberships.PageType)
	req.Header.Set("Authorization", header)
	err = f.Stream(ctx, req, egress.Limits{Timeout: rosterTime, MaxBody: rosterSize}, func(answer egress.Response, body io.Reader) error {
		if err = judgeRoster(answer); err != nil {
			return err
		}
		page, err = memberships.ReadPage(body, f.take)
		return err
	})
	return page, err
}

// statusError is an answer whose status alone says no.
type statusError int

func (e statusError) Error() string {
	return fmt.Sprintf("the LMS answered with status %d%s", int(e), meaning(int(e)))
}

// denied reports whether the LMS said no, which another secret may change.
func denied(err error) bool {
	var status statusError
	var refused *ltixml.StatusError
	return errors.As(err, &refused) || errors.As(err, &status) && status < http.StatusInternalServerError
}

func judgeRoster(answer egress.Response) error {
	if answer.Status >= http.StatusMultipleChoices {
		return statusError(answer.Status)
	}
	return nil
}

// plainly says in plain words why no roster came.
func plainly(err error) error {
	var (
		status  statusError
		refused *ltixml.StatusError
		told    *lti.RosterError
	)
	switch {
	case errors.As(err, &told):
		return told
	case errors.As(err, &status):
		again := status >= http.StatusInternalServerError || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout
		return &lti.RosterError{Reason: status.Error(), Again: again}
	case errors.As(err, &refused):
		return &lti.RosterError{Reason: "the LMS answered " + refused.Status.CodeMajor + words(refused.Status.Description)}
	case errors.Is(err, memberships.ErrNotRoster):
		return &lti.RosterError{Reason: "the LMS answered with something that is no roster, or that breaks off: is something else at this address?", Again: true}
	case errors.Is(err, memberships.ErrTooLarge), errors.Is(err, egress.ErrTooLarge):
		return &lti.RosterError{Reason: "the LMS's roster is larger than we take"}
	case errors.Is(err, egress.ErrURL), errors.Is(err, egress.ErrForbiddenAddress), errors.Is(err, egress.ErrRedirect):
		return &lti.RosterError{Reason: err.Error()}
	}
	return &lti.RosterError{Reason: err.Error(), Again: true}
}

// StoreTarget keeps where an LMS wants a grade, and tells TargetStored if that
// is new or changed. Updated, Live, Passback and Account of t do not count.
func (p *Provider) StoreTarget(tx store.Tx, t lti.UpstreamTarget) error {
	held, err := store.Targets.Read(tx, store.Split(store.Targets.Key(t))...)
	if err == nil && t.UserID != "" && held.UserID != "" && held.UserID != t.UserID { // another account of the same person
		t.Account = t.UserID
		held, err = store.Targets.Read(tx, store.Split(store.Targets.Key(t))...)
	}
	if err == nil && t.UserID == "" { // a roster may not tell
		t.UserID = held.UserID
	}
	switch {
	case err == nil:
		t.Updated, t.Live, t.Passback = held.Updated, held.Live, held.Passback
		if t == *held {
			return nil
		}
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	t.Updated = tx.Now()
	if err := store.Targets.Put(tx, t); err != nil {
		return fmt.Errorf("keep upstream target: %w", err)
	}
	return p.TargetStored(tx, t)
}
