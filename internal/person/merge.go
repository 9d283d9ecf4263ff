package person

import (
	"context"
	"errors"
	"fmt"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

// Merge empties the account from into the account into, in one transaction:
// bindings, memberships where into has none, results with both histories, the
// places where LMSs want grades, and courses owned. from is closed and may be
// restored by Undo. An admin's account is neither merged away nor merged into,
// so that no LMS speaks for an admin. Its refusals are *Refused.
func (k *Keeper) Merge(ctx context.Context, domain, from, into, by string) (Outcome, error) {
	var o Outcome
	err := k.Store.Update(ctx, func(tx store.Tx) (err error) {
		o, err = k.merge(tx, lti.Merge{ID: k.NewID(), Domain: domain, From: from, Into: into, At: tx.Now(), By: by})
		if err != nil {
			return err
		}
		return k.note(tx, by, "merge accounts", from+":"+domain, fmt.Sprintf("into %s:%s, merge %s", into, domain, o.Record.ID))
	})
	return o, k.woken(err)
}

// errPreview ends a transaction that was only to show what would happen.
var errPreview = errors.New("preview")

// Preview is what Merge would do. It changes nothing.
func (k *Keeper) Preview(ctx context.Context, domain, from, into string) (Outcome, error) {
	var o Outcome
	err := k.Store.Update(ctx, func(tx store.Tx) (err error) {
		o, err = k.merge(tx, lti.Merge{ID: k.NewID(), Domain: domain, From: from, Into: into, At: tx.Now()})
		if err != nil {
			return err
		}
		return errPreview
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return o, err
}

// Outcome is what a merge did, or would do.
type Outcome struct {
	Record     lti.Merge
	From, Into lti.User
	// Bindings are those that move.
	Bindings []lti.Binding
	Courses  []CourseOutcome
	// Places is how many upstream targets move.
	Places int
	// Password says that From had one, which opens nothing any more.
	Password bool
}

// CourseOutcome is what happens in one course.
type CourseOutcome struct {
	Course lti.CourseRef
	Title  string
	// Had and Gets are the role of From there and the one that Into has after
	// it; Kept says that Into had it before.
	Had, Gets lti.Role
	Kept      bool
	Owner     bool
	Results   []ResultOutcome
}

// ResultOutcome is what becomes of one result of From. The scores are what
// counted, or counts then; nil is none.
type ResultOutcome struct {
	Link, Title       string
	Points            float64
	From, Into, After *float64
}

// merging is a merge under way.
type merging struct {
	*journal
	*Keeper
	Outcome
}

func (k *Keeper) merge(tx store.Tx, m lti.Merge) (Outcome, error) {
	g := &merging{journal: &journal{tx: tx, merge: m.ID}, Keeper: k, Outcome: Outcome{Record: m}}
	for _, step := range []func() error{g.people, g.bindings, g.courses, g.record} {
		if err := step(); err != nil {
			return Outcome{}, err
		}
	}
	return g.Outcome, nil
}

// people checks the two accounts and closes the first.
func (g *merging) people() (err error) {
	m := g.Record
	if g.From, err = find(g.tx, m.Domain, m.From); err != nil {
		return err
	}
	if g.Into, err = find(g.tx, m.Domain, m.Into); err != nil {
		return err
	}
	switch {
	case m.From == m.Into:
		return refuse("Choose two different accounts.")
	case g.From.Admin || g.Into.Admin:
		return refuse("An admin's account is never merged, so that no LMS can speak for an admin.")
	case g.From.MergedInto != "":
		return refuse("%s was merged into %s before.", m.From, g.From.MergedInto)
	case g.Into.MergedInto != "":
		return refuse("%s was merged into %s. Merge into that account.", m.Into, g.Into.MergedInto)
	case g.Into.Disabled:
		return refuse("%s is closed. Open it first: whoever is merged into it could not come in.", m.Into)
	}
	g.Password = g.From.PasswordHash != ""
	closed := g.From
	closed.Disabled, closed.MergedInto = true, m.Into
	return put(g.journal, store.Users, closed)
}

func (g *merging) bindings() (err error) {
	if g.Bindings, err = bindingsOf(g.tx, g.From.Domain, g.From.Username); err != nil {
		return err
	}
	for _, b := range g.Bindings {
		b.Username = g.Into.Username
		if err := put(g.journal, store.Bindings, b); err != nil {
			return err
		}
	}
	return nil
}

func (g *merging) courses() error {
	held, err := allBy(g.tx, store.Memberships, "user", store.Prefix(g.From.Domain, g.From.Username))
	if err != nil {
		return err
	}
	for _, m := range held {
		if err := g.course(m); err != nil {
			return err
		}
	}
	return nil
}

// course merges what the two have in one course.
func (g *merging) course(m lti.Membership) error {
	course, err := store.Courses.Get(g.tx, m.Domain, m.Course)
	if known, err := exists(err); err != nil || !known {
		return err
	}
	o := CourseOutcome{Course: course.Ref(), Title: course.Title, Had: m.Role}
	if err := g.membership(course, m, &o); err != nil {
		return err
	}
	if course.Owner == g.From.Username {
		o.Owner, course.Owner = true, g.Into.Username
		if err := put(g.journal, store.Courses, course); err != nil {
			return err
		}
	}
	if err := g.results(course, &o); err != nil {
		return err
	}
	if err := g.targets(course.Ref()); err != nil {
		return err
	}
	g.Courses = append(g.Courses, o)
	return nil
}

// membership gives Into the role of From where it has none that holds, and
// leaves that of From as a signpost for the service ids that tools have.
func (g *merging) membership(course lti.Course, m lti.Membership, o *CourseOutcome) error {
	held, err := store.Memberships.Get(g.tx, m.Domain, m.Course, g.Into.Username)
	found, err := exists(err)
	if err != nil {
		return err
	}
	o.Kept, o.Gets = found, held.Role
	dropped := found && held.Status != lti.MemberActive && !held.Locked
	if m.Into == "" && (!found || dropped && m.Status == lti.MemberActive) {
		next := m
		next.Username, next.Digest = g.Into.Username, sourcedid.UserDigest(course.DigestKey, g.Into.Username)
		if found {
			next.Digest, next.Created = held.Digest, held.Created
		}
		o.Kept, o.Gets = false, next.Role
		if err := put(g.journal, store.Memberships, next); err != nil {
			return err
		}
	}
	m.Status, m.Into = lti.MemberDropped, g.Into.Username
	return put(g.journal, store.Memberships, m)
}

func (g *merging) record() error {
	g.Record.Parts = g.n
	return store.Merges.PutNew(g.tx, g.Record)
}
