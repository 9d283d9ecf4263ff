package course

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// Copier copies courses and links. All fields are set before use.
type Copier struct {
	Store store.Store
	Vault *vault.Vault

	// ContextID and LinkID are the ids under which tools know a course and a
	// resource link.
	ContextID func(course lti.CourseRef) string
	LinkID    func(course lti.CourseRef, link string) string

	Now   func() time.Time
	NewID func() string // UUIDs version 7
	Rand  io.Reader
}

// Wanted is what a copy shall be called. Its ID must be one that lti.CheckName
// takes and that is free; without a title it keeps that of the original.
type Wanted struct{ ID, Title string }

// ErrID marks an id that no course or link can have.
var ErrID = errors.New("it can't be an id")

// maxHistory bounds the ids that a copy remembers.
const maxHistory = 50

// source of the courses made here.
const sourceAdmin = "admin"

// Copy makes a new course in the domain of the original, with its folders,
// links and own tools, on behalf of by. The tools' secrets are sealed anew for
// the copy. What belongs to people and terms stays behind: members, results,
// dates, what tools have stored, service secrets; and what must be unique:
// protection keys and tiny codes. An unknown course is store.ErrNotFound, an id
// that is taken store.ErrExists.
func (c *Copier) Copy(ctx context.Context, from lti.CourseRef, want Wanted, by string) (lti.Course, error) {
	made, err := c.copy(ctx, from, want, by, func(store.Tx, *lti.Course, *lti.Course) error { return nil })
	if err != nil {
		return lti.Course{}, fmt.Errorf("copy course %s: %w", from, err)
	}
	return made, nil
}

// copy makes the copy, and before that, in the same transaction, what goes with
// it, which may refuse it.
func (c *Copier) copy(ctx context.Context, from lti.CourseRef, want Wanted, by string, with func(tx store.Tx, original, twin *lti.Course) error) (made lti.Course, err error) {
	if err := want.check(); err != nil {
		return lti.Course{}, err
	}
	digestKey := make([]byte, 32)
	if _, err := io.ReadFull(c.Rand, digestKey); err != nil {
		return lti.Course{}, fmt.Errorf("draw a key: %w", err)
	}
	now := c.Now().UTC().Truncate(time.Second)
	err = c.Store.Update(ctx, func(tx store.Tx) error {
		original, err := store.Courses.Get(tx, from.Domain, from.ID)
		if err != nil {
			return err
		}
		if made, err = c.twin(original, want); err != nil {
			return err
		}
		made.DigestKey, made.Source, made.Created = digestKey, sourceAdmin, now
		if err := with(tx, &original, &made); err != nil {
			return err
		}
		if err := store.Courses.PutNew(tx, made); err != nil {
			return err
		}
		return c.audit(tx, lti.AuditEntry{At: now, By: by, Action: "copy course", Object: "course " + from.String(), Detail: "to " + made.Ref().String()})
	})
	return made, err
}

func (w Wanted) check() error {
	if err := lti.CheckName(w.ID); err != nil {
		return fmt.Errorf("%w: %w", ErrID, err)
	}
	return nil
}

func (c *Copier) audit(tx store.Tx, e lti.AuditEntry) error {
	e.ID = c.NewID()
	return store.Audit.PutNew(tx, e)
}

// twin is the course under its new name, without what stays behind.
func (c *Copier) twin(o lti.Course, want Wanted) (lti.Course, error) {
	t := lti.Course{
		Domain: o.Domain, ID: want.ID, Title: o.Title, Label: o.Label, Type: o.Type, Owner: o.Owner,
		Sections: slices.Clone(o.Sections), Groups: slices.Clone(o.Groups),
		History: remember(c.ContextID(o.Ref()), o.History), Menu: o.Menu,
	}
	if want.Title != "" {
		t.Title = want.Title
	}
	for _, tool := range o.Tools {
		moved, err := c.moveTool(tool, o.Ref(), t.Ref())
		if err != nil {
			return lti.Course{}, err
		}
		t.Tools = append(t.Tools, moved)
	}
	for _, f := range o.Folders {
		t.Folders = append(t.Folders, lti.Folder{ID: f.ID, Title: f.Title, Protected: f.Protected, Links: c.copyLinks(o.Ref(), f.Links)})
	}
	t.Links = c.copyLinks(o.Ref(), o.Links)
	return t, nil
}

// Content gives made, a new course of the same domain, the folders, links, own
// tools, sections and groups of an original, and its history. It writes nothing.
func (c *Copier) Content(original, made lti.Course) (lti.Course, error) {
	t, err := c.twin(original, Wanted{ID: made.ID})
	if err != nil {
		return lti.Course{}, fmt.Errorf("copy course %s: %w", original.Ref(), err)
	}
	made.Sections, made.Groups, made.History, made.Menu = t.Sections, t.Groups, t.History, t.Menu
	made.Tools, made.Folders, made.Links = t.Tools, t.Folders, t.Links
	return made, nil
}

func (c *Copier) copyLinks(from lti.CourseRef, links []lti.ResourceLink) []lti.ResourceLink {
	var copies []lti.ResourceLink
	for _, l := range links {
		copies = append(copies, c.copyLink(from, l))
	}
	return copies
}

// copyLink is a link without its tiny code and its date, which remembers
// itself.
func (c *Copier) copyLink(from lti.CourseRef, l lti.ResourceLink) lti.ResourceLink {
	l.History = remember(c.LinkID(from, l.ID), l.History)
	l.Tiny, l.Due = "", time.Time{}
	return l
}

// remember puts an id before a history.
func remember(id string, history []string) []string {
	all := append([]string{id}, history...)
	return all[:min(len(all), maxHistory)]
}

// moveTool seals the secrets of a course's own tool for the copy. Its key for
// opaque user ids stays: it is the same tool, which meets the same people.
func (c *Copier) moveTool(t lti.Tool, from, to lti.CourseRef) (lti.Tool, error) {
	t.Course = to.ID
	for _, s := range []*lti.Secret{&t.Secret, &t.Previous} {
		if s.Sealed == "" {
			continue
		}
		plain, err := c.Vault.Open(s.Sealed, "tool/"+from.String()+"/"+t.ID)
		if err != nil {
			return lti.Tool{}, fmt.Errorf("open the secret of tool %s: %w", t.ID, err)
		}
		if s.Sealed, err = c.Vault.Seal(plain, "tool/"+to.String()+"/"+t.ID); err != nil {
			return lti.Tool{}, fmt.Errorf("seal the secret of tool %s: %w", t.ID, err)
		}
	}
	return t, nil
}
