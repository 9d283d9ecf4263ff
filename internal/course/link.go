package course

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// AddLink puts a new link behind the others of its folder and returns its id.
// What is wrong with the form is a Faults.
func (e *Editor) AddLink(ctx context.Context, of Edit, form LinkForm) (string, error) {
	id := partID(form.Title, "link", e.newEnd())
	err := e.edit(ctx, of, "link added", func(ch *change) error {
		if countLinks(ch.course) >= maxParts {
			return Faults{"title": errFull.Error()}
		}
		return ch.place(lti.ResourceLink{ID: id}, form)
	})
	return id, err
}

// EditLink makes a link what the form says; the version is its LinkVersion. A
// link that goes to another folder stands behind the others there.
func (e *Editor) EditLink(ctx context.Context, of Edit, id string, form LinkForm) error {
	return e.edit(ctx, of, "link changed", func(ch *change) error {
		link, _, found := ch.course.Link(id)
		switch {
		case !found:
			return store.ErrNotFound
		case LinkVersion(ch.course, id) != of.Version:
			return ErrStale
		}
		return ch.place(link, form)
	})
}

// place makes the link what the form says, and stores it where that says.
func (ch *change) place(link lti.ResourceLink, form LinkForm) error {
	faults, before := Faults{}, link
	form.apply(&link, faults)
	home := linksOf(ch.course, form.Folder)
	if home == nil {
		faults.add("folder", errors.New("it is not there any more: choose another"))
	}
	if err := ch.checkTool(link, faults); err != nil {
		return err
	}
	if err := ch.checkTiny(link, faults); err != nil {
		return err
	}
	if err := faults.err(); err != nil {
		return err
	}
	ch.object, ch.detail = "/"+link.ID, link.Title
	if link.Protected != before.Protected {
		ch.detail += protectionText(link.Protected)
	}
	list, i := linkIn(ch.course, link.ID)
	if list == home {
		(*list)[i] = link
		return nil
	}
	if list != nil {
		*list = slices.Delete(*list, i, i+1)
	}
	*home = append(*home, link)
	return nil
}

// checkTool wants a tool that is there, and no way around its encryption.
func (ch *change) checkTool(link lti.ResourceLink, faults Faults) error {
	if link.Tool == "" {
		return nil
	}
	tool, ok := ch.course.CourseTool(link.Tool)
	if !ok {
		found, err := store.Tools.Read(ch.tx, ch.course.Domain, link.Tool)
		switch {
		case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrKey):
			faults.add("tool", errors.New("it is not there any more: choose another"))
			return nil
		case err != nil:
			return err
		}
		tool = *found
	}
	if lti.Unencrypted(link.URL) && !tool.Unencrypted() {
		faults.add("url", errors.New("it is http, while the tool is reached over https"))
	}
	return nil
}

// checkTiny wants a code that leads to no other link of the domain.
func (ch *change) checkTiny(link lti.ResourceLink, faults Faults) error {
	if link.Tiny == "" || faults["tiny"] != "" {
		return nil
	}
	for _, l := range ch.course.AllLinks() {
		if l.ID != link.ID && l.Tiny == link.Tiny {
			faults.add("tiny", fmt.Errorf("it leads to %q already: choose another", l.Title))
		}
	}
	other, err := store.Courses.Find(ch.tx, "tiny", store.Join(ch.course.Domain, link.Tiny))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	case other.Ref() != ch.course.Ref():
		faults.add("tiny", errors.New("it is taken in another course: choose another"))
	}
	return nil
}

// DeleteLink takes a link out of its course; the version is its LinkVersion. If
// people have results for it, that is ErrResults unless sure. The results stay
// in the store, what waits to go to LMSs still goes, and no LMS is told to forget
// a grade.
func (e *Editor) DeleteLink(ctx context.Context, of Edit, id string, sure bool) error {
	return e.edit(ctx, of, "link deleted", func(ch *change) error {
		list, i := linkIn(ch.course, id)
		switch {
		case list == nil:
			return store.ErrNotFound
		case LinkVersion(ch.course, id) != of.Version:
			return ErrStale
		}
		has, err := hasResults(ch.tx, of.Course, id)
		switch {
		case err != nil:
			return err
		case has && !sure:
			return ErrResults
		}
		ch.object, ch.detail = "/"+id, (*list)[i].Title
		if has {
			ch.detail += "; its results are kept"
		}
		*list = slices.Delete(*list, i, i+1)
		return nil
	})
}

func hasResults(tx store.Tx, c lti.CourseRef, link string) (bool, error) {
	found, err := tx.Scan(store.Results.Name(), store.Prefix(c.Domain, c.ID, link), "", 1)
	return len(found) > 0, err
}

// CopyLink puts a copy of a link right behind it and returns its id. What Copy
// leaves behind stays behind here too.
func (e *Editor) CopyLink(ctx context.Context, of Edit, id string) (string, error) {
	var want Wanted
	end := e.newEnd()
	err := e.edit(ctx, of, "link copied", func(ch *change) error {
		link, _, found := ch.course.Link(id)
		switch {
		case !found:
			return store.ErrNotFound
		case countLinks(ch.course) >= maxParts:
			return Faults{"title": errFull.Error()}
		}
		want = Wanted{ID: partID(link.Title, "link", end), Title: link.Title + " (copy)"}
		ch.object, ch.detail = "/"+id, "to "+want.ID
		_, err := e.Copier.insertTwin(ch.course, id, want)
		return err
	})
	return want.ID, err
}

func countLinks(c *lti.Course) int {
	n := 0
	for range c.AllLinks() {
		n++
	}
	return n
}
