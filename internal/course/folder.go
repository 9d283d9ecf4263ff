package course

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// maxParts bounds the folders of a course, and its links.
const maxParts = 5000

// maxSlug bounds what an id takes from a title, in bytes.
const maxSlug = 40

// errFull: the course takes no more.
var errFull = errors.New("the course is full")

// partID makes an id that reads like the title, by the rule of lti.CheckName.
func partID(title, otherwise, end string) string {
	slug := lti.Slug(title, maxSlug)
	if slug == "" {
		slug = otherwise
	}
	return slug + "-" + end
}

// newEnd draws the end of an id, so that no part ever gets the id, and with it
// the results, of one that was there before.
func (e *Editor) newEnd() string { return vault.NewKey(e.Rand)[:8] }

// checkTitle wants a title that can be seen.
func checkTitle(title string) error {
	if title == "" {
		return errors.New("it is missing: people read it in the list")
	}
	return lti.CheckText(title)
}

// FolderForm is a folder as a person writes it. Faults are of its field title.
type FolderForm struct {
	Title string
	// Protected folders, with their links, open with a pass from an LMS only.
	Protected bool
}

// FolderFormOf is a folder as a form shows it.
func FolderFormOf(f lti.Folder) FolderForm { return FolderForm{f.Title, f.Protected} }

// apply makes the folder what the form says.
func (f FolderForm) apply(folder *lti.Folder) error {
	folder.Title, folder.Protected = strings.TrimSpace(f.Title), f.Protected
	faults := Faults{}
	faults.add("title", checkTitle(folder.Title))
	return faults.err()
}

// AddFolder puts a new folder behind the others and returns its id.
func (e *Editor) AddFolder(ctx context.Context, of Edit, form FolderForm) (string, error) {
	folder := lti.Folder{ID: partID(form.Title, "folder", e.newEnd())}
	if err := form.apply(&folder); err != nil {
		return "", err
	}
	err := e.edit(ctx, of, "folder added", func(ch *change) error {
		if len(ch.course.Folders) >= maxParts {
			return Faults{"title": errFull.Error()}
		}
		ch.course.Folders = append(ch.course.Folders, folder)
		ch.object, ch.detail = "/"+folder.ID, folder.Title
		return nil
	})
	return folder.ID, err
}

// EditFolder makes a folder what the form says; the version is its FolderVersion.
func (e *Editor) EditFolder(ctx context.Context, of Edit, id string, form FolderForm) error {
	return e.edit(ctx, of, "folder changed", func(ch *change) error {
		i, err := ch.folder(id, of.Version)
		if err != nil {
			return err
		}
		folder := &ch.course.Folders[i]
		before := *folder
		if err := form.apply(folder); err != nil {
			return err
		}
		ch.object, ch.detail = "/"+id, folder.Title
		if folder.Protected != before.Protected {
			ch.detail += protectionText(folder.Protected)
		}
		return nil
	})
}

// protectionText says, for the audit, what became of a protection.
func protectionText(on bool) string {
	if on {
		return "; protected now"
	}
	return "; no longer protected"
}

// DeleteFolder takes a folder away; the version is its FolderVersion. Its links
// stay in the course, behind those outside any folder.
func (e *Editor) DeleteFolder(ctx context.Context, of Edit, id string) error {
	return e.edit(ctx, of, "folder deleted", func(ch *change) error {
		i, err := ch.folder(id, of.Version)
		if err != nil {
			return err
		}
		ch.object, ch.detail = "/"+id, ch.course.Folders[i].Title
		ch.course.Links = append(ch.course.Links, ch.course.Folders[i].Links...)
		ch.course.Folders = slices.Delete(ch.course.Folders, i, i+1)
		return nil
	})
}

// folder finds a folder that has not changed since the author saw it.
func (ch *change) folder(id, seen string) (int, error) {
	i := slices.IndexFunc(ch.course.Folders, func(f lti.Folder) bool { return f.ID == id })
	switch {
	case i < 0:
		return 0, store.ErrNotFound
	case FolderVersion(ch.course, id) != seen:
		return 0, ErrStale
	}
	return i, nil
}

// MoveFolder puts a folder before the one above it, or behind the one below it.
// At the end of the list nothing changes. The version is the OrderVersion.
func (e *Editor) MoveFolder(ctx context.Context, of Edit, id string, up bool) error {
	return e.edit(ctx, of, "folder moved", func(ch *change) error {
		if OrderVersion(ch.course) != of.Version {
			return ErrStale
		}
		i := slices.IndexFunc(ch.course.Folders, func(f lti.Folder) bool { return f.ID == id })
		if i < 0 {
			return store.ErrNotFound
		}
		ch.object = "/" + id
		swap(ch.course.Folders, i, up)
		return nil
	})
}

// MoveLink does the same to a link, among those of its folder.
func (e *Editor) MoveLink(ctx context.Context, of Edit, id string, up bool) error {
	return e.edit(ctx, of, "link moved", func(ch *change) error {
		if OrderVersion(ch.course) != of.Version {
			return ErrStale
		}
		list, i := linkIn(ch.course, id)
		if list == nil {
			return store.ErrNotFound
		}
		ch.object = "/" + id
		swap(*list, i, up)
		return nil
	})
}

// swap exchanges an item with its neighbour, if it has one there.
func swap[T any](list []T, i int, up bool) {
	j := i + 1
	if up {
		j = i - 1
	}
	if j >= 0 && j < len(list) {
		list[i], list[j] = list[j], list[i]
	}
}

// linkIn finds a link in the list that it stands in; nil without one.
func linkIn(c *lti.Course, id string) (list *[]lti.ResourceLink, i int) {
	lists := []*[]lti.ResourceLink{&c.Links}
	for i := range c.Folders {
		lists = append(lists, &c.Folders[i].Links)
	}
	for _, list := range lists {
		if i := slices.IndexFunc(*list, func(l lti.ResourceLink) bool { return l.ID == id }); i >= 0 {
			return list, i
		}
	}
	return nil, 0
}

// linksOf is the list of a folder's links, or of those outside any; nil if there
// is no such folder.
func linksOf(c *lti.Course, folder string) *[]lti.ResourceLink {
	if folder == "" {
		return &c.Links
	}
	for i := range c.Folders {
		if c.Folders[i].ID == folder {
			return &c.Folders[i].Links
		}
	}
	return nil
}
