package consumer

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/ltihub/ltihub/internal/contentitem"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

const (
	// maxLinks is how many links of a course content items may fill up.
	maxLinks = 5000
	// maxSlug bounds what a link's id takes from its title.
	maxSlug = 40
	// maxSaid is how many sentences about left-out items are kept.
	maxSaid = 50
)

// nameEnd draws the end of a link's id, so that no link ever gets the id of one
// that was there before, with its results.
func nameEnd(rand io.Reader) string { return vault.NewKey(rand)[:8] }

// returned begins what the person is told.
func (a *itemsAnswer) returned() *lti.Returned {
	r := &lti.Returned{At: a.now.Truncate(time.Second), ReturnMessages: lti.ReturnMessages{
		Message: a.selection.Message, Log: a.selection.Log,
		ErrorMessage: a.selection.ErrorMessage, ErrorLog: a.selection.ErrorLog,
	}}
	for _, ignored := range a.selection.Ignored {
		leaveOut(r, ignored.String())
	}
	return r
}

func leaveOut(r *lti.Returned, sentence string) {
	if len(r.LeftOut) < maxSaid {
		r.LeftOut = append(r.LeftOut, clip(sentence))
	}
}

// addLinks adds the chosen links to the course, and says of each item what
// became of it.
func (a *itemsAnswer) addLinks(tx store.Tx, r *lti.Returned) error {
	course, err := store.Courses.Get(tx, a.course.Domain, a.course.ID)
	if err != nil {
		return err
	}
	home := &course.Links
	for i := range course.Folders {
		if course.Folders[i].ID == a.ticket.Folder {
			home = &course.Folders[i].Links
		}
	}
	count := 0
	for range course.AllLinks() {
		count++
	}
	for i, item := range a.selection.Items {
		link := a.link(item, a.names[i])
		why := a.unfit(item)
		if why == "" && count >= maxLinks {
			why = "the course is full"
		}
		if why != "" {
			leaveOut(r, fmt.Sprintf("%q is not added: %s", link.Title, why))
			continue
		}
		*home = append(*home, link)
		r.Added = append(r.Added, link.Title)
		count++
	}
	if len(r.Added) == 0 {
		return nil
	}
	if err := store.Courses.Put(tx, course); err != nil {
		return err
	}
	return store.Audit.PutNew(tx, lti.AuditEntry{
		ID: a.id, At: a.now.Truncate(time.Second), By: a.scene.user.Username + ":" + a.scene.user.Domain,
		Action: "links added", Object: "course " + course.Ref().String(),
		Detail: fmt.Sprintf("%d chosen in the tool %s", len(r.Added), a.tool.ID),
	})
}

// unfit says why an item can't become a link; "" if it can.
func (a *itemsAnswer) unfit(item contentitem.Item) string {
	switch {
	case item.Type == contentitem.FileItem:
		return "it is a file, and only activities of the tool can be added"
	case item.Type != contentitem.LinkItem:
		return "it is a text, picture or page, and only activities of the tool can be added"
	case item.URL != "" && secure(a.tool.URL) && !secure(item.URL):
		return "its address is http, while the tool is reached over https"
	}
	return ""
}

func secure(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https"
}

// link is the placement that an item asks for. The tool's own URL is not
// repeated, so that the link follows when the tool moves.
func (a *itemsAnswer) link(item contentitem.Item, end string) lti.ResourceLink {
	link := item.ResourceLink()
	link.Tool = a.tool.ID
	link.Title, link.Description = oneLine(link.Title), strings.TrimSpace(link.Description)
	if link.Title == "" {
		link.Title = a.tool.Name
	}
	if link.URL == a.tool.URL {
		link.URL = ""
	}
	link.ID = linkID(link.Title, end)
	return link
}

// oneLine is a text without line ends and other control characters.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }), " ")
}

// linkID makes an id that reads like the title, by the rule of lti.CheckName.
func linkID(title, end string) string {
	slug := lti.Slug(title, maxSlug)
	if slug == "" {
		slug = "link"
	}
	return slug + "-" + end
}
